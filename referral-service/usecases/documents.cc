#include "referral-service/usecases/documents.h"

#include <array>
#include <set>

#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"
#include "referral-service/domain/checks.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

// By whom each kind is seen in the timeline, and its name below the case.
struct Timelined {
  std::string_view category;
  std::string_view name;
};
constexpr auto kTimelined = std::to_array<Timelined>({{"plan", "coordinated-plan"},
                                                      {kPrincipals, "cost-split"},
                                                      {"plan", "outcomes"},
                                                      {"children", "children"}});

bool MayReadSplit(const SeenCase& seen, const domain::CostSplit& split) {
  return seen.actor.side == domain::Side::kOwner ||
         domain::CarriesShare(split, seen.actor.unit_id, *seen.reference);
}

bool MaySee(const SeenCase& seen, const StoredDocument& document) {
  if (const auto* split = std::get_if<domain::CostSplit>(&document.content)) {
    return MayReadSplit(seen, *split);
  }
  const bool children = std::holds_alternative<domain::ChildrenAsRelatives>(document.content);
  return seen.access.categories.contains(children ? "children" : "plan");
}

StoredDocument Shown(const SeenCase& seen, StoredDocument document) {
  std::set<std::string> named;
  if (const auto* split = std::get_if<domain::CostSplit>(&document.content)) {
    named = domain::UnitsOf(*split);
  } else if (const auto* plan = std::get_if<domain::CoordinatedPlan>(&document.content)) {
    named = domain::UnitsOf(*plan);
  }
  document.merged_units = seen.reference->MergedAmong(named);
  return document;
}

absl::Status CheckState(const domain::Referral& referral, DocumentKind kind) {
  const bool draft = referral.state == domain::State::kDraft;
  const bool closed = referral.state == domain::State::kClosed && kind != DocumentKind::kOutcomes;
  if (!draft && !closed) return absl::OkStatus();
  return domain::IllegalState(Name(referral.state),
                              "This is written from submission until the case is closed.");
}

}  // namespace

absl::StatusOr<bool> IsPrincipal(DocumentStore& store, const auth::CallContext& context,
                                 const SeenCase& seen) {
  if (seen.actor.side == domain::Side::kOwner) return true;
  VK_ASSIGN_OR_RETURN(
      const StoredDocument split,
      store.Find(context, seen.stored.referral.referral_id, DocumentKind::kCostSplit));
  return MayReadSplit(seen, std::get<domain::CostSplit>(split.content));
}

absl::StatusOr<std::pair<SeenCase, StoredDocument>> Documents::Enter(
    const auth::CallContext& context, std::string_view referral_id, DocumentKind kind) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, door_.Enter(context, referral_id));
  const std::string id = seen.stored.referral.referral_id;
  VK_ASSIGN_OR_RETURN(StoredDocument document, store_.Find(context, id, kind));
  if (!MaySee(seen, document)) return door_.Refuse(context, id, "deny.category");
  return std::pair(std::move(seen), std::move(document));
}

absl::StatusOr<StoredDocument> Documents::Read(const auth::CallContext& context,
                                               const std::string& referral_id, DocumentKind kind) {
  VK_ASSIGN_OR_RETURN(auto entered, Enter(context, referral_id, kind));
  const std::string& id = entered.first.stored.referral.referral_id;
  VK_RETURN_IF_ERROR(
      door_.audit().Record({CaseDoor::Entry(context, entered.first, id)}, context.deadline));
  return Shown(entered.first, std::move(entered.second));
}

absl::StatusOr<StoredDocument> Documents::Write(const auth::CallContext& context,
                                                const StepTarget& target, DocumentKind kind,
                                                const ReviseDocument& revise) {
  return Once<StoredDocument>(
      door_.cases(), context, [&] { return Attempt(context, target, kind, revise); },
      [&](const std::string& id) { return Read(context, id, kind); });
}

absl::StatusOr<StoredDocument> Documents::Attempt(const auth::CallContext& context,
                                                  const StepTarget& target, DocumentKind kind,
                                                  const ReviseDocument& revise) {
  VK_ASSIGN_OR_RETURN(const auto entered, Enter(context, target.referral_id, kind));
  const SeenCase& seen = entered.first;
  const StoredDocument& before = entered.second;
  const domain::Referral& referral = seen.stored.referral;
  VK_RETURN_IF_ERROR(CheckState(referral, kind));
  VK_RETURN_IF_ERROR(CheckEtag(target.etag, before.version));
  VK_ASSIGN_OR_RETURN(domain::DocumentChange change, revise(before.content, seen));
  const std::string& id = referral.referral_id;
  const Timelined& of = kTimelined[static_cast<std::size_t>(kind)];
  const Written written{std::string(of.category), "referrals/" + id + "/" + std::string(of.name),
                        domain::ChangedFields(before.content, change.after)};
  const WriteTail tail{context, seen.actor, CaseDoor::WriteEntry(context, seen, id, written)};
  VK_RETURN_IF_ERROR(store_.Save(referral, before.version + 1, change, tail));
  return Shown(seen, {before.version + 1, std::move(change.after)});
}

}  // namespace vardkedja::referral::usecases
