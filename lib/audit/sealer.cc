#include "lib/audit/sealer.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "lib/pg/pool.h"
#include "lib/status/status.h"

namespace vardkedja::audit {
namespace {

constexpr std::chrono::seconds kPassTimeout{10};

std::string UnsealedSql() {
  return "SELECT " + std::string(SealedColumns()) +
         " FROM audit_entry e WHERE e.id > coalesce((SELECT min(recent.entry_id) FROM (SELECT "
         "entry_id FROM audit_seal ORDER BY position DESC LIMIT $1) recent HAVING count(*) = $1), "
         "0) "
         "AND NOT EXISTS "
         "(SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id) ORDER BY e.id LIMIT $2";
}

absl::StatusOr<SealHead> ReadHead(pg::Transaction& tx) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx.Execute("SELECT position, mac FROM audit_seal ORDER BY position DESC LIMIT 1"));
  if (rows.empty()) return SealHead{};
  return SealHead{rows[0].Int("position"), rows[0].Bytes("mac")};
}

}  // namespace

class Sealer::Impl {
 public:
  Impl(pg::Pool& pool, vault::KeyRing& ring, SealerOptions options)
      : pool_(pool), ring_(ring), options_(std::move(options)), unsealed_sql_(UnsealedSql()) {}

  ~Impl() { Stop(); }

  void Start() {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable() && !stopping_) thread_ = std::thread([this] { Loop(); });
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  absl::StatusOr<int64_t> SealOnce() {
    const vault::NamedKey key = ring_.Active(vault::KeyPurpose::kAudit);
    const int64_t window = TakeWindow();
    std::optional<SealHead> head;
    int64_t sealed = 0;
    bool continues = false;
    pg::TransactionOptions options;
    options.deadline = std::chrono::steady_clock::now() + kPassTimeout;
    const absl::Status status =
        pool_.InTransaction(options, [&](pg::Transaction& tx) -> absl::Status {
          head.reset();
          sealed = 0;
          VK_ASSIGN_OR_RETURN(const bool mine, IsMine(tx));
          if (!mine) return absl::OkStatus();
          VK_ASSIGN_OR_RETURN(continues, ContinuesExport(tx));
          VK_ASSIGN_OR_RETURN(head, ReadHead(tx));
          VK_ASSIGN_OR_RETURN(const pg::Result rows,
                              tx.Execute(unsealed_sql_, {window, options_.batch_rows}));
          sealed = rows.size();
          return Append(tx, key, rows, *head);
        });
    return Note(status, head, sealed, continues);
  }

  Stats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  // The last pass comes after Stop, so that what was committed before it is sealed.
  void Loop() {
    std::unique_lock lock(mutex_);
    bool last = false;
    while (!last) {
      last = stopping_;
      lock.unlock();
      const auto sealed = SealOnce();
      lock.lock();
      if (sealed.ok() && *sealed == options_.batch_rows) {
        last = false;  // more wait
        continue;
      }
      if (!last) wake_.wait_for(lock, options_.interval, [this] { return stopping_; });
    }
  }

  int64_t TakeWindow() {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (next_wide_ > now) return options_.near_rows;
    next_wide_ = now + options_.wide_every;
    return options_.wide_rows;
  }

  static absl::StatusOr<bool> IsMine(pg::Transaction& tx) {
    VK_ASSIGN_OR_RETURN(const pg::Result rows,
                        tx.Execute("SELECT pg_try_advisory_xact_lock(hashtextextended("
                                   "'audit-sealer/' || current_schema(), 0)) AS mine"));
    return rows[0].Bool("mine");
  }

  // Whether the trail still holds the head that was exported last. If not, its end was removed, and
  // the file is the proof of it.
  absl::StatusOr<bool> ContinuesExport(pg::Transaction& tx) const {
    if (options_.head_file.empty()) return true;
    {
      const std::lock_guard lock(mutex_);
      if (continues_export_) return true;
    }
    const auto exported = ReadHeadFile(options_.head_file);
    if (!exported.ok()) return false;
    if (!*exported || (*exported)->position == 0) return true;
    VK_ASSIGN_OR_RETURN(
        const pg::Result rows,
        tx.Execute("SELECT mac FROM audit_seal WHERE position = $1", {(*exported)->position}));
    return !rows.empty() && rows[0].Bytes("mac") == (*exported)->mac;
  }

  static absl::Status Append(pg::Transaction& tx, const vault::NamedKey& key,
                             const pg::Result& rows, SealHead& head) {
    if (rows.empty()) return absl::OkStatus();
    std::vector<int64_t> positions;
    std::vector<int64_t> entries;
    std::vector<pg::Bytes> macs;
    for (const pg::Row row : rows) {
      head = SealHead{head.position + 1, ChainMac(key.key, head, row)};
      positions.push_back(head.position);
      entries.push_back(row.Int("id"));
      macs.push_back({head.mac});
    }
    return tx
        .Execute(
            "INSERT INTO audit_seal (position, entry_id, key_id, mac) "
            "SELECT position, entry_id, $1, mac FROM "
            "unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS made (position, entry_id, mac)",
            {key.id, positions, entries, macs})
        .status();
  }

  absl::StatusOr<int64_t> Note(const absl::Status& status, const std::optional<SealHead>& head,
                               int64_t sealed, bool continues) {
    const std::lock_guard lock(mutex_);
    if (!status.ok()) {
      ++stats_.failures;
      return status;
    }
    if (!head) return 0;
    const bool advanced = head->position != stats_.head.position;
    stats_.head = *head;
    stats_.sealed += sealed;
    continues_export_ = continues;
    if (!advanced || options_.head_file.empty()) return sealed;
    if (!continues || !WriteHeadFile(options_.head_file, *head).ok()) ++stats_.export_failures;
    return sealed;
  }

  pg::Pool& pool_;
  vault::KeyRing& ring_;
  const SealerOptions options_;
  const std::string unsealed_sql_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool continues_export_ = false;
  std::chrono::steady_clock::time_point next_wide_{};
  Stats stats_;
  std::thread thread_;
};

Sealer::Sealer(pg::Pool& pool, vault::KeyRing& ring, SealerOptions options)
    : impl_(std::make_unique<Impl>(pool, ring, std::move(options))) {}
Sealer::~Sealer() = default;
void Sealer::Start() { impl_->Start(); }
void Sealer::Stop() { impl_->Stop(); }
absl::StatusOr<int64_t> Sealer::SealOnce() { return impl_->SealOnce(); }
Sealer::Stats Sealer::stats() const { return impl_->stats(); }

}  // namespace vardkedja::audit
