#include "lib/status/status.h"
#include "placement-service/usecases/facilities.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> AddIn(Session& session, const auth::CallContext& ctx,
                                  const domain::Bed& bed) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(bed.facility_id));
  if (!facility) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, *facility));
  VK_RETURN_IF_ERROR(domain::CheckNewBed(bed, StockholmDate(session.now())));
  VK_ASSIGN_OR_RETURN(const bool is_new, session.AddBed(bed));
  if (!is_new) {
    return MakeError(absl::StatusCode::kAlreadyExists,
                     "A bed with that id exists; ids are never used again.", "BED_EXISTS");
  }
  VK_RETURN_IF_ERROR(
      session.AddFacilityFact(bed.facility_id, domain::BedAddedFact(bed, session.now())));
  session.Publish({"bed", bed.id.value, bed.version, std::nullopt, *facility, bed.kind,
                   domain::BedRegistered{bed}});
  session.Audit(OwnFacilityEntry(ctx, bed.id.value));
  return bed.id.value;
}

}  // namespace

absl::StatusOr<BedAnswer> AddBedToFacility::Run(const auth::CallContext& ctx,
                                                const domain::Bed& bed) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return AddIn(session, ctx, bed); }));
  }
  return ReadBeds(store_).Bed(ctx, domain::BedId(*id));
}

}  // namespace vardkedja::placement::usecases
