#include <algorithm>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/facilities.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> CloseIn(Session& session, const auth::CallContext& ctx,
                                    const CloseIntakeCommand& command) {
  VK_ASSIGN_OR_RETURN(domain::Facility facility, LockOwnFacility(session, ctx, command.facility));
  VK_RETURN_IF_ERROR(domain::CheckIntakeClosure(command.period, StockholmDate(session.now())));
  const domain::IntakeClosure closure{domain::IntakeClosureId(NewUuidV7()), command.period};
  VK_RETURN_IF_ERROR(session.AddIntakeClosure(facility.id, closure));
  ++facility.version;
  domain::FacilityFact fact{.at = session.now(), .kind = "intake_closed"};
  fact.period = closure.period;
  VK_RETURN_IF_ERROR(WriteFacility(session, ctx, facility, {fact}));
  return facility.id.value;
}

absl::StatusOr<std::string> OpenIn(Session& session, const auth::CallContext& ctx,
                                   const OpenIntakeCommand& command) {
  VK_ASSIGN_OR_RETURN(domain::Facility facility, LockOwnFacility(session, ctx, command.facility));
  const auto found =
      std::find_if(facility.intake_closures.begin(), facility.intake_closures.end(),
                   [&](const domain::IntakeClosure& one) { return one.id == command.closure_id; });
  const Date today = StockholmDate(session.now());
  if (found == facility.intake_closures.end() || !found->period.ReachesBeyond(today)) {
    return NotFound();
  }
  VK_ASSIGN_OR_RETURN(const domain::IntakeClosure opened,
                      domain::OpenIntake(*found, command.open.value_or(today), today));
  VK_RETURN_IF_ERROR(session.ChangeIntakeClosure(opened));
  ++facility.version;
  domain::FacilityFact fact{.at = session.now(), .kind = "intake_opened"};
  fact.period = {*opened.period.to, std::nullopt};
  VK_RETURN_IF_ERROR(WriteFacility(session, ctx, facility, {fact}));
  return facility.id.value;
}

}  // namespace

absl::StatusOr<FacilityAnswer> CloseIntake::Run(const auth::CallContext& ctx,
                                                const CloseIntakeCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return CloseIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Facility(ctx, domain::FacilityId(*id));
}

absl::StatusOr<FacilityAnswer> OpenIntake::Run(const auth::CallContext& ctx,
                                               const OpenIntakeCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return OpenIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Facility(ctx, domain::FacilityId(*id));
}

}  // namespace vardkedja::placement::usecases
