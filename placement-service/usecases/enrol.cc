#include <initializer_list>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

// All that was refused, as one error: the first, with the reasons of the others and what they say
// more. What is no refusal but a failure is told alone.
absl::Status AllRefusals(std::initializer_list<absl::Status> statuses) {
  std::optional<ErrorDetail> all;
  absl::Status first;
  for (const absl::Status& status : statuses) {
    if (status.ok()) continue;
    std::optional<ErrorDetail> detail = GetErrorDetail(status);
    if (!detail) return status;
    if (!all) {
      first = status;
      all = std::move(detail);
      continue;
    }
    std::string& also = all->metadata["also"];
    also += (also.empty() ? "" : ",") + detail->reason;
    all->metadata.merge(detail->metadata);
  }
  if (!all) return absl::OkStatus();
  return MakeError(first.code(), ToStd(first.message()), *std::move(all));
}

absl::Status CheckOpen(const BedRecord& bed, Date date) {
  if (domain::OperationalOn(bed.calendar, date)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "The bed is closed on that date.",
                   "BED_CLOSED");
}

// The agreement is read again only when it was not complete: what completes it locks the offer too,
// and what takes it back meanwhile meets the database's own gate.
absl::StatusOr<domain::ExceptionReason> PassAgreement(Session& session, const domain::Offer& offer,
                                                      domain::ExceptionReason given) {
  if (offer.agreed) return domain::ExceptionReason::kNone;
  VK_ASSIGN_OR_RETURN(const auto agreement, session.FindAgreement(offer.id));
  return domain::AgreementGate(agreement, given);
}

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
  const Date move_in = command.move_in.value_or(StockholmDate(session.now()));
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      BeginStay(session, *record, *bed, {move_in, command.agreement_exception}));
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
  return absl::OkStatus();
}

absl::StatusOr<domain::Stay> BeginStay(Session& session, const OfferRecord& record,
                                       const BedRecord& bed, const MoveInto& move) {
  absl::StatusOr<domain::Stay> stay =
      domain::Enrol(domain::StayId(NewUuidV7()), record.entry, record.offer, move.date,
                    StockholmDate(session.now()));
  const absl::Status free = stay.ok() ? CheckNoLaterStay(session, *stay) : absl::OkStatus();
  const auto exception = PassAgreement(session, record.offer, move.agreement_exception);
  VK_RETURN_IF_ERROR(
      AllRefusals({stay.status(), CheckOpen(bed, move.date), free, exception.status()}));
  stay->agreement_exception = *exception;
  return stay;
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
