#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// Periods of one bed never begin on the same date, apart from a stay of that date alone, which is
// over before any return.
void Except(std::vector<domain::Period>& periods, Date from) {
  std::erase_if(periods, [from](const domain::Period& period) { return period.from == from; });
}

// Reserves the return as it is planned now, and watches it.
absl::Status Reserve(Session& session, const domain::Alternation& alternation,
                     const domain::Stay& stay, const domain::QueueEntry& entry) {
  VK_RETURN_IF_ERROR(session.ReserveReturn(alternation, stay.person_id, entry.decision_to));
  VK_RETURN_IF_ERROR(TellClosures(session, alternation.bed_id, alternation.id.value));
  return WatchReturn(session, alternation);
}

absl::StatusOr<domain::QueueEntry> LockEntryOf(Session& session, const domain::Stay& stay) {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> entry, session.LockEntry(stay.entry_id));
  if (!entry) return absl::InternalError("a stay's entry is missing");
  return *std::move(entry);
}

absl::StatusOr<std::string> GoIn(Session& session, const auth::CallContext& ctx,
                                 const GoHomeCommand& command, const domain::Stay& seen,
                                 const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(BedRecord to,
                      LockTarget(session, seen.bed_id, command.bed.value_or(seen.bed_id)));
  VK_ASSIGN_OR_RETURN(const domain::QueueEntry entry, LockEntryOf(session, seen));
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  const Date today = StockholmDate(session.now());
  VK_ASSIGN_OR_RETURN(
      const domain::AtHome home,
      domain::GoHome(domain::AlternationId(NewUuidV7()), record->stay, record->transfer.has_value(),
                     parties, entry, to.bed, command.home_from.value_or(today), command.return_date,
                     today));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  // Apart from the stay that ends, the bed must be free from the return on, as for an offer.
  if (to.bed.id == record->stay.bed_id) Except(to.calendar.stays, record->stay.move_in);
  VK_RETURN_IF_ERROR(domain::CheckOfferable(to.calendar, command.return_date));
  VK_RETURN_IF_ERROR(session.ChangeStay(home.stay));
  VK_RETURN_IF_ERROR(session.AddAlternation(home.alternation));
  VK_RETURN_IF_ERROR(Reserve(session, home.alternation, home.stay, entry));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      home.stay.id, {session.now(), "went_home", *home.stay.departure, to.bed.id.value}));
  session.Publish(domain::StayEvent(home.stay, record->facility,
                                    domain::WentHome{home.stay, home.alternation}));
  session.Audit(WriteEntry(ctx, home.alternation.id.value, decision));
  return home.alternation.id.value;
}

absl::StatusOr<std::string> ChangeIn(Session& session, const auth::CallContext& ctx,
                                     const ChangeReturnCommand& command,
                                     const AlternationRecord& seen,
                                     const auth::AccessDecision& decision) {
  const domain::BedId& before = seen.alternation.bed_id;
  VK_ASSIGN_OR_RETURN(BedRecord to, LockTarget(session, before, command.bed.value_or(before)));
  VK_ASSIGN_OR_RETURN(const domain::QueueEntry entry, LockEntryOf(session, seen.from.stay));
  VK_ASSIGN_OR_RETURN(const std::optional<AlternationRecord> record,
                      session.LockAlternation(command.id));
  if (!record) return absl::InternalError("a time at home is missing");
  const domain::Stay& from = record->from.stay;
  const unsigned parties = PartiesOf(ctx, from.owner_unit, record->from.facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Alternation changed,
                      domain::ChangeReturn(record->alternation, from, parties, entry, to.bed,
                                           command.return_date, StockholmDate(session.now())));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->alternation.version));
  // Apart from what is reserved for this return already.
  if (changed.bed_id == record->alternation.bed_id) {
    Except(to.calendar.reservations, record->alternation.return_date);
  }
  VK_RETURN_IF_ERROR(domain::CheckOfferable(to.calendar, command.return_date));
  VK_RETURN_IF_ERROR(session.ChangeAlternation(changed));
  VK_RETURN_IF_ERROR(Reserve(session, changed, from, entry));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      from.id, {session.now(), "return_changed", changed.return_date, changed.bed_id.value}));
  session.Publish(domain::AlternationEvent(changed, from, record->from.facility,
                                           domain::ReturnChanged{changed}));
  session.Audit(WriteEntry(ctx, changed.id.value, decision));
  return changed.id.value;
}

// On the planned day the bed is the person's; before it only when nothing else stands there.
absl::Status CheckBack(Session& session, const BedRecord& bed, const domain::Back& back) {
  const Date date = back.stay.move_in;
  const Date planned = back.alternation.return_date;
  if (!domain::OperationalOn(bed.calendar, date)) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "The bed is closed on that date.",
                     "BED_CLOSED");
  }
  if (date < planned) VK_RETURN_IF_ERROR(domain::CheckFreeIn(bed.calendar, {date, planned}));
  return CheckNoLaterStay(session, back.stay);
}

