#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> EnrolIn(Session& session, const auth::CallContext& ctx,
                                    const EnrolCommand& command, const domain::BedId& bed_id,
                                    const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> record, session.LockOffer(command.offer_id));
  if (!bed || !record) return absl::InternalError("an offer or its bed is missing");
  const unsigned parties = PartiesOf(ctx, record->entry.owner_unit, record->facility.unit);
  const auto allowed = domain::Consume(record->offer, domain::OfferAction::kEnrol, parties);
  if (!allowed.ok()) return allowed.status();
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->offer.version));
  const Date today = StockholmDate(session.now());
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      domain::Enrol(domain::StayId(NewUuidV7()), record->entry, record->offer,
                                    command.move_in.value_or(today), today));
  if (!domain::OperationalOn(bed->calendar, stay.move_in)) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "The bed is closed on that date.",
                     "BED_CLOSED");
  }
  VK_RETURN_IF_ERROR(CheckNoLaterStay(session, stay));
  VK_RETURN_IF_ERROR(session.AddStay(stay));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(stay.id, {session.now(), "enrolled", stay.move_in, bed_id.value}));
  VK_RETURN_IF_ERROR(ConsumeOffer(session, *record, domain::OfferAction::kEnrol, parties));
  VK_RETURN_IF_ERROR(TellClosures(session, bed_id, stay.id.value));
  session.Publish(domain::StayEvent(
      stay, record->facility,
      domain::Enrolled{stay, record->entry.transfer, record->entry.planned_move_in}));
  VK_RETURN_IF_ERROR(BeginCarePeriod(session, record->entry, record->facility, stay));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

}  // namespace

absl::Status CheckNoLaterStay(Session& session, const domain::Stay& stay) {
  VK_ASSIGN_OR_RETURN(const bool in_bed, session.HasStayAfter(stay.bed_id, stay.move_in));
  if (in_bed) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Someone has lived in the bed on or after that date.", "BED_OCCUPIED");
  }
  VK_ASSIGN_OR_RETURN(const bool of_person, session.HasDayStayAfter(stay.person_id, stay.move_in));
  if (of_person) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The person has lived in another bed after that date.",
                     "PERSON_PLACED_ELSEWHERE");
  }
  return absl::OkStatus();
}

absl::Status ConsumeOffer(Session& session, OfferRecord record, domain::OfferAction action,
                          unsigned parties) {
  VK_ASSIGN_OR_RETURN(const domain::Offer offer, domain::Consume(record.offer, action, parties));
  VK_RETURN_IF_ERROR(session.ChangeOffer(offer));
  VK_RETURN_IF_ERROR(session.ConsumeReservation(offer.id));
  domain::QueueEntry& entry = record.entry;
  VK_ASSIGN_OR_RETURN(entry.state, domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                                domain::EntryAction::kPlace, parties));
  ++entry.version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  VK_RETURN_IF_ERROR(session.CancelTimer(kWaitingLong, entry.id.value));
  return session.AddHistory(entry.id, {session.now(), "placed", std::nullopt, offer.id});
}

absl::StatusOr<StayAnswer> EnrolPerson::Run(const auth::CallContext& ctx,
                                            const EnrolCommand& command) const {
  const ReadStays reads(ports_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::StayId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<OfferRecord> found,
                      ports_.store.FindOffer(ctx, command.offer_id));
  const auto case_id =
      found ? std::optional<std::string>(found->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      ports_.disclosure.Require(ctx, case_id, command.offer_id.value));
  if (decision.awaits_cost_split) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The cost split is not written and the placement was not declared acute.",
                     "COST_SPLIT_MISSING");
  }
  VK_ASSIGN_OR_RETURN(const std::string id, ports_.store.Commit(ctx, [&](Session& session) {
    return EnrolIn(session, ctx, command, found->offer.bed_id, decision);
  }));
  return reads.AfterWrite(ctx, id);
}

}  // namespace vardkedja::placement::usecases
