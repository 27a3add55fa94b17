// Facilities, beds and what is free. No personal data is read here, so no case is asked about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

// NOT_FOUND for a facility that is not there, the same wherever one is named; OK for none.
absl::Status CheckFacilityKnown(Store& store, const auth::CallContext& ctx,
                                const std::optional<std::string>& id);

struct BedAnswer {
  BedRecord record;
  bool operational = false;
  bool reserved = false;
  bool held = false;
  bool occupied = false;
  std::vector<domain::Conflict> conflicts;  // by date
  std::optional<Date> empty_from;           // who lives there is planned to have left by then
};
BedAnswer DescribeBed(BedRecord record, Date today);

struct KindCount {
  domain::BedKind kind = domain::BedKind::kUnspecified;
  int beds = 0;
};
struct FacilityAnswer {
  domain::Facility facility;
  std::vector<KindCount> counts;
  std::vector<domain::Price> prices;  // of one facility that is asked for alone
};

struct AvailabilityQuestion {
  std::optional<domain::FacilityId> facility;
  std::optional<domain::BedKind> kind;
  std::optional<Date> from;      // the local date of `as_of` when absent
  std::optional<Date> to;        // exclusive; one day when absent, at most 366
  std::optional<Instant> as_of;  // what was known then; now when absent
  std::string care_level{};      // empty for all
};
struct AvailabilityAnswer {
  std::vector<domain::DayCount> days;
  Instant as_of{};
};

// Thread-safe, like all use cases.
class ReadBeds {
 public:
  explicit ReadBeds(Store& store) : store_(store) {}
  absl::StatusOr<std::vector<FacilityAnswer>> Facilities(const auth::CallContext& ctx) const;
  absl::StatusOr<FacilityAnswer> Facility(const auth::CallContext& ctx,
                                          const domain::FacilityId& id) const;
  struct HistoryPage {
    std::vector<domain::FacilityFact> facts;
    std::string next;  // fact id; empty at the end
  };
  absl::StatusOr<HistoryPage> History(const auth::CallContext& ctx,
                                      const FacilityHistoryPage& page) const;
  // These three: NOT_FOUND for an unknown facility.
  absl::StatusOr<std::vector<BedAnswer>> Beds(const auth::CallContext& ctx,
                                              const domain::FacilityId& facility,
                                              std::optional<domain::BedKind> kind) const;
  absl::StatusOr<BedAnswer> Bed(const auth::CallContext& ctx, const domain::BedId& id) const;
  // Counts per facility, kind and date. NOT_FOUND, and FIELD_VIOLATIONS for a range that is empty
  // or too long and for an `as_of` ahead.
  absl::StatusOr<AvailabilityAnswer> Availability(const auth::CallContext& ctx,
                                                  const AvailabilityQuestion& question) const;

 private:
  Store& store_;
};

struct CloseBedCommand {
  domain::BedId bed_id;
  std::string etag;
  domain::Period period;
  domain::ClosureReason reason = domain::ClosureReason::kUnspecified;
};

// Only the facility's own unit, or its seat of the board. Who lives in the bed stays.
class CloseBed {
 public:
  explicit CloseBed(Store& store) : store_(store) {}
  absl::StatusOr<BedAnswer> Run(const auth::CallContext& ctx, const CloseBedCommand& command) const;

 private:
  Store& store_;
};

struct ReopenBedCommand {
  domain::BedId bed_id;
  std::string etag;
  domain::ClosureId closure_id;
  std::optional<Date> open;  // today when absent
};

class ReopenBed {
 public:
  explicit ReopenBed(Store& store) : store_(store) {}
  absl::StatusOr<BedAnswer> Run(const auth::CallContext& ctx,
                                const ReopenBedCommand& command) const;

 private:
  Store& store_;
};

// What was wrong about a closure.
enum class ClosureCancelReason { kUnspecified = 0, kWrongDate = 1, kWrongBed = 2, kNotClosed = 3 };

struct CancelClosureCommand {
  domain::BedId bed_id;
  std::string etag;
  domain::ClosureId closure_id;
  ClosureCancelReason reason = ClosureCancelReason::kUnspecified;
};

// The bed was never closed by it. ILLEGAL_STATE when it was taken back already.
class CancelClosure {
 public:
  explicit CancelClosure(Store& store) : store_(store) {}
  absl::StatusOr<BedAnswer> Run(const auth::CallContext& ctx,
                                const CancelClosureCommand& command) const;

 private:
  Store& store_;
};

// UNIT_NOT_YOURS unless the acting unit or seat answers for the facility.
absl::Status RequireOwnFacility(const auth::CallContext& ctx, const domain::Facility& facility);
// The audit row of a write that it let through.
audit::Entry OwnFacilityEntry(const auth::CallContext& ctx, const std::string& resource_id);

}  // namespace vardkedja::placement::usecases
