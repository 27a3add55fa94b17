#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> DeclineIn(Session& session, const auth::CallContext& ctx,
                                      const DeclineOfferCommand& command,
                                      const domain::BedId& bed_id,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, session.LockOffer(command.offer_id));
  if (!bed || !record) return absl::InternalError("an offer or its bed is missing");
  const unsigned parties = PartiesOf(ctx, record->entry.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Offer offer, domain::Decline(record->offer, parties, command.by,
                                                                 command.reason, session.now()));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->offer.version));
  domain::QueueEntry entry = record->entry;
  VK_RETURN_IF_ERROR(EndOffer(session, offer, entry, "declined"));
  session.Publish(domain::OfferEvent(offer, entry, record->facility, domain::OfferDeclined{offer}));
  VK_RETURN_IF_ERROR(Cascade(session, offer));
  session.Audit(WriteEntry(ctx, offer.id.value, decision));
  return offer.id.value;
}

}  // namespace

absl::StatusOr<OfferAnswer> DeclineOffer::Run(const auth::CallContext& ctx,
                                              const DeclineOfferCommand& command) const {
  return WriteOffer(
      store_, disclosure_, ctx, command.offer_id,
      [&](Session& session, const domain::BedId& bed_id, const auth::AccessDecision& decision) {
        return DeclineIn(session, ctx, command, bed_id, decision);
      });
}

}  // namespace vardkedja::placement::usecases
