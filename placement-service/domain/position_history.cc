#include "placement-service/domain/position_history.h"

#include <utility>

namespace vardkedja::placement::domain {
namespace {

class Backwards {
 public:
  Backwards(const EntryId& id, std::optional<std::string> key, std::map<std::string, int> before)
      : id_(id), key_(std::move(key)), before_(std::move(before)) {}

  // Where the entry stands; none when it does not wait, or with a key that nothing is known about.
  std::optional<int> Position() const {
    if (!key_) return std::nullopt;
    const auto count = before_.find(*key_);
    return count == before_.end() ? std::nullopt : std::optional<int>(count->second + 1);
  }

  void Undo(const QueueStep& step) {
    if (step.entry_id == id_) {
      key_ = step.change > 0 ? std::nullopt : std::optional<std::string>(step.sort_key);
      return;
    }
    for (auto& [key, count] : before_) {
      if (step.sort_key < key) count -= step.change;
    }
  }

 private:
  const EntryId& id_;
  std::optional<std::string> key_;
  std::map<std::string, int> before_;
};

}  // namespace

std::vector<PositionChange> PositionHistory(const std::vector<QueueStep>& steps, const EntryId& id,
                                            const std::optional<std::string>& key,
                                            std::map<std::string, int> before) {
  std::vector<PositionChange> history;
  Backwards queue(id, key, std::move(before));
  for (auto step = steps.begin(); step != steps.end();) {
    const Instant at = step->at;
    const std::optional<int> after = queue.Position();
    bool own = false;
    for (; step != steps.end() && step->at == at; ++step) {
      own |= step->entry_id == id;
      queue.Undo(*step);
    }
    if (after && after != queue.Position()) history.push_back({at, *after, own});
  }
  return history;
}

}  // namespace vardkedja::placement::domain
