#include "referral-service/usecases/retention.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/usecases/case_list.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

RetentionView ViewOf(const domain::Referral& referral, const domain::RetentionClock& clock,
                     domain::Retention retention) {
  const bool archived = domain::IsArchived(retention);
  return {referral.referral_id, referral.case_number, clock, std::move(retention), archived};
}

}  // namespace

absl::StatusOr<SeenCase> Retentions::Enter(const auth::CallContext& context,
                                           const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(auto reference, door_.reference().Current(context));
  const std::string id =
      IsUuid(referral_id) ? referral_id : std::string("00000000-0000-0000-0000-000000000000");
  VK_ASSIGN_OR_RETURN(auto found, door_.cases().Find(context, id));
  if (!found) return door_.Refuse(context, id, "deny");
  SeenCase seen;
  // Of an erased case its owner is told that it is, and nobody anything else.
  domain::CaseFacts facts = domain::FactsOf(found->referral);
  facts.erased = false;
  seen.access = domain::Decide(facts, QuestionOf(context, *reference));
  if (seen.access.side != domain::Side::kOwner) return door_.Refuse(context, id, "deny");
  seen.actor = ActorOf(context, seen.access.side);
  seen.reference = std::move(reference);
  seen.today = StockholmDate(context.now);
  seen.stored = *std::move(found);
  return seen;
}

absl::StatusOr<Retentions::Entered> Retentions::Load(const auth::CallContext& context,
                                                     const std::string& referral_id) {
  Entered entered;
  VK_ASSIGN_OR_RETURN(entered.seen, Enter(context, referral_id));
  const SeenCase& seen = entered.seen;
  const domain::Referral& referral = seen.stored.referral;
  VK_ASSIGN_OR_RETURN(entered.stored, store_.Find(context, referral));
  VK_ASSIGN_OR_RETURN(entered.clock, domain::RunClock(referral, entered.stored.same_owner,
                                                      *seen.reference, seen.today));
  entered.rule = seen.reference->RetentionRuleOf(referral.owner_organisation_id, seen.today);
  return entered;
}

absl::StatusOr<RetentionView> Retentions::Get(const auth::CallContext& context,
                                              const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(Entered entered, Load(context, referral_id));
  const domain::Referral& referral = entered.seen.stored.referral;
  VK_RETURN_IF_ERROR(door_.audit().Record(
      {CaseDoor::Entry(context, entered.seen, referral.referral_id)}, context.deadline));
  return ViewOf(referral, entered.clock, std::move(entered.stored.retention));
}

absl::StatusOr<RetentionPage> Retentions::ListDue(const auth::CallContext& context,
                                                  const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  DuePosition after;
  if (!page.cursor.empty()) {
    const auto position = ReadCursor(page.cursor);
    if (!position) return BadCursor();
    after = {position->at, position->referral_id};
  }
  VK_ASSIGN_OR_RETURN(
      const std::vector<std::string> ids,
      store_.Due(context, context.acting_unit, StockholmDate(context.now), after, limit + 1));
  RetentionPage found;
  std::vector<audit::Entry> audit;
  for (const std::string& id : ids) {
    if (found.cases.size() == static_cast<std::size_t>(limit)) break;
    VK_ASSIGN_OR_RETURN(Entered entered, Load(context, id));
    const domain::Referral& referral = entered.seen.stored.referral;
    audit.push_back(CaseDoor::Entry(context, entered.seen, id));
    found.next = WriteCursor({referral.state_since, id});
    found.cases.push_back(ViewOf(referral, entered.clock, std::move(entered.stored.retention)));
  }
  if (ids.size() <= static_cast<std::size_t>(limit)) found.next.clear();
  if (!audit.empty()) VK_RETURN_IF_ERROR(door_.audit().Record(std::move(audit), context.deadline));
  return found;
}

absl::StatusOr<RetentionView> Retentions::Write(const auth::CallContext& context,
                                                const StepTarget& target, const Decide& decide) {
  return Once<RetentionView>(
      door_.cases(), context, [&] { return Attempt(context, target, decide); },
      [&](const std::string& id) { return Get(context, id); });
}

absl::StatusOr<RetentionView> Retentions::Attempt(const auth::CallContext& context,
                                                  const StepTarget& target, const Decide& decide) {
  VK_ASSIGN_OR_RETURN(const Entered entered, Load(context, target.referral_id));
  const domain::Referral& referral = entered.seen.stored.referral;
  VK_RETURN_IF_ERROR(CheckEtag(target.etag, entered.stored.retention.version));
  VK_ASSIGN_OR_RETURN(domain::Retention after, decide(entered));
  const Written written{std::string(kOwnerAlone),
                        "referrals/" + referral.referral_id + "/retention",
                        domain::ChangedFields(entered.stored.retention, after)};
  const WriteTail tail{context, entered.seen.actor,
                       CaseDoor::WriteEntry(context, entered.seen, referral.referral_id, written)};
  VK_RETURN_IF_ERROR(after.erased_at ? store_.Erase(referral, after, tail)
                                     : store_.Save(after, tail));
  return ViewOf(referral, entered.clock, std::move(after));
}

absl::StatusOr<RetentionView> Retentions::PlaceHold(const auth::CallContext& context,
                                                    const StepTarget& target,
                                                    const std::string& reason_code) {
  return Write(context, target, [&](const Entered& entered) {
    return domain::PlaceHold(entered.seen.stored.referral, entered.stored.retention, reason_code,
                             *entered.rule);
  });
}

absl::StatusOr<RetentionView> Retentions::ReleaseHold(const auth::CallContext& context,
                                                      const StepTarget& target) {
  return Write(context, target, [&](const Entered& entered) {
    return domain::ReleaseHold(entered.seen.stored.referral, entered.stored.retention);
  });
}

absl::StatusOr<RetentionView> Retentions::ConfirmArchive(const auth::CallContext& context,
                                                         const StepTarget& target,
                                                         const domain::ArchiveReceipt& receipt) {
  return Write(context, target, [&](const Entered& entered) {
    return domain::ConfirmArchive(entered.seen.stored.referral, entered.stored.retention, receipt,
                                  context.now);
  });
}

absl::StatusOr<RetentionView> Retentions::Erase(const auth::CallContext& context,
                                                const StepTarget& target,
                                                const std::string& waiver_reason_code) {
  return Write(context, target, [&](const Entered& entered) {
    return domain::Erase(entered.seen.stored.referral, entered.stored.retention, entered.clock,
                         waiver_reason_code, *entered.rule, context.now);
  });
}

}  // namespace vardkedja::referral::usecases
