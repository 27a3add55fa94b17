#include "placement-service/storage/queries.h"

#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

using usecases::BedRecord;

// Row locks leave foreign keys of others alone (NO KEY): no id is ever changed.
std::string LockOf(Lock lock, std::string_view aliases) {
  if (lock == Lock::kNone) return "";
  return " FOR NO KEY UPDATE OF " + std::string(aliases);
}

}  // namespace

const std::string_view kSurroundings =
    "SELECT c.bed_id, 'closure' AS what, c.closure_id::text AS id, c.from_date, c.to_date,"
    "       NULL::date AS planned, c.reason"
    "  FROM bed_closure c"
    " WHERE c.bed_id = ANY ($1::text[]) AND c.during && daterange($2::date, $3::date)"
    " UNION ALL "
    "SELECT s.bed_id, 'stay', s.stay_id::text, s.move_in, s.departure,"
    "       LEAST(s.planned_departure,"
    "             (SELECT t.move FROM transfer t"
    "               WHERE t.from_stay_id = s.stay_id AND t.state IN ('planned', 'confirmed'))), 0"
    "  FROM stay s"
    " WHERE s.bed_id = ANY ($1::text[]) AND s.state <> 'corrected'"
    "   AND (s.departure IS NULL OR s.departure > s.move_in OR NOT date_counts_elsewhere(s))"
    "   AND ($3::date IS NULL OR s.move_in < $3)"
    "   AND (s.departure IS NULL OR s.departure > $2 OR s.move_in >= $2)"
    " UNION ALL "
    "SELECT r.bed_id, 'reservation', COALESCE(r.offer_id, r.alternation_id)::text, r.from_date,"
    "       r.to_date, NULL, 0"
    "  FROM reservation r"
    " WHERE r.bed_id = ANY ($1::text[]) AND r.state = 'active'"
    "   AND r.during && daterange($2::date, NULL)"
    " UNION ALL "
    "SELECT h.bed_id, 'hold', h.hold_id::text, h.from_date, h.to_date, NULL, 0"
    "  FROM bed_hold h"
    " WHERE h.bed_id = ANY ($1::text[]) AND h.during && daterange($2::date, NULL)"
    " UNION ALL "
    "SELECT o.bed_id, 'offer', o.offer_id::text, o.available_from, NULL, NULL, 0"
    "  FROM offer o"
    " WHERE o.bed_id = ANY ($1::text[]) AND o.state = 'open'";

CalendarIndex StartCalendars(std::vector<BedRecord>& beds) {
  CalendarIndex index;
  for (BedRecord& bed : beds) {
    bed.calendar.bed_id = bed.bed.id;
    bed.calendar.facility_id = bed.bed.facility_id;
    bed.calendar.bed_kind = bed.bed.kind;
    bed.calendar.extra = bed.bed.extra;
    bed.calendar.operational = bed.bed.operational;
    index.by_id[bed.bed.id.value] = &bed;
    index.ids.push_back(bed.bed.id.value);
  }
  return index;
}

void PlaceFact(BedRecord& bed, const pg::Row& row, Date today) {
  const std::string what = row.Text("what");
  const domain::Period period{row.Date("from_date"), row.OptionalDate("to_date")};
  if (what == "closure") {
    bed.calendar.closures.push_back(period);
    bed.closures.push_back({domain::ClosureId(row.Text("id")), bed.bed.id, period,
                            EnumOf<domain::ClosureReason>(row, "reason")});
  } else if (what == "stay") {
    bed.calendar.stays.push_back(
        domain::OccupiedPeriod(period.from, period.to, row.OptionalDate("planned"), today));
  } else if (what == "reservation") {
    bed.calendar.reservations.push_back(period);
  } else if (what == "hold") {
    bed.calendar.holds.push_back(period);
  } else {
    bed.calendar.offered_from = period.from;
  }
}

