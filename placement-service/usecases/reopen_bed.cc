#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> ReopenIn(Session& session, const auth::CallContext& ctx,
                                     const ReopenBedCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> record, session.LockBed(command.bed_id));
  if (!record) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, record->facility));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->bed.version));
  const auto found =
      std::find_if(record->closures.begin(), record->closures.end(),
                   [&](const domain::Closure& one) { return one.id == command.closure_id; });
  if (found == record->closures.end()) return NotFound();
  domain::Closure closure = *found;
  const Date today = StockholmDate(session.now());
  const Date open = command.open.value_or(today);
  if (open < today || (closure.period.to && open > *closure.period.to)) {
    return InvalidFields(
        {{"open_date", "RANGE", "Must be today or later and not after the end of the closure.",
          "Måste vara i dag eller senare och inte efter stängningens slut."}});
  }
  closure.period.to = std::max(open, closure.period.from);
  domain::Bed bed = record->bed;
  ++bed.version;
  VK_RETURN_IF_ERROR(session.ChangeBed(bed));
  VK_RETURN_IF_ERROR(session.ChangeClosure(closure));
  session.Publish({"bed", bed.id.value, bed.version, std::nullopt, record->facility, bed.kind,
                   domain::BedClosed{closure}});
  domain::FacilityFact fact{.at = session.now(), .kind = "bed_reopened"};
  fact.bed_id = bed.id;
  fact.period = {*closure.period.to, std::nullopt};
  VK_RETURN_IF_ERROR(session.AddFacilityFact(bed.facility_id, fact));
  session.Audit(OwnFacilityEntry(ctx, bed.id.value));
  return bed.id.value;
}

}  // namespace

absl::StatusOr<BedAnswer> ReopenBed::Run(const auth::CallContext& ctx,
                                         const ReopenBedCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return ReopenIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Bed(ctx, domain::BedId(*id));
}

}  // namespace vardkedja::placement::usecases
