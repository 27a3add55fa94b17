// Changing facilities: their details, beds, seasons and prices. Only the facility's own unit, or
// its seat of the board; each change is a dated fact of ListFacilityHistory. No personal data is
// read here, so no case is asked about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

// The facility as the client saw it.
struct SeenFacility {
  domain::FacilityId id;
  std::string etag;
};

// Locks it and judges who asks. NOT_FOUND, UNIT_NOT_YOURS, STALE_ETAG.
absl::StatusOr<domain::Facility> LockOwnFacility(Session& session, const auth::CallContext& ctx,
                                                 const SeenFacility& seen);
// The changed facility, whose version has advanced, with its facts, event and audit row.
absl::Status WriteFacility(Session& session, const auth::CallContext& ctx,
                           const domain::Facility& facility,
                           const std::vector<domain::FacilityFact>& facts);

struct ChangeFacilityCommand {
  SeenFacility facility;
  domain::FacilityDetails details;
};

class ChangeFacilityDetails {
 public:
  explicit ChangeFacilityDetails(Store& store) : store_(store) {}
  absl::StatusOr<FacilityAnswer> Run(const auth::CallContext& ctx,
                                     const ChangeFacilityCommand& command) const;

 private:
  Store& store_;
};

// BED_EXISTS for an id that was used before.
class AddBedToFacility {
 public:
  explicit AddBedToFacility(Store& store) : store_(store) {}
  absl::StatusOr<BedAnswer> Run(const auth::CallContext& ctx, const domain::Bed& bed) const;

 private:
  Store& store_;
};

struct RetireBedCommand {
  domain::BedId bed_id;
  std::string etag;
  std::optional<Date> to;  // takes back when absent
};

class RetireBed {
 public:
  explicit RetireBed(Store& store) : store_(store) {}
  absl::StatusOr<BedAnswer> Run(const auth::CallContext& ctx,
                                const RetireBedCommand& command) const;

 private:
  Store& store_;
};

struct CloseIntakeCommand {
  SeenFacility facility;
  domain::Period period;
};

class CloseIntake {
 public:
  explicit CloseIntake(Store& store) : store_(store) {}
  absl::StatusOr<FacilityAnswer> Run(const auth::CallContext& ctx,
                                     const CloseIntakeCommand& command) const;

 private:
  Store& store_;
};

struct OpenIntakeCommand {
  SeenFacility facility;
  domain::IntakeClosureId closure_id;
  std::optional<Date> open;  // today when absent
};

class OpenIntake {
 public:
  explicit OpenIntake(Store& store) : store_(store) {}
  absl::StatusOr<FacilityAnswer> Run(const auth::CallContext& ctx,
                                     const OpenIntakeCommand& command) const;

 private:
  Store& store_;
};

struct SetPriceCommand {
  SeenFacility facility;
  domain::Price price;
};

class SetPrice {
 public:
  explicit SetPrice(Store& store) : store_(store) {}
  // What is wrong with the price when the request cannot be read as a whole; nothing is written.
  absl::Status Judge(const auth::CallContext& ctx, const SetPriceCommand& command) const;
  absl::StatusOr<FacilityAnswer> Run(const auth::CallContext& ctx,
                                     const SetPriceCommand& command) const;

 private:
  Store& store_;
};

}  // namespace vardkedja::placement::usecases
