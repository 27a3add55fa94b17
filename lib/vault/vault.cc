#include "lib/vault/vault.h"

#include <algorithm>
#include <set>

#include "lib/pg/pool.h"
#include "lib/status/status.h"
#include "lib/vault/cipher.h"
#include "lib/vault/erasure_ledger.h"
#include "lib/vault/key_cache.h"

namespace vardkedja::vault {
namespace {

constexpr std::string_view kWrapTag = "vardkedja.data-key.1";
constexpr std::string_view kFieldTag = "vardkedja.field.1";
constexpr std::string_view kIndexTag = "vardkedja.index.1";
constexpr size_t kReplayBatch = 1000;

absl::Status Erased(absl::StatusCode code) {
  return MakeError(code, "the keys of this scope were destroyed", "ERASED");
}

absl::Status InvalidCiphertext() {
  return MakeError(absl::StatusCode::kDataLoss, "the stored value does not open",
                   "CIPHERTEXT_INVALID");
}

std::string WrapData(std::string_view scope, std::string_view owner, std::string_view kind) {
  return Join({kWrapTag, scope, owner, kind});
}

}  // namespace

class Vault::Impl {
 public:
  Impl(pg::Pool& key_store, KeyRing& ring, VaultOptions options)
      : pool_(key_store),
        ring_(ring),
        options_(std::move(options)),
        cache_(options_.cache_keys, options_.cache_life),
        ledger_(options_.ledger_file) {}

  absl::StatusOr<Key> KeyToSeal(const DataKeyId& id) {
    if (const auto known = cache_.Find(id)) return *known;
    VK_ASSIGN_OR_RETURN(auto loaded, Load({id}));
    if (!loaded.empty()) return loaded.begin()->second;
    VK_RETURN_IF_ERROR(Create(id));
    VK_ASSIGN_OR_RETURN(loaded, Load({id}));
    if (loaded.empty()) return Erased(absl::StatusCode::kFailedPrecondition);
    return loaded.begin()->second;
  }

  // One visit to the key store for all that are not in memory; those without a key are left out.
  using Keys = std::unordered_map<DataKeyId, Key, DataKeyIdHash>;
  absl::StatusOr<Keys> KeysToOpen(const std::vector<DataKeyId>& ids) {
    Keys keys;
    std::vector<DataKeyId> missing;
    for (const DataKeyId& id : ids) {
      if (keys.contains(id)) continue;
      if (const auto known = cache_.Find(id)) {
        keys.emplace(id, *known);
      } else {
        missing.push_back(id);
      }
    }
    if (missing.empty()) return keys;
    VK_ASSIGN_OR_RETURN(Keys loaded, Load(missing));
    keys.merge(loaded);
    return keys;
  }

  std::string FieldData(const DataKeyId& id, std::string_view field_tag) const {
    return Join({kFieldTag, options_.owner, id.scope_id, id.record_class, field_tag});
  }

