#include "referral-service/usecases/life_events.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/domain/identity_number.h"
#include "referral-service/usecases/history.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

bool OpensIdentity(const domain::LifeChange& change) {
  switch (change.event.kind) {
    case domain::LifeEventKind::kPersonCorrected:
    case domain::LifeEventKind::kMoved:
      return true;
    case domain::LifeEventKind::kProtectionSet:
      return !change.after.protected_identity;
    case domain::LifeEventKind::kDied:
      return false;
  }
  return true;
}

}  // namespace

domain::LifeEvent WithoutPerson(domain::LifeEvent event) {
  event.text.clear();
  event.former_person.reset();
  return event;
}

absl::StatusOr<domain::LifeEvent> TakeLifeEvent::Run(const auth::CallContext& context,
                                                     const StepTarget& target,
                                                     const DecideLifeEvent& decide) {
  return Once<domain::LifeEvent>(
      door_.cases(), context, [&] { return Attempt(context, target, decide); },
      [&](const std::string& id) { return Reread(context, id); });
}

absl::StatusOr<domain::LifeEvent> TakeLifeEvent::Reread(const auth::CallContext& context,
                                                        const std::string& life_event_id) {
  VK_ASSIGN_OR_RETURN(auto event, events_.Find(context, life_event_id));
  // The unit that recorded it may be told again that it did, also when the case has left it.
  if (!event || event->unit_id != context.acting_unit) {
    return door_.Refuse(context, life_event_id, "deny");
  }
  audit::Entry entry = audit::MakeEntry(context, life_event_id);
  entry.case_id = event->referral_id;
  entry.rule_id = "life_event.recorded_by";
  entry.permitted = true;
  VK_RETURN_IF_ERROR(door_.audit().Record({std::move(entry)}, context.deadline));
  return WithoutPerson(*std::move(event));
}

absl::StatusOr<domain::LifeEvent> TakeLifeEvent::Attempt(const auth::CallContext& context,
                                                         const StepTarget& target,
                                                         const DecideLifeEvent& decide) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, EnterAsOwner(door_, context, target.referral_id));
  const domain::Referral& referral = seen.stored.referral;
  VK_RETURN_IF_ERROR(CheckEtag(target.etag, referral.version));
  VK_RETURN_IF_ERROR(door_.cases().OpenContent(seen.stored));
  const domain::Step step{referral, seen.actor, *seen.reference, context.now, NewUuidV7()};
  VK_ASSIGN_OR_RETURN(domain::LifeChange change, decide(step));
  // Whoever may not see a protected identity must not open it to themselves, nor write over it.
  if (OpensIdentity(change) && !seen.access.categories.contains("identity")) {
    return door_.Refuse(context, referral.referral_id, "deny.protected");
  }
  if (change.event.kind == domain::LifeEventKind::kPersonCorrected) {
    const auto number = domain::IdentityNumber::Parse(
        change.after.content.form.person.identity_number, step.today());
    VK_ASSIGN_OR_RETURN(change.after.person_id,
                        door_.cases().ResolvePerson(context, number->normalised()));
  }
  change.changed_fields = domain::ChangedFields(referral, change.after);
  const WriteTail tail{context, seen.actor,
                       CaseDoor::Entry(context, seen, change.event.life_event_id)};
  VK_RETURN_IF_ERROR(events_.Save(change, tail));
  return WithoutPerson(std::move(change.event));
}

absl::StatusOr<std::vector<domain::LifeEvent>> ListLifeEvents::Run(const auth::CallContext& context,
                                                                   const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, EnterAsOwner(door_, context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  VK_ASSIGN_OR_RETURN(std::vector<domain::LifeEvent> events, events_.OfCase(context, id));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  if (!seen.access.categories.contains("identity")) {
    for (domain::LifeEvent& event : events) event = WithoutPerson(std::move(event));
  }
  return events;
}

}  // namespace vardkedja::referral::usecases
