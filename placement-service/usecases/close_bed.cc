#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> CloseIn(Session& session, const auth::CallContext& ctx,
                                    const CloseBedCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> record, session.LockBed(command.bed_id));
  if (!record) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, record->facility));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->bed.version));
  VK_RETURN_IF_ERROR(domain::CheckClosure(command.period));
  domain::Bed bed = record->bed;
  ++bed.version;
  VK_RETURN_IF_ERROR(session.ChangeBed(bed));
  const domain::Closure closure{domain::ClosureId(NewUuidV7()), bed.id, command.period,
                                command.reason};
  VK_RETURN_IF_ERROR(session.AddClosure(closure));
  session.Publish({"bed", bed.id.value, bed.version, std::nullopt, record->facility, bed.kind,
                   domain::BedClosed{closure}});
  domain::FacilityFact fact{.at = session.now(), .kind = "bed_closed"};
  fact.field = "reason";
  fact.after = domain::Code(closure.reason);
  fact.bed_id = bed.id;
  fact.period = closure.period;
  VK_RETURN_IF_ERROR(session.AddFacilityFact(bed.facility_id, fact));
  VK_RETURN_IF_ERROR(TellClosures(session, bed.id, closure.id.value));
  VK_RETURN_IF_ERROR(WatchClosure(session, closure));
  session.Audit(OwnFacilityEntry(ctx, bed.id.value));
  return bed.id.value;
}

}  // namespace

absl::Status RequireOwnFacility(const auth::CallContext& ctx, const domain::Facility& facility) {
  const bool own_unit = ctx.acting_unit == facility.unit.value;
  const bool own_seat = SeatOf(ctx).id == facility.id.value;
  if (own_unit || own_seat) return absl::OkStatus();
  return domain::UnitNotYours();
}

audit::Entry OwnFacilityEntry(const auth::CallContext& ctx, const std::string& resource_id) {
  audit::Entry entry = audit::MakeEntry(ctx, resource_id);
  entry.rule_id = "own_facility";
  entry.permitted = true;
  return entry;
}

absl::StatusOr<BedAnswer> CloseBed::Run(const auth::CallContext& ctx,
                                        const CloseBedCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return CloseIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Bed(ctx, domain::BedId(*id));
}

}  // namespace vardkedja::placement::usecases
