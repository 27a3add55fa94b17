#include "notification-service/events/publish.h"

#include <utility>

#include "lib/id/uuid.h"
#include "vardkedja/notification/v1/events.pb.h"

namespace vardkedja::notification::events {
namespace {

eventlog::NewEvent Make(std::string aggregate_type, std::string aggregate_id, std::string type,
                        const v1::NotificationEvent& event, Instant now) {
  return {.event_id = NewUuidV7(),
          .aggregate_type = std::move(aggregate_type),
          .aggregate_id = std::move(aggregate_id),
          .version = 1,
          .type = std::move(type),
          .payload = event.SerializeAsString(),
          .occurred_at = now,
          .traceparent = ""};
}

}  // namespace

eventlog::NewEvent OrganisationRegistered(const domain::Organisation& organisation, Instant now) {
  v1::NotificationEvent event;
  auto& payload = *event.mutable_organisation_registered();
  payload.set_organisation_id(organisation.organisation_id);
  payload.set_name(organisation.name);
  payload.set_municipality_code(organisation.municipality_code);
  payload.set_participating(organisation.participating);
  return Make("organisation", organisation.organisation_id, "organisation_registered", event, now);
}

eventlog::NewEvent UnitRegistered(const domain::Unit& unit, Instant now) {
  v1::NotificationEvent event;
  auto& payload = *event.mutable_unit_registered();
  payload.set_unit_id(unit.unit_id);
  payload.set_organisation_id(unit.organisation_id);
  payload.set_name(unit.name);
  payload.set_kind_code(unit.kind);
  payload.set_functional_address(unit.functional_address);
  payload.set_facility_id(unit.facility_id);
  return Make("unit", unit.unit_id, "unit_registered", event, now);
}

eventlog::NewEvent SeatRegistered(const domain::Seat& seat, Instant now) {
  v1::NotificationEvent event;
  auto& payload = *event.mutable_seat_registered();
  payload.set_seat(seat.seat);
  payload.set_facility_id(seat.facility_id);
  return Make("seat", seat.seat, "seat_registered", event, now);
}

}  // namespace vardkedja::notification::events
