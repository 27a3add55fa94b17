#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> PlanIn(Session& session, const auth::CallContext& ctx,
                                   const PlanDischargeCommand& command,
                                   const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!record) return absl::InternalError("a stay is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      domain::PlanDischarge(record->stay, parties, command.planned,
                                            StockholmDate(session.now()), command.exception));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(stay.id, {session.now(), "discharge_planned", command.planned}));
  session.Publish(domain::StayEvent(stay, record->facility, domain::DischargePlanned{stay}));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

}  // namespace

absl::StatusOr<StayAnswer> PlanStayDischarge::Run(const auth::CallContext& ctx,
                                                  const PlanDischargeCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return PlanIn(session, ctx, command, admitted.decision);
  });
}

}  // namespace vardkedja::placement::usecases
