#include "reporting-service/events/consume_notification.h"

#include "lib/eventlog/consumer.h"
#include "lib/status/status.h"
#include "reporting-service/events/time.h"
#include "reporting-service/storage/fact_writer.h"
#include "vardkedja/notification/v1/events.pb.h"

namespace vardkedja::reporting::events {

absl::Status ConsumeNotification(pg::Transaction& tx, const eventlog::v1::Event& event) {
  using notification::v1::NotificationEvent;
  NotificationEvent payload;
  if (!payload.ParseFromString(event.payload())) {
    return MakeError(absl::StatusCode::kInvalidArgument, "the payload does not parse",
                     "EVENT_MALFORMED");
  }
  VK_ASSIGN_OR_RETURN(
      storage::FactWriter facts,
      storage::FactWriter::Begin(tx, "notification", event.seq(), ToInstant(event.occurred_at())));
  switch (payload.event_case()) {
    case NotificationEvent::kOrganisationRegistered: {
      const notification::v1::OrganisationRegistered& one = payload.organisation_registered();
      if (one.municipality_code().empty()) return absl::OkStatus();
      return facts.Put(domain::Municipality{one.municipality_code(), one.name(),
                                            one.organisation_id(), one.participating()});
    }
    case NotificationEvent::kUnitRegistered:
    case NotificationEvent::kSeatRegistered:
      return absl::OkStatus();
    case NotificationEvent::EVENT_NOT_SET:
      break;
  }
  return eventlog::UnknownEvent();
}

}  // namespace vardkedja::reporting::events
