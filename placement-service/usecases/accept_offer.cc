#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

// Those who waited before and are still there have been passed: the board is told.
absl::Status AlertPassed(Session& session, const domain::QueueEntry& placed,
                         const domain::Facility& facility) {
  VK_ASSIGN_OR_RETURN(std::vector<domain::QueueEntry> passed, session.LockPassed(placed));
  for (domain::QueueEntry& entry : passed) {
    entry.passed = true;
    ++entry.version;
    VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
    VK_RETURN_IF_ERROR(
        session.AddHistory(entry.id, {session.now(), "passed", std::nullopt, std::nullopt}));
    session.Publish(domain::EntryEvent(entry, facility, domain::QueueAlert{"passed"}));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> AcceptIn(Session& session, const auth::CallContext& ctx,
                                     const AcceptOfferCommand& command, const domain::BedId& bed_id,
                                     const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, session.LockOffer(command.offer_id));
  if (!bed || !record) return absl::InternalError("an offer or its bed is missing");
  const unsigned parties = PartiesOf(ctx, record->entry.owner_unit, record->facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Offer offer,
                      domain::Accept(record->offer, record->entry, record->facility.details.terms,
                                     parties, command.move_in, session.now()));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->offer.version));
  domain::QueueEntry entry = record->entry;
  VK_ASSIGN_OR_RETURN(entry.state, domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                                domain::EntryAction::kReserve, parties));
  VK_RETURN_IF_ERROR(session.Reserve(offer, entry));
  VK_RETURN_IF_ERROR(EndOffer(session, offer, entry, "accepted"));
  VK_RETURN_IF_ERROR(WatchMoveIn(session, offer, *offer.move_in));
  VK_RETURN_IF_ERROR(TellClosures(session, offer.bed_id, offer.id.value));
  session.Publish(domain::OfferEvent(offer, entry, record->facility, domain::OfferAccepted{offer}));
  VK_RETURN_IF_ERROR(AlertPassed(session, entry, record->facility));
  session.Audit(WriteEntry(ctx, offer.id.value, decision));
  return offer.id.value;
}

}  // namespace

absl::StatusOr<OfferAnswer> AcceptOffer::Run(const auth::CallContext& ctx,
                                             const AcceptOfferCommand& command) const {
  return WriteOffer(
      store_, disclosure_, ctx, command.offer_id,
      [&](Session& session, const domain::BedId& bed_id, const auth::AccessDecision& decision) {
        return AcceptIn(session, ctx, command, bed_id, decision);
      });
}

}  // namespace vardkedja::placement::usecases
