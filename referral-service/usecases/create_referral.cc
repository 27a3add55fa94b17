#include "referral-service/usecases/create_referral.h"

#include <string>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/usecases/once.h"
#include "referral-service/usecases/person.h"

namespace vardkedja::referral::usecases {

absl::StatusOr<CaseView> CreateReferral::Run(const auth::CallContext& context,
                                             const domain::CreateRequest& request) {
  return Once<CaseView>(
      door_.cases(), context, [&] { return Attempt(context, request); },
      [&](const std::string& id) { return door_.Read(context, id); });
}

absl::StatusOr<CaseView> CreateReferral::Attempt(const auth::CallContext& context,
                                                 const domain::CreateRequest& request) {
  CaseStore& cases = door_.cases();
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  SeenCase seen;
  seen.actor = ActorOf(context, domain::Side::kOwner);
  VK_ASSIGN_OR_RETURN(domain::Change change,
                      domain::Create(request, seen.actor, *reference, context.now,
                                     {.referral_id = NewUuidV4(), .case_number = ""}));
  VK_RETURN_IF_ERROR(FillPerson(cases, context, change));

  seen.stored.referral = change.after;
  seen.access = Decide(domain::FactsOf(change.after), QuestionOf(context, *reference));
  if (!seen.access.permitted) return door_.Refuse(context, change.after.referral_id, "deny");
  change.changed_fields = domain::ChangedFields(domain::Referral(), change.after);
  const WriteTail tail{context, seen.actor,
                       CaseDoor::Entry(context, seen, change.after.referral_id)};
  VK_RETURN_IF_ERROR(cases.Insert(change, tail));
  return ViewOf(std::move(change.after), seen.access, *reference);
}

}  // namespace vardkedja::referral::usecases
