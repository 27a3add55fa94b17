#include "referral-service/usecases/reorganisations.h"

#include <charconv>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

audit::Entry EntryOf(const auth::CallContext& context, const std::string& reorganisation_id) {
  audit::Entry entry = audit::MakeEntry(context, reorganisation_id);
  entry.rule_id = "reorganisation.party";
  entry.permitted = true;
  return entry;
}

std::optional<int> ReadPlace(std::string_view cursor) {
  int place = 0;
  const auto [stopped, error] =
      std::from_chars(cursor.data(), cursor.data() + cursor.size(), place);
  if (error != std::errc() || stopped != cursor.data() + cursor.size() || place < 0) return {};
  return place;
}

}  // namespace

absl::StatusOr<domain::UnitReorganisation> Reorganisations::Enter(
    const auth::CallContext& context, const std::string& reorganisation_id) {
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  if (!reference->purposes.contains(context.purpose)) {
    return door_.Refuse(context, reorganisation_id, "deny.purpose");
  }
  VK_ASSIGN_OR_RETURN(auto found, store_.Find(context, reorganisation_id));
  if (!found ||
      (found->from_unit_id != context.acting_unit && found->to_unit_id != context.acting_unit)) {
    return door_.Refuse(context, reorganisation_id, "deny");
  }
  return *std::move(found);
}

absl::StatusOr<domain::UnitReorganisation> Reorganisations::Get(
    const auth::CallContext& context, const std::string& reorganisation_id) {
  VK_ASSIGN_OR_RETURN(domain::UnitReorganisation found, Enter(context, reorganisation_id));
  VK_RETURN_IF_ERROR(
      door_.audit().Record({EntryOf(context, found.reorganisation_id)}, context.deadline));
  return found;
}

absl::StatusOr<ReorganisedCasePage> Reorganisations::Cases(const auth::CallContext& context,
                                                           ReorganisedCaseQuery query,
                                                           const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  const std::optional<int> after = page.cursor.empty() ? 0 : ReadPlace(page.cursor);
  if (!after) return BadCursor();
  VK_ASSIGN_OR_RETURN(const domain::UnitReorganisation of, Enter(context, query.reorganisation_id));
  ReorganisedCasePage found;
  std::vector<audit::Entry> audit = {EntryOf(context, of.reorganisation_id)};
  const bool receives = of.to_unit_id == context.acting_unit;
  const bool others_asked = query.state != ReorganisedCaseState::kUnspecified &&
                            query.state != ReorganisedCaseState::kMoved;
  if (!receives || !others_asked) {
    if (receives) query.state = ReorganisedCaseState::kMoved;
    query.after = *after;
    query.limit = limit + 1;
    VK_ASSIGN_OR_RETURN(found.cases, store_.Cases(context, query));
  }
  if (found.cases.size() > static_cast<std::size_t>(limit)) {
    found.cases.pop_back();
    found.next = std::to_string(found.cases.back().place);
  }
  for (const ReorganisedCase& one : found.cases) {
    audit::Entry entry = EntryOf(context, of.reorganisation_id);
    entry.case_id = one.referral_id;
    audit.push_back(std::move(entry));
  }
  VK_RETURN_IF_ERROR(door_.audit().Record(std::move(audit), context.deadline));
  return found;
}

absl::StatusOr<domain::UnitReorganisation> Reorganisations::Begin(
    const auth::CallContext& context, const domain::ReorganiseUnitRequest& request) {
  return Once<domain::UnitReorganisation>(
      door_.cases(), context, [&] { return Attempt(context, request); },
      [&](const std::string& id) { return Get(context, id); });
}

absl::StatusOr<std::set<std::string>> Reorganisations::OwnCases(
    const auth::CallContext& context, const std::vector<std::string>& referral_ids) {
  std::vector<std::string> ids;
  for (const std::string& id : referral_ids) {
    if (IsUuid(id)) ids.push_back(id);
  }
  if (referral_ids.size() > domain::kMostSplitCases || ids.empty()) return std::set<std::string>();
  VK_ASSIGN_OR_RETURN(std::set<std::string> own, store_.OwnCases(context, ids));
  std::vector<audit::Entry> denied;
  for (const std::string& id : ids) {
    if (own.contains(id)) continue;
    audit::Entry entry = audit::MakeEntry(context, id);
    entry.rule_id = "deny";
    entry.permitted = false;
    denied.push_back(std::move(entry));
  }
  if (!denied.empty()) {
    VK_RETURN_IF_ERROR(door_.audit().Record(std::move(denied), context.deadline));
  }
  return own;
}

absl::StatusOr<domain::UnitReorganisation> Reorganisations::Attempt(
    const auth::CallContext& context, const domain::ReorganiseUnitRequest& request) {
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  if (!reference->purposes.contains(context.purpose)) {
    return door_.Refuse(context, "unit-reorganisations", "deny.purpose");
  }
  VK_ASSIGN_OR_RETURN(const std::set<std::string> own, OwnCases(context, request.referral_ids));
  const domain::Actor actor = ActorOf(context, domain::Side::kOwner);
  VK_ASSIGN_OR_RETURN(
      domain::UnitReorganisation made,
      domain::ReorganiseUnit(actor, *reference, context.now, NewUuidV7(), request, own));
  const WriteTail tail{context, actor, EntryOf(context, made.reorganisation_id)};
  VK_RETURN_IF_ERROR(store_.Begin(made, request.referral_ids, tail));
  VK_ASSIGN_OR_RETURN(auto begun, store_.Find(context, made.reorganisation_id));
  return begun ? *std::move(begun) : std::move(made);
}

}  // namespace vardkedja::referral::usecases
