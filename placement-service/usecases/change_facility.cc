#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/facilities.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> ChangeIn(Session& session, const auth::CallContext& ctx,
                                     const ChangeFacilityCommand& command) {
  VK_ASSIGN_OR_RETURN(domain::Facility facility, LockOwnFacility(session, ctx, command.facility));
  VK_ASSIGN_OR_RETURN(const domain::FacilityChange change,
                      domain::ChangeFacility(std::move(facility), command.details, session.now()));
  VK_RETURN_IF_ERROR(WriteFacility(session, ctx, change.facility, change.facts));
  return change.facility.id.value;
}

}  // namespace

absl::StatusOr<domain::Facility> LockOwnFacility(Session& session, const auth::CallContext& ctx,
                                                 const SeenFacility& seen) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.LockFacility(seen.id));
  if (!facility) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, *facility));
  VK_RETURN_IF_ERROR(CheckEtag(seen.etag, facility->version));
  return *facility;
}

absl::Status WriteFacility(Session& session, const auth::CallContext& ctx,
                           const domain::Facility& facility,
                           const std::vector<domain::FacilityFact>& facts) {
  VK_RETURN_IF_ERROR(session.ChangeFacility(facility));
  for (const domain::FacilityFact& fact : facts) {
    VK_RETURN_IF_ERROR(session.AddFacilityFact(facility.id, fact));
  }
  session.Publish({"facility", facility.id.value, facility.version, std::nullopt, facility,
                   domain::BedKind::kUnspecified, domain::FacilityRegistered{}});
  session.Audit(OwnFacilityEntry(ctx, facility.id.value));
  return absl::OkStatus();
}

absl::StatusOr<FacilityAnswer> ChangeFacilityDetails::Run(
    const auth::CallContext& ctx, const ChangeFacilityCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return ChangeIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Facility(ctx, domain::FacilityId(*id));
}

}  // namespace vardkedja::placement::usecases
