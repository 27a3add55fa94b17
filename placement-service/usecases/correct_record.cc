#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// The history says of what is right that it began and ended, as if it had been recorded so.
absl::Status AddAbsenceFacts(Session& session, const domain::StayId& id,
                             const domain::AbsencePeriod& right) {
  const bool leave = right.kind == domain::AbsenceKind::kLeave;
  VK_RETURN_IF_ERROR(
      session.AddStayFact(id, {session.now(), leave ? "leave_begun" : "interrupted", right.from}));
  if (!right.to || right.departed) return absl::OkStatus();
  return session.AddStayFact(id, {session.now(), leave ? "leave_ended" : "resumed", *right.to});
}

absl::StatusOr<std::string> CorrectAbsenceIn(Session& session, const auth::CallContext& ctx,
                                             const CorrectAbsenceCommand& command,
                                             const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(const std::vector<domain::AbsencePeriod> known,
                      session.Absences(command.stay_id));
  const domain::AbsenceCorrection& correction = command.correction;
  VK_ASSIGN_OR_RETURN(const domain::CorrectedAbsence corrected,
                      domain::CorrectAbsence(record->stay, parties, known, correction,
                                             StockholmDate(session.now())));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  const domain::Stay& stay = corrected.stay;
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  VK_RETURN_IF_ERROR(session.MarkAbsenceCorrected(stay.id, corrected.wrong, correction.reason));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      stay.id, {session.now(), std::string(domain::Code(corrected.wrong.kind)) + "_corrected",
                corrected.wrong.from, std::string(domain::Code(correction.reason))}));
  if (corrected.right) {
    VK_RETURN_IF_ERROR(session.AddAbsencePeriod(stay.id, *corrected.right));
    VK_RETURN_IF_ERROR(AddAbsenceFacts(session, stay.id, *corrected.right));
  }
  session.Publish(domain::StayEvent(
      stay, record->facility,
      domain::AbsenceCorrected{corrected.wrong, corrected.right, correction.reason}));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

absl::StatusOr<std::string> CorrectIncidentIn(Session& session, const auth::CallContext& ctx,
                                              const CorrectIncidentCommand& command,
                                              const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  const domain::IncidentCorrection& correction = command.correction;
  VK_ASSIGN_OR_RETURN(const std::optional<domain::StayFact> wrong,
                      session.FindStayFact(command.stay_id, correction.ordinal));
  VK_ASSIGN_OR_RETURN(const bool corrected,
                      session.IsFactCorrected(command.stay_id, correction.ordinal));
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      domain::CorrectIncident(record->stay, parties, wrong, corrected, correction,
                                              StockholmDate(session.now())));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  domain::StayFact fact{session.now(), std::string(domain::kIncidentCorrected), wrong->on,
                        std::string(domain::Code(correction.reason))};
  fact.corrects = correction.ordinal;
  VK_RETURN_IF_ERROR(session.AddStayFact(stay.id, fact));
  if (correction.right) {
    VK_RETURN_IF_ERROR(session.AddStayFact(stay.id, IncidentFact(session, *correction.right)));
  }
  session.Publish(domain::StayEvent(stay, record->facility, domain::IncidentRecorded{stay.id}));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

}  // namespace

absl::StatusOr<StayAnswer> CorrectAbsenceRecord::Run(const auth::CallContext& ctx,
                                                     const CorrectAbsenceCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return CorrectAbsenceIn(session, ctx, command, admitted.decision);
  });
}

absl::StatusOr<StayAnswer> CorrectIncidentRecord::Run(const auth::CallContext& ctx,
                                                      const CorrectIncidentCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return CorrectIncidentIn(session, ctx, command, admitted.decision);
  });
}

}  // namespace vardkedja::placement::usecases
