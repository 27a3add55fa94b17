// Reads that both the store and a session make; a session locks what it reads. Internal to
// storage/.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/pg/value.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::storage {

// Runs one statement, on a pool or within a transaction.
using Run = std::function<absl::StatusOr<pg::Result>(const std::string& sql, const pg::Params&)>;

enum class Lock { kNone, kForWrite };

// What touches each bed, one row each with `what` it is: closure, stay, reservation, hold, offer.
// Takes $1 beds, $2 and $3 the asked dates. A stay of one date has an empty range, so stays are
// compared by their dates.
extern const std::string_view kSurroundings;

// Calendars that know their beds and nothing else yet. The beds outlive the index and stay in
// place.
struct CalendarIndex {
  std::map<std::string, usecases::BedRecord*, std::less<>> by_id;
  std::vector<std::string> ids;
};
CalendarIndex StartCalendars(std::vector<usecases::BedRecord>& beds);
// Puts one row of kSurroundings on its bed.
void PlaceFact(usecases::BedRecord& bed, const pg::Row& row, Date today);

// Fills closures, stays, reservations, holds and the open offer of each bed, as far as they touch
// `asked`. Ends of stays are as planned, seen from `today`.
absl::Status LoadCalendars(const Run& run, std::vector<usecases::BedRecord>& beds, Date today,
                           const domain::Period& asked);

absl::StatusOr<std::optional<domain::Facility>> FindFacilityRow(const Run& run,
                                                                const domain::FacilityId& id,
                                                                Lock lock);
// By kind and date, the 100 latest.
absl::StatusOr<std::vector<domain::Price>> ListPrices(const Run& run, const domain::FacilityId& id);
absl::StatusOr<std::optional<usecases::BedRecord>> FindBed(const Run& run, const domain::BedId& id,
                                                           Date today, Lock lock);
absl::StatusOr<std::optional<usecases::OfferRecord>> FindOffer(const Run& run,
                                                               const domain::OfferId& id,
                                                               Lock lock);
absl::StatusOr<std::optional<usecases::OverrideRecord>> FindOverride(const Run& run,
                                                                     const domain::OverrideId& id,
                                                                     Lock lock);
absl::StatusOr<std::optional<usecases::HoldRecord>> FindHold(const Run& run,
                                                             const domain::HoldId& id, Lock lock);
// As the two above and ListOverrides, ListHolds read them.
extern const std::string kOverrideRecords;
extern const std::string kHoldRecords;
usecases::OverrideRecord OverrideRecordOf(const pg::Row& row);
usecases::HoldRecord HoldRecordOf(const pg::Row& row);
absl::StatusOr<std::optional<usecases::StayRecord>> FindStay(const Run& run,
                                                             const domain::StayId& id, Date today,
                                                             Lock lock);
absl::StatusOr<std::optional<usecases::ExternalStayRecord>> FindExternalStay(
    const Run& run, const domain::StayId& id, Lock lock);
// As it and ListExternalStays read them.
extern const std::string kExternalStayRecords;
usecases::ExternalStayRecord ExternalStayRecordOf(const pg::Row& row);
absl::StatusOr<std::optional<usecases::TransferRecord>> FindTransfer(const Run& run,
                                                                     const domain::TransferId& id,
                                                                     Date today, Lock lock);
absl::StatusOr<std::optional<usecases::AlternationRecord>> FindAlternation(
    const Run& run, const domain::AlternationId& id, Date today, Lock lock);
absl::StatusOr<std::optional<domain::QueueEntry>> FindEntry(const Run& run,
                                                            const domain::EntryId& id, Lock lock);
absl::StatusOr<std::vector<domain::QueueRule>> ListRules(const Run& run);

// A stay with its facility, live transfer and conflict; see kStayRecordColumns.
extern const std::string kStayConflictFrom;   // takes $1: today
extern const std::string kStayRecordColumns;  // takes $1: today
extern const std::string kStayRecordTables;
usecases::StayRecord StayRecordOf(const pg::Row& row);

}  // namespace vardkedja::placement::storage
