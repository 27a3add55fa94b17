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

std::string Text(std::string_view part) { return std::string(part); }

std::optional<std::string> IfAny(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

template <class State>
std::optional<std::string> NameOf(const std::optional<State>& state) {
  return state ? std::optional<std::string>(domain::Name(*state)) : std::nullopt;
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
  filter.AddIf(
      "(o.made_at, o.offer_id) <"
      " (SELECT a.made_at, a.offer_id FROM offer a WHERE a.offer_id = ?::uuid)",
      IfAny(page.before));
  const std::string limit = filter.Place(page.limit);
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT " + Text(kOfferColumns) + ", " + Text(kEntryColumns) + ", " +
                     Text(kFacilityColumns) +
                     " FROM offer o JOIN queue_entry e USING (entry_id)"
                     " JOIN facility f ON f.facility_id = e.facility_id" +
                     filter.Where() + " ORDER BY o.made_at DESC, o.offer_id DESC LIMIT " + limit,
                 filter.params(), ctx.deadline));
  std::vector<usecases::OfferRecord> offers;
  for (const pg::Row& row : rows) {
    offers.push_back({OfferOf(row), EntryOf(row), FacilityOf(row)});
  }
  return offers;
}

absl::StatusOr<std::vector<usecases::OverrideRecord>> PostgresStore::ListOverrides(
    const auth::CallContext& ctx, const usecases::OverridePage& page) {
  Filter filter;
  VK_RETURN_IF_ERROR(AddScope(ctx, page.scope, page.case_id, "e", filter));
  filter.AddIf("e.facility_id = ?", page.facility_id);
  filter.AddIf("v.state = ?", NameOf(page.state));
  filter.AddIf(
      "(v.proposed_at, v.override_id) < (SELECT a.proposed_at, a.override_id"
      " FROM queue_override a WHERE a.override_id = ?::uuid)",
      IfAny(page.before));
  const std::string limit = filter.Place(page.limit);
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kOverrideRecords + filter.Where() +
                     " ORDER BY v.proposed_at DESC, v.override_id DESC LIMIT " + limit,
                 filter.params(), ctx.deadline));
  std::vector<usecases::OverrideRecord> overrides;
  for (const pg::Row& row : rows) overrides.push_back(OverrideRecordOf(row));
  return overrides;
}

absl::StatusOr<std::vector<usecases::HoldRecord>> PostgresStore::ListHolds(
    const auth::CallContext& ctx, const usecases::HoldPage& page) {
  Filter filter;
  filter.AddIf("b.facility_id = ?", page.facility_id);
  filter.AddIf("h.state = ?", NameOf(page.state));
  filter.AddIf(
      "(h.decided_at, h.hold_id) <"
      " (SELECT a.decided_at, a.hold_id FROM bed_hold a WHERE a.hold_id = ?::uuid)",
      IfAny(page.before));
  const std::string limit = filter.Place(page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kHoldRecords + filter.Where() +
                                     " ORDER BY h.decided_at DESC, h.hold_id DESC LIMIT " + limit,
                                 filter.params(), ctx.deadline));
  std::vector<usecases::HoldRecord> holds;
  for (const pg::Row& row : rows) holds.push_back(HoldRecordOf(row));
  return holds;
}

absl::StatusOr<std::vector<usecases::StayRecord>> PostgresStore::ListStays(
    const auth::CallContext& ctx, const usecases::StayPage& page) {
  Filter filter({StockholmDate(ctx.now)});
  VK_RETURN_IF_ERROR(AddScope(ctx, page.scope, page.case_id, "s", filter));
  filter.AddIf("s.facility_id = ?", page.facility_id);
  filter.AddIf("s.state = ?", NameOf(page.state));
  filter.AddIf(
      "(s.move_in, s.stay_id) <"
      " (SELECT p.move_in, p.stay_id FROM stay p WHERE p.stay_id = ?::uuid)",
      IfAny(page.before));
  // Who has left is in nobody's way.
  if (page.in_conflict) filter.Add("s.state = 'active' AND " + kStayConflictFrom + " IS NOT NULL");
  const std::string limit = filter.Place(page.limit);
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read("SELECT " + kStayRecordColumns + kStayRecordTables + filter.Where() +
                     " ORDER BY s.move_in DESC, s.stay_id DESC LIMIT " + limit,
                 filter.params(), ctx.deadline));
  std::vector<usecases::StayRecord> stays;
  for (const pg::Row& row : rows) stays.push_back(StayRecordOf(row));
  return stays;
}

absl::StatusOr<std::vector<usecases::ExternalStayRecord>> PostgresStore::ListExternalStays(
    const auth::CallContext& ctx, const usecases::ExternalStayPage& page) {
  Filter filter;
  filter.AddIf("f.unit_id = ?", page.unit);
  filter.AddIf("s.facility_id = ?", page.facility_id);
  filter.AddIf("s.state = ?", NameOf(page.state));
  filter.AddIf(
      "(s.move_in, s.stay_id) <"
      " (SELECT p.move_in, p.stay_id FROM stay p WHERE p.stay_id = ?::uuid)",
      IfAny(page.before));
  const std::string limit = filter.Place(page.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kExternalStayRecords + filter.Where() +
                                     " ORDER BY s.move_in DESC, s.stay_id DESC LIMIT " + limit,
                                 filter.params(), ctx.deadline));
  std::vector<usecases::ExternalStayRecord> stays;
  for (const pg::Row& row : rows) stays.push_back(ExternalStayRecordOf(row));
  return stays;
}

}  // namespace vardkedja::placement::storage
