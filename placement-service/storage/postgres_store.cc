#include "placement-service/storage/postgres_store.h"

#include <algorithm>
#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "placement-service/storage/bed_facts.h"
#include "placement-service/storage/filter.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/queries.h"
#include "placement-service/storage/reads.h"
#include "placement-service/storage/rows.h"
#include "placement-service/usecases/disclosure.h"

namespace vardkedja::placement::storage {
namespace {

// How many stand before $3 in a queue, by the part of the key that decides it: whose key begins as
// $3's does up to that part and is smaller in it lies in one range of the index. From the nearest
// range to the farthest, each step jumps to the next that holds somebody: keys are counted, never
// compared, and nobody is looked for in an empty range. $5 on are the beginnings of $3 up to part
// 1, 2 and so on; no more than $4 are counted.
std::string RangesBefore(const std::vector<domain::KeyPart>& layout) {
  constexpr std::string_view kQueue =
      " FROM queue_entry e WHERE e.facility_id = $1 AND e.bed_kind = $2 AND e.state = 'waiting'"
      " AND e.sort_key < r.from_key";
  std::string beginnings = "(0, ''::bytea)";
  for (std::size_t part = 1; part < layout.size(); ++part) {
    beginnings += ", (" + std::to_string(part) + ", $" + std::to_string(part + 4) + "::bytea)";
  }
  return "WITH RECURSIVE beginning (part, key) AS (VALUES " + beginnings +
         "), range (part, from_key, n, total) AS ("
         " SELECT -1, $3::bytea, 0::bigint, 0::bigint"
         " UNION ALL"
         " SELECT b.part, b.key, c.n, r.total + c.n FROM range r"
         " CROSS JOIN LATERAL (SELECT e.sort_key" +
         Text(kQueue) +
         "   ORDER BY e.sort_key DESC LIMIT 1) nearest"
         " CROSS JOIN LATERAL (SELECT part, key FROM beginning WHERE key <= nearest.sort_key"
         "   ORDER BY part DESC LIMIT 1) b"
         " CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT 1" +
         Text(kQueue) +
         "   AND e.sort_key >= b.key LIMIT $4 - r.total) x) c"
         " WHERE r.total < $4)"
         " SELECT part, n FROM range WHERE part >= 0 ORDER BY part";
}

absl::StatusOr<std::vector<domain::BeforeCount>> CountBefore(const Run& run,
                                                             const domain::QueueRule& rule,
                                                             const domain::QueueEntry& entry) {
  const std::vector<domain::KeyPart> layout = domain::Layout(rule);
  pg::Params params = {entry.facility_id.value, static_cast<int>(entry.bed_kind),
                       pg::Bytes{entry.sort_key}, domain::kExactPositions + 1};
  for (std::size_t part = 0; part + 1 < layout.size(); ++part) {
    params.Add(pg::Bytes{entry.sort_key.substr(0, layout[part + 1].offset)});
  }
  VK_ASSIGN_OR_RETURN(const pg::Result rows, run(RangesBefore(layout), params));
  std::vector<domain::BeforeCount> counts;
  for (const pg::Row& row : rows) {
    counts.push_back(
        {layout[static_cast<std::size_t>(row.Int("part"))].column, static_cast<int>(row.Int("n"))});
  }
  return counts;
}

// Newest first, and whether there are older ones. Those of one instant are all there or none.
absl::StatusOr<std::vector<domain::QueueStep>> Steps(const Run& run,
                                                     const domain::QueueEntry& entry, int limit,
                                                     bool& more) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      run("SELECT entry_id, at, sort_key, change FROM queue_step"
          " WHERE facility_id = $1 AND bed_kind = $2"
          "   AND at >= (SELECT min(at) FROM queue_step WHERE entry_id = $3)"
          " ORDER BY at DESC, step_id DESC LIMIT $4",
          {entry.facility_id.value, static_cast<int>(entry.bed_kind), entry.id.value, limit + 1}));
  std::vector<domain::QueueStep> steps;
  for (const pg::Row& row : rows) {
    steps.push_back({domain::EntryId(row.Text("entry_id")), row.Instant("at"),
                     row.Bytes("sort_key"), static_cast<int>(row.Int("change"))});
  }
  more = static_cast<int>(steps.size()) > limit;
  if (!more) return steps;
  const Instant cut = steps.back().at;
  while (!steps.empty() && steps.back().at == cut) steps.pop_back();
  return steps;
}

