#include "referral-service/events/consume_placement.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "lib/commit/commit.h"
#include "lib/eventlog/consumer.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/domain/steps.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/storage/postgres_reference.h"
#include "vardkedja/placement/v1/events.pb.h"

namespace vardkedja::referral::events {
namespace {

using domain::Action;
using placement::v1::PlacementEvent;

// The fact a payload tells, if it is one that moves a case or a person.
std::optional<domain::PlacementFact> FactOf(const PlacementEvent& payload) {
  domain::PlacementFact fact;
  fact.facility_id = payload.facility_id();
  fact.facility_unit_id = payload.facility_unit_id();
  switch (payload.event_case()) {
    case PlacementEvent::kOfferMade:
      fact.action = Action::kOfferMade;
      return fact;
    case PlacementEvent::kOfferAccepted:
      fact.action = Action::kOfferAccepted;
      return fact;
    case PlacementEvent::kOfferDeclined:
    case PlacementEvent::kOfferExpired:
    case PlacementEvent::kReservationEnded:
      fact.action = Action::kOfferEnded;
      return fact;
    case PlacementEvent::kEnrolled:
      fact.action = Action::kEnrolled;
      fact.move_in_date = ParseDate(payload.enrolled().move_in_date());
      return fact;
    case PlacementEvent::kDischargeUndone:
      // The person lives there, as after any move-in.
      fact.action = Action::kEnrolled;
      fact.move_in_date = ParseDate(payload.discharge_undone().move_in_date());
      return fact;
    case PlacementEvent::kTransferPlanned:
      fact.action = Action::kTransferPlanned;
      fact.facility_id = payload.transfer_planned().to_facility_id();
      fact.facility_unit_id = payload.transfer_planned().to_facility_unit_id();
      return fact;
    case PlacementEvent::kTransferDone:
      fact.action = Action::kTransferDone;
      fact.facility_id = payload.transfer_done().to_facility_id();
      fact.facility_unit_id = payload.transfer_done().to_facility_unit_id();
      fact.move_in_date = ParseDate(payload.transfer_done().move_date());
      return fact;
    case PlacementEvent::kTransferCancelled:
      fact.action = Action::kTransferCancelled;
      return fact;
    case PlacementEvent::kStayCorrected:
      fact.action = Action::kStayUndone;
      if (payload.stay_corrected().replacement_stay_id().empty()) return fact;
      // What is replaced goes on in another bed or on other days: the state is the same.
      fact.action = Action::kStayCorrected;
      fact.move_in_date = ParseDate(payload.stay_corrected().move_in_date());
      fact.former_move_in_date = ParseDate(payload.stay_corrected().former_move_in_date());
      return fact;
    case PlacementEvent::kDequeued:
      // The other reasons follow from what happened here.
      if (payload.dequeued().reason_code() != "decision_ended") return std::nullopt;
      fact.action = Action::kDecisionEnded;
      return fact;
    case PlacementEvent::kDischarged:
      fact.action = Action::kDischarged;
      return fact;
    default:
      return std::nullopt;
  }
}

Instant TimeOf(const google::protobuf::Timestamp& time) {
  return Instant(std::chrono::seconds(time.seconds()) +
                 std::chrono::microseconds(time.nanos() / 1000));
}

audit::Entry EntryOf(const domain::Referral& referral, const domain::Change& change, Instant at) {
  audit::Entry entry;
  entry.at = at;
  entry.organisation = referral.owner_organisation_id;
  entry.unit = referral.owner_unit_id;
  entry.subject = "system:placement";
  entry.purpose = "case_work";
  entry.case_id = referral.referral_id;
  entry.action = "placement/" + std::string(domain::Name(change.action));
  entry.resource_id = referral.referral_id;
  entry.rule_id = "event";
  entry.permitted = true;
  return entry;
}

domain::BedInfo BedOf(const PlacementEvent& payload) {
  return {payload.facility_id(), static_cast<domain::BedKind>(payload.bed_kind()),
          ParseDate(payload.bed_registered().operational_to())};
}

}  // namespace

absl::Status ConsumePlacement(pg::Transaction& tx, const eventlog::v1::Event& event) {
  PlacementEvent payload;
  if (!payload.ParseFromString(event.payload())) {
    return absl::DataLossError("the payload is no PlacementEvent");
  }
  if (payload.event_case() == PlacementEvent::EVENT_NOT_SET) return eventlog::UnknownEvent();
  if (payload.has_bed_registered()) {
    return storage::KeepBed(tx, payload.bed_registered().bed_id(), BedOf(payload));
  }
  const std::optional<domain::PlacementFact> fact = FactOf(payload);
  if (!fact || !IsUuid(payload.case_id())) return absl::OkStatus();

  // Locked: a step of a user may be under way, and this one must not lose.
  VK_ASSIGN_OR_RETURN(const auto stored, storage::LockCase(tx, payload.case_id()));
  if (!stored) return absl::OkStatus();
  const domain::Referral& referral = stored->referral;
  const Instant at = TimeOf(event.occurred_at());
  domain::Change change = domain::ApplyPlacement(referral, *fact, at);
  change.changed_fields = domain::ChangedFields(referral, change.after);
  // Another bed, or a day that nothing here depends on.
  if (fact->action == Action::kStayCorrected && change.changed_fields.empty()) {
    return absl::OkStatus();
  }
  const storage::StepAuthor author{payload.actor_unit_id(), "system:placement", "", false, {}};
  VK_ASSIGN_OR_RETURN(const bool written, storage::WriteChange(tx, change, author));
  if (!written) return commit::StaleEtag();
  commit::Write write;
  write.audit = {EntryOf(referral, change, at)};
  return commit::Append(tx, write);
}

}  // namespace vardkedja::referral::events