absl::Status LoadCalendars(const Run& run, std::vector<BedRecord>& beds, Date today,
                           const domain::Period& asked) {
  const CalendarIndex index = StartCalendars(beds);
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      run(Text(kSurroundings), {index.ids, asked.from, asked.to}));
  for (const pg::Row& row : rows) PlaceFact(*index.by_id.at(row.Text("bed_id")), row, today);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<domain::Facility>> FindFacilityRow(const Run& run,
                                                                const domain::FacilityId& id,
                                                                Lock lock) {
  static const std::string kSelect =
      "SELECT " + Text(kFacilityColumns) + " FROM facility f WHERE f.facility_id = $1";
  VK_ASSIGN_OR_RETURN(const pg::Result rows, run(kSelect + LockOf(lock, "f"), {id.value}));
  if (rows.empty()) return std::optional<domain::Facility>();
  return std::optional<domain::Facility>(FacilityOf(rows[0]));
}

absl::StatusOr<std::vector<domain::Price>> ListPrices(const Run& run,
                                                      const domain::FacilityId& id) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      run("SELECT bed_kind, from_date, ore_per_day FROM (SELECT bed_kind, from_date, ore_per_day"
          " FROM facility_price WHERE facility_id = $1 ORDER BY from_date DESC LIMIT 100) x"
          " ORDER BY bed_kind, from_date",
          {id.value}));
  std::vector<domain::Price> prices;
  for (const pg::Row& row : rows) {
    prices.push_back(
        {EnumOf<domain::BedKind>(row, "bed_kind"), row.Date("from_date"), row.Int("ore_per_day")});
  }
  return prices;
}

absl::StatusOr<std::optional<BedRecord>> FindBed(const Run& run, const domain::BedId& id,
                                                 Date today, Lock lock) {
  static const std::string kSelect = "SELECT " + Text(kBedColumns) + ", " + Text(kFacilityColumns) +
                                     " FROM bed b JOIN facility f USING (facility_id)"
                                     " WHERE b.bed_id = $1";
  VK_ASSIGN_OR_RETURN(const pg::Result rows, run(kSelect + LockOf(lock, "b"), {id.value}));
  if (rows.empty()) return std::optional<BedRecord>();
  std::vector<BedRecord> beds(1);
  beds[0].bed = BedOf(rows[0]);
  beds[0].facility = FacilityOf(rows[0]);
  // A move-in may be recorded up to a year late, so closures of that time count as well.
  VK_RETURN_IF_ERROR(
      LoadCalendars(run, beds, today, {today - std::chrono::days(366), std::nullopt}));
  std::erase_if(beds[0].closures, [today](const domain::Closure& closure) {
    return !closure.period.ReachesBeyond(today);
  });
  return std::optional<BedRecord>(std::move(beds[0]));
}

absl::StatusOr<std::optional<usecases::OfferRecord>> FindOffer(const Run& run,
                                                               const domain::OfferId& id,
                                                               Lock lock) {
  static const std::string kSelect =
      "SELECT " + Text(kOfferColumns) + ", " + Text(kEntryColumns) + ", " + Text(kFacilityColumns) +
      " FROM offer o JOIN queue_entry e USING (entry_id)"
      " JOIN facility f ON f.facility_id = e.facility_id WHERE o.offer_id = $1";
  VK_ASSIGN_OR_RETURN(const pg::Result rows, run(kSelect + LockOf(lock, "o, e"), {id.value}));
  if (rows.empty()) return std::optional<usecases::OfferRecord>();
  return std::optional<usecases::OfferRecord>(
      {OfferOf(rows[0]), EntryOf(rows[0]), FacilityOf(rows[0])});
}

const std::string kOverrideRecords =
    "SELECT " + Text(kOverrideColumns) + ", " + Text(kEntryColumns) + ", " +
    Text(kFacilityColumns) +
    ", COALESCE((SELECT o.eligible_before FROM offer o WHERE o.offer_id = v.offer_id), 0)"
    " AS v_before FROM queue_override v JOIN queue_entry e USING (entry_id)"
    " JOIN facility f ON f.facility_id = e.facility_id ";

usecases::OverrideRecord OverrideRecordOf(const pg::Row& row) {
  return {OverrideOf(row), EntryOf(row), FacilityOf(row), static_cast<int>(row.Int("v_before"))};
}

absl::StatusOr<std::optional<usecases::OverrideRecord>> FindOverride(const Run& run,
                                                                     const domain::OverrideId& id,
                                                                     Lock lock) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      run(kOverrideRecords + "WHERE v.override_id = $1" + LockOf(lock, "v, e"), {id.value}));
  if (rows.empty()) return std::optional<usecases::OverrideRecord>();
  return std::optional<usecases::OverrideRecord>(OverrideRecordOf(rows[0]));
}

