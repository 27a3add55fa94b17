#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement::usecases {
namespace {

OverrideAnswer Answer(const auth::CallContext& ctx, OverrideRecord record) {
  std::vector<std::string> actions = AvailableActions(ctx, record);
  return {std::move(record), std::move(actions)};
}

}  // namespace

std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const OverrideRecord& record) {
  const unsigned parties = PartiesOf(ctx, record.entry.owner_unit, record.facility.unit);
  return domain::AvailableActions(record.proposal, parties, SeatOf(ctx));
}

absl::StatusOr<OverrideAnswer> ReadOverrides::Get(const auth::CallContext& ctx,
                                                  const domain::OverrideId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<OverrideRecord> record, store_.FindOverride(ctx, id));
  const auto case_id =
      record ? std::optional<std::string>(record->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, id.value));
  VK_RETURN_IF_ERROR(disclosure_.RecordRead(ctx, id.value, decision));
  return Answer(ctx, *std::move(record));
}

absl::StatusOr<ReadOverrides::Page> ReadOverrides::List(const auth::CallContext& ctx,
                                                        OverridePage page) const {
  VK_RETURN_IF_ERROR(CheckFacilityKnown(store_, ctx, page.facility_id));
  page.scope = ScopeOf(ctx);
  VK_ASSIGN_OR_RETURN(std::vector<OverrideRecord> records, store_.ListOverrides(ctx, page));
  Page answer;
  if (static_cast<int>(records.size()) == page.limit) {
    answer.next = records.back().proposal.id.value;
  }
  std::vector<std::string> cases;
  for (const OverrideRecord& record : records) cases.push_back(record.entry.case_id.value);
  VK_ASSIGN_OR_RETURN(const Disclosure::Decisions permitted, disclosure_.Permitted(ctx, cases));
  std::vector<std::pair<std::string, auth::AccessDecision>> reads;
  for (OverrideRecord& record : records) {
    const auto decision = permitted.find(record.entry.case_id.value);
    if (decision == permitted.end()) continue;
    reads.emplace_back(record.proposal.id.value, decision->second);
    answer.overrides.push_back(Answer(ctx, std::move(record)));
  }
  VK_RETURN_IF_ERROR(disclosure_.RecordReads(ctx, reads));
  return answer;
}

absl::StatusOr<OverrideAnswer> ReadOverrides::AfterWrite(const auth::CallContext& ctx,
                                                         const domain::OverrideId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<OverrideRecord> record, store_.FindOverride(ctx, id));
  if (!record) return absl::InternalError("a written override is missing");
  return Answer(ctx, *std::move(record));
}

}  // namespace vardkedja::placement::usecases
