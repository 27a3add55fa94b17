// The chain that makes the audit trail tamper-evident: mac(n) = BLAKE2b(key, mac(n-1) || n || row).
// Made after the commit, so that writes do not queue for a common head (architecture.md, 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "lib/pg/value.h"
#include "lib/vault/key_ring.h"

namespace vardkedja::audit {

// The end of the chain. Kept outside the database it shows that the end was cut off.
struct SealHead {
  int64_t position = 0;  // 0: nothing sealed yet
  std::string mac;       // 32 bytes; empty at position 0

  bool operator==(const SealHead&) const = default;
};

// The columns that ChainMac reads, of a table named `e`.
std::string_view SealedColumns();

// The mac of the row that follows `previous`.
std::string ChainMac(const vault::Key& key, const SealHead& previous, const pg::Row& row);

// One line, "<position> <mac in hex>", replaced by rename. INTERNAL when it cannot be written.
absl::Status WriteHeadFile(const std::string& path, const SealHead& head);
// Nothing when there is no such file; INVALID_ARGUMENT when it is malformed.
absl::StatusOr<std::optional<SealHead>> ReadHeadFile(const std::string& path);

}  // namespace vardkedja::audit
