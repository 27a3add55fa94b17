// Where an entry has stood, computed backwards from where it stands. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/time/time.h"
#include "placement-service/domain/ids.h"

namespace vardkedja::placement::domain {

// Somebody began (+1) or ceased (-1) to wait in a queue with a key.
struct QueueStep {
  EntryId entry_id;
  Instant at{};
  std::string sort_key;
  int change = 0;
};

struct PositionChange {
  Instant at{};
  int position = 0;  // from `at` on
  bool own = false;  // by what happened to the entry itself; else by others who stand before
};

// `steps` of the entry's queue, newest first; `key` is the entry's while it waits. `before` says
// how many others stand before that key now, and before each that the entry had in `steps`: where
// it stood with one that is not there is not known. Newest first, one for each instant at which the
// position changed while the entry waited.
std::vector<PositionChange> PositionHistory(const std::vector<QueueStep>& steps, const EntryId& id,
                                            const std::optional<std::string>& key,
                                            std::map<std::string, int> before);

}  // namespace vardkedja::placement::domain
