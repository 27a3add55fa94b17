#include <algorithm>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

std::vector<std::string> ByState(const auth::CallContext& ctx, const OfferRecord& record) {
  const unsigned parties = PartiesOf(ctx, record.entry.owner_unit, record.facility.unit);
  std::vector<std::string> actions =
      domain::AllowedActions(domain::OfferTable(), record.offer.state, parties);
  // A move within the chain begins with its plan, by the owner or the facility that is left.
  std::erase(actions, std::string(domain::Name(domain::OfferAction::kCompleteTransfer)));
  const bool movable = record.entry.transfer && record.offer.state == domain::OfferState::kAccepted;
  if (movable && (parties & domain::kOwner) != 0) {
    actions.emplace_back(domain::Name(domain::StayAction::kPlanTransfer));
  }
  return actions;
}

OfferAnswer Answer(const auth::CallContext& ctx, OfferRecord record, bool disclosed,
                   const Disclosure::Descriptions& descriptions) {
  OfferAnswer answer;
  answer.actions = ByState(ctx, record);
  answer.disclosed = disclosed;
  const auto found = descriptions.find(record.entry.case_id.value);
  if (found != descriptions.end()) answer.who = found->second;
  answer.record = std::move(record);
  return answer;
}

absl::StatusOr<OfferAnswer> WithActions(Store& store, const auth::CallContext& ctx,
                                        OfferAnswer answer) {
  VK_ASSIGN_OR_RETURN(answer.actions, AvailableActions(store, ctx, answer.record));
  return answer;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> AvailableActions(Store& store,
                                                          const auth::CallContext& ctx,
                                                          const OfferRecord& record) {
  std::vector<std::string> actions = ByState(ctx, record);
  const std::string plan(domain::Name(domain::StayAction::kPlanTransfer));
  if (std::find(actions.begin(), actions.end(), plan) == actions.end()) return actions;
  // A transfer leaves a stay: who was discharged before it is enrolled like anybody else.
  StayPage page;
  page.case_id = record.entry.case_id.value;
  page.state = domain::StayState::kActive;
  page.limit = 1;
  VK_ASSIGN_OR_RETURN(const std::vector<StayRecord> stays, store.ListStays(ctx, page));
  if (stays.empty()) std::erase(actions, plan);
  return actions;
}

absl::StatusOr<OfferAnswer> ReadOffers::Get(const auth::CallContext& ctx,
                                            const domain::OfferId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, store_.FindOffer(ctx, id));
  const auto case_id =
      record ? std::optional<std::string>(record->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, id.value));
  VK_ASSIGN_OR_RETURN(const auto descriptions, disclosure_.Describe(ctx, {*case_id}));
  VK_RETURN_IF_ERROR(disclosure_.RecordRead(ctx, id.value, decision));
  return WithActions(store_, ctx, Answer(ctx, *std::move(record), true, descriptions));
}

absl::StatusOr<ReadOffers::Page> ReadOffers::List(const auth::CallContext& ctx,
                                                  OfferPage page) const {
  VK_RETURN_IF_ERROR(CheckFacilityKnown(store_, ctx, page.facility_id));
  page.scope = ScopeOf(ctx);
  VK_ASSIGN_OR_RETURN(std::vector<OfferRecord> records, store_.ListOffers(ctx, page));
  Page answer;
  if (static_cast<int>(records.size()) == page.limit) {
    answer.next = records.back().offer.id.value;
  }
  std::vector<std::string> cases;
  for (const OfferRecord& record : records) cases.push_back(record.entry.case_id.value);
  VK_ASSIGN_OR_RETURN(const Disclosure::Decisions permitted, disclosure_.Permitted(ctx, cases));
  cases.clear();
  for (const auto& [case_id, decision] : permitted) cases.push_back(case_id);
  VK_ASSIGN_OR_RETURN(const auto descriptions, disclosure_.Describe(ctx, cases));
  std::vector<std::pair<std::string, auth::AccessDecision>> reads;
  for (OfferRecord& record : records) {
    const auto decision = permitted.find(record.entry.case_id.value);
    if (decision == permitted.end()) continue;
    reads.emplace_back(record.offer.id.value, decision->second);
    VK_ASSIGN_OR_RETURN(
        OfferAnswer offer,
        WithActions(store_, ctx, Answer(ctx, std::move(record), true, descriptions)));
    answer.offers.push_back(std::move(offer));
  }
  VK_RETURN_IF_ERROR(disclosure_.RecordReads(ctx, reads));
  return answer;
}

absl::StatusOr<OfferAnswer> ReadOffers::AfterWrite(const auth::CallContext& ctx,
                                                   const domain::OfferId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, store_.FindOffer(ctx, id));
  if (!record) return absl::InternalError("a written offer is missing");
  const std::string case_id = record->entry.case_id.value;
  // The write is done whatever happens to its answer: undisclosed rather than an error.
  const auto permitted = disclosure_.Permitted(ctx, {case_id});
  if (!permitted.ok() || !permitted->contains(case_id)) {
    return Answer(ctx, *std::move(record), false, {});
  }
  const auto descriptions = disclosure_.Describe(ctx, {case_id});
  const absl::Status recorded = disclosure_.RecordRead(ctx, id.value, permitted->at(case_id));
  if (!recorded.ok()) return Answer(ctx, *std::move(record), false, {});
  return Answer(ctx, *std::move(record), true,
                descriptions.ok() ? *descriptions : Disclosure::Descriptions());
}

}  // namespace vardkedja::placement::usecases
