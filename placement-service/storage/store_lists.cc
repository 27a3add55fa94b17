// Pages of queue, offers, overrides, holds and stays, newest first apart from the queue. None reads
// more of a table than the page and what the unit or case itself has there.
#include <algorithm>
#include <optional>

#include "lib/status/status.h"
#include "placement-service/storage/filter.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/storage/queries.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

constexpr NewestFirst kOffers{"o", "offer", "made_at", "offer_id"};
constexpr NewestFirst kOverrides{"v", "queue_override", "proposed_at", "override_id"};
constexpr NewestFirst kHolds{"h", "bed_hold", "decided_at", "hold_id"};
constexpr NewestFirst kStays{"s", "stay", "move_in", "stay_id"};

template <class Record>
std::vector<Record> RecordsOf(const pg::Result& rows, Record (*of)(const pg::Row&)) {
  std::vector<Record> records;
  for (const pg::Row& row : rows) records.push_back(of(row));
  return records;
}

usecases::OfferRecord OfferRecordOf(const pg::Row& row) {
  return {OfferOf(row), EntryOf(row), FacilityOf(row)};
}

}  // namespace

absl::Status PostgresStore::AddScope(const auth::CallContext& ctx, const usecases::Scope& scope,
                                     const std::optional<std::string>& case_id,
                                     const std::string& owned, Filter& filter) {
  if (case_id) {
    filter.Add(owned + ".case_id = ?", *case_id);
    return absl::OkStatus();
  }
  if (scope.all) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const pg::Result facilities,
                      pool_.Read("SELECT facility_id FROM facility WHERE unit_id = $1 LIMIT 1",
                                 {scope.unit}, ctx.deadline));
  // A facility has much of what it lists; an owner's few are found by its own index.
  filter.Add(facilities.empty() ? owned + ".owner_unit_id = ?"
                                : "? IN (" + owned + ".owner_unit_id, f.unit_id)",
             scope.unit);
  return absl::OkStatus();
}

absl::StatusOr<int> PostgresStore::CountBetween(const auth::CallContext& ctx,
                                                const domain::QueueEntry& entry,
                                                const std::string& from, int limit) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT count(*) AS n FROM (SELECT 1 FROM queue_entry e WHERE e.facility_id = $1"
                 " AND e.bed_kind = $2 AND e.state = 'waiting' AND e.sort_key >= $3"
                 " AND e.sort_key < $4 LIMIT $5) x",
                 {entry.facility_id.value, static_cast<int>(entry.bed_kind), pg::Bytes{from},
                  pg::Bytes{entry.sort_key}, limit},
                 ctx.deadline));
  return static_cast<int>(rows[0].Int("n"));
}

absl::Status PostgresStore::AddPositions(const auth::CallContext& ctx,
                                         std::vector<usecases::QueueRow>& rows, bool adjacent) {
  constexpr int kBeyond = domain::kExactPositions + 1;
  const domain::QueueEntry* last = nullptr;
  int before = 0;
  for (usecases::QueueRow& row : rows) {
    const domain::QueueEntry& entry = row.entry;
    const bool same = last != nullptr && last->facility_id == entry.facility_id &&
                      last->bed_kind == entry.bed_kind;
    if (!same) before = 0;
    if (same && adjacent) {
      ++before;
    } else if (before < kBeyond) {
      VK_ASSIGN_OR_RETURN(const int more,
                          CountBetween(ctx, entry, same ? last->sort_key : "", kBeyond - before));
      before += more;
    }
    row.position = std::min(before + 1, kBeyond);
    last = &entry;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<usecases::QueueRow>> PostgresStore::ListQueue(
    const auth::CallContext& ctx, const usecases::QueuePage& page) {
  Filter filter;
  VK_RETURN_IF_ERROR(AddScope(ctx, page.scope, page.case_id, "e", filter));
  filter.Add("e.facility_id = ?", page.facility_id.value);
  filter.Add("e.bed_kind = ?", static_cast<int>(page.kind));
  filter.Add("e.state = 'waiting'");
  filter.AddIf("e.sort_key > (SELECT a.sort_key FROM queue_entry a WHERE a.entry_id = ?::uuid)",
               IfAny(page.after));
  const std::string limit = filter.Place(page.limit);
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT " + Text(kEntryColumns) +
                     " FROM queue_entry e JOIN facility f ON f.facility_id = e.facility_id" +
                     filter.Where() + " ORDER BY e.sort_key LIMIT " + limit,
                 filter.params(), ctx.deadline));
  std::vector<usecases::QueueRow> entries;
  for (const pg::Row& row : rows) entries.push_back({EntryOf(row), 0});
  // Of a whole queue, the next row is the next in the queue.
  VK_RETURN_IF_ERROR(AddPositions(ctx, entries, page.scope.all && !page.case_id));
  return entries;
}

