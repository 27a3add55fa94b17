#include "lib/audit/verifier.h"

#include <algorithm>

#include "lib/pg/pool.h"
#include "lib/status/status.h"

namespace vardkedja::audit {
namespace {

class Walk {
 public:
  Walk(pg::Pool& pool, const vault::KeyRing& ring, const VerifyOptions& options)
      : pool_(pool), ring_(ring), options_(options) {}

  absl::StatusOr<VerifyReport> Run() {
    // Before the walk: rows that are sealed during it are no findings.
    if (options_.after_position == 0) VK_RETURN_IF_ERROR(FindUnsealed());
    VK_RETURN_IF_ERROR(Begin());
    const std::string sql =
        "SELECT s.position, s.entry_id, s.key_id, s.mac, " + std::string(SealedColumns()) +
        " FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id WHERE s.position > $1 "
        "ORDER BY s.position LIMIT $2";
    while (!Full() && !report_.end_reached && Left() > 0) {
      const int64_t rows = std::min(options_.page_rows, Left());
      VK_ASSIGN_OR_RETURN(const pg::Result page, Read(sql, {report_.head.position, rows}));
      for (const pg::Row row : page) CheckRow(row);
      report_.end_reached = page.size() < rows;
    }
    if (report_.end_reached) CheckEnd();
    return std::move(report_);
  }

 private:
  // Rows that may still be walked.
  int64_t Left() const {
    return options_.most_rows ? *options_.most_rows - report_.rows : options_.page_rows;
  }

  absl::StatusOr<pg::Result> Read(std::string_view sql, const pg::Params& params) {
    return options_.deadline ? pool_.Read(sql, params, *options_.deadline)
                             : pool_.Read(sql, params);
  }

  // The seal that the walk goes on from. One that is gone is a finding of the first row after it.
  absl::Status Begin() {
    if (options_.after_position == 0) return absl::OkStatus();
    VK_ASSIGN_OR_RETURN(
        const pg::Result rows,
        Read("SELECT mac FROM audit_seal WHERE position = $1", {options_.after_position}));
    report_.head = {options_.after_position, rows.empty() ? "" : rows[0].Bytes("mac")};
    const auto& exported = options_.exported_head;
    head_seen_ =
        exported && exported->position <= options_.after_position &&
        (exported->position < options_.after_position || exported->mac == report_.head.mac);
    return absl::OkStatus();
  }

  bool Full() const { return report_.findings.size() >= options_.most_findings; }

  void Add(FindingKind kind, int64_t position, int64_t entry_id) {
    if (!Full()) report_.findings.push_back({kind, position, entry_id});
  }

  void CheckRow(const pg::Row& row) {
    const SealHead previous = report_.head;
    const int64_t position = row.Int("position");
    const int64_t entry_id = row.Int("entry_id");
    // The walk goes on from what is stored, so that one change gives one finding.
    report_.head = {position, row.Bytes("mac")};
    ++report_.rows;
    if (options_.exported_head && position == options_.exported_head->position) {
      head_seen_ = report_.head.mac == options_.exported_head->mac;
    }
    if (position != previous.position + 1) {
      Add(FindingKind::kSealRemoved, previous.position + 1, 0);
      return;
    }
    const auto key = ring_.Find(vault::KeyPurpose::kAudit, row.Text("key_id"));
    if (!key.ok()) {
      Add(FindingKind::kKeyMissing, position, entry_id);
    } else if (row.IsNull("id")) {
      Add(FindingKind::kRowRemoved, position, entry_id);
    } else if (ChainMac(*key, previous, row) != report_.head.mac) {
      Add(FindingKind::kRowChanged, position, entry_id);
    }
  }

  void CheckEnd() {
    if (Full() || !options_.exported_head || options_.exported_head->position == 0) return;
    if (!head_seen_) Add(FindingKind::kEndRemoved, options_.exported_head->position, 0);
  }

  absl::Status FindUnsealed() {
    VK_ASSIGN_OR_RETURN(
        const pg::Result rows,
        Read("SELECT e.id FROM audit_entry e WHERE e.recorded_at < clock_timestamp() - "
             "make_interval(secs => $1) AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE "
             "s.entry_id = e.id) ORDER BY e.id LIMIT $2",
             {options_.unsealed_after.count(), static_cast<int64_t>(options_.most_findings)}));
    for (const pg::Row row : rows) Add(FindingKind::kUnsealed, 0, row.Int("id"));
    return absl::OkStatus();
  }

  pg::Pool& pool_;
  const vault::KeyRing& ring_;
  const VerifyOptions& options_;
  VerifyReport report_;
  bool head_seen_ = false;
};

}  // namespace

std::string_view FindingName(FindingKind kind) {
  switch (kind) {
    case FindingKind::kRowRemoved:
      return "row removed";
    case FindingKind::kRowChanged:
      return "row, order or seal changed";
    case FindingKind::kSealRemoved:
      return "seal removed";
    case FindingKind::kUnsealed:
      return "not sealed in time";
    case FindingKind::kEndRemoved:
      return "end of the chain removed or changed";
    case FindingKind::kKeyMissing:
      return "sealed by a key that the ring lacks";
  }
  return "unknown";
}

absl::StatusOr<VerifyReport> Verify(pg::Pool& pool, const vault::KeyRing& ring,
                                    const VerifyOptions& options) {
  return Walk(pool, ring, options).Run();
}

}  // namespace vardkedja::audit
