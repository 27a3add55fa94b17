// Unwrapped data keys, few and for a short time.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lib/vault/key_ring.h"

namespace vardkedja::vault {

struct DataKeyId {
  std::string scope_id;
  std::string record_class;

  bool operator==(const DataKeyId&) const = default;
};

struct DataKeyIdHash {
  size_t operator()(const DataKeyId& id) const {
    return std::hash<std::string>{}(id.scope_id) * 31 + std::hash<std::string>{}(id.record_class);
  }
};

// Thread-safe. The least recently used key leaves first.
class KeyCache {
 public:
  using Clock = std::chrono::steady_clock;

  KeyCache(size_t keys, std::chrono::seconds life) : keys_(keys), life_(life) {}

  std::optional<Key> Find(const DataKeyId& id);

  // A reader of the key store takes the era before it reads and gives it back here: a key read
  // before an erasure is not remembered after it.
  uint64_t Era() const;
  void Insert(const DataKeyId& id, const Key& key, uint64_t era);
  void EraseScope(std::string_view scope_id);
  void Clear();
  size_t size() const;

 private:
  struct Entry {
    DataKeyId id;
    Key key;
    Clock::time_point until;
  };

  const size_t keys_;
  const std::chrono::seconds life_;
  mutable std::mutex mutex_;
  std::list<Entry> recent_;  // most recently used first
  std::unordered_map<DataKeyId, std::list<Entry>::iterator, DataKeyIdHash> index_;
  uint64_t era_ = 0;
};

}  // namespace vardkedja::vault