const std::string kHoldRecords =
    "SELECT " + Text(kHoldColumns) + ", " + Text(kBedColumns) + ", " + Text(kFacilityColumns) +
    " FROM bed_hold h JOIN bed b USING (bed_id) JOIN facility f USING (facility_id) ";

usecases::HoldRecord HoldRecordOf(const pg::Row& row) {
  return {HoldOf(row), BedOf(row), FacilityOf(row)};
}

absl::StatusOr<std::optional<usecases::HoldRecord>> FindHold(const Run& run,
                                                             const domain::HoldId& id, Lock lock) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      run(kHoldRecords + "WHERE h.hold_id = $1" + LockOf(lock, "h"), {id.value}));
  if (rows.empty()) return std::optional<usecases::HoldRecord>();
  return std::optional<usecases::HoldRecord>(HoldRecordOf(rows[0]));
}

// The transfer's columns are NULL when there is none.
const std::string kStayConflictFrom =
    "(SELECT min(GREATEST(x.from_date, s.move_in, $1::date)) FROM ("
    "   SELECT r.from_date FROM reservation r WHERE r.bed_id = s.bed_id AND r.state = 'active'"
    "   UNION ALL"
    "   SELECT c.from_date FROM bed_closure c WHERE c.bed_id = s.bed_id AND NOT isempty(c.during)"
    "      AND (c.to_date IS NULL OR c.to_date > $1::date)) x"
    "    WHERE s.state = 'active' AND (COALESCE(s.planned_departure, t.move) IS NULL"
    "           OR LEAST(s.planned_departure, t.move) < $1::date"
    "           OR x.from_date < GREATEST(LEAST(s.planned_departure, t.move), $1::date + 1)))";

const std::string kStayRecordColumns =
    Text(kStayColumns) + ", " + Text(kFacilityColumns) + ", " + Text(kTransferColumns) + ", " +
    kStayConflictFrom +
    " AS conflict_from,"
    " (SELECT l.alternation_id FROM alternation l WHERE l.from_stay_id = s.stay_id) AS "
    "s_alternation,"
    " a.kind AS a_kind, a.from_date AS a_since,"
    " COALESCE((SELECT sum(GREATEST(0, LEAST(x.to_date, s.departure, $1::date) - x.from_date))"
    "             FROM stay_absence x WHERE x.stay_id = s.stay_id AND x.kind = 1"
    "               AND x.correction_reason = 0), 0) AS leave_days,"
    " EXISTS (SELECT 1 FROM stay_absence x WHERE x.stay_id = s.stay_id"
    "            AND x.correction_reason = 0) AS has_absences,"
    " EXISTS (SELECT 1 FROM stay_history h WHERE h.stay_id = s.stay_id"
    "            AND h.kind IN ('relapse', 'drug_test') AND NOT EXISTS (SELECT 1"
    "              FROM stay_history c WHERE c.stay_id = h.stay_id"
    "               AND c.corrects_ordinal = h.ordinal)) AS has_incidents";

const std::string kStayRecordTables =
    " FROM stay s JOIN facility f ON f.facility_id = s.facility_id AND s.purchaser IS NULL"
    " LEFT JOIN transfer t ON t.from_stay_id = s.stay_id AND t.state IN ('planned', 'confirmed')"
    " LEFT JOIN stay_absence a ON a.stay_id = s.stay_id AND a.to_date IS NULL"
    "   AND a.correction_reason = 0";

usecases::StayRecord StayRecordOf(const pg::Row& row) {
  usecases::StayRecord record;
  record.stay = StayOf(row);
  record.facility = FacilityOf(row);
  if (!row.IsNull("t_id")) record.transfer = TransferOf(row);
  record.conflict_from = row.OptionalDate("conflict_from");
  if (const auto id = row.OptionalText("s_alternation"))
    record.alternation = domain::AlternationId(*id);
  record.leave_days = static_cast<int>(row.Int("leave_days"));
  record.has_absences = row.Bool("has_absences");
  record.has_incidents = row.Bool("has_incidents");
  if (!row.IsNull("a_kind")) {
    record.stay.absence = {EnumOf<domain::AbsenceKind>(row, "a_kind"), row.Date("a_since")};
  }
  return record;
}