// The keys that an entry had before, newest first; as many as are followed.
std::vector<std::string> FormerKeys(const std::vector<domain::QueueStep>& steps,
                                    const domain::QueueEntry& entry) {
  constexpr std::size_t kMost = 8;
  std::vector<std::string> keys;
  for (const domain::QueueStep& step : steps) {
    const bool known = std::find(keys.begin(), keys.end(), step.sort_key) != keys.end();
    if (step.entry_id != entry.id || known || keys.size() == kMost) continue;
    keys.push_back(step.sort_key);
  }
  return keys;
}

absl::Status ReadPosition(const Run& run, const domain::QueueRule& rule,
                          const domain::QueueEntry& entry, int limit,
                          usecases::PositionFacts& facts) {
  if (entry.state == domain::EntryState::kWaiting) {
    VK_ASSIGN_OR_RETURN(facts.before_by_column, CountBefore(run, rule, entry));
    int& before = facts.before_key[entry.sort_key];
    for (const domain::BeforeCount& count : facts.before_by_column) before += count.count;
    if (before >= domain::kExactPositions) return absl::OkStatus();
  }
  VK_ASSIGN_OR_RETURN(facts.steps, Steps(run, entry, limit, facts.more));
  for (const std::string& key : FormerKeys(facts.steps, entry)) {
    if (facts.before_key.contains(key)) continue;
    VK_ASSIGN_OR_RETURN(
        const pg::Result rows,
        run("SELECT count(*) AS n FROM (SELECT 1 FROM queue_entry e WHERE e.facility_id = $1"
            " AND e.bed_kind = $2 AND e.state = 'waiting' AND e.sort_key < $3"
            " AND e.sort_key <> $4 LIMIT $5) x",
            {entry.facility_id.value, static_cast<int>(entry.bed_kind), pg::Bytes{key},
             pg::Bytes{entry.sort_key}, domain::kExactPositions}));
    const int before = static_cast<int>(rows[0].Int("n"));
    if (before < domain::kExactPositions) facts.before_key[key] = before;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<std::string>> PostgresStore::FindReplay(const auth::CallContext& ctx) {
  if (!ctx.request_key) return std::optional<std::string>();
  VK_ASSIGN_OR_RETURN(const std::optional<commit::Outcome> outcome,
                      commit::FindReplay(pool_, *ctx.request_key, ctx.deadline));
  if (!outcome) return std::optional<std::string>();
  return std::optional<std::string>(outcome->resource_id);
}

absl::StatusOr<std::string> PostgresStore::Commit(const auth::CallContext& ctx, const Body& body) {
  std::string id;
  const absl::Status status =
      pool_.InTransaction({.deadline = ctx.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        PostgresSession session(tx,
                                {ctx.now, ctx.acting_unit, ctx.traceparent, usecases::SeatOf(ctx)});
        VK_ASSIGN_OR_RETURN(id, body(session));
        VK_ASSIGN_OR_RETURN(commit::Write write, session.Finish());
        write.request_key = ctx.request_key;
        write.outcome = {id, ""};
        return commit::Append(tx, write);
      });
  if (status.ok()) return id;
  // The same request may have won meanwhile, and made this one meet a changed state.
  const auto replay = FindReplay(ctx);
  if (replay.ok() && *replay) return **replay;
  return status;
}

absl::StatusOr<std::vector<domain::Facility>> PostgresStore::Facilities(
    const auth::CallContext& ctx) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT " + Text(kFacilityColumns) + " FROM facility f ORDER BY f.facility_id", {},
                 ctx.deadline));
  std::vector<domain::Facility> facilities;
  for (const pg::Row& row : rows) facilities.push_back(FacilityOf(row));
  return facilities;
}

absl::StatusOr<std::vector<domain::Price>> PostgresStore::Prices(const auth::CallContext& ctx,
                                                                 const domain::FacilityId& id) {
  return ListPrices(Reads(pool_, ctx), id);
}

absl::StatusOr<std::vector<domain::FacilityFact>> PostgresStore::FacilityHistory(
    const auth::CallContext& ctx, const usecases::FacilityHistoryPage& page) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT fact_id, bed_id, at, kind, field, before, after, from_date, to_date,"
                 " unit_id FROM facility_history WHERE facility_id = $1"
                 " AND ($2::uuid IS NULL OR fact_id < $2) ORDER BY fact_id DESC LIMIT $3",
                 {page.facility_id.value, IfAny(page.before), page.limit}, ctx.deadline));
  std::vector<domain::FacilityFact> facts;
  for (const pg::Row& row : rows) {
    domain::FacilityFact fact{row.Text("fact_id"), row.Instant("at"), row.Text("kind")};
    fact.field = row.Text("field");
    fact.before = row.Text("before");
    fact.after = row.Text("after");
    if (const auto bed = row.OptionalText("bed_id")) fact.bed_id = domain::BedId(*bed);
    if (const auto from = row.OptionalDate("from_date")) {
      fact.period = {*from, row.OptionalDate("to_date")};
    }
    fact.unit = row.Text("unit_id");
    facts.push_back(std::move(fact));
  }
  return facts;
}

