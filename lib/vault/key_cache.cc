#include "lib/vault/key_cache.h"

namespace vardkedja::vault {

std::optional<Key> KeyCache::Find(const DataKeyId& id) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(id);
  if (found == index_.end()) return std::nullopt;
  if (Clock::now() >= found->second->until) {
    recent_.erase(found->second);
    index_.erase(found);
    return std::nullopt;
  }
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->key;
}

uint64_t KeyCache::Era() const {
  const std::lock_guard lock(mutex_);
  return era_;
}

void KeyCache::Insert(const DataKeyId& id, const Key& key, uint64_t era) {
  if (keys_ == 0 || life_.count() == 0) return;
  const std::lock_guard lock(mutex_);
  if (era != era_) return;
  if (const auto old = index_.find(id); old != index_.end()) {
    recent_.erase(old->second);
    index_.erase(old);
  }
  recent_.push_front({id, key, Clock::now() + life_});
  index_.emplace(id, recent_.begin());
  if (recent_.size() > keys_) {
    index_.erase(recent_.back().id);
    recent_.pop_back();
  }
}

void KeyCache::EraseScope(std::string_view scope_id) {
  const std::lock_guard lock(mutex_);
  ++era_;
  for (auto entry = recent_.begin(); entry != recent_.end();) {
    if (entry->id.scope_id == scope_id) {
      index_.erase(entry->id);
      entry = recent_.erase(entry);
    } else {
      ++entry;
    }
  }
}

void KeyCache::Clear() {
  const std::lock_guard lock(mutex_);
  ++era_;
  index_.clear();
  recent_.clear();
}

size_t KeyCache::size() const {
  const std::lock_guard lock(mutex_);
  return recent_.size();
}

}  // namespace vardkedja::vault
