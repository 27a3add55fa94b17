#include "referral-service/usecases/take_step.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/usecases/once.h"
#include "referral-service/usecases/person.h"

namespace vardkedja::referral::usecases {

absl::Status CheckEtag(const std::string& etag, std::int64_t version) {
  if (etag.empty()) return InvalidFields({domain::Required("etag")});
  if (etag == std::to_string(version)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted,
                   "The resource has changed since it was read: read it again.", "STALE_ETAG");
}

absl::StatusOr<CaseView> TakeStep::Run(const auth::CallContext& context, const StepTarget& target,
                                       const DecideStep& decide) {
  return OnceGuarded<CaseView>(
      door_.cases(), context, [&] { return Attempt(context, target, decide); },
      [&](const std::string& id) { return door_.Read(context, id); });
}

absl::StatusOr<CaseView> TakeStep::Attempt(const auth::CallContext& context,
                                           const StepTarget& target, const DecideStep& decide) {
  CaseStore& cases = door_.cases();
  VK_ASSIGN_OR_RETURN(SeenCase seen, door_.Enter(context, target.referral_id));
  const domain::Referral& referral = seen.stored.referral;
  VK_RETURN_IF_ERROR(CheckEtag(target.etag, referral.version));
  VK_RETURN_IF_ERROR(cases.OpenContent(seen.stored));
  const domain::Step step{referral, seen.actor, *seen.reference, context.now, NewUuidV7()};
  VK_ASSIGN_OR_RETURN(domain::Change change, decide(step));
  if (change.action == domain::Action::kUpdate) {
    VK_RETURN_IF_ERROR(FillPerson(cases, context, change));
  }
  change.changed_fields = domain::ChangedFields(referral, change.after);
  const WriteTail tail{context, seen.actor, CaseDoor::Entry(context, seen, referral.referral_id)};
  VK_RETURN_IF_ERROR(cases.Save(change, tail));
  return ViewOf(std::move(change.after), seen.access, *seen.reference);
}

}  // namespace vardkedja::referral::usecases
