#include "reporting-service/events/consume_placement.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "lib/eventlog/consumer.h"
#include "lib/status/status.h"
#include "reporting-service/events/time.h"
#include "reporting-service/storage/fact_writer.h"
#include "vardkedja/placement/v1/events.pb.h"

namespace vardkedja::reporting::events {
namespace {

namespace pb = placement::v1;

using domain::OfferOutcome;
using domain::StepKind;

constexpr std::string_view kLeave = "leave";  // the other is an interruption

absl::Status Missing(std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "an event speaks of an unknown " + std::string(what), "EVENT_MALFORMED");
}

// One event being applied.
class Application {
 public:
  Application(storage::FactWriter facts, const eventlog::v1::Event& event,
              const pb::PlacementEvent& payload)
      : facts_(std::move(facts)),
        event_(event),
        payload_(payload),
        kind_(static_cast<domain::BedKind>(payload.bed_kind())),
        on_(StockholmDate(ToInstant(event.occurred_at()))) {}

  absl::Status Apply();

 private:
  absl::Status OnBed(const pb::BedRegistered& bed);
  absl::Status OnClosure(const pb::BedClosed& closure);
  absl::Status OnHold(const pb::BedHold& hold);
  absl::Status OnQueued(const pb::Queued& queued);
  absl::Status OnAlert(const pb::QueueAlert& alert);
  absl::Status OnOffer(const pb::OfferMade& made);
  absl::Status OnDeclined(const pb::OfferDeclined& declined);
  absl::Status OnEnrolled(const pb::Enrolled& enrolled);
  absl::Status OnTransferDone(const pb::TransferDone& done);
  absl::Status OnCorrected(const pb::StayCorrected& corrected);
  template <class Absence>
  absl::Status CarryOver(const std::string& from_stay_id, const std::string& to_stay_id);
  absl::Status OnAbsenceCorrected(const pb::AbsenceCorrected& corrected);
  absl::Status PutAbsence(const pb::AbsenceCorrected& corrected);
  absl::Status DatePlacing();
  absl::Status OnDischargeUndone(const pb::DischargeUndone& undone);
  absl::Status OnReleased(const std::string& offer_id);
  absl::Status OnReservationChanged(const pb::ReservationChanged& changed);
  absl::Status OnMoved(const pb::StayMoved& moved);
  absl::Status OnReturned(const pb::ReturnedFromHome& returned);
  absl::Status OnExternalStay(const pb::ExternalStayRecorded& recorded);
  absl::Status OnLeave(const pb::LeaveRecorded& leave);
  absl::Status OnInterruption(const pb::InterruptionRecorded& interruption);

  absl::Status Leave(domain::QueueEntry entry, Date on, const std::string& reason);
  absl::Status LeaveById(const std::string& entry_id, const std::string& reason);
  absl::Status LeaveByMovingIn(Date on);
  absl::Status Answer(const std::string& offer_id, OfferOutcome outcome,
                      const std::string& decline_code);
  absl::Status Begin(const std::string& stay_id, const std::string& bed_id, Date move_in);
  absl::Status End(const std::string& stay_id, const std::string& date);
  absl::Status Take(StepKind kind, bool exception);

