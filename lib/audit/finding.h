// What is wrong with an audit trail.
#pragma once

#include <cstdint>

namespace vardkedja::audit {

// Numbered as vardkedja.common.v1.AuditFindingKind.
enum class FindingKind {
  kRowRemoved = 1,   // sealed, but gone
  kRowChanged = 2,   // the row, its order or its seal is not what was sealed
  kSealRemoved = 3,  // a position is missing
  kUnsealed = 4,     // committed longer ago than a sealer needs
  kEndRemoved = 5,   // the chain ends before, or differs at, the exported head
  kKeyMissing = 6,   // the ring lacks the key that sealed it
};

struct Finding {
  FindingKind kind;
  std::int64_t position;  // in the chain; 0 when it has none
  std::int64_t entry_id;  // 0 when unknown

  bool operator==(const Finding&) const = default;
};

}  // namespace vardkedja::audit
