// The secret keys of a process, from one file (a Kubernetes secret, or made by `up`). Several keys
// per purpose, one of them active; a key is known by its id, which is stored with what it made.
//
//   # key-ring.yaml, mode 0600 or 0640
//   encryption:   {active: kek-2026-11, keys: {kek-2026-05: <base64>, kek-2026-11: <base64>}}
//   index:        {active: idx-1, keys: {idx-1: <base64>}}
//   audit:        {active: aud-1, keys: {aud-1: <base64>}}
//
// Each key is 32 bytes in base64. All three purposes must be there, and no others.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace vardkedja::vault {

// 32 secret bytes, wiped when destroyed.
class Key {
 public:
  static constexpr size_t kBytes = 32;
  Key() { bytes_.fill(0); }
  explicit Key(const std::array<uint8_t, kBytes>& bytes) : bytes_(bytes) {}
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key();
  const uint8_t* data() const { return bytes_.data(); }
  uint8_t* data() { return bytes_.data(); }

 private:
  std::array<uint8_t, kBytes> bytes_;
};

enum class KeyPurpose { kEncryption, kIndex, kAudit };

struct NamedKey {
  std::string id;
  Key key;
};

// Thread-safe.
class KeyRing {
 public:
  // INVALID_ARGUMENT names what is wrong in the file (purpose and key id, never key material).
  static absl::StatusOr<std::unique_ptr<KeyRing>> Load(const std::string& path);

  // Reads the file again; on error the old keys stay.
  absl::Status Reload();

  NamedKey Active(KeyPurpose purpose) const;

  // FAILED_PRECONDITION, reason KEY_MISSING, metadata key_id, when the ring has no such id.
  absl::StatusOr<Key> Find(KeyPurpose purpose, std::string_view id) const;

  // All keys of a purpose, the active one first.
  std::vector<NamedKey> All(KeyPurpose purpose) const;

  // A new key under a new id.
  static NamedKey Generate(std::string_view id_prefix);

 private:
  struct Section {
    std::string active;
    std::map<std::string, Key, std::less<>> keys;
  };
  using Sections = std::map<KeyPurpose, Section>;

  explicit KeyRing(std::string path) : path_(std::move(path)) {}
  static absl::StatusOr<Sections> Parse(const std::string& path);

  const std::string path_;
  mutable std::shared_mutex mutex_;
  Sections sections_;
};

}  // namespace vardkedja::vault