  storage::FactWriter facts_;
  const eventlog::v1::Event& event_;
  const pb::PlacementEvent& payload_;
  const domain::BedKind kind_;
  const Date on_;
};

absl::Status Application::OnBed(const pb::BedRegistered& bed) {
  domain::Bed fact{bed.bed_id(), payload_.facility_id(), kind_, {}, {}, bed.extra()};
  VK_ASSIGN_OR_RETURN(fact.operational_from,
                      RequiredDate("operational_from", bed.operational_from()));
  VK_ASSIGN_OR_RETURN(fact.operational_to, OptionalDate("operational_to", bed.operational_to()));
  return facts_.Put(fact);
}

absl::Status Application::OnClosure(const pb::BedClosed& closure) {
  domain::Closure fact{closure.closure_id(), closure.bed_id(), {}, {}};
  VK_ASSIGN_OR_RETURN(fact.from, RequiredDate("from_date", closure.from_date()));
  VK_ASSIGN_OR_RETURN(fact.to, OptionalDate("to_date", closure.to_date()));
  return facts_.Put(fact);
}

// A hold that is ended is published again with the date it ended on.
absl::Status Application::OnHold(const pb::BedHold& hold) {
  domain::Hold fact{hold.hold_id(), hold.bed_id(), {}, {}};
  VK_ASSIGN_OR_RETURN(fact.from, RequiredDate("from_date", hold.from_date()));
  VK_ASSIGN_OR_RETURN(fact.to, OptionalDate("to_date", hold.to_date()));
  if (!hold.held() && !fact.to) fact.to = on_;
  return facts_.Put(fact);
}

absl::Status Application::OnQueued(const pb::Queued& queued) {
  domain::QueueEntry entry;
  entry.entry_id = queued.entry_id();
  entry.case_id = payload_.case_id();
  entry.decision_id = payload_.decision_id();
  entry.facility_id = payload_.facility_id();
  entry.kind = kind_;
  entry.transfer = queued.transfer();
  entry.queued_on = on_;
  VK_ASSIGN_OR_RETURN(entry.decision_date, RequiredDate("decision_date", queued.decision_date()));
  return facts_.Put(entry);
}

absl::Status Application::Leave(domain::QueueEntry entry, Date on, const std::string& reason) {
  if (entry.left_on) return absl::OkStatus();
  entry.left_on = on;
  entry.left_reason = reason.empty() ? "unknown" : reason;
  return facts_.Put(entry);
}

absl::Status Application::LeaveById(const std::string& entry_id, const std::string& reason) {
  VK_ASSIGN_OR_RETURN(auto entries, facts_.Current<domain::QueueEntry>("entry_id", entry_id));
  if (entries.empty()) return Missing("queue entry");
  return Leave(std::move(entries.front()), on_, reason);
}

// A move-in need not have come through the queue.
absl::Status Application::LeaveByMovingIn(Date on) {
  VK_ASSIGN_OR_RETURN(auto entries,
                      facts_.Current<domain::QueueEntry>("decision_id", payload_.decision_id()));
  for (domain::QueueEntry& entry : entries) {
    VK_RETURN_IF_ERROR(Leave(std::move(entry), on, "placed"));
  }
  return absl::OkStatus();
}

absl::Status Application::OnAlert(const pb::QueueAlert& alert) {
  return facts_.Put(
      domain::Alert{alert.entry_id(), payload_.facility_id(), kind_, alert.kind_code(), on_});
}

absl::Status Application::OnOffer(const pb::OfferMade& made) {
  domain::Offer offer;
  offer.offer_id = made.offer_id();
  offer.entry_id = made.entry_id();
  offer.case_id = payload_.case_id();
  offer.decision_id = payload_.decision_id();
  offer.facility_id = payload_.facility_id();
  offer.kind = kind_;
  offer.bed_id = made.bed_id();
  offer.made_on = on_;
  offer.override_rule = made.override();
  return facts_.Put(offer);
}

absl::Status Application::Answer(const std::string& offer_id, OfferOutcome outcome,
                                 const std::string& decline_code) {
  VK_ASSIGN_OR_RETURN(auto offers, facts_.Current<domain::Offer>("offer_id", offer_id));
  if (offers.empty()) return Missing("offer");
  domain::Offer& offer = offers.front();
  offer.outcome = outcome;
  offer.answered_on = on_;
  offer.decline_code = decline_code;
  return facts_.Put(offer);
}

absl::Status Application::OnDeclined(const pb::OfferDeclined& declined) {
  return Answer(declined.offer_id(), OfferOutcome::kDeclined,
                declined.by_code() + ":" + declined.reason_code());
}

absl::Status Application::Begin(const std::string& stay_id, const std::string& bed_id,
                                Date move_in) {
  VK_RETURN_IF_ERROR(facts_.Put(domain::Stay{stay_id, payload_.case_id(), payload_.person_id(),
                                             payload_.decision_id(), payload_.facility_id(), kind_,
                                             bed_id, move_in, std::nullopt}));
  return LeaveByMovingIn(move_in);
}

absl::Status Application::End(const std::string& stay_id, const std::string& date) {
  VK_ASSIGN_OR_RETURN(auto stays, facts_.Current<domain::Stay>("stay_id", stay_id));
  if (stays.empty()) return Missing("stay");
  VK_ASSIGN_OR_RETURN(stays.front().departure, RequiredDate("departure", date));
  return facts_.Put(stays.front());
}

absl::Status Application::OnDischargeUndone(const pb::DischargeUndone& undone) {
  VK_ASSIGN_OR_RETURN(auto stays, facts_.Current<domain::Stay>("stay_id", undone.stay_id()));
  if (stays.empty()) return Missing("stay");
  stays.front().departure.reset();
  return facts_.Put(stays.front());
}

absl::Status Application::Take(StepKind kind, bool exception) {
  return facts_.Put(domain::Step{payload_.case_id(), kind, ToInstant(event_.occurred_at()),
                                 event_.seq(), "", exception, false});
}

absl::Status Application::OnEnrolled(const pb::Enrolled& enrolled) {
  VK_ASSIGN_OR_RETURN(const Date move_in, RequiredDate("move_in_date", enrolled.move_in_date()));
  VK_RETURN_IF_ERROR(Begin(enrolled.stay_id(), enrolled.bed_id(), move_in));
  return Take(StepKind::kEnrolled, enrolled.exception());
}

// The envelope speaks of the new stay.
absl::Status Application::OnTransferDone(const pb::TransferDone& done) {
  VK_ASSIGN_OR_RETURN(const Date move, RequiredDate("move_date", done.move_date()));
  VK_RETURN_IF_ERROR(End(done.from_stay_id(), done.move_date()));
  VK_RETURN_IF_ERROR(Begin(done.to_stay_id(), done.to_bed_id(), move));
  return Take(StepKind::kEnrolled, done.exception());
}

template <class Absence>
absl::Status Application::CarryOver(const std::string& from_stay_id,
                                    const std::string& to_stay_id) {
  VK_ASSIGN_OR_RETURN(auto absences, facts_.Current<Absence>("stay_id", from_stay_id));
  for (Absence& absence : absences) {
    VK_RETURN_IF_ERROR(facts_.Retract(absence));
    absence.stay_id = to_stay_id;
    VK_RETURN_IF_ERROR(facts_.Put(absence));
    if constexpr (std::is_same_v<Absence, domain::Interruption>) {
      VK_RETURN_IF_ERROR(facts_.EnsureSubstitute(to_stay_id + "/" + FormatDate(absence.from)));
    }
  }
  return absl::OkStatus();
}

// The wrong stay does not hold any more. Without a replacement nobody has moved in on the decision.
absl::Status Application::OnCorrected(const pb::StayCorrected& corrected) {
  VK_ASSIGN_OR_RETURN(auto stays, facts_.Current<domain::Stay>("stay_id", corrected.stay_id()));
  if (stays.empty()) return Missing("stay");
  domain::Stay stay = stays.front();
  VK_RETURN_IF_ERROR(facts_.Retract(stay));
  if (!corrected.replacement_stay_id().empty()) {
    stay.stay_id = corrected.replacement_stay_id();
    stay.bed_id = corrected.bed_id();
    stay.kind = kind_;
    VK_ASSIGN_OR_RETURN(stay.move_in, RequiredDate("move_in_date", corrected.move_in_date()));
    VK_ASSIGN_OR_RETURN(stay.departure, OptionalDate("departure_date", corrected.departure_date()));
    VK_RETURN_IF_ERROR(facts_.Put(stay));
    VK_RETURN_IF_ERROR(DatePlacing());
    VK_RETURN_IF_ERROR(CarryOver<domain::Leave>(corrected.stay_id(), stay.stay_id));
    return CarryOver<domain::Interruption>(corrected.stay_id(), stay.stay_id);
  }
  VK_ASSIGN_OR_RETURN(auto entries,
                      facts_.Current<domain::QueueEntry>("decision_id", payload_.decision_id()));
  for (domain::QueueEntry& entry : entries) {
    if (entry.left_reason != "placed") continue;
    entry.left_on.reset();
    entry.left_reason.clear();
    VK_RETURN_IF_ERROR(facts_.Put(entry));
  }
  return absl::OkStatus();
}

// Who was placed left the queue on the day of the first move-in.
absl::Status Application::DatePlacing() {
  VK_ASSIGN_OR_RETURN(auto stays,
                      facts_.Current<domain::Stay>("decision_id", payload_.decision_id()));
  if (stays.empty()) return absl::OkStatus();
  const auto first = std::min_element(
      stays.begin(), stays.end(),
      [](const auto& one, const auto& other) { return one.move_in < other.move_in; });
  VK_ASSIGN_OR_RETURN(auto entries,
                      facts_.Current<domain::QueueEntry>("decision_id", payload_.decision_id()));
  for (domain::QueueEntry& entry : entries) {
    if (entry.left_reason != "placed" || entry.left_on == first->move_in) continue;
    entry.left_on = first->move_in;
    VK_RETURN_IF_ERROR(facts_.Put(entry));
  }
  return absl::OkStatus();
}

absl::Status Application::PutAbsence(const pb::AbsenceCorrected& corrected) {
  VK_ASSIGN_OR_RETURN(const Date from,
                      RequiredDate("right_from_date", corrected.right_from_date()));
  VK_ASSIGN_OR_RETURN(const auto to, OptionalDate("right_to_date", corrected.right_to_date()));
  if (corrected.right_kind_code() == kLeave) {
    return facts_.Put(domain::Leave{corrected.stay_id(), from, to});
  }
  VK_RETURN_IF_ERROR(facts_.Put(domain::Interruption{corrected.stay_id(), from, to}));
  return facts_.EnsureSubstitute(corrected.stay_id() + "/" + FormatDate(from));
}

// What was recorded does not hold any more; what is right, if anything, does.
absl::Status Application::OnAbsenceCorrected(const pb::AbsenceCorrected& corrected) {
  VK_ASSIGN_OR_RETURN(const Date from, RequiredDate("from_date", corrected.from_date()));
  const auto retract = [&]<class Absence>(Absence wrong) {
    wrong.stay_id = corrected.stay_id();
    wrong.from = from;
    return facts_.Retract(wrong);
  };
  VK_RETURN_IF_ERROR(corrected.kind_code() == kLeave ? retract(domain::Leave{})
                                                     : retract(domain::Interruption{}));
  if (corrected.right_kind_code().empty()) return absl::OkStatus();
  return PutAbsence(corrected);
}

// The place that was reserved is free again; the entry goes on waiting, or leaves by an event of
// its own.
absl::Status Application::OnReleased(const std::string& offer_id) {
  VK_ASSIGN_OR_RETURN(auto offers, facts_.Current<domain::Offer>("offer_id", offer_id));
  if (offers.empty()) return Missing("offer");
  offers.front().released_on = on_;
  return facts_.Put(offers.front());
}

// Reserved days are counted by kind of place, which stays the same.
absl::Status Application::OnReservationChanged(const pb::ReservationChanged& changed) {
  VK_ASSIGN_OR_RETURN(auto offers, facts_.Current<domain::Offer>("offer_id", changed.offer_id()));
  if (offers.empty()) return Missing("offer");
  offers.front().bed_id = changed.bed_id();
  return facts_.Put(offers.front());
}

// Within the facility; the envelope speaks of the new stay.
absl::Status Application::OnMoved(const pb::StayMoved& moved) {
  VK_ASSIGN_OR_RETURN(const Date move, RequiredDate("move_date", moved.move_date()));
  VK_RETURN_IF_ERROR(End(moved.from_stay_id(), moved.move_date()));
  return Begin(moved.to_stay_id(), moved.to_bed_id(), move);
}

// The stay before ended when the person went home; the days between are nobody's bed-days.
absl::Status Application::OnReturned(const pb::ReturnedFromHome& returned) {
  VK_ASSIGN_OR_RETURN(const Date date, RequiredDate("return_date", returned.return_date()));
  return Begin(returned.to_stay_id(), returned.to_bed_id(), date);
}

absl::Status Application::OnExternalStay(const pb::ExternalStayRecorded& recorded) {
  domain::ExternalStay fact;
  fact.external_stay_id = recorded.external_stay_id();
  fact.facility_id = payload_.facility_id();
  fact.kind = kind_;
  fact.bed_id = recorded.bed_id();
  fact.purchaser = recorded.purchaser_code();
  fact.ore_per_day = recorded.ore_per_day();
  VK_ASSIGN_OR_RETURN(fact.move_in, RequiredDate("move_in_date", recorded.move_in_date()));
  VK_ASSIGN_OR_RETURN(fact.departure, OptionalDate("departure_date", recorded.departure_date()));
  return recorded.state_code() == "corrected" ? facts_.Retract(fact) : facts_.Put(fact);
}

absl::Status Application::OnLeave(const pb::LeaveRecorded& leave) {
  domain::Leave fact{leave.stay_id(), {}, {}};
  VK_ASSIGN_OR_RETURN(fact.from, RequiredDate("from_date", leave.from_date()));
  VK_ASSIGN_OR_RETURN(fact.to, OptionalDate("to_date", leave.to_date()));
  return facts_.Put(fact);
}

// A resumption ends the stay's open interruption.
absl::Status Application::OnInterruption(const pb::InterruptionRecorded& interruption) {
  VK_ASSIGN_OR_RETURN(const Date date, RequiredDate("date", interruption.date()));
  if (!interruption.resumed()) {
    VK_RETURN_IF_ERROR(
        facts_.Put(domain::Interruption{interruption.stay_id(), date, std::nullopt}));
    return facts_.EnsureSubstitute(interruption.stay_id() + "/" + FormatDate(date));
  }
  VK_ASSIGN_OR_RETURN(auto known,
                      facts_.Current<domain::Interruption>("stay_id", interruption.stay_id()));
  for (domain::Interruption& one : known) {
    if (one.resumed) continue;
    one.resumed = date;
    return facts_.Put(one);
  }
  return Missing("interruption");
}

// No figure counts it.
bool CountsNowhere(pb::PlacementEvent::EventCase happening) {
  using pb::PlacementEvent;
  switch (happening) {
    case PlacementEvent::kIncidentRecorded:  // what it was is not told
    case PlacementEvent::kOfferExpiring:
    case PlacementEvent::kBedConflict:
    case PlacementEvent::kReturnChanged:
    case PlacementEvent::kReturnOverdue:
    case PlacementEvent::kMoveInOverdue:
    case PlacementEvent::kCarePeriodBegan:
    case PlacementEvent::kPlacementReconsidered:
    case PlacementEvent::kDischargePlanCleared:
    case PlacementEvent::kTransferConfirmed:
    case PlacementEvent::kAgreementRecorded:
    case PlacementEvent::kContactPlanned:
    // An override counts with its offer; a parked entry waits like any other.
    case PlacementEvent::kOverrideProposed:
    case PlacementEvent::kOverrideSettled:
    case PlacementEvent::kEntryParked:
    case PlacementEvent::kEntryResumed:
      return true;
    default:
      return false;
  }
}

absl::Status Application::Apply() {
  using pb::PlacementEvent;
  if (CountsNowhere(payload_.event_case())) return absl::OkStatus();
  switch (payload_.event_case()) {
    case PlacementEvent::kFacilityRegistered:
      return facts_.Put(
          domain::Facility{payload_.facility_id(), payload_.facility_registered().name()});
    case PlacementEvent::kBedRegistered:
      return OnBed(payload_.bed_registered());
    case PlacementEvent::kBedClosed:
      return OnClosure(payload_.bed_closed());
    case PlacementEvent::kBedHold:
      return OnHold(payload_.bed_hold());
    case PlacementEvent::kQueued:
      return OnQueued(payload_.queued());
    case PlacementEvent::kDequeued:
      return LeaveById(payload_.dequeued().entry_id(), payload_.dequeued().reason_code());
    case PlacementEvent::kQueueAlert:
      return OnAlert(payload_.queue_alert());
    case PlacementEvent::kOfferMade:
      return OnOffer(payload_.offer_made());
    case PlacementEvent::kOfferAccepted:
      return Answer(payload_.offer_accepted().offer_id(), OfferOutcome::kAccepted, "");
    case PlacementEvent::kOfferDeclined:
      return OnDeclined(payload_.offer_declined());
    case PlacementEvent::kOfferExpired:
      return Answer(payload_.offer_expired().offer_id(), OfferOutcome::kExpired, "");
    case PlacementEvent::kEnrolled:
      return OnEnrolled(payload_.enrolled());
    case PlacementEvent::kTransferPlanned:
      return Take(StepKind::kTransferPlanned, payload_.transfer_planned().exception());
    case PlacementEvent::kTransferDone:
      return OnTransferDone(payload_.transfer_done());
    case PlacementEvent::kDischargePlanned:
      return Take(StepKind::kDischargePlanned, payload_.discharge_planned().exception());
    case PlacementEvent::kDischarged:
      return End(payload_.discharged().stay_id(), payload_.discharged().departure_date());
    case PlacementEvent::kDischargeUndone:
      return OnDischargeUndone(payload_.discharge_undone());
    case PlacementEvent::kLeaveRecorded:
      return OnLeave(payload_.leave_recorded());
    case PlacementEvent::kInterruptionRecorded:
      return OnInterruption(payload_.interruption_recorded());
    case PlacementEvent::kAbsenceCorrected:
      return OnAbsenceCorrected(payload_.absence_corrected());
    case PlacementEvent::kStayCorrected:
      return OnCorrected(payload_.stay_corrected());
    case PlacementEvent::kExternalStayRecorded:
      return OnExternalStay(payload_.external_stay_recorded());
    case PlacementEvent::kTransferCancelled:
      return OnReleased(payload_.transfer_cancelled().offer_id());
    case PlacementEvent::kReservationEnded:
      return OnReleased(payload_.reservation_ended().offer_id());
    case PlacementEvent::kReservationChanged:
      return OnReservationChanged(payload_.reservation_changed());
    case PlacementEvent::kStayMoved:
      return OnMoved(payload_.stay_moved());
    case PlacementEvent::kWentHome:
      return End(payload_.went_home().stay_id(), payload_.went_home().departure_date());
    case PlacementEvent::kReturnedFromHome:
      return OnReturned(payload_.returned_from_home());
    default:
      return eventlog::UnknownEvent();
  }
}

}  // namespace

absl::Status ConsumePlacement(pg::Transaction& tx, const eventlog::v1::Event& event) {
  pb::PlacementEvent payload;
  if (!payload.ParseFromString(event.payload())) {
    return MakeError(absl::StatusCode::kInvalidArgument, "the payload does not parse",
                     "EVENT_MALFORMED");
  }
  VK_ASSIGN_OR_RETURN(
      storage::FactWriter facts,
      storage::FactWriter::Begin(tx, "placement", event.seq(), ToInstant(event.occurred_at())));
  return Application(std::move(facts), event, payload).Apply();
}

}  // namespace vardkedja::reporting::events