  absl::Status Erase(std::string_view scope_id, std::string_view reason_code) {
    const std::string scope(scope_id);
    VK_RETURN_IF_ERROR(ledger_.Append({options_.owner, scope, std::string(reason_code)}));
    const absl::Status committed = Run([&](pg::Transaction& tx) -> absl::Status {
      VK_RETURN_IF_ERROR(LockScope(tx, scope));
      VK_RETURN_IF_ERROR(tx.Execute("INSERT INTO erasure (scope_id, owner, reason_code) "
                                    "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                                    {scope, options_.owner, reason_code})
                             .status());
      return tx
          .Execute("DELETE FROM data_key WHERE scope_id = $1 AND owner = $2",
                   {scope, options_.owner})
          .status();
    });
    cache_.EraseScope(scope_id);
    return committed;
  }

  absl::StatusOr<std::vector<std::string>> ReplayLedger() {
    VK_ASSIGN_OR_RETURN(const std::vector<Erasure> erasures, ledger_.Read());
    std::vector<std::string> scopes;
    std::vector<std::string> reasons;
    std::set<std::string> seen;
    for (const Erasure& erasure : erasures) {
      if (erasure.owner != options_.owner || !seen.insert(erasure.scope_id).second) continue;
      scopes.push_back(erasure.scope_id);
      reasons.push_back(erasure.reason_code);
      if (scopes.size() == kReplayBatch) {
        VK_RETURN_IF_ERROR(CopyToTable(scopes, reasons));
        scopes.clear();
        reasons.clear();
      }
    }
    if (!scopes.empty()) VK_RETURN_IF_ERROR(CopyToTable(scopes, reasons));
    return DestroyLedgered();
  }

  absl::StatusOr<std::map<std::string, int64_t>> KeyUse() {
    VK_ASSIGN_OR_RETURN(const pg::Result rows,
                        pool_.Read("SELECT kek_id, count(*) AS uses FROM data_key GROUP BY kek_id",
                                   {}, Deadline()));
    std::map<std::string, int64_t> uses;
    for (const pg::Row row : rows) uses[row.Text("kek_id")] = row.Int("uses");
    return uses;
  }

  absl::Status CheckKeyRing() {
    VK_ASSIGN_OR_RETURN(const auto uses, KeyUse());
    for (const auto& [id, count] : uses) {
      VK_RETURN_IF_ERROR(ring_.Find(KeyPurpose::kEncryption, id).status());
    }
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Rewrap(size_t limit) {
    VK_RETURN_IF_ERROR(ring_.Reload());
    const NamedKey active = ring_.Active(KeyPurpose::kEncryption);
    size_t done = 0;
    VK_RETURN_IF_ERROR(Run([&](pg::Transaction& tx) -> absl::Status {
      VK_ASSIGN_OR_RETURN(
          const pg::Result rows,
          tx.Execute("SELECT scope_id, owner, record_class, kek_id, wrapped FROM data_key "
                     "WHERE kek_id <> $1 ORDER BY kek_id LIMIT $2 FOR UPDATE SKIP LOCKED",
                     {active.id, static_cast<int64_t>(limit)}));
      done = static_cast<size_t>(rows.size());
      VK_RETURN_IF_ERROR(StoreRewrapped(tx, rows, active));
      return Retire(tx, active.id);
    }));
    return done;
  }

  KeyRing& ring() { return ring_; }
  const VaultOptions& options() const { return options_; }

 private:
  pg::Deadline Deadline() const {
    return std::chrono::steady_clock::now() + options_.key_store_timeout;
  }

  absl::Status Run(const std::function<absl::Status(pg::Transaction&)>& body) {
    pg::TransactionOptions options;
    options.deadline = Deadline();
    return pool_.InTransaction(options, body);
  }

  // Creation and erasure of one scope's keys exclude each other; without it a key made during an
  // erasure would survive it.
  absl::Status LockScope(pg::Transaction& tx, const std::string& scope) {
    return tx
        .Execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))",
                 {options_.owner + "/" + scope})
        .status();
  }

  absl::StatusOr<Keys> Load(const std::vector<DataKeyId>& ids) {
    const uint64_t era = cache_.Era();
    std::vector<std::string> scopes;
    std::vector<std::string> classes;
    for (const DataKeyId& id : ids) {
      scopes.push_back(id.scope_id);
      classes.push_back(id.record_class);
    }
    VK_ASSIGN_OR_RETURN(
        const pg::Result rows,
        pool_.Read(
            "SELECT scope_id, record_class, kek_id, wrapped FROM data_key WHERE owner = $1 "
            "AND (scope_id, record_class) IN "
            "(SELECT wanted.scope_id, wanted.record_class FROM unnest($2::text[], $3::text[]) "
            "AS wanted (scope_id, record_class))",
            {options_.owner, scopes, classes}, Deadline()));
    Keys keys;
    for (const pg::Row row : rows) {
      const DataKeyId id{row.Text("scope_id"), row.Text("record_class")};
      VK_ASSIGN_OR_RETURN(const Key key,
                          Unwrap(row.Text("kek_id"), row.Bytes("wrapped"),
                                 WrapData(id.scope_id, options_.owner, id.record_class)));
      cache_.Insert(id, key, era);
      keys.emplace(id, key);
    }
    return keys;
  }

