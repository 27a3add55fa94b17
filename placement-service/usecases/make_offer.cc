#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> OfferBed(Session& session, const auth::CallContext& ctx,
                                     const MakeOfferCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(command.bed_id));
  if (!bed) return NotFound();
  const unsigned parties = PartiesOf(ctx, domain::UnitId(), bed->facility.unit);
  if ((parties & (domain::kBoard | domain::kFacility)) == 0) return domain::UnitNotYours();
  const Date today = StockholmDate(session.now());
  const Date from = command.available_from.value_or(today);
  if (from < today) {
    return InvalidFields({{"available_from", "IN_THE_PAST", "Must be today or later.",
                           "Måste vara i dag eller senare."}});
  }
  VK_RETURN_IF_ERROR(domain::CheckOfferable(bed->calendar, from));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::OfferId> offer,
                      OfferToFirst(session, *bed, from, /*cascaded=*/false));
  if (!offer && domain::IntakeClosedOn(bed->facility, from)) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Planned intake is closed on that date, and nobody acute can be offered the"
                     " bed.",
                     "INTAKE_CLOSED");
  }
  if (!offer) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Nobody in the queue can be offered this bed from that date.", "QUEUE_EMPTY");
  }
  // The unit may offer without knowing to whom; the row says that the rule chose.
  auth::AccessDecision chosen;
  chosen.rule_id = "queue.first";
  session.Audit(WriteEntry(ctx, offer->value, chosen));
  return offer->value;
}

}  // namespace

absl::StatusOr<OfferAnswer> MakeOffer::Run(const auth::CallContext& ctx,
                                           const MakeOfferCommand& command) const {
  const ReadOffers reads(store_, disclosure_);
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return OfferBed(session, ctx, command); }));
  }
  return reads.AfterWrite(ctx, domain::OfferId(*id));
}

}  // namespace vardkedja::placement::usecases
