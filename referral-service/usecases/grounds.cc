#include "referral-service/usecases/grounds.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/usecases/once.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::usecases {
namespace {

GroundView ViewOf(const domain::DisclosureGround& ground, std::string text, Date today) {
  return {ground, std::move(text), domain::IsLive(ground, today)};
}

absl::Status Illegal(std::string_view state, std::string_view message) {
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"state", std::string(state)}, {"allowed_actions", ""}};
  return MakeError(absl::StatusCode::kFailedPrecondition, message, std::move(detail));
}

}  // namespace

absl::StatusOr<SeenCase> GroundDoor::EnterAsOwner(const auth::CallContext& context,
                                                  std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, door_.Enter(context, referral_id));
  if (seen.actor.side != domain::Side::kOwner) {
    return door_.Refuse(context, seen.stored.referral.referral_id, "deny");
  }
  return seen;
}

absl::StatusOr<GroundView> GroundDoor::Read(const auth::CallContext& context,
                                            std::string_view ground_id) {
  VK_ASSIGN_OR_RETURN(auto stored, grounds_.Find(context, ground_id));
  if (!stored) return door_.Refuse(context, ground_id, "deny");
  VK_ASSIGN_OR_RETURN(const SeenCase seen, EnterAsOwner(context, stored->ground.case_id));
  VK_ASSIGN_OR_RETURN(std::string text, grounds_.OpenText(*stored));
  VK_RETURN_IF_ERROR(
      door_.audit().Record({CaseDoor::Entry(context, seen, ground_id)}, context.deadline));
  return ViewOf(stored->ground, std::move(text), StockholmDate(context.now));
}

absl::StatusOr<GroundView> RecordGround::Run(const auth::CallContext& context,
                                             const std::string& referral_id,
                                             const domain::NewGround& request) {
  return Once<GroundView>(
      door_.door().cases(), context, [&] { return Attempt(context, referral_id, request); },
      [&](const std::string& id) { return door_.Read(context, id); });
}

absl::StatusOr<GroundView> RecordGround::Attempt(const auth::CallContext& context,
                                                 const std::string& referral_id,
                                                 const domain::NewGround& request) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.EnterAsOwner(context, referral_id));
  const domain::Referral& referral = seen.stored.referral;
  if (referral.state == domain::State::kClosed) {
    return Illegal("closed", "A closed case takes no new grounds.");
  }
  if (referral.grounds.size() >= domain::kMostGroundsPerCase) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "The case has too many grounds.",
                     "TOO_MANY_GROUNDS");
  }
  const Date today = StockholmDate(context.now);
  const domain::GroundRules* rules = seen.reference->GroundRulesOn(today);
  if (rules == nullptr) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "No rules for grounds are in force on this date.", "NO_GROUND_RULES");
  }
  const domain::KnownCodes known{seen.reference->unit_ids, seen.reference->purposes,
                                 seen.reference.get()};
  VK_ASSIGN_OR_RETURN(domain::DisclosureGround ground,
                      domain::MakeGround(request, *rules, known, today));
  ground.ground_id = NewUuidV7();
  ground.case_id = referral.referral_id;
  ground.judged_by_subject = context.principal.subject;
  ground.recorded_at = context.now;
  const WriteTail tail{
      context, seen.actor,
      CaseDoor::WriteEntry(context, seen, ground.ground_id,
                           {std::string(kOwnerAlone), "grounds/" + ground.ground_id,
                            domain::FilledIn(ground, !request.text.empty())})};
  VK_RETURN_IF_ERROR(door_.grounds().Insert(referral, ground, request.text, tail));
  return ViewOf(ground, request.text, today);
}

absl::StatusOr<GroundView> RevokeGround::Run(const auth::CallContext& context,
                                             const std::string& ground_id,
                                             const std::string& etag) {
  return Once<GroundView>(
      door_.door().cases(), context, [&] { return Attempt(context, ground_id, etag); },
      [&](const std::string& id) { return door_.Read(context, id); });
}

absl::StatusOr<GroundView> RevokeGround::Attempt(const auth::CallContext& context,
                                                 const std::string& ground_id,
                                                 const std::string& etag) {
  VK_ASSIGN_OR_RETURN(GroundView view, door_.Read(context, ground_id));
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.EnterAsOwner(context, view.ground.case_id));
  VK_RETURN_IF_ERROR(CheckEtag(etag, view.ground.version));
  if (view.ground.ended_at) return Illegal(view.ground.end_reason_code, "The ground has ended.");
  view.ground.version += 1;
  view.ground.ended_at = context.now;
  view.ground.end_reason_code = "revoked";
  view.live = false;
  const WriteTail tail{context, seen.actor,
                       CaseDoor::WriteEntry(context, seen, view.ground.ground_id,
                                            {std::string(kOwnerAlone),
                                             "grounds/" + view.ground.ground_id,
                                             {"live", "end_reason_code", "end_time"}})};
  VK_RETURN_IF_ERROR(door_.grounds().SaveEnded(seen.stored.referral, view.ground, tail));
  return view;
}

absl::StatusOr<std::vector<GroundView>> ListGrounds::Run(const auth::CallContext& context,
                                                         const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.EnterAsOwner(context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  VK_ASSIGN_OR_RETURN(const std::vector<StoredGround> found, door_.grounds().OfCase(context, id));
  VK_RETURN_IF_ERROR(
      door_.door().audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  const Date today = StockholmDate(context.now);
  std::vector<GroundView> views;
  for (const StoredGround& stored : found) {
    VK_ASSIGN_OR_RETURN(std::string text, door_.grounds().OpenText(stored));
    views.push_back(ViewOf(stored.ground, std::move(text), today));
  }
  return views;
}

}  // namespace vardkedja::referral::usecases
