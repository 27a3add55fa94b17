#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/external_stays.h"

namespace vardkedja::placement::usecases {
namespace {

// A stay of one date has an empty range, which the exclusion constraint does not see.
absl::Status CheckNoLater(Session& session, const domain::ExternalStay& stay) {
  VK_ASSIGN_OR_RETURN(const bool later, session.HasStayAfter(stay.bed_id, stay.move_in));
  if (!later) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "Someone has lived in the bed on or after that date.", "BED_OCCUPIED");
}

absl::StatusOr<std::string> BeginIn(Session& session, const auth::CallContext& ctx,
                                    const BeginExternalStayCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(command.bed_id));
  if (!bed) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, bed->facility));
  const Date today = StockholmDate(session.now());
  const domain::Period planned{command.move_in.value_or(today), command.planned_departure};
  VK_ASSIGN_OR_RETURN(const bool member, session.IsChainMember(command.terms.purchaser));
  VK_ASSIGN_OR_RETURN(
      const domain::ExternalStay stay,
      domain::BeginExternalStay(domain::StayId(NewUuidV7()), bed->bed, bed->calendar, command.terms,
                                member, planned, today));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> first,
                      session.LockFirstEligible(*bed, today));
  if (first) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Somebody waits for a place of that kind; offer it by the queue.",
                     "QUEUE_WAITS");
  }
  VK_RETURN_IF_ERROR(CheckNoLater(session, stay));
  VK_RETURN_IF_ERROR(session.AddExternalStay(stay));
  session.Publish(domain::ExternalStayEvent(stay, bed->facility));
  session.Audit(OwnFacilityEntry(ctx, stay.id.value));
  return stay.id.value;
}

absl::StatusOr<std::string> EndIn(Session& session, const auth::CallContext& ctx,
                                  const EndExternalStayCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<ExternalStayRecord> record,
                      session.LockExternalStay(command.stay_id));
  if (!record) return absl::InternalError("an external stay is missing");
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, record->facility));
  const Date today = StockholmDate(session.now());
  VK_ASSIGN_OR_RETURN(const domain::ExternalStay ended,
                      domain::EndExternalStay(record->stay, domain::kFacility,
                                              command.departure.value_or(today), today));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeExternalStay(ended));
  session.Publish(domain::ExternalStayEvent(ended, record->facility));
  session.Audit(OwnFacilityEntry(ctx, ended.id.value));
  return ended.id.value;
}

// The bed recorded and the right one, in the order of ids.
absl::StatusOr<std::optional<domain::Bed>> LockBeds(Session& session, const domain::BedId& wrong,
                                                    const std::optional<domain::BedId>& right) {
  const domain::BedId other = right.value_or(wrong);
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> first,
                      session.LockBed(std::min(wrong, other)));
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> second,
                      session.LockBed(std::max(wrong, other)));
  const std::optional<BedRecord>& found = other < wrong ? first : second;
  if (!right || !found) return std::optional<domain::Bed>();
  return std::optional<domain::Bed>(found->bed);
}

absl::StatusOr<std::string> CorrectIn(Session& session, const auth::CallContext& ctx,
                                      const CorrectExternalStayCommand& command,
                                      const domain::BedId& seen) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Bed> bed,
                      LockBeds(session, seen, command.correction.bed));
  VK_ASSIGN_OR_RETURN(const std::optional<ExternalStayRecord> record,
                      session.LockExternalStay(command.stay_id));
  if (!record) return absl::InternalError("an external stay is missing");
  VK_RETURN_IF_ERROR(RequireOwnFacility(ctx, record->facility));
  domain::ExternalCorrection correction = command.correction;
  VK_ASSIGN_OR_RETURN(correction.member, session.IsChainMember(correction.terms.purchaser));
  VK_ASSIGN_OR_RETURN(
      const domain::CorrectedExternalStay corrected,
      domain::CorrectExternalStay(domain::StayId(NewUuidV7()), record->stay, domain::kFacility,
                                  correction, bed, StockholmDate(session.now())));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeExternalStay(corrected.wrong));
  session.Publish(domain::ExternalStayEvent(corrected.wrong, record->facility));
  if (corrected.right) {
    VK_RETURN_IF_ERROR(session.AddExternalStay(*corrected.right));
    session.Publish(domain::ExternalStayEvent(*corrected.right, record->facility));
  }
  const domain::StayId answer = corrected.right ? corrected.right->id : corrected.wrong.id;
  session.Audit(OwnFacilityEntry(ctx, answer.value));
  return answer.value;
}

}  // namespace

absl::StatusOr<ExternalStayAnswer> BeginExternalStay::Run(
    const auth::CallContext& ctx, const BeginExternalStayCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return BeginIn(session, ctx, command); }));
  }
  return ReadExternalStays(store_).Get(ctx, domain::StayId(*id));
}

absl::StatusOr<ExternalStayAnswer> EndExternalStay::Run(
    const auth::CallContext& ctx, const EndExternalStayCommand& command) const {
  const ReadExternalStays reads(store_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store_.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::StayId(*replay));
  VK_RETURN_IF_ERROR(reads.Get(ctx, command.stay_id).status());
  VK_ASSIGN_OR_RETURN(const std::string id, store_.Commit(ctx, [&](Session& session) {
    return EndIn(session, ctx, command);
  }));
  return reads.Get(ctx, domain::StayId(id));
}

absl::StatusOr<ExternalStayAnswer> CorrectExternalStay::Run(
    const auth::CallContext& ctx, const CorrectExternalStayCommand& command) const {
  const ReadExternalStays reads(store_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store_.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::StayId(*replay));
  VK_ASSIGN_OR_RETURN(const ExternalStayAnswer seen, reads.Get(ctx, command.stay_id));
  VK_ASSIGN_OR_RETURN(const std::string id, store_.Commit(ctx, [&](Session& session) {
    return CorrectIn(session, ctx, command, seen.record.stay.bed_id);
  }));
  return reads.Get(ctx, domain::StayId(id));
}

}  // namespace vardkedja::placement::usecases
