#include "reporting-service/storage/postgres_fact_store.h"

#include <chrono>
#include <utility>

#include "lib/eventlog/consumer.h"
#include "reporting-service/storage/fact_sql.h"

namespace vardkedja::reporting::storage {
namespace {

using usecases::FactKind;
using usecases::Snapshot;

absl::Status BeyondWatermark(Instant watermark) {
  ErrorDetail detail;
  detail.reason = "AS_OF_BEYOND_WATERMARK";
  detail.metadata["watermark"] = FormatInstant(watermark);
  return MakeError(absl::StatusCode::kOutOfRange,
                   "as_of lies beyond the watermark: what will be known then is not known yet.",
                   std::move(detail));
}

absl::Status Rebuilding() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "The facts are being rebuilt and do not reach as_of yet.", "REBUILDING",
                   std::chrono::seconds(1));
}

absl::StatusOr<domain::Positions> ReadPositions(pg::Transaction& tx, Instant as_of) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx.Execute("SELECT log.source, last.seq,"
                 " last.seq <= coalesce(progress.applied_seq, 0) AS reached"
                 " FROM (VALUES ('referral'), ('placement'), ('notification')) AS log (source)"
                 " CROSS JOIN LATERAL (SELECT seq FROM log_position"
                 "  WHERE source = log.source AND known_at <= $1::timestamptz"
                 "  ORDER BY known_at DESC, seq DESC LIMIT 1) AS last"
                 " LEFT JOIN source_progress AS progress ON progress.source = log.source",
                 {as_of}));
  domain::Positions positions;
  for (const pg::Row row : rows) {
    if (!row.Bool("reached")) return Rebuilding();
    const std::string source = row.Text("source");
    const std::int64_t seq = row.Int("seq");
    if (source == "referral") positions.referral = seq;
    if (source == "placement") positions.placement = seq;
    if (source == "notification") positions.notification = seq;
  }
  return positions;
}

template <class T>
absl::Status LoadInto(pg::Transaction& tx, const domain::Positions& positions,
                      std::vector<T>& out) {
  VK_ASSIGN_OR_RETURN(out, FactsAt<T>(tx, positions));
  return absl::OkStatus();
}

absl::Status LoadKind(pg::Transaction& tx, FactKind kind, const domain::Positions& positions,
                      domain::Facts& facts) {
  switch (kind) {
    case FactKind::kMunicipalities:
      return LoadInto(tx, positions, facts.municipalities);
    case FactKind::kFacilities:
      return LoadInto(tx, positions, facts.facilities);
    case FactKind::kBeds:
      return LoadInto(tx, positions, facts.beds);
    case FactKind::kClosures:
      return LoadInto(tx, positions, facts.closures);
    case FactKind::kHolds:
      return LoadInto(tx, positions, facts.holds);
    case FactKind::kCases:
      return LoadInto(tx, positions, facts.cases);
    case FactKind::kSteps:
      return LoadInto(tx, positions, facts.steps);
    case FactKind::kDecisions:
      return LoadInto(tx, positions, facts.decisions);
    case FactKind::kQueueEntries:
      return LoadInto(tx, positions, facts.queue_entries);
    case FactKind::kOffers:
      return LoadInto(tx, positions, facts.offers);
    case FactKind::kAlerts:
      return LoadInto(tx, positions, facts.alerts);
    case FactKind::kStays:
      return LoadInto(tx, positions, facts.stays);
    case FactKind::kExternalStays:
      return LoadInto(tx, positions, facts.external_stays);
    case FactKind::kLeaves:
      return LoadInto(tx, positions, facts.leaves);
    case FactKind::kInterruptions:
      return LoadInto(tx, positions, facts.interruptions);
  }
  return absl::InternalError("no such kind of fact");
}

}  // namespace

// Resolves the instant and promises that nothing becomes known at or before it any more.
absl::StatusOr<Instant> PostgresFactStore::Fix(const auth::CallContext& context,
                                               std::optional<Instant> as_of) {
  pg::TransactionOptions options;
  options.deadline = context.deadline;
  Instant fixed{};
  VK_RETURN_IF_ERROR(pool_.InTransaction(options, [&](pg::Transaction& tx) -> absl::Status {
    VK_RETURN_IF_ERROR(tx.Execute("SELECT only_row FROM watermark FOR UPDATE").status());
    VK_ASSIGN_OR_RETURN(
        const pg::Result rows,
        tx.Execute("SELECT greatest($1::timestamptz, max(last.known_at)) AS watermark"
                   " FROM (VALUES ('referral'), ('placement'), ('notification')) AS log (source)"
                   " CROSS JOIN LATERAL (SELECT known_at FROM log_position"
                   "  WHERE source = log.source ORDER BY known_at DESC LIMIT 1) AS last",
                   {context.now}));
    const Instant watermark = rows[0].Instant("watermark");
    if (as_of.value_or(watermark) > watermark) return BeyondWatermark(watermark);
    fixed = as_of.value_or(watermark);
    return tx
        .Execute("UPDATE watermark SET promised = $1::timestamptz WHERE promised < $1::timestamptz",
                 {fixed})
        .status();
  }));
  return fixed;
}

absl::StatusOr<Snapshot> PostgresFactStore::Load(const auth::CallContext& context,
                                                 std::optional<Instant> as_of,
                                                 const std::set<FactKind>& kinds) {
  Snapshot snapshot;
  VK_ASSIGN_OR_RETURN(snapshot.as_of, Fix(context, as_of));
  pg::TransactionOptions options;
  options.deadline = context.deadline;
  options.isolation = pg::Isolation::kRepeatableRead;
  options.read_only = true;
  VK_RETURN_IF_ERROR(pool_.InTransaction(options, [&](pg::Transaction& tx) -> absl::Status {
    VK_ASSIGN_OR_RETURN(snapshot.positions, ReadPositions(tx, snapshot.as_of));
    for (const FactKind kind : kinds) {
      VK_RETURN_IF_ERROR(LoadKind(tx, kind, snapshot.positions, snapshot.facts));
    }
    return absl::OkStatus();
  }));
  return snapshot;
}

absl::StatusOr<std::map<std::string, std::string>> PostgresFactStore::SubstituteIds(
    const auth::CallContext& context, const std::vector<std::string>& references) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(
          "SELECT reference, substitute_id FROM substitute WHERE reference = ANY($1::text[])",
          {references}, context.deadline));
  std::map<std::string, std::string> substitutes;
  for (const pg::Row row : rows) {
    substitutes.emplace(row.Text("reference"), row.Text("substitute_id"));
  }
  return substitutes;
}

absl::Status Rebuild(pg::Pool& pool, pg::Deadline deadline) {
  pg::TransactionOptions options;
  options.deadline = deadline;
  return pool.InTransaction(options, [](pg::Transaction& tx) -> absl::Status {
    // The cursors first: whoever is applying events finishes, and nobody begins.
    for (const std::string_view source : kSources) {
      VK_RETURN_IF_ERROR(eventlog::ResetPosition(tx, source));
    }
    for (const std::string_view table : kFactTables) {
      VK_RETURN_IF_ERROR(tx.Execute("DELETE FROM " + std::string(table)).status());
    }
    return tx.Execute("DELETE FROM source_progress").status();
  });
}

}  // namespace vardkedja::reporting::storage
