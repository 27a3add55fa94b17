// Who may write which document, and what others learn of it.
#include <set>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/usecases/documents.h"

namespace vardkedja::referral::usecases {
namespace {

using domain::CaseDocument;
using domain::DocumentChange;

absl::Status RequireSide(const SeenCase& seen, const std::set<domain::Side>& sides) {
  if (sides.contains(seen.actor.side)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "This unit may read the document and not write it.", "ROLE_NOT_ALLOWED");
}

domain::PlanAuthor AuthorOf(const SeenCase& seen, Instant now) {
  return {seen.actor.unit_id, seen.actor.organisation_id, now};
}

// The units that take part, or answer for one that did, and the owner, who always does.
std::set<std::string> PartiesOf(const domain::CoordinatedPlan& plan, const SeenCase& seen) {
  std::set<std::string> units = {seen.stored.referral.owner_unit_id};
  for (const std::string& party : plan.party_unit_ids) {
    units.insert(seen.reference->AnswersFor(party));
  }
  return units;
}

}  // namespace

ReviseDocument AssessPlanNeed(domain::NeedRequest request, Instant now) {
  return [request = std::move(request), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_ASSIGN_OR_RETURN(domain::CoordinatedPlan after,
                        AssessNeed(std::get<domain::CoordinatedPlan>(before), request,
                                   *seen.reference, AuthorOf(seen, now)));
    after.party_unit_ids.insert(seen.stored.referral.owner_unit_id);
    domain::CoordinatedPlanNeededEvent event{PartiesOf(after, seen)};
    return DocumentChange{std::move(after), std::move(event)};
  };
}

ReviseDocument RecordPlanAgreement(bool agreed, std::string text, Instant now) {
  return [agreed, text = std::move(text), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_ASSIGN_OR_RETURN(domain::CoordinatedPlan after,
                        RecordAgreement(std::get<domain::CoordinatedPlan>(before), agreed, text,
                                        AuthorOf(seen, now)));
    return DocumentChange{std::move(after), std::nullopt};
  };
}

ReviseDocument CallPlanMeeting(domain::MeetingRequest request, Instant now) {
  return [request = std::move(request), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_ASSIGN_OR_RETURN(domain::CoordinatedPlan after,
                        CallMeeting(std::get<domain::CoordinatedPlan>(before), request, NewUuidV7(),
                                    *seen.reference, AuthorOf(seen, now)));
    domain::CoordinatedPlanCalledEvent event{after.meetings.back()};
    return DocumentChange{std::move(after), std::move(event)};
  };
}

ReviseDocument WritePlanContent(domain::PlanContentRequest request, Instant now) {
  return [request = std::move(request), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_ASSIGN_OR_RETURN(domain::CoordinatedPlan after,
                        WriteContent(std::get<domain::CoordinatedPlan>(before), request,
                                     *seen.reference, AuthorOf(seen, now)));
    domain::CoordinatedPlanRecordedEvent event{PartiesOf(after, seen)};
    return DocumentChange{std::move(after), std::move(event)};
  };
}

ReviseDocument FollowUpPlan(domain::FollowUpRequest request, Instant now) {
  return [request = std::move(request), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_ASSIGN_OR_RETURN(
        domain::CoordinatedPlan after,
        FollowUp(std::get<domain::CoordinatedPlan>(before), request, AuthorOf(seen, now)));
    return DocumentChange{std::move(after), std::nullopt};
  };
}

ReviseDocument WriteCostSplit(domain::CostSplitRequest request, Instant now) {
  return [request = std::move(request), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_RETURN_IF_ERROR(RequireSide(seen, {domain::Side::kOwner}));
    VK_ASSIGN_OR_RETURN(
        domain::CostSplit after,
        domain::WriteCostSplit(std::get<domain::CostSplit>(before), request, *seen.reference, now));
    domain::CostSplitRecordedEvent event;
    for (const domain::CostShare& share : after.written->shares) {
      event.unit_ids.insert(share.unit_id);
    }
    return DocumentChange{std::move(after), std::move(event)};
  };
}

ReviseDocument DeclareAcute(std::string placement_date, std::string reason, Instant now) {
  return [placement_date = std::move(placement_date), reason = std::move(reason), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_RETURN_IF_ERROR(RequireSide(seen, {domain::Side::kOwner}));
    VK_ASSIGN_OR_RETURN(
        domain::CostSplit after,
        domain::DeclareAcute(std::get<domain::CostSplit>(before), placement_date, reason, now));
    domain::AcutePlacementDeclaredEvent event{after.acute->placement_date};
    return DocumentChange{std::move(after), event};
  };
}

ReviseDocument RecordOutcome(domain::OutcomeRequest request, Instant now) {
  return [request = std::move(request), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_RETURN_IF_ERROR(RequireSide(seen, {domain::Side::kOwner, domain::Side::kFacility}));
    VK_ASSIGN_OR_RETURN(domain::Outcomes after,
                        domain::RecordOutcome(std::get<domain::Outcomes>(before), request,
                                              seen.stored.referral.whereabouts, now));
    domain::OutcomeRecordedEvent event{after.outcomes.back()};
    return DocumentChange{std::move(after), std::move(event)};
  };
}

ReviseDocument RecordChildrenInquiry(domain::InquiryRequest request, Instant now) {
  return [request = std::move(request), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_RETURN_IF_ERROR(RequireSide(seen, {domain::Side::kOwner, domain::Side::kFacility}));
    VK_ASSIGN_OR_RETURN(
        domain::ChildrenAsRelatives after,
        RecordInquiry(std::get<domain::ChildrenAsRelatives>(before), request, StockholmDate(now)));
    return DocumentChange{std::move(after), std::nullopt};
  };
}

ReviseDocument PlanChildContact(std::vector<domain::ContactRequest> requests, Instant now) {
  return [requests = std::move(requests), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_RETURN_IF_ERROR(RequireSide(seen, {domain::Side::kOwner, domain::Side::kFacility}));
    VK_ASSIGN_OR_RETURN(domain::ChildrenAsRelatives after,
                        PlanContacts(std::get<domain::ChildrenAsRelatives>(before), requests, now));
    return DocumentChange{std::move(after), std::nullopt};
  };
}

ReviseDocument RecordIndividualFollowUp(std::string done_date, std::string text, Instant now) {
  return [done_date = std::move(done_date), text = std::move(text), now](
             const CaseDocument& before, const SeenCase& seen) -> absl::StatusOr<DocumentChange> {
    VK_RETURN_IF_ERROR(RequireSide(seen, {domain::Side::kOwner, domain::Side::kFacility}));
    VK_ASSIGN_OR_RETURN(domain::Outcomes after,
                        domain::RecordFollowUp(std::get<domain::Outcomes>(before), done_date, text,
                                               seen.stored.referral.whereabouts, now));
    return DocumentChange{std::move(after), std::nullopt};
  };
}

}  // namespace vardkedja::referral::usecases