absl::StatusOr<std::optional<usecases::StayRecord>> FindStay(const Run& run,
                                                             const domain::StayId& id, Date today,
                                                             Lock lock) {
  // The stay's row is locked first and alone: a transfer is only ever changed under that lock.
  if (lock == Lock::kForWrite) {
    const auto locked =
        run("SELECT 1 AS found FROM stay s WHERE s.stay_id = $1" + LockOf(lock, "s"), {id.value});
    if (!locked.ok()) return locked.status();
  }
  static const std::string kSelect =
      "SELECT " + kStayRecordColumns + kStayRecordTables + " WHERE s.stay_id = $2";
  VK_ASSIGN_OR_RETURN(const pg::Result rows, run(kSelect, {today, id.value}));
  if (rows.empty()) return std::optional<usecases::StayRecord>();
  return std::optional<usecases::StayRecord>(StayRecordOf(rows[0]));
}

const std::string kExternalStayRecords =
    "SELECT " + Text(kExternalStayColumns) + ", " + Text(kFacilityColumns) +
    " FROM stay s JOIN facility f ON f.facility_id = s.facility_id AND s.purchaser IS NOT NULL ";

usecases::ExternalStayRecord ExternalStayRecordOf(const pg::Row& row) {
  return {ExternalStayOf(row), FacilityOf(row)};
}

absl::StatusOr<std::optional<usecases::ExternalStayRecord>> FindExternalStay(
    const Run& run, const domain::StayId& id, Lock lock) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      run(kExternalStayRecords + "WHERE s.stay_id = $1" + LockOf(lock, "s"), {id.value}));
  if (rows.empty()) return std::optional<usecases::ExternalStayRecord>();
  return std::optional<usecases::ExternalStayRecord>(ExternalStayRecordOf(rows[0]));
}

absl::StatusOr<std::optional<usecases::TransferRecord>> FindTransfer(const Run& run,
                                                                     const domain::TransferId& id,
                                                                     Date today, Lock lock) {
  static const std::string kSelect =
      "SELECT " + Text(kTransferColumns) + " FROM transfer t WHERE t.transfer_id = $1";
  constexpr int kTries = 3;
  VK_ASSIGN_OR_RETURN(pg::Result rows, run(kSelect, {id.value}));
  for (int i = 0; i < kTries; ++i) {
    if (rows.empty()) return std::optional<usecases::TransferRecord>();
    // Stay and offer are locked before it, and it is read again; a stay that was corrected or moved
    // to another bed meanwhile is not the one any more.
    const domain::Transfer seen = TransferOf(rows[0]);
    VK_ASSIGN_OR_RETURN(auto offer, FindOffer(run, seen.offer_id, lock));
    VK_ASSIGN_OR_RETURN(auto stay, FindStay(run, seen.from_stay, today, lock));
    if (!offer || !stay) return absl::InternalError("a transfer's stay or offer is missing");
    VK_ASSIGN_OR_RETURN(rows, run(kSelect + LockOf(lock, "t"), {id.value}));
    if (TransferOf(rows[0]).from_stay != seen.from_stay) continue;
    return std::optional<usecases::TransferRecord>(
        {TransferOf(rows[0]), *std::move(stay), *std::move(offer)});
  }
  return commit::StaleEtag();
}

absl::StatusOr<std::optional<domain::QueueEntry>> FindEntry(const Run& run,
                                                            const domain::EntryId& id, Lock lock) {
  static const std::string kSelect =
      "SELECT " + Text(kEntryColumns) + " FROM queue_entry e WHERE e.entry_id = $1";
  VK_ASSIGN_OR_RETURN(const pg::Result rows, run(kSelect + LockOf(lock, "e"), {id.value}));
  if (rows.empty()) return std::optional<domain::QueueEntry>();
  return std::optional<domain::QueueEntry>(EntryOf(rows[0]));
}

absl::StatusOr<std::vector<domain::QueueRule>> ListRules(const Run& run) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      run("SELECT version, effective_from, combination, criteria, alert_after_days"
                          " FROM queue_rule ORDER BY version",
                          {}));
  std::vector<domain::QueueRule> rules;
  for (const pg::Row& row : rows) rules.push_back(RuleOf(row));
  return rules;
}

}  // namespace vardkedja::placement::storage