  absl::StatusOr<Key> Unwrap(const std::string& kek_id, const std::string& wrapped,
                             const std::string& associated) const {
    VK_ASSIGN_OR_RETURN(const Key kek, ring_.Find(KeyPurpose::kEncryption, kek_id));
    auto bytes = Decrypt(kek, associated, wrapped);
    if (!bytes || bytes->size() != Key::kBytes) return InvalidCiphertext();
    Key key;
    std::copy(bytes->begin(), bytes->end(), key.data());
    std::fill(bytes->begin(), bytes->end(), '\0');
    return key;
  }

  static std::string Wrap(const Key& kek, const Key& key, const std::string& associated) {
    return Encrypt(kek, associated,
                   {reinterpret_cast<const char*>(key.data()), static_cast<size_t>(Key::kBytes)});
  }

  // Leaves the row of whoever came first; makes none in an erased scope.
  absl::Status Create(const DataKeyId& id) {
    const NamedKey kek = ring_.Active(KeyPurpose::kEncryption);
    const std::string wrapped = Wrap(kek.key, KeyRing::Generate("data").key,
                                     WrapData(id.scope_id, options_.owner, id.record_class));
    return Run([&](pg::Transaction& tx) -> absl::Status {
      VK_RETURN_IF_ERROR(LockScope(tx, id.scope_id));
      return tx
          .Execute(
              "WITH seen AS (INSERT INTO key_encryption_key (id) VALUES ($4) ON CONFLICT (id) DO "
              "UPDATE SET retired_at = NULL WHERE key_encryption_key.retired_at IS NOT NULL) "
              "INSERT INTO data_key (scope_id, owner, record_class, kek_id, wrapped) "
              "SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS "
              "(SELECT 1 FROM erasure WHERE scope_id = $1 AND owner = $2) "
              "ON CONFLICT DO NOTHING",
              {id.scope_id, options_.owner, id.record_class, kek.id, pg::Bytes{wrapped}})
          .status();
    });
  }

  absl::Status CopyToTable(const std::vector<std::string>& scopes,
                           const std::vector<std::string>& reasons) {
    return pool_
        .Write(
            "INSERT INTO erasure (scope_id, owner, reason_code) "
            "SELECT scope_id, $1, reason_code FROM unnest($2::text[], $3::text[]) "
            "AS ledger (scope_id, reason_code) ON CONFLICT DO NOTHING",
            {options_.owner, scopes, reasons}, Deadline())
        .status();
  }

  absl::StatusOr<std::vector<std::string>> DestroyLedgered() {
    VK_RETURN_IF_ERROR(pool_
                           .Write("DELETE FROM data_key USING erasure "
                                  "WHERE erasure.owner = $1 AND data_key.owner = $1 "
                                  "AND data_key.scope_id = erasure.scope_id",
                                  {options_.owner}, Deadline())
                           .status());
    cache_.Clear();
    VK_ASSIGN_OR_RETURN(
        const pg::Result rows,
        pool_.Read("SELECT scope_id FROM erasure WHERE owner = $1 ORDER BY scope_id",
                   {options_.owner}, Deadline()));
    std::vector<std::string> erased;
    for (const pg::Row row : rows) erased.push_back(row.Text("scope_id"));
    return erased;
  }

  absl::Status StoreRewrapped(pg::Transaction& tx, const pg::Result& rows, const NamedKey& active) {
    if (rows.empty()) return absl::OkStatus();
    std::vector<std::string> scopes;
    std::vector<std::string> owners;
    std::vector<std::string> classes;
    std::vector<pg::Bytes> wraps;
    for (const pg::Row row : rows) {
      scopes.push_back(row.Text("scope_id"));
      owners.push_back(row.Text("owner"));
      classes.push_back(row.Text("record_class"));
      const std::string associated = WrapData(scopes.back(), owners.back(), classes.back());
      VK_ASSIGN_OR_RETURN(const Key key,
                          Unwrap(row.Text("kek_id"), row.Bytes("wrapped"), associated));
      wraps.push_back({Wrap(active.key, key, associated)});
    }
    return tx
        .Execute(
            "UPDATE data_key SET kek_id = $1, wrapped = fresh.wrapped FROM "
            "unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) "
            "AS fresh (scope_id, owner, record_class, wrapped) "
            "WHERE data_key.scope_id = fresh.scope_id AND data_key.owner = fresh.owner "
            "AND data_key.record_class = fresh.record_class",
            {active.id, scopes, owners, classes, wraps})
        .status();
  }