absl::StatusOr<std::vector<usecases::BedRecord>> PostgresStore::Beds(
    const auth::CallContext& ctx, const usecases::CalendarQuery& query) {
  const auto facility =
      query.facility_id ? std::optional<std::string>(query.facility_id->value) : std::nullopt;
  const auto kind = query.kind ? std::optional<int>(static_cast<int>(*query.kind)) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read("SELECT " + Text(kBedColumns) + ", " + Text(kFacilityColumns) +
                                     " FROM bed b JOIN facility f USING (facility_id)"
                                     " WHERE ($1::text IS NULL OR b.facility_id = $1)"
                                     "   AND ($2::smallint IS NULL OR b.bed_kind = $2)"
                                     "   AND ($3 = '' OR f.care_level = $3)"
                                     " ORDER BY b.bed_id",
                                 {facility, kind, query.care_level}, ctx.deadline));
  std::vector<usecases::BedRecord> beds;
  for (const pg::Row& row : rows) {
    usecases::BedRecord bed;
    bed.bed = BedOf(row);
    bed.facility = FacilityOf(row);
    beds.push_back(std::move(bed));
  }
  if (beds.empty()) return beds;
  if (query.as_of) {
    VK_RETURN_IF_ERROR(LoadCalendarsAsOf(Reads(pool_, ctx), beds, *query.as_of, query.asked));
    return beds;
  }
  VK_RETURN_IF_ERROR(LoadCalendars(Reads(pool_, ctx), beds, query.today, query.asked));
  return beds;
}

absl::StatusOr<std::optional<usecases::BedRecord>> PostgresStore::FindBed(
    const auth::CallContext& ctx, const domain::BedId& id) {
  return storage::FindBed(Reads(pool_, ctx), id, StockholmDate(ctx.now), Lock::kNone);
}

absl::StatusOr<std::vector<domain::QueueRule>> PostgresStore::Rules(const auth::CallContext& ctx) {
  return ListRules(Reads(pool_, ctx));
}

absl::StatusOr<std::optional<domain::QueueEntry>> PostgresStore::FindEntry(
    const auth::CallContext& ctx, const domain::EntryId& id) {
  return storage::FindEntry(Reads(pool_, ctx), id, Lock::kNone);
}

absl::StatusOr<std::vector<domain::QueueEntry>> PostgresStore::EntriesOf(
    const auth::CallContext& ctx, const domain::CaseId& id) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT " + Text(kEntryColumns) +
                     " FROM queue_entry e WHERE e.case_id = $1 ORDER BY e.entry_id DESC",
                 {id.value}, ctx.deadline));
  std::vector<domain::QueueEntry> entries;
  for (const pg::Row row : rows) entries.push_back(EntryOf(row));
  return entries;
}

absl::StatusOr<bool> PostgresStore::WasOffered(const auth::CallContext& ctx,
                                               const domain::EntryId& id,
                                               const domain::BedId& bed) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read("SELECT 1 AS found FROM offer WHERE entry_id = $1"
                                 " AND bed_id = $2"
                                 " AND (state <> 'withdrawn' OR move_in IS NOT NULL) LIMIT 1",
                                 {id.value, bed.value}, ctx.deadline));
  return !rows.empty();
}

absl::StatusOr<int> PostgresStore::CountWaiting(const auth::CallContext& ctx,
                                                const domain::FacilityId& facility_id,
                                                domain::BedKind kind) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT count(*) AS n FROM (SELECT 1 FROM queue_entry e WHERE e.facility_id = $1"
                 " AND e.bed_kind = $2 AND e.state = 'waiting' LIMIT $3) x",
                 {facility_id.value, static_cast<int>(kind), domain::kExactPositions + 1},
                 ctx.deadline));
  return static_cast<int>(rows[0].Int("n"));
}

absl::StatusOr<std::vector<domain::BeforeCount>> PostgresStore::CountBefore(
    const auth::CallContext& ctx, const domain::QueueRule& rule, const domain::QueueEntry& entry) {
  return storage::CountBefore(Reads(pool_, ctx), rule, entry);
}

