// Why an entry stands where it stands, said to people. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/queue_rule.h"

namespace vardkedja::placement::domain {

// Positions are exact up to this and "over" beyond (architecture.md, 4).
inline constexpr int kExactPositions = 10'000;

// How many stand before because of one column.
struct BeforeCount {
  RuleColumn column;
  int count = 0;
};

struct Standing {
  std::string facility_name;
  BedKind bed_kind = BedKind::kRegular;
  int position = 0;  // from 1; over kExactPositions when larger
  std::vector<BeforeCount> before;
  bool passed = false;
  bool waiting_long = false;
  bool parked = false;
};

struct Why {
  std::string sv;
  std::string en;
};

// Names nobody and gives no fact about anybody else but by which column they stand before.
Why Explain(const QueueRule& rule, const RankedFacts& facts, const Standing& standing);

// For an entry that does not wait: it has no position.
Why ExplainNotWaiting(EntryState state, const std::optional<std::string>& left_reason);

}  // namespace vardkedja::placement::domain