  static absl::Status Retire(pg::Transaction& tx, const std::string& active_id) {
    VK_RETURN_IF_ERROR(tx.Execute("INSERT INTO key_encryption_key (id) VALUES ($1) "
                                  "ON CONFLICT DO NOTHING",
                                  {active_id})
                           .status());
    return tx
        .Execute(
            "UPDATE key_encryption_key SET retired_at = now() WHERE id <> $1 AND retired_at "
            "IS NULL AND NOT EXISTS (SELECT 1 FROM data_key WHERE kek_id = "
            "key_encryption_key.id)",
            {active_id})
        .status();
  }

  pg::Pool& pool_;
  KeyRing& ring_;
  const VaultOptions options_;
  KeyCache cache_;
  ErasureLedger ledger_;
};

Vault::Vault(pg::Pool& key_store, KeyRing& ring, VaultOptions options)
    : impl_(std::make_unique<Impl>(key_store, ring, std::move(options))) {}
Vault::~Vault() = default;

absl::StatusOr<std::string> Vault::Seal(std::string_view scope_id, std::string_view record_class,
                                        std::string_view field_tag, std::string_view plaintext) {
  const DataKeyId id{std::string(scope_id), std::string(record_class)};
  VK_ASSIGN_OR_RETURN(const Key key, impl_->KeyToSeal(id));
  return Encrypt(key, impl_->FieldData(id, field_tag), plaintext);
}

absl::StatusOr<std::string> Vault::Open(std::string_view scope_id, std::string_view record_class,
                                        std::string_view field_tag, std::string_view ciphertext) {
  VK_ASSIGN_OR_RETURN(auto opened, OpenAll({{std::string(scope_id), std::string(record_class),
                                             std::string(field_tag), std::string(ciphertext)}}));
  return std::move(opened.front());
}

absl::StatusOr<std::vector<absl::StatusOr<std::string>>> Vault::OpenAll(
    const std::vector<SealedField>& fields) {
  std::vector<DataKeyId> ids;
  ids.reserve(fields.size());
  for (const SealedField& field : fields) ids.push_back({field.scope_id, field.record_class});
  VK_ASSIGN_OR_RETURN(const Impl::Keys keys, impl_->KeysToOpen(ids));
  std::vector<absl::StatusOr<std::string>> opened;
  opened.reserve(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto key = keys.find(ids[i]);
    if (key == keys.end()) {
      opened.emplace_back(Erased(absl::StatusCode::kNotFound));
      continue;
    }
    auto plaintext =
        Decrypt(key->second, impl_->FieldData(ids[i], fields[i].field_tag), fields[i].ciphertext);
    if (plaintext) {
      opened.emplace_back(*std::move(plaintext));
    } else {
      opened.emplace_back(InvalidCiphertext());
    }
  }
  return opened;
}

std::vector<std::string> Vault::BlindIndex(std::string_view index, std::string_view value) const {
  const std::string bytes = Join({kIndexTag, impl_->options().owner, index, value});
  std::vector<std::string> values;
  for (const NamedKey& named : impl_->ring().All(KeyPurpose::kIndex)) {
    values.push_back(named.id + ":" + Hex(KeyedHash(named.key, bytes)));
  }
  return values;
}

absl::Status Vault::Erase(std::string_view scope_id, std::string_view reason_code) {
  return impl_->Erase(scope_id, reason_code);
}

absl::StatusOr<std::vector<std::string>> Vault::ReplayLedger() { return impl_->ReplayLedger(); }
absl::Status Vault::CheckKeyRing() { return impl_->CheckKeyRing(); }
absl::StatusOr<size_t> Vault::Rewrap(size_t limit) { return impl_->Rewrap(limit); }
absl::StatusOr<std::map<std::string, int64_t>> Vault::KeyUse() { return impl_->KeyUse(); }

}  // namespace vardkedja::vault
