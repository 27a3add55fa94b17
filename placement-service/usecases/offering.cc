#include "placement-service/usecases/offering.h"

#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::usecases {
namespace {

// Each round somebody else has taken a bed of a facility, and facilities have fewer.
constexpr int kMostRounds = 100;

absl::Status CancelOfferTimers(Session& session, const domain::OfferId& id) {
  VK_RETURN_IF_ERROR(session.CancelTimer(kOfferReminder, id.value));
  return session.CancelTimer(kOfferExpiry, id.value);
}

absl::Status Offer(Session& session, const BedRecord& bed, const domain::Offer& offer,
                   domain::QueueEntry entry) {
  const domain::OfferTerms& terms = bed.facility.details.terms;
  VK_RETURN_IF_ERROR(session.AddOffer(offer));
  entry.open_offer = offer.id;
  ++entry.version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  VK_RETURN_IF_ERROR(
      session.AddHistory(entry.id, {session.now(), "offered", std::nullopt, offer.id,
                                    offer.eligibility.override_id ? "override" : ""}));
  VK_RETURN_IF_ERROR(session.SetTimer(kOfferReminder, offer.id.value,
                                      domain::ReminderAt(offer, terms), bed.bed.id.value));
  VK_RETURN_IF_ERROR(
      session.SetTimer(kOfferExpiry, offer.id.value, offer.deadline, bed.bed.id.value));
  session.Publish(domain::OfferEvent(offer, entry, bed.facility, domain::OfferMade{offer}));
  return absl::OkStatus();
}

absl::StatusOr<domain::OfferId> OfferFirst(Session& session, const BedRecord& bed,
                                           Date available_from, domain::QueueEntry first,
                                           bool cascaded) {
  const domain::Offer offer =
      domain::MakeOffer(domain::OfferId(NewUuidV7()), first, bed.bed.id, available_from,
                        bed.facility.details.terms, session.now(), cascaded);
  VK_RETURN_IF_ERROR(Offer(session, bed, offer, std::move(first)));
  return offer.id;
}

// Why it is not the first, in words that say nothing of who is.
absl::Status NotFirst(Session& session, const BedRecord& bed, const domain::EntryId& id) {
  // Read without a lock: somebody else's entry is locked already, and nothing is written after
  // this.
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry, session.FindEntry(id));
  if (!entry) return absl::InternalError("a queue entry is missing");
  VK_RETURN_IF_ERROR(domain::CheckCanBeOffered(*entry));
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "The rule puts somebody else first for that bed; two seats of the board can"
                   " decide otherwise.",
                   ErrorDetail{"NOT_FIRST", {{"bed_id", bed.bed.id.value}}, {}, {}});
}

}  // namespace

absl::StatusOr<std::optional<domain::OfferId>> OfferToFirst(Session& session, const BedRecord& bed,
                                                            Date available_from, bool cascaded) {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> first,
                      session.LockFirstEligible(bed, available_from));
  if (!first) return std::optional<domain::OfferId>();
  VK_ASSIGN_OR_RETURN(domain::OfferId offer,
                      OfferFirst(session, bed, available_from, *std::move(first), cascaded));
  return std::optional<domain::OfferId>(std::move(offer));
}

absl::StatusOr<domain::OfferId> OfferIfFirst(Session& session, const BedRecord& bed,
                                             Date available_from, const domain::EntryId& entry) {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> first,
                      session.LockFirstEligible(bed, available_from));
  if (!first || first->id != entry) return NotFirst(session, bed, entry);
  return OfferFirst(session, bed, available_from, *std::move(first), /*cascaded=*/false);
}

