#include "placement-service/usecases/stay_life.h"

#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> AbsenceIn(Session& session, const auth::CallContext& ctx,
                                      const AbsenceCommand& command,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  const Date today = StockholmDate(session.now());
  const Date date = command.date.value_or(today);
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      domain::ChangeAbsence(record->stay, parties, command.action, date, today));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  // Who has broken off while on leave is on leave no more.
  if (const auto& before = record->stay.absence) {
    const bool leave = before->kind == domain::AbsenceKind::kLeave;
    VK_RETURN_IF_ERROR(session.EndAbsence(stay.id, *before, date, /*departed=*/false));
    VK_RETURN_IF_ERROR(
        session.AddStayFact(stay.id, {session.now(), leave ? "leave_ended" : "resumed", date}));
    session.Publish(
        domain::StayEvent(stay, record->facility, domain::AbsenceRecorded{*before, date}));
  }
  if (stay.absence) {
    const bool leave = stay.absence->kind == domain::AbsenceKind::kLeave;
    VK_RETURN_IF_ERROR(session.AddAbsence(stay.id, *stay.absence));
    VK_RETURN_IF_ERROR(
        session.AddStayFact(stay.id, {session.now(), leave ? "leave_begun" : "interrupted", date}));
    session.Publish(
        domain::StayEvent(stay, record->facility, domain::AbsenceRecorded{*stay.absence, {}}));
  }
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

// A place of another kind has a queue of its own, and nobody goes past those who wait in it.
absl::Status CheckNobodyWaits(Session& session, const BedRecord& target, const domain::Stay& stay,
                              Date date) {
  if (target.bed.kind == stay.bed_kind) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> first,
                      session.LockFirstEligible(target, date));
  if (!first) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "Somebody waits for a place of that kind; offer it by the queue.",
                   "QUEUE_WAITS");
}

absl::StatusOr<std::string> MoveIn(Session& session, const auth::CallContext& ctx,
                                   const MoveBedCommand& command, const domain::Stay& seen,
                                   const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const BedRecord target, LockTarget(session, seen.bed_id, command.to_bed));
  const Date today = StockholmDate(session.now());
  const Date date = command.date.value_or(today);
  const absl::Status queue = CheckNobodyWaits(session, target, seen, date);
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  // Judged first, so that a wrong state is told before anything about beds and queues.
  VK_ASSIGN_OR_RETURN(
      const domain::Move move,
      domain::MoveBed(domain::StayId(NewUuidV7()), record->stay, parties, target.bed, date, today));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(queue);
  VK_RETURN_IF_ERROR(domain::CheckOfferable(target.calendar, date));
  VK_RETURN_IF_ERROR(CheckNoLaterStay(session, move.to));
  VK_RETURN_IF_ERROR(session.ChangeStay(move.from));
  VK_RETURN_IF_ERROR(session.AddStay(move.to));
  VK_RETURN_IF_ERROR(session.CarryTransfer(move.from.id, move.to.id));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(move.from.id, {session.now(), "moved_out", date, move.to.bed_id.value}));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(move.to.id, {session.now(), "moved_in", date, move.from.bed_id.value}));
  VK_RETURN_IF_ERROR(TellClosures(session, move.to.bed_id, move.to.id.value));
  session.Publish(
      domain::StayEvent(move.to, record->facility, domain::StayMoved{move.from, move.to}));
  session.Audit(WriteEntry(ctx, move.to.id.value, decision));
  return move.to.id.value;
}

absl::StatusOr<std::string> IncidentIn(Session& session, const auth::CallContext& ctx,
                                       const IncidentCommand& command,
                                       const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  const Date today = StockholmDate(session.now());
  domain::Incident incident = command.incident;
  incident.date = command.date.value_or(today);
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      domain::RecordIncident(record->stay, parties, incident, today));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  VK_RETURN_IF_ERROR(session.AddStayFact(stay.id, IncidentFact(session, incident)));
  session.Publish(domain::StayEvent(stay, record->facility, domain::IncidentRecorded{stay.id}));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

}  // namespace

absl::StatusOr<BedRecord> LockTarget(Session& session, const domain::BedId& from,
                                     const domain::BedId& to) {
  VK_ASSIGN_OR_RETURN(std::optional<BedRecord> first, session.LockBed(std::min(from, to)));
  VK_ASSIGN_OR_RETURN(std::optional<BedRecord> second, session.LockBed(std::max(from, to)));
  std::optional<BedRecord>& target = to < from ? first : second;
  if (!target) return NotFound();
  return *std::move(target);
}

domain::StayFact IncidentFact(const Session& session, const domain::Incident& incident) {
  return {session.now(), std::string(domain::Code(incident.kind)), incident.date,
          std::string(domain::Code(incident.result)),
          std::string(domain::Code(incident.consequence))};
}

absl::Status EndAbsenceWithStay(Session& session, const domain::Stay& ended) {
  if (!ended.absence) return absl::OkStatus();
  const Date end = std::max(ended.absence->since, *ended.departure);
  return session.EndAbsence(ended.id, *ended.absence, end, /*departed=*/true);
}

absl::StatusOr<StayAnswer> RecordAbsence::Run(const auth::CallContext& ctx,
                                              const AbsenceCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return AbsenceIn(session, ctx, command, admitted.decision);
  });
}

absl::StatusOr<StayAnswer> MoveToBed::Run(const auth::CallContext& ctx,
                                          const MoveBedCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return MoveIn(session, ctx, command, admitted.record.stay, admitted.decision);
  });
}

absl::StatusOr<StayAnswer> RecordStayIncident::Run(const auth::CallContext& ctx,
                                                   const IncidentCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return IncidentIn(session, ctx, command, admitted.decision);
  });
}

absl::StatusOr<std::vector<domain::StayFact>> ReadStayHistory(StayPorts ports,
                                                              const auth::CallContext& ctx,
                                                              const domain::StayId& id) {
  VK_ASSIGN_OR_RETURN(const Admitted<StayRecord> admitted, AdmitToStay(ports, ctx, id));
  VK_ASSIGN_OR_RETURN(std::vector<domain::StayFact> facts, ports.store.StayHistory(ctx, id));
  const domain::Stay& stay = admitted.record.stay;
  const unsigned parties = PartiesOf(ctx, stay.owner_unit, admitted.record.facility.unit);
  if ((parties & (domain::kOwner | domain::kFacility)) == 0) {
    std::erase_if(facts, [](const domain::StayFact& fact) {
      return domain::IsIncident(fact.kind) || fact.kind == domain::kIncidentCorrected;
    });
  }
  VK_RETURN_IF_ERROR(ports.disclosure.RecordRead(ctx, id.value, admitted.decision));
  return facts;
}

}  // namespace vardkedja::placement::usecases
