#include "placement-service/events/publish.h"

#include <google/protobuf/timestamp.pb.h>

#include <variant>

#include "lib/id/uuid.h"
#include "vardkedja/placement/v1/events.pb.h"

namespace vardkedja::placement::events {
namespace {

namespace common = vardkedja::common::v1;

void Set(google::protobuf::Timestamp* out, Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  out->set_seconds(seconds.time_since_epoch().count());
  out->set_nanos(static_cast<int>((instant - seconds).count()) * 1000);
}

std::string DateText(const std::optional<Date>& date) { return date ? FormatDate(*date) : ""; }

// Fills the oneof of the payload; one overload per happening.
class Payload {
 public:
  Payload(v1::PlacementEvent& out, const domain::Event& event) : out_(out), event_(event) {}

  void operator()(const domain::FacilityRegistered&) const {
    auto* to = out_.mutable_facility_registered();
    to->set_name(event_.facility.details.name);
    to->set_organisation_id(event_.facility.organisation);
    to->set_care_level(event_.facility.details.care_level);
    to->set_operator_code(std::string(domain::Code(event_.facility.details.operator_type)));
    to->set_framework_contract(event_.facility.details.framework_contract);
  }
  void operator()(const domain::BedRegistered& from) const {
    auto* to = out_.mutable_bed_registered();
    to->set_bed_id(from.bed.id.value);
    to->set_operational_from(FormatDate(from.bed.operational.from));
    to->set_operational_to(DateText(from.bed.operational.to));
    to->set_extra(from.bed.extra);
  }
  void operator()(const domain::BedClosed& from) const {
    auto* to = out_.mutable_bed_closed();
    to->set_bed_id(from.closure.bed_id.value);
    to->set_from_date(FormatDate(from.closure.period.from));
    to->set_to_date(DateText(from.closure.period.to));
    to->set_reason_code(std::string(domain::Code(from.closure.reason)));
    to->set_closure_id(from.closure.id.value);
  }
  void operator()(const domain::Queued&) const {
    auto* to = out_.mutable_queued();
    to->set_entry_id(event_.entry->id.value);
    to->set_transfer(event_.entry->transfer);
    to->set_decision_date(FormatDate(event_.entry->facts.decision_date));
  }
  void operator()(const domain::Dequeued& from) const {
    auto* to = out_.mutable_dequeued();
    to->set_entry_id(event_.entry->id.value);
    to->set_reason_code(from.reason);
  }
  void operator()(const domain::QueueAlert& from) const {
    auto* to = out_.mutable_queue_alert();
    to->set_entry_id(event_.entry->id.value);
    to->set_kind_code(from.kind);
  }
  void operator()(const domain::OfferMade& from) const {
    auto* to = out_.mutable_offer_made();
    to->set_offer_id(from.offer.id.value);
    to->set_entry_id(from.offer.entry_id.value);
    to->set_bed_id(from.offer.bed_id.value);
    Set(to->mutable_deadline(), from.offer.deadline);
    to->set_available_from(FormatDate(from.offer.available_from));
    to->set_override(from.offer.Overrides());
  }
  void operator()(const domain::OfferExpiring& from) const {
    auto* to = out_.mutable_offer_expiring();
    to->set_offer_id(from.offer.id.value);
    Set(to->mutable_deadline(), from.offer.deadline);
  }
  void operator()(const domain::BedConflict& from) const {
    auto* to = out_.mutable_bed_conflict();
    to->set_offer_id(from.offer_id);
    to->set_alternation_id(from.alternation_id);
    to->set_stay_id(from.stay_id);
    to->set_bed_id(from.bed_id.value);
    to->set_due_date(FormatDate(from.due));
    if (from.closure) to->set_closure_id(from.closure->value);
  }
  void operator()(const domain::OfferAccepted& from) const {
    auto* to = out_.mutable_offer_accepted();
    to->set_offer_id(from.offer.id.value);
    to->set_bed_id(from.offer.bed_id.value);
    to->set_move_in_date(DateText(from.offer.move_in));
  }
  void operator()(const domain::CarePeriodBegan& from) const {
    auto* to = out_.mutable_care_period_began();
    to->set_care_period_id(from.period.id.value);
    to->set_stay_id(from.period.stay_id.value);
    to->set_kind_code(std::string(domain::Code(from.period.kind)));
    to->set_start_date(FormatDate(from.period.start));
    to->set_due_date(FormatDate(from.period.due));
  }
  void operator()(const domain::PlacementReconsidered& from) const {
    auto* to = out_.mutable_placement_reconsidered();
    to->set_care_period_id(from.period.id.value);
    to->set_stay_id(from.period.stay_id.value);
    to->set_date(FormatDate(from.period.reconsidered->on));
    to->set_outcome_code(std::string(domain::Code(from.period.reconsidered->outcome)));
    to->set_reason_code(std::string(domain::Code(from.period.reconsidered->reason)));
  }
  void operator()(const domain::DischargePlanCleared& from) const {
    out_.mutable_discharge_plan_cleared()->set_stay_id(from.stay_id.value);
  }
  void operator()(const domain::DischargeUndone& from) const {
    auto* to = out_.mutable_discharge_undone();
    to->set_stay_id(from.stay.id.value);
    to->set_bed_id(from.stay.bed_id.value);
    to->set_move_in_date(FormatDate(from.stay.move_in));
    to->set_departure_date(FormatDate(from.departure));
    to->set_interrupted_date(DateText(from.interrupted));
  }
  void operator()(const domain::ReservationEnded& from) const {
    const domain::Offer& offer = from.offer;
    auto* to = out_.mutable_reservation_ended();
    to->set_offer_id(offer.id.value);
    to->set_bed_id(offer.bed_id.value);
    to->set_move_in_date(DateText(offer.move_in));
    to->set_by_code(std::string(domain::Code(offer.declined_by)));
    to->set_reason_code(from.reason.empty() ? std::string(domain::Code(offer.decline_reason))
                                            : from.reason);
  }
  void operator()(const domain::ReservationChanged& from) const {
    auto* to = out_.mutable_reservation_changed();
    to->set_offer_id(from.offer.id.value);
    to->set_bed_id(from.offer.bed_id.value);
    to->set_move_in_date(DateText(from.offer.move_in));
  }
  void operator()(const domain::MoveInOverdue& from) const {
    auto* to = out_.mutable_move_in_overdue();
    to->set_offer_id(from.offer.id.value);
    to->set_bed_id(from.offer.bed_id.value);
    to->set_move_in_date(FormatDate(from.due));
  }
  void operator()(const domain::OfferDeclined& from) const {
    auto* to = out_.mutable_offer_declined();
    to->set_offer_id(from.offer.id.value);
    to->set_by_code(std::string(domain::Code(from.offer.declined_by)));
    to->set_reason_code(std::string(domain::Code(from.offer.decline_reason)));
  }
  void operator()(const domain::OfferExpired& from) const {
    out_.mutable_offer_expired()->set_offer_id(from.offer.id.value);
  }
  void operator()(const domain::Enrolled& from) const {
    auto* to = out_.mutable_enrolled();
    to->set_stay_id(from.stay.id.value);
    to->set_bed_id(from.stay.bed_id.value);
    to->set_move_in_date(FormatDate(from.stay.move_in));
    to->set_transfer(from.transfer);
    to->set_planned_move_in_date(DateText(from.planned_move_in));
    to->set_exception(from.stay.agreement_exception != domain::ExceptionReason::kNone);
  }
  void operator()(const domain::TransferPlanned& from) const {
    auto* to = out_.mutable_transfer_planned();
    to->set_transfer_id(from.transfer.id.value);
    to->set_from_stay_id(from.transfer.from_stay.value);
    to->set_to_facility_id(from.to.id.value);
    to->set_to_facility_unit_id(from.to.unit.value);
    to->set_meeting_date(FormatDate(from.transfer.meeting));
    to->set_move_date(FormatDate(from.transfer.move));
    to->set_exception(from.transfer.exception != domain::ExceptionReason::kNone);
  }
  void operator()(const domain::TransferConfirmed& from) const {
    auto* to = out_.mutable_transfer_confirmed();
    to->set_transfer_id(from.transfer.id.value);
    to->set_by_facility_id(from.by.value);
    to->set_complete(from.transfer.state == domain::TransferState::kConfirmed);
    to->set_from_facility_unit_id(from.from_unit.value);
    to->set_to_facility_unit_id(from.to_unit.value);
  }
  void operator()(const domain::TransferDone& from) const {
    auto* to = out_.mutable_transfer_done();
    to->set_transfer_id(from.transfer.id.value);
    to->set_from_stay_id(from.from.id.value);
    to->set_from_facility_id(from.from.facility_id.value);
    to->set_from_bed_id(from.from.bed_id.value);
    to->set_to_stay_id(from.to.id.value);
    to->set_to_bed_id(from.to.bed_id.value);
    to->set_move_date(FormatDate(from.transfer.move));
    to->set_from_facility_unit_id(from.from_unit.value);
    to->set_to_facility_id(from.to.facility_id.value);
    to->set_to_facility_unit_id(from.to_unit.value);
    to->set_from_bed_kind(static_cast<common::BedKind>(from.from.bed_kind));
    to->set_exception(from.to.agreement_exception != domain::ExceptionReason::kNone);
  }
  void operator()(const domain::DischargePlanned& from) const {
    auto* to = out_.mutable_discharge_planned();
    to->set_stay_id(from.stay.id.value);
    to->set_planned_date(DateText(from.stay.planned_departure));
    to->set_exception(from.stay.discharge_exception != domain::ExceptionReason::kNone);
  }
  void operator()(const domain::Discharged& from) const {
    auto* to = out_.mutable_discharged();
    to->set_stay_id(from.stay.id.value);
    to->set_bed_id(from.stay.bed_id.value);
    to->set_departure_date(DateText(from.stay.departure));
    to->set_reason_code(std::string(domain::Code(from.stay.discharge_reason)));
    to->set_unmet_items(static_cast<int>(from.stay.unmet_items.size()));
  }
  void operator()(const domain::OverrideProposed& from) const {
    auto* to = out_.mutable_override_proposed();
    to->set_override_id(from.proposal.id.value);
    to->set_entry_id(from.proposal.entry_id.value);
    to->set_bed_id(from.proposal.bed_id.value);
    to->set_reason_code(std::string(domain::Code(from.proposal.reason)));
  }
  void operator()(const domain::OverrideSettled& from) const {
    auto* to = out_.mutable_override_settled();
    to->set_override_id(from.proposal.id.value);
    to->set_entry_id(from.proposal.entry_id.value);
    to->set_outcome_code(std::string(domain::Name(from.proposal.state)));
    if (from.proposal.offer_id) to->set_offer_id(from.proposal.offer_id->value);
  }
  void operator()(const domain::EntryParked&) const {
    auto* to = out_.mutable_entry_parked();
    to->set_entry_id(event_.entry->id.value);
    to->set_reason_code(std::string(domain::Code(event_.entry->parking->reason)));
    to->set_until_date(DateText(event_.entry->parking->until));
  }
  void operator()(const domain::EntryResumed&) const {
    out_.mutable_entry_resumed()->set_entry_id(event_.entry->id.value);
  }
  void operator()(const domain::AbsenceRecorded& from) const {
    const std::string stay_id = event_.aggregate_id;
    if (from.absence.kind == domain::AbsenceKind::kLeave) {
      auto* to = out_.mutable_leave_recorded();
      to->set_stay_id(stay_id);
      to->set_from_date(FormatDate(from.absence.since));
      to->set_to_date(DateText(from.ended));
      return;
    }
    auto* to = out_.mutable_interruption_recorded();
    to->set_stay_id(stay_id);
    to->set_date(FormatDate(from.ended.value_or(from.absence.since)));
    to->set_resumed(from.ended.has_value());
  }
  void operator()(const domain::StayMoved& from) const {
    auto* to = out_.mutable_stay_moved();
    to->set_from_stay_id(from.from.id.value);
    to->set_from_bed_id(from.from.bed_id.value);
    to->set_from_bed_kind(static_cast<common::BedKind>(from.from.bed_kind));
    to->set_to_stay_id(from.to.id.value);
    to->set_to_bed_id(from.to.bed_id.value);
    to->set_move_date(FormatDate(from.to.move_in));
  }
  void operator()(const domain::IncidentRecorded& from) const {
    out_.mutable_incident_recorded()->set_stay_id(from.stay_id.value);
  }
  void operator()(const domain::TransferCancelled& from) const {
    auto* to = out_.mutable_transfer_cancelled();
    to->set_transfer_id(from.transfer.id.value);
    to->set_from_stay_id(from.transfer.from_stay.value);
    to->set_offer_id(from.transfer.offer_id.value);
    to->set_from_facility_unit_id(from.from_unit.value);
    to->set_to_facility_unit_id(from.to_unit.value);
    to->set_reason_code(std::string(domain::Code(from.transfer.cancel_reason)));
  }
  void operator()(const domain::StayCorrected& from) const {
    auto* to = out_.mutable_stay_corrected();
    to->set_stay_id(from.wrong.id.value);
    to->set_reason_code(std::string(domain::Code(from.wrong.correction)));
    to->set_former_move_in_date(FormatDate(from.wrong.move_in));
    if (from.with) to->set_with_stay_id(from.with->value);
    if (!from.right) return;
    to->set_replacement_stay_id(from.right->id.value);
    to->set_bed_id(from.right->bed_id.value);
    to->set_move_in_date(FormatDate(from.right->move_in));
    to->set_departure_date(DateText(from.right->departure));
  }
  void operator()(const domain::AgreementRecorded& from) const {
    auto* to = out_.mutable_agreement_recorded();
    to->set_offer_id(from.offer_id.value);
    to->set_complete(from.complete);
  }
  void operator()(const domain::ContactPlanned& from) const {
    out_.mutable_contact_planned()->set_offer_id(from.offer_id.value);
  }
  void operator()(const domain::AbsenceCorrected& from) const {
    auto* to = out_.mutable_absence_corrected();
    to->set_stay_id(event_.aggregate_id);
    to->set_kind_code(std::string(domain::Code(from.wrong.kind)));
    to->set_from_date(FormatDate(from.wrong.from));
    to->set_reason_code(std::string(domain::Code(from.reason)));
    if (!from.right) return;
    to->set_right_kind_code(std::string(domain::Code(from.right->kind)));
    to->set_right_from_date(FormatDate(from.right->from));
    if (!from.right->departed) to->set_right_to_date(DateText(from.right->to));
    to->set_goes_on(!from.right->to);
  }
  void operator()(const domain::ExternalStayRecorded& from) const {
    auto* to = out_.mutable_external_stay_recorded();
    to->set_external_stay_id(from.stay.id.value);
    to->set_bed_id(from.stay.bed_id.value);
    to->set_move_in_date(FormatDate(from.stay.move_in));
    to->set_departure_date(DateText(from.stay.departure));
    to->set_purchaser_code(from.stay.terms.purchaser);
    to->set_ore_per_day(from.stay.terms.ore_per_day);
    to->set_state_code(std::string(domain::Name(from.stay.state)));
  }
  void operator()(const domain::WentHome& from) const {
    auto* to = out_.mutable_went_home();
    to->set_alternation_id(from.alternation.id.value);
    to->set_stay_id(from.stay.id.value);
    to->set_bed_id(from.stay.bed_id.value);
    to->set_departure_date(DateText(from.stay.departure));
    to->set_return_date(FormatDate(from.alternation.return_date));
    to->set_return_bed_id(from.alternation.bed_id.value);
  }
  void operator()(const domain::ReturnChanged& from) const {
    auto* to = out_.mutable_return_changed();
    to->set_alternation_id(from.alternation.id.value);
    to->set_return_date(FormatDate(from.alternation.return_date));
    to->set_return_bed_id(from.alternation.bed_id.value);
  }
  void operator()(const domain::ReturnedFromHome& from) const {
    auto* to = out_.mutable_returned_from_home();
    to->set_alternation_id(from.alternation.id.value);
    to->set_from_stay_id(from.alternation.from_stay.value);
    to->set_to_stay_id(from.stay.id.value);
    to->set_to_bed_id(from.stay.bed_id.value);
    to->set_return_date(FormatDate(from.stay.move_in));
  }
  void operator()(const domain::ReturnOverdue& from) const {
    auto* to = out_.mutable_return_overdue();
    to->set_alternation_id(from.alternation.id.value);
    to->set_return_date(FormatDate(from.alternation.return_date));
    to->set_return_bed_id(from.alternation.bed_id.value);
  }
  void operator()(const domain::BedHold& from) const {
    auto* to = out_.mutable_bed_hold();
    to->set_hold_id(from.hold.id.value);
    to->set_bed_id(from.hold.bed_id.value);
    to->set_from_date(FormatDate(from.hold.from));
    to->set_to_date(FormatDate(from.hold.to));
    to->set_held(from.hold.state == domain::HoldState::kHeld);
  }

