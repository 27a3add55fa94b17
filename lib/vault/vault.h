// Encryption of personal data in the application (architecture.md, 4). One data key per (scope,
// owner, record class) in a key store of its own; destroying the key is the erasure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/vault/key_ring.h"

namespace vardkedja::pg {
class Pool;
}

namespace vardkedja::vault {

struct VaultOptions {
  std::string owner;         // the service: "referral"; part of each key's identity
  std::string ledger_file;   // erasure ledger outside the database; empty: table only
  size_t cache_keys = 4096;  // unwrapped keys in memory
  std::chrono::seconds cache_life{60};
  std::chrono::milliseconds key_store_timeout{2000};
};

// One encrypted field to open, for lists.
struct SealedField {
  std::string scope_id;
  std::string record_class;
  std::string field_tag;
  std::string ciphertext;
};

// Thread-safe. Blocks on the key store when a key is not in memory.
//
// scope_id: the case's id, or the person's id for what belongs to the person.
// record_class: what is erased together, "form", "message", "identity".
// field_tag: a stable name of the field, plus the row's id where a scope has several rows:
//   "referral.form", "notification.message.body/<message id>". It is authenticated with scope,
//   owner and class, so that a ciphertext moved to another field or row does not open.
class Vault {
 public:
  // `key_store` is a pool on the schema `keystore`; it and `ring` must outlive the vault.
  Vault(pg::Pool& key_store, KeyRing& ring, VaultOptions options);
  ~Vault();

  // Ciphertext: format byte, nonce, XChaCha20-Poly1305. Makes the data key on first use. Errors:
  // FAILED_PRECONDITION reason ERASED (the scope's keys were destroyed: it takes no new data),
  // UNAVAILABLE (key store).
  absl::StatusOr<std::string> Seal(std::string_view scope_id, std::string_view record_class,
                                   std::string_view field_tag, std::string_view plaintext);

  // Errors: NOT_FOUND reason ERASED (no key), DATA_LOSS reason CIPHERTEXT_INVALID (changed, moved,
  // unknown format), UNAVAILABLE (key store).
  absl::StatusOr<std::string> Open(std::string_view scope_id, std::string_view record_class,
                                   std::string_view field_tag, std::string_view ciphertext);

  // As Open for each, in order, with at most one visit to the key store. One field's error is that
  // field's alone; the outer error is the key store's.
  absl::StatusOr<std::vector<absl::StatusOr<std::string>>> OpenAll(
      const std::vector<SealedField>& fields);

  // Lookup value for equality search, for example by identity number: keyed, not reversible, and
  // different per index name. Text to store: "<key id>:<hex>". `value` must be normalised by the
  // caller. All values that may be stored, newest key first: search with these, store the first.
  std::vector<std::string> BlindIndex(std::string_view index, std::string_view value) const;

  // Destroys all keys of the scope for this owner and writes the ledger, first outside the database
  // and then with the keys in one commit. The caller then deletes its index rows and copies.
  // Idempotent. Another replica may still hold a key in memory for `cache_life`. An erasure that
  // failed half-way is finished by repeating it or by the next ReplayLedger.
  absl::Status Erase(std::string_view scope_id, std::string_view reason_code);

  // Destroys again whatever the ledger says was destroyed and a restore brought back. Call before
  // readiness. Returns every scope of this owner in the ledger, so that the caller deletes its own
  // index rows and copies again.
  absl::StatusOr<std::vector<std::string>> ReplayLedger();

  // Fails (FAILED_PRECONDITION, reason KEY_MISSING, metadata key_id) when a stored key is wrapped
  // by a key that the ring does not hold. Call before readiness.
  absl::Status CheckKeyRing();

  // Re-wraps up to `limit` data keys of all owners that an older key-encryption key wraps, and
  // marks a key-encryption key retired when nothing uses it any more. Returns how many were
  // re-wrapped.
  absl::StatusOr<size_t> Rewrap(size_t limit);

  // How many data keys each key-encryption key wraps.
  absl::StatusOr<std::map<std::string, int64_t>> KeyUse();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Re-wraps in the background, a batch at each interval; one thread. A failed batch is tried again
// at the next interval.
class Rewrapper {
 public:
  Rewrapper(Vault& vault, std::chrono::milliseconds interval);
  ~Rewrapper();  // Stop()
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::vault