absl::StatusOr<ChosenPlace> LockPlace(Session& session, const domain::QueueEntry& entry,
                                      const domain::Facility& facility, bool acute, Date by) {
  domain::PlaceWanted wanted{entry, facility, {}, acute, StockholmDate(session.now()), by};
  VK_RETURN_IF_ERROR(domain::CheckPlaceWanted(wanted));
  VK_ASSIGN_OR_RETURN(wanted.answered, session.AnsweredBeds(entry.id));
  // A bed that somebody else took before its lock was got is no choice in the next round, so that
  // no two sessions wait for each other's.
  for (int round = 0; round < kMostRounds; ++round) {
    VK_ASSIGN_OR_RETURN(const std::vector<domain::BedCalendar> beds,
                        session.Calendars(facility.id, entry.bed_kind));
    const std::optional<domain::PlaceChoice> choice = domain::ChoosePlace(beds, wanted);
    if (!choice) break;
    VK_ASSIGN_OR_RETURN(std::optional<BedRecord> bed, session.LockBed(choice->bed_id));
    if (bed && domain::CheckOfferable(bed->calendar, choice->from).ok()) {
      return ChosenPlace{*std::move(bed), choice->from};
    }
  }
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "No place of that kind that the person has not answered an offer of is free by"
                   " that date.",
                   "NO_FREE_PLACE");
}

absl::StatusOr<domain::OfferId> OfferByOverride(Session& session, const BedRecord& bed,
                                                Date available_from, domain::QueueEntry entry,
                                                const domain::OverrideId& override_id) {
  domain::Offer offer =
      domain::MakeOffer(domain::OfferId(NewUuidV7()), entry, bed.bed.id, available_from,
                        bed.facility.details.terms, session.now(), /*cascaded=*/false);
  offer.eligibility.override_id = override_id;
  // Locked, so that the first stays eligible while those before are counted. Nobody at all: the
  // entry has answered an offer of this bed before, which AddOffer refuses.
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> first,
                      session.LockFirstEligible(bed, available_from));
  if (first && first->sort_key < entry.sort_key) {
    offer.eligibility.first_eligible = first->id;
    VK_ASSIGN_OR_RETURN(offer.eligibility.eligible_before,
                        session.CountEligibleBefore(bed, available_from, entry));
  }
  VK_RETURN_IF_ERROR(Offer(session, bed, offer, std::move(entry)));
  return offer.id;
}

absl::Status EndOffer(Session& session, const domain::Offer& ended, domain::QueueEntry& entry,
                      std::string_view kind) {
  VK_RETURN_IF_ERROR(session.ChangeOffer(ended));
  entry.open_offer.reset();
  ++entry.version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  VK_RETURN_IF_ERROR(
      session.AddHistory(entry.id, {session.now(), std::string(kind), std::nullopt, ended.id}));
  return CancelOfferTimers(session, ended.id);
}

absl::Status EndTransfer(Session& session, const domain::Transfer& cancelled) {
  VK_RETURN_IF_ERROR(session.ChangeTransfer(cancelled));
  return session.AddStayFact(cancelled.from_stay,
                             {session.now(), "transfer_cancelled", StockholmDate(session.now()),
                              std::string(domain::Code(cancelled.cancel_reason))});
}

absl::Status Cascade(Session& session, const domain::Offer& ended) {
  if (!domain::GoesToNext(ended)) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(ended.bed_id));
  if (!bed) return absl::InternalError("an offer's bed is missing");
  const Date from = std::max(ended.available_from, StockholmDate(session.now()));
  if (!domain::CheckOfferable(bed->calendar, from).ok()) return absl::OkStatus();
  return OfferToFirst(session, *bed, from, /*cascaded=*/true).status();
}

absl::StatusOr<OfferAnswer> WriteOffer(Store& store, const Disclosure& disclosure,
                                       const auth::CallContext& ctx, const domain::OfferId& id,
                                       const OfferWrite& write) {
  const ReadOffers reads(store, disclosure);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::OfferId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> found, store.FindOffer(ctx, id));
  const auto case_id =
      found ? std::optional<std::string>(found->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure.Require(ctx, case_id, id.value));
  VK_ASSIGN_OR_RETURN(const std::string written, store.Commit(ctx, [&](Session& session) {
    return write(session, found->offer.bed_id, decision);
  }));
  return reads.AfterWrite(ctx, domain::OfferId(written));
}