 private:
  v1::PlacementEvent& out_;
  const domain::Event& event_;
};

}  // namespace

eventlog::NewEvent ToLog(const domain::Event& event, Instant occurred_at,
                         std::string_view actor_unit, std::string_view traceparent) {
  v1::PlacementEvent payload;
  if (event.entry) {
    payload.set_case_id(event.entry->case_id.value);
    payload.set_owner_unit_id(event.entry->owner_unit.value);
    payload.set_person_id(event.entry->person_id.value);
    payload.set_decision_id(event.entry->decision_id.value);
    payload.set_case_number(event.entry->case_number);
  }
  payload.set_facility_id(event.facility.id.value);
  payload.set_facility_unit_id(event.facility.unit.value);
  payload.set_bed_kind(static_cast<common::BedKind>(event.bed_kind));
  payload.set_actor_unit_id(std::string(actor_unit));
  std::visit(Payload(payload, event), event.happening);

  eventlog::NewEvent log;
  log.event_id = NewUuidV7();
  log.aggregate_type = event.aggregate_type;
  log.aggregate_id = event.aggregate_id;
  log.version = event.version;
  // The oneof's field name is the type.
  const auto* reflection = payload.GetReflection();
  const auto* oneof = payload.GetDescriptor()->FindOneofByName("event");
  log.type = reflection->GetOneofFieldDescriptor(payload, oneof)->name();
  log.payload = payload.SerializeAsString();
  log.occurred_at = occurred_at;
  log.traceparent = std::string(traceparent);
  return log;
}

}  // namespace vardkedja::placement::events
