// Reads that both the store and a session make; a session locks what it reads. Internal to
// storage/.
#pragma once

#include <functional>
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

// Fills closures, stays, reservations, holds and the open offer of each bed, as far as they touch
// `asked`. Ends of stays are as planned, seen from `today`.
absl::Status LoadCalendars(const Run& run, std::vector<usecases::BedRecord>& beds, Date today,
                           const domain::Period& asked);

absl::StatusOr<std::optional<usecases::BedRecord>> FindBed(const Run& run, const domain::BedId& id,
                                                           Date today, Lock lock);
absl::StatusOr<std::optional<usecases::OfferRecord>> FindOffer(const Run& run,
                                                               const domain::OfferId& id,
                                                               Lock lock);
absl::StatusOr<std::optional<usecases::StayRecord>> FindStay(const Run& run,
                                                             const domain::StayId& id, Date today,
                                                             Lock lock);
absl::StatusOr<std::optional<usecases::TransferRecord>> FindTransfer(const Run& run,
                                                                     const domain::TransferId& id,
                                                                     Date today, Lock lock);
absl::StatusOr<std::optional<domain::QueueEntry>> FindEntry(const Run& run,
                                                            const domain::EntryId& id, Lock lock);
absl::StatusOr<std::vector<domain::QueueRule>> ListRules(const Run& run);

// A stay with its facility, live transfer and conflict; see kStayRecordColumns.
extern const std::string kStayRecordColumns;  // takes $1: today
extern const std::string kStayRecordTables;
usecases::StayRecord StayRecordOf(const pg::Row& row);

}  // namespace vardkedja::placement::storage