absl::StatusOr<std::optional<Date>> PlannedMove(Session& session, const domain::OfferId& id) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::StayId> moving, session.FindStayMovingOn(id));
  if (!moving) return std::optional<Date>();
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> stay, session.LockStay(*moving));
  if (!stay || !stay->transfer) return std::optional<Date>();
  return std::optional<Date>(stay->transfer->move);
}

absl::Status CancelTransferOn(Session& session, const OfferRecord& record) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::StayId> moving,
                      session.FindStayMovingOn(record.offer.id));
  if (!moving) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> stay, session.LockStay(*moving));
  if (!stay || !stay->transfer) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const domain::Transfer cancelled,
                      domain::Cancel(*stay->transfer, domain::kConsequence,
                                     domain::TransferCancelReason::kOvertaken));
  session.Publish(domain::TransferEvent(
      cancelled, stay->stay, stay->facility,
      domain::TransferCancelled{cancelled, stay->facility.unit, record.facility.unit}));
  return EndTransfer(session, cancelled);
}

absl::Status ReturnToQueue(Session& session, const domain::Offer& ended, domain::QueueEntry entry,
                           std::string_view kind) {
  VK_ASSIGN_OR_RETURN(entry.state,
                      domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                   domain::EntryAction::kGiveBack, domain::kConsequence));
  VK_RETURN_IF_ERROR(PrepareToWait(session, entry));
  VK_RETURN_IF_ERROR(session.ReleaseReservation(ended.id));
  VK_RETURN_IF_ERROR(session.CancelTimer(kConflictWatch, ended.id.value));
  VK_RETURN_IF_ERROR(EndOffer(session, ended, entry, kind));
  // A ground that ended while the place was reserved: nobody may read the case to offer it another.
  if (!entry.units_without_ground.empty()) {
    VK_RETURN_IF_ERROR(LeaveQueue(session, entry, domain::kLeftGroundEnded));
  }
  return Cascade(session, ended);
}

absl::Status LeaveQueue(Session& session, domain::QueueEntry entry, std::string_view reason) {
  VK_ASSIGN_OR_RETURN(entry.state, domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                                domain::EntryAction::kLeave, domain::kConsequence));
  entry.left_reason = reason;
  entry.parking.reset();
  VK_RETURN_IF_ERROR(session.CancelTimer(kParkEnd, entry.id.value));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::OfferId> live, session.FindLiveOffer(entry.id));
  std::optional<domain::Offer> withdrawn;
  if (live) {
    VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> record, session.LockOffer(*live));
    if (!record) return absl::InternalError("a live offer is missing");
    VK_ASSIGN_OR_RETURN(withdrawn, domain::Withdraw(record->offer));
    VK_RETURN_IF_ERROR(session.ReleaseReservation(*live));
    VK_RETURN_IF_ERROR(session.CancelTimer(kConflictWatch, live->value));
    VK_RETURN_IF_ERROR(CancelTransferOn(session, *record));
    VK_RETURN_IF_ERROR(EndOffer(session, *withdrawn, entry, "withdrawn"));
    if (withdrawn->move_in) {
      session.Publish(
          domain::OfferEvent(*withdrawn, entry, record->facility,
                             domain::ReservationEnded{*withdrawn, std::string(reason)}));
    }
  } else {
    ++entry.version;
    VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  }
  VK_RETURN_IF_ERROR(session.AddHistory(
      entry.id, {session.now(), "left", std::nullopt, std::nullopt, std::string(reason)}));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(entry.facility_id));
  if (!facility) return absl::InternalError("an entry's facility is missing");
  session.Publish(domain::EntryEvent(entry, *facility, domain::Dequeued{std::string(reason)}));
  if (!withdrawn) return absl::OkStatus();
  return Cascade(session, *withdrawn);
}

}  // namespace vardkedja::placement::usecases
