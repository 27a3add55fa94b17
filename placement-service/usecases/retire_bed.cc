#include "lib/status/status.h"
#include "placement-service/domain/retirement.h"
#include "placement-service/usecases/facilities.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> RetireIn(Session& session, const auth::CallContext& ctx,
                                     const RetireBedCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> record, session.LockBed(command.bed_id));
  if (!record) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, record->facility));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->bed.version));
  VK_ASSIGN_OR_RETURN(
      const domain::Bed bed,
      domain::Retire(record->bed, record->calendar, command.to, StockholmDate(session.now())));
  VK_RETURN_IF_ERROR(session.ChangeBed(bed));
  domain::FacilityFact fact{.at = session.now(), .kind = command.to ? "bed_retired" : "bed_kept"};
  fact.bed_id = bed.id;
  if (command.to) fact.period = {*command.to, std::nullopt};
  VK_RETURN_IF_ERROR(session.AddFacilityFact(bed.facility_id, fact));
  session.Publish({"bed", bed.id.value, bed.version, std::nullopt, record->facility, bed.kind,
                   domain::BedRegistered{bed}});
  session.Audit(OwnFacilityEntry(ctx, bed.id.value));
  return bed.id.value;
}

}  // namespace

absl::StatusOr<BedAnswer> RetireBed::Run(const auth::CallContext& ctx,
                                         const RetireBedCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return RetireIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Bed(ctx, domain::BedId(*id));
}

}  // namespace vardkedja::placement::usecases