absl::StatusOr<std::vector<usecases::OfferRecord>> PostgresStore::ListOffers(
    const auth::CallContext& ctx, const usecases::OfferPage& page) {
  Filter filter;
  VK_RETURN_IF_ERROR(AddScope(ctx, page.scope, page.case_id, "e", filter));
  filter.AddIf("e.facility_id = ?", page.facility_id);
  filter.AddIf("o.state = ?", NameOf(page.state));
  const std::string rest = filter.Page(kOffers, page.before, page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read("SELECT " + Text(kOfferColumns) + ", " + Text(kEntryColumns) +
                                     ", " + Text(kFacilityColumns) +
                                     " FROM offer o JOIN queue_entry e USING (entry_id)"
                                     " JOIN facility f ON f.facility_id = e.facility_id" +
                                     rest,
                                 filter.params(), ctx.deadline));
  return RecordsOf(rows, OfferRecordOf);
}

absl::StatusOr<std::vector<usecases::OverrideRecord>> PostgresStore::ListOverrides(
    const auth::CallContext& ctx, const usecases::OverridePage& page) {
  Filter filter;
  VK_RETURN_IF_ERROR(AddScope(ctx, page.scope, page.case_id, "e", filter));
  filter.AddIf("e.facility_id = ?", page.facility_id);
  filter.AddIf("v.state = ?", NameOf(page.state));
  const std::string rest = filter.Page(kOverrides, page.before, page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kOverrideRecords + rest, filter.params(), ctx.deadline));
  return RecordsOf(rows, OverrideRecordOf);
}

absl::StatusOr<std::vector<usecases::HoldRecord>> PostgresStore::ListHolds(
    const auth::CallContext& ctx, const usecases::HoldPage& page) {
  Filter filter;
  filter.AddIf("b.facility_id = ?", page.facility_id);
  filter.AddIf("h.state = ?", NameOf(page.state));
  const std::string rest = filter.Page(kHolds, page.before, page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kHoldRecords + rest, filter.params(), ctx.deadline));
  return RecordsOf(rows, HoldRecordOf);
}

absl::StatusOr<std::vector<usecases::StayRecord>> PostgresStore::ListStays(
    const auth::CallContext& ctx, const usecases::StayPage& page) {
  Filter filter({StockholmDate(ctx.now)});
  VK_RETURN_IF_ERROR(AddScope(ctx, page.scope, page.case_id, "s", filter));
  filter.AddIf("s.facility_id = ?", page.facility_id);
  filter.AddIf("s.state = ?", NameOf(page.state));
  // Who has left is in nobody's way.
  if (page.in_conflict) filter.Add("s.state = 'active' AND " + kStayConflictFrom + " IS NOT NULL");
  const std::string rest = filter.Page(kStays, page.before, page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read("SELECT " + kStayRecordColumns + kStayRecordTables + rest,
                                 filter.params(), ctx.deadline));
  return RecordsOf(rows, StayRecordOf);
}

absl::StatusOr<std::vector<usecases::ExternalStayRecord>> PostgresStore::ListExternalStays(
    const auth::CallContext& ctx, const usecases::ExternalStayPage& page) {
  Filter filter;
  filter.AddIf("f.unit_id = ?", page.unit);
  filter.AddIf("s.facility_id = ?", page.facility_id);
  filter.AddIf("s.state = ?", NameOf(page.state));
  const std::string rest = filter.Page(kStays, page.before, page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kExternalStayRecords + rest, filter.params(), ctx.deadline));
  return RecordsOf(rows, ExternalStayRecordOf);
}

}  // namespace vardkedja::placement::storage
