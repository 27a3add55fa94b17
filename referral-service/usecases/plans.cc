#include "referral-service/usecases/plans.h"

#include <algorithm>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

// Enters the case and requires that its plans may be seen.
absl::StatusOr<SeenCase> EnterPlans(CaseDoor& door, const auth::CallContext& context,
                                    std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, door.Enter(context, referral_id));
  if (!seen.access.categories.contains("plan")) {
    return door.Refuse(context, seen.stored.referral.referral_id, "deny.category");
  }
  return seen;
}

absl::Status MayNotWrite() {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "This unit may read the plans and not write this part of them.",
                   "ROLE_NOT_ALLOWED");
}

// Where support is given at home tells where home is.
domain::Plans Shown(const SeenCase& seen, domain::Plans plans) {
  for (domain::HomeSupportPart& part : plans.home_support) HideUnit(seen, part.unit_id);
  plans.merged_units = seen.reference->MergedAmong(domain::UnitsOf(plans));
  return plans;
}

}  // namespace

RevisePlans RevisePlan(domain::PlanRequest request, Instant now) {
  return [request = std::move(request), now](
             const domain::Plans& plans, const SeenCase& seen) -> absl::StatusOr<domain::Plans> {
    const domain::Side side = seen.actor.side;
    if (side != domain::Side::kOwner && side != domain::Side::kFacility) return MayNotWrite();
    return domain::RevisePlan(plans, request, *seen.reference, now);
  };
}

RevisePlans ReplaceHomeSupport(std::vector<domain::PartRequest> parts, Instant now) {
  return [parts = std::move(parts), now](const domain::Plans& plans,
                                         const SeenCase& seen) -> absl::StatusOr<domain::Plans> {
    if (seen.actor.side != domain::Side::kOwner) return MayNotWrite();
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < parts.size(); ++i) ids.push_back(NewUuidV7());
    return domain::ReplaceHomeSupport(plans, parts, ids, *seen.reference, StockholmDate(now));
  };
}

RevisePlans StartPart(std::string part_id, std::string start_date, Instant now) {
  return [part_id = std::move(part_id), start_date = std::move(start_date), now](
             const domain::Plans& plans, const SeenCase& seen) -> absl::StatusOr<domain::Plans> {
    const bool own_part =
        std::any_of(plans.home_support.begin(), plans.home_support.end(),
                    [&](const domain::HomeSupportPart& part) {
                      return part.part_id == part_id &&
                             seen.reference->AnswersFor(part.unit_id) == seen.actor.unit_id;
                    });
    if (seen.actor.side != domain::Side::kOwner && !own_part) return MayNotWrite();
    return domain::StartPart(plans, part_id, start_date, StockholmDate(now));
  };
}

absl::StatusOr<domain::Plans> GetPlans::Run(const auth::CallContext& context,
                                            const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, EnterPlans(door_, context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  VK_ASSIGN_OR_RETURN(domain::Plans plans, plans_.Find(context, id));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  return Shown(seen, std::move(plans));
}

absl::StatusOr<domain::Plans> WritePlans::Run(const auth::CallContext& context,
                                              const StepTarget& target, PlanStore::What what,
                                              const RevisePlans& revise) {
  return Once<domain::Plans>(
      door_.cases(), context, [&] { return Attempt(context, target, what, revise); },
      [&](const std::string& id) { return GetPlans(door_, plans_).Run(context, id); });
}

absl::StatusOr<domain::Plans> WritePlans::Attempt(const auth::CallContext& context,
                                                  const StepTarget& target, PlanStore::What what,
                                                  const RevisePlans& revise) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, EnterPlans(door_, context, target.referral_id));
  const domain::Referral& referral = seen.stored.referral;
  if (referral.state == domain::State::kDraft || referral.state == domain::State::kClosed) {
    ErrorDetail detail;
    detail.reason = "ILLEGAL_STATE";
    detail.metadata = {{"state", std::string(Name(referral.state))}, {"allowed_actions", ""}};
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Plans are written from submission until the case is closed.",
                     std::move(detail));
  }
  VK_ASSIGN_OR_RETURN(const domain::Plans before, plans_.Find(context, referral.referral_id));
  VK_RETURN_IF_ERROR(CheckEtag(target.etag, before.version));
  VK_ASSIGN_OR_RETURN(domain::Plans after, revise(before, seen));
  after.merged_units = seen.reference->MergedAmong(domain::UnitsOf(after));
  const std::string& id = referral.referral_id;
  const Written written{"plan", "referrals/" + id + "/plans", domain::ChangedFields(before, after)};
  const WriteTail tail{context, seen.actor, CaseDoor::WriteEntry(context, seen, id, written)};
  VK_RETURN_IF_ERROR(plans_.Save(referral, after, what, tail));
  return Shown(seen, std::move(after));
}

}  // namespace vardkedja::referral::usecases
