#include "referral-service/events/consume_directory.h"

#include <string_view>

#include "lib/eventlog/consumer.h"
#include "vardkedja/notification/v1/events.pb.h"

namespace vardkedja::referral::events {
namespace {

using notification::v1::NotificationEvent;

constexpr std::string_view kPutOrganisation = R"sql(
INSERT INTO organisation (organisation_id, municipality_code, participating) VALUES ($1, $2, $3)
ON CONFLICT (organisation_id) DO UPDATE SET municipality_code = excluded.municipality_code,
  participating = excluded.participating
)sql";

constexpr std::string_view kPutUnit = R"sql(
INSERT INTO unit (unit_id, organisation_id, kind_code, facility_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (unit_id) DO UPDATE SET organisation_id = excluded.organisation_id,
  kind_code = excluded.kind_code, facility_id = excluded.facility_id
)sql";

}  // namespace

absl::Status ConsumeDirectory(pg::Transaction& tx, const eventlog::v1::Event& event) {
  NotificationEvent payload;
  if (!payload.ParseFromString(event.payload())) {
    return absl::DataLossError("the payload is no NotificationEvent");
  }
  switch (payload.event_case()) {
    case NotificationEvent::kOrganisationRegistered: {
      const auto& organisation = payload.organisation_registered();
      return tx
          .Execute(kPutOrganisation,
                   {organisation.organisation_id(), organisation.municipality_code(),
                    organisation.participating()})
          .status();
    }
    case NotificationEvent::kUnitRegistered: {
      const auto& unit = payload.unit_registered();
      return tx
          .Execute(kPutUnit,
                   {unit.unit_id(), unit.organisation_id(), unit.kind_code(), unit.facility_id()})
          .status();
    }
    case NotificationEvent::kSeatRegistered:
      // A seat's holder is proven by the token; nothing here depends on the list of seats.
      return absl::OkStatus();
    case NotificationEvent::EVENT_NOT_SET:
      break;
  }
  return eventlog::UnknownEvent();
}

}  // namespace vardkedja::referral::events
