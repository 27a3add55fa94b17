#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> UndoIn(Session& session, const auth::CallContext& ctx,
                                   const StayCommand& command, const domain::BedId& bed_id,
                                   const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!bed || !record) return absl::InternalError("a stay or its bed is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Stay stay, domain::UndoDischarge(record->stay, parties));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  if (record->alternation) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The discharge ended a time at home; the person is offered a place anew.",
                     "PART_OF_A_MOVE");
  }
  VK_RETURN_IF_ERROR(CheckStillFree(session, *bed, record->stay));
  VK_RETURN_IF_ERROR(GoOn(session, *record, stay, "discharge_undone"));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

absl::StatusOr<std::string> ClearIn(Session& session, const auth::CallContext& ctx,
                                    const StayCommand& command,
                                    const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      domain::ClearPlannedDischarge(record->stay, parties));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  VK_RETURN_IF_ERROR(session.AddStayFact(
      stay.id, {session.now(), "discharge_plan_cleared", *record->stay.planned_departure}));
  VK_RETURN_IF_ERROR(TellClosures(session, stay.bed_id, stay.id.value));
  session.Publish(domain::StayEvent(stay, record->facility, domain::DischargePlanCleared{stay.id}));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

}  // namespace

absl::Status CheckStillFree(Session& session, BedRecord bed, const domain::Stay& ended) {
  bed.calendar.stays.clear();  // those the database compares, whenever they were
  const Date today = StockholmDate(session.now());
  VK_RETURN_IF_ERROR(domain::CheckUnused(bed.calendar, std::max(*ended.departure, today)));
  if (bed.calendar.operational.Contains(today)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "The bed is out of use since then.",
                   "BED_CLOSED");
}

absl::Status GoOn(Session& session, const StayRecord& ended, const domain::Stay& stay,
                  std::string_view fact) {
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Absence> absence, session.ReopenAbsence(stay.id));
  const Date departure = *ended.stay.departure;
  VK_RETURN_IF_ERROR(
      session.AddStayFact(stay.id, {session.now(), std::string(fact), departure,
                                    std::string(domain::Code(ended.stay.discharge_reason))}));
  domain::DischargeUndone undone{stay, departure, std::nullopt};
  if (absence && absence->kind == domain::AbsenceKind::kInterruption) {
    undone.interrupted = absence->since;
  }
  session.Publish(domain::StayEvent(stay, ended.facility, std::move(undone)));
  VK_RETURN_IF_ERROR(ReopenCarePeriod(session, stay, ended.facility));
  return TellClosures(session, stay.bed_id, stay.id.value);
}

absl::StatusOr<StayAnswer> UndoStayDischarge::Run(const auth::CallContext& ctx,
                                                  const StayCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return UndoIn(session, ctx, command, admitted.record.stay.bed_id, admitted.decision);
  });
}

absl::StatusOr<StayAnswer> ClearStayDischarge::Run(const auth::CallContext& ctx,
                                                   const StayCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return ClearIn(session, ctx, command, admitted.decision);
  });
}

}  // namespace vardkedja::placement::usecases