absl::StatusOr<usecases::PositionFacts> PostgresStore::Position(const auth::CallContext& ctx,
                                                                const domain::QueueRule& rule,
                                                                const domain::QueueEntry& entry,
                                                                int limit) {
  pg::TransactionOptions one_moment;
  one_moment.deadline = ctx.deadline;
  one_moment.isolation = pg::Isolation::kRepeatableRead;
  one_moment.read_only = true;
  usecases::PositionFacts facts;
  VK_RETURN_IF_ERROR(pool_.InTransaction(one_moment, [&](pg::Transaction& tx) {
    facts = {};
    return ReadPosition(
        [&tx](const std::string& sql, const pg::Params& params) { return tx.Execute(sql, params); },
        rule, entry, limit, facts);
  }));
  return facts;
}

absl::StatusOr<std::vector<usecases::Neighbour>> PostgresStore::DirectlyBefore(
    const auth::CallContext& ctx, const domain::QueueEntry& entry, int limit) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT e.case_id, e.sort_key FROM queue_entry e WHERE e.facility_id = $1"
                 " AND e.bed_kind = $2 AND e.state = 'waiting' AND e.sort_key < $3"
                 " ORDER BY e.sort_key DESC LIMIT $4",
                 {entry.facility_id.value, static_cast<int>(entry.bed_kind),
                  pg::Bytes{entry.sort_key}, limit},
                 ctx.deadline));
  std::vector<usecases::Neighbour> neighbours;
  for (const pg::Row& row : rows) {
    neighbours.push_back(
        {static_cast<int>(neighbours.size()) + 1, row.Text("case_id"), row.Bytes("sort_key")});
  }
  return neighbours;
}

absl::StatusOr<std::vector<usecases::HistoryRecord>> PostgresStore::History(
    const auth::CallContext& ctx, const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read("SELECT at, kind, lvm_investigation, child_perspective,"
                                 " lvm_section_27, external_placement, offer_id, reason_code"
                                 " FROM queue_history WHERE entry_id = $1 ORDER BY ordinal",
                                 {id.value}, ctx.deadline));
  std::vector<usecases::HistoryRecord> history;
  for (const pg::Row& row : rows) {
    usecases::HistoryRecord fact{row.Instant("at"), row.Text("kind"), std::nullopt, std::nullopt,
                                 row.Text("reason_code")};
    if (const auto first = row.OptionalBool("lvm_investigation")) {
      fact.criteria = {*first, row.Bool("child_perspective"), row.Bool("lvm_section_27"),
                       row.Bool("external_placement")};
    }
    if (const auto offer = row.OptionalText("offer_id")) fact.offer_id = domain::OfferId(*offer);
    history.push_back(std::move(fact));
  }
  return history;
}

absl::StatusOr<std::optional<usecases::OfferRecord>> PostgresStore::FindOffer(
    const auth::CallContext& ctx, const domain::OfferId& id) {
  return storage::FindOffer(Reads(pool_, ctx), id, Lock::kNone);
}

absl::StatusOr<std::optional<usecases::OverrideRecord>> PostgresStore::FindOverride(
    const auth::CallContext& ctx, const domain::OverrideId& id) {
  return storage::FindOverride(Reads(pool_, ctx), id, Lock::kNone);
}

absl::StatusOr<std::optional<usecases::HoldRecord>> PostgresStore::FindHold(
    const auth::CallContext& ctx, const domain::HoldId& id) {
  return storage::FindHold(Reads(pool_, ctx), id, Lock::kNone);
}

absl::StatusOr<std::optional<usecases::StayRecord>> PostgresStore::FindStay(
    const auth::CallContext& ctx, const domain::StayId& id) {
  return storage::FindStay(Reads(pool_, ctx), id, StockholmDate(ctx.now), Lock::kNone);
}

absl::StatusOr<std::optional<usecases::ExternalStayRecord>> PostgresStore::FindExternalStay(
    const auth::CallContext& ctx, const domain::StayId& id) {
  return storage::FindExternalStay(Reads(pool_, ctx), id, Lock::kNone);
}

absl::StatusOr<std::vector<domain::StayFact>> PostgresStore::StayHistory(
    const auth::CallContext& ctx, const domain::StayId& id) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT " + std::string(kStayFactColumns) +
                     " FROM stay_history WHERE stay_id = $1 ORDER BY ordinal DESC LIMIT 500",
                 {id.value}, ctx.deadline));
  std::vector<domain::StayFact> facts;
  for (const pg::Row& row : rows) facts.push_back(StayFactOf(row));
  std::reverse(facts.begin(), facts.end());
  return facts;
}

absl::StatusOr<std::optional<usecases::TransferRecord>> PostgresStore::FindTransfer(
    const auth::CallContext& ctx, const domain::TransferId& id) {
  return storage::FindTransfer(Reads(pool_, ctx), id, StockholmDate(ctx.now), Lock::kNone);
}

}  // namespace vardkedja::placement::storage
