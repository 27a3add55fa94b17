#include "referral-service/usecases/rerouting.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr std::string_view kRule = "reroute.party";

audit::Entry EntryOf(const auth::CallContext& context, const domain::Reroute& reroute) {
  audit::Entry entry = audit::MakeEntry(context, reroute.reroute_id);
  entry.case_id = reroute.referral_id;
  entry.rule_id = kRule;
  entry.permitted = true;
  return entry;
}

}  // namespace

absl::StatusOr<domain::Reroute> Rerouting::Enter(const auth::CallContext& context,
                                                 const std::string& reroute_id) {
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  if (!reference->purposes.contains(context.purpose)) {
    return door_.Refuse(context, reroute_id, "deny.purpose");
  }
  VK_ASSIGN_OR_RETURN(auto found, reroutes_.Find(context, reroute_id));
  if (!found ||
      (found->from_unit_id != context.acting_unit && found->to_unit_id != context.acting_unit)) {
    return door_.Refuse(context, reroute_id, "deny");
  }
  return *std::move(found);
}

absl::StatusOr<domain::Reroute> Rerouting::Get(const auth::CallContext& context,
                                               const std::string& reroute_id) {
  VK_ASSIGN_OR_RETURN(domain::Reroute reroute, Enter(context, reroute_id));
  VK_RETURN_IF_ERROR(door_.audit().Record({EntryOf(context, reroute)}, context.deadline));
  return reroute;
}

absl::StatusOr<ReroutePage> Rerouting::List(const auth::CallContext& context, RerouteQuery query,
                                            const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  if (!page.cursor.empty() && !IsUuid(page.cursor)) return BadCursor();
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  if (!reference->purposes.contains(context.purpose)) {
    return door_.Refuse(context, "reroutes", "deny.purpose");
  }
  query.unit_id = context.acting_unit;
  query.before = page.cursor;
  query.limit = limit + 1;
  ReroutePage found;
  VK_ASSIGN_OR_RETURN(found.reroutes, reroutes_.List(context, query));
  if (found.reroutes.size() > static_cast<std::size_t>(limit)) {
    found.reroutes.pop_back();
    found.next = found.reroutes.back().reroute_id;
  }
  std::vector<audit::Entry> audit;
  for (const domain::Reroute& reroute : found.reroutes) audit.push_back(EntryOf(context, reroute));
  if (!audit.empty()) VK_RETURN_IF_ERROR(door_.audit().Record(std::move(audit), context.deadline));
  return found;
}

absl::StatusOr<domain::Reroute> Rerouting::HandOver(const auth::CallContext& context,
                                                    const StepTarget& target,
                                                    const domain::HandOverRequest& request) {
  return Once<domain::Reroute>(
      door_.cases(), context, [&] { return AttemptHandOver(context, target, request); },
      [&](const std::string& id) { return Get(context, id); });
}

absl::StatusOr<domain::Reroute> Rerouting::AttemptHandOver(const auth::CallContext& context,
                                                           const StepTarget& target,
                                                           const domain::HandOverRequest& request) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, target.referral_id));
  const domain::Referral& referral = seen.stored.referral;
  VK_RETURN_IF_ERROR(CheckEtag(target.etag, referral.version));
  const domain::Step step{referral, seen.actor, *seen.reference, context.now, NewUuidV7()};
  VK_ASSIGN_OR_RETURN(domain::RerouteChange change, domain::HandOver(step, request));
  change.change.changed_fields = domain::ChangedFields(referral, change.change.after);
  const WriteTail tail{context, seen.actor,
                       CaseDoor::Entry(context, seen, change.reroute.reroute_id)};
  VK_RETURN_IF_ERROR(reroutes_.Save(change, tail));
  return std::move(change.reroute);
}

absl::StatusOr<domain::Reroute> Rerouting::End(const auth::CallContext& context,
                                               const std::string& reroute_id,
                                               const std::string& etag, domain::Side side,
                                               const Decide& decide) {
  return Once<domain::Reroute>(
      door_.cases(), context, [&] { return AttemptEnd(context, reroute_id, etag, side, decide); },
      [&](const std::string& id) { return Get(context, id); });
}

absl::StatusOr<domain::Reroute> Rerouting::AttemptEnd(const auth::CallContext& context,
                                                      const std::string& reroute_id,
                                                      const std::string& etag, domain::Side side,
                                                      const Decide& decide) {
  VK_ASSIGN_OR_RETURN(const domain::Reroute reroute, Enter(context, reroute_id));
  const bool receives = side == domain::Side::kReceiver;
  // The other of the two units knows the hand-over, and that this step is not its own.
  if ((receives ? reroute.to_unit_id : reroute.from_unit_id) != context.acting_unit) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "This step is the other unit's of the hand-over.", "ROLE_NOT_ALLOWED");
  }
  VK_RETURN_IF_ERROR(CheckEtag(etag, reroute.version));
  VK_ASSIGN_OR_RETURN(const auto stored, door_.cases().Find(context, reroute.referral_id));
  if (!stored) return absl::InternalError("a hand-over's case is missing");
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  const domain::Actor actor = ActorOf(context, side);
  const domain::Step step{stored->referral, actor, *reference, context.now, ""};
  VK_ASSIGN_OR_RETURN(domain::RerouteChange change, decide(step, reroute));
  change.change.changed_fields = domain::ChangedFields(stored->referral, change.change.after);
  VK_RETURN_IF_ERROR(reroutes_.Save(change, {context, actor, EntryOf(context, reroute)}));
  return std::move(change.reroute);
}

absl::StatusOr<domain::Reroute> Rerouting::Withdraw(const auth::CallContext& context,
                                                    const std::string& reroute_id,
                                                    const std::string& etag) {
  return End(context, reroute_id, etag, domain::Side::kOwner, domain::WithdrawHandOver);
}

absl::StatusOr<domain::Reroute> Rerouting::TakeOver(const auth::CallContext& context,
                                                    const std::string& reroute_id,
                                                    const std::string& etag) {
  return End(context, reroute_id, etag, domain::Side::kReceiver,
             [&](const domain::Step& step, const domain::Reroute& reroute) {
               return domain::TakeOver(step, reroute, context.purpose);
             });
}

absl::StatusOr<domain::Reroute> Rerouting::Decline(const auth::CallContext& context,
                                                   const std::string& reroute_id,
                                                   const std::string& etag,
                                                   const std::string& reason_code) {
  return End(context, reroute_id, etag, domain::Side::kReceiver,
             [&](const domain::Step& step, const domain::Reroute& reroute) {
               return domain::DeclineHandOver(step, reroute, reason_code);
             });
}

}  // namespace vardkedja::referral::usecases
