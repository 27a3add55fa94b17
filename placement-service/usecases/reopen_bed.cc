#include <algorithm>
#include <array>
#include <string_view>
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

std::string_view Code(ClosureCancelReason reason) {
  constexpr std::array<std::string_view, 4> kCodes = {"", "wrong_date", "wrong_bed", "not_closed"};
  return kCodes.at(static_cast<std::size_t>(reason));
}

absl::StatusOr<std::string> CancelIn(Session& session, const auth::CallContext& ctx,
                                     const CancelClosureCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> record, session.LockBed(command.bed_id));
  if (!record) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, record->facility));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->bed.version));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Closure> found,
                      session.FindClosure(command.bed_id, command.closure_id));
  if (!found) return NotFound();
  domain::Closure closure = *found;
  if (closure.period.to == closure.period.from) {
    return domain::IllegalState("closure", "taken_back", {});
  }
  domain::FacilityFact fact{.at = session.now(), .kind = "bed_closure_cancelled"};
  fact.field = "reason";
  fact.after = Code(command.reason);
  fact.bed_id = closure.bed_id;
  fact.period = closure.period;
  closure.period.to = closure.period.from;
  domain::Bed bed = record->bed;
  ++bed.version;
  VK_RETURN_IF_ERROR(session.ChangeBed(bed));
  VK_RETURN_IF_ERROR(session.ChangeClosure(closure));
  VK_RETURN_IF_ERROR(session.CancelTimer(kClosureWatch, closure.id.value));
  session.Publish({"bed", bed.id.value, bed.version, std::nullopt, record->facility, bed.kind,
                   domain::BedClosed{closure}});
  VK_RETURN_IF_ERROR(session.AddFacilityFact(bed.facility_id, fact));
  session.Audit(OwnFacilityEntry(ctx, bed.id.value));
  return bed.id.value;
}

}  // namespace

absl::StatusOr<BedAnswer> CancelClosure::Run(const auth::CallContext& ctx,
                                             const CancelClosureCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return CancelIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Bed(ctx, domain::BedId(*id));
}

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