absl::StatusOr<std::string> ReturnIn(Session& session, const auth::CallContext& ctx,
                                     const ReturnCommand& command, const AlternationRecord& seen,
                                     const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(seen.alternation.bed_id));
  VK_ASSIGN_OR_RETURN(const domain::QueueEntry entry, LockEntryOf(session, seen.from.stay));
  VK_ASSIGN_OR_RETURN(const std::optional<AlternationRecord> record,
                      session.LockAlternation(command.id));
  if (!bed || !record) return absl::InternalError("a time at home or its bed is missing");
  const StayRecord& from = record->from;
  const unsigned parties = PartiesOf(ctx, from.stay.owner_unit, from.facility.unit);
  const Date today = StockholmDate(session.now());
  VK_ASSIGN_OR_RETURN(
      const domain::Back back,
      domain::ReturnFromHome(domain::StayId(NewUuidV7()), record->alternation, from.stay, bed->bed,
                             parties, entry, command.date.value_or(today), today));
  // A plan changed meanwhile may be about another bed than the locked one: the etag is stale then.
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->alternation.version));
  VK_RETURN_IF_ERROR(CheckBack(session, *bed, back));
  VK_RETURN_IF_ERROR(session.AddStay(back.stay));
  VK_RETURN_IF_ERROR(session.ChangeAlternation(back.alternation));
  VK_RETURN_IF_ERROR(session.EndReturnReservation(back.alternation));
  VK_RETURN_IF_ERROR(session.CancelTimer(kReturnWatch, back.alternation.id.value));
  VK_RETURN_IF_ERROR(TellClosures(session, back.stay.bed_id, back.stay.id.value));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      back.stay.id, {session.now(), "came_back", back.stay.move_in, back.stay.bed_id.value}));
  session.Publish(domain::StayEvent(back.stay, from.facility,
                                    domain::ReturnedFromHome{back.alternation, back.stay}));
  session.Audit(WriteEntry(ctx, back.alternation.id.value, decision));
  return back.alternation.id.value;
}

absl::StatusOr<std::string> DischargeIn(Session& session, const auth::CallContext& ctx,
                                        const DischargeFromHomeCommand& command,
                                        const AlternationRecord& seen,
                                        const auth::AccessDecision& decision) {
  VK_RETURN_IF_ERROR(session.LockBed(seen.alternation.bed_id).status());
  VK_ASSIGN_OR_RETURN(const std::optional<AlternationRecord> record,
                      session.LockAlternation(command.id));
  if (!record) return absl::InternalError("a time at home is missing");
  const StayRecord& from = record->from;
  const unsigned parties = PartiesOf(ctx, from.stay.owner_unit, from.facility.unit);
  const Date today = StockholmDate(session.now());
  const Date date = command.date.value_or(today);
  VK_ASSIGN_OR_RETURN(const domain::GivenUp given_up,
                      domain::DischargeFromHome(record->alternation, from.stay, parties, date,
                                                today, command.reason, command.unmet_items));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->alternation.version));
  VK_RETURN_IF_ERROR(session.ChangeAlternation(given_up.alternation));
  VK_RETURN_IF_ERROR(session.EndReturnReservation(given_up.alternation));
  VK_RETURN_IF_ERROR(session.CancelTimer(kReturnWatch, given_up.alternation.id.value));
  VK_RETURN_IF_ERROR(session.ChangeStay(given_up.stay));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      from.stay.id,
      {session.now(), "discharged", date, std::string(domain::Code(command.reason))}));
  session.Publish(
      domain::StayEvent(given_up.stay, from.facility, domain::Discharged{given_up.stay}));
  VK_RETURN_IF_ERROR(EndCarePeriod(session, given_up.stay.entry_id));
  session.Audit(WriteEntry(ctx, given_up.alternation.id.value, decision));
  return given_up.alternation.id.value;
}

// The same frame for what is done to a time at home.
template <class Command, class Body>
absl::StatusOr<AlternationAnswer> RunOn(StayPorts ports, const auth::CallContext& ctx,
                                        const Command& command, const Body& body) {
  const ReadAlternations reads(ports);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports.store.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::AlternationId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToAlternation(ports, ctx, command.id));
  VK_ASSIGN_OR_RETURN(const std::string id, ports.store.Commit(ctx, [&](Session& session) {
    return body(session, ctx, command, admitted.record, admitted.decision);
  }));
  return reads.AfterWrite(ctx, id);
}

}  // namespace

absl::StatusOr<AlternationAnswer> GoHomeForATime::Run(const auth::CallContext& ctx,
                                                      const GoHomeCommand& command) const {
  const ReadAlternations reads(ports_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::AlternationId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToStay(ports_, ctx, command.stay_id));
  VK_ASSIGN_OR_RETURN(const std::string id, ports_.store.Commit(ctx, [&](Session& session) {
    return GoIn(session, ctx, command, admitted.record.stay, admitted.decision);
  }));
  return reads.AfterWrite(ctx, id);
}

absl::StatusOr<AlternationAnswer> ChangePlannedReturn::Run(
    const auth::CallContext& ctx, const ChangeReturnCommand& command) const {
  return RunOn(ports_, ctx, command, ChangeIn);
}

absl::StatusOr<AlternationAnswer> ReturnToFacility::Run(const auth::CallContext& ctx,
                                                        const ReturnCommand& command) const {
  return RunOn(ports_, ctx, command, ReturnIn);
}

absl::StatusOr<AlternationAnswer> DischargeAtHome::Run(
    const auth::CallContext& ctx, const DischargeFromHomeCommand& command) const {
  return RunOn(ports_, ctx, command, DischargeIn);
}

}  // namespace vardkedja::placement::usecases
