#include "placement-service/usecases/disclosure.h"

#include <algorithm>
#include <set>

#include "lib/status/status.h"

namespace vardkedja::placement::usecases {
namespace {

audit::Entry ReadEntry(const auth::CallContext& ctx, const std::string& resource_id,
                       const auth::AccessDecision& decision) {
  audit::Entry entry = audit::MakeEntry(ctx, resource_id);
  if (!decision.case_id.empty()) entry.case_id = decision.case_id;
  entry.rule_id = decision.rule_id;
  entry.permitted = decision.permitted;
  return entry;
}

std::vector<std::string> Distinct(const std::vector<std::string>& ids) {
  const std::set<std::string> distinct(ids.begin(), ids.end());
  return {distinct.begin(), distinct.end()};
}

}  // namespace

absl::StatusOr<auth::AccessDecision> Disclosure::Require(const auth::CallContext& ctx,
                                                         const std::optional<std::string>& case_id,
                                                         const std::string& resource_id) const {
  // A missing resource asks about a case that cannot exist, so that it costs what a denial costs.
  absl::StatusOr<auth::AccessDecision> decision =
      auth::RequireAccess(access_, ctx, case_id.value_or(resource_id), "");
  if (decision.ok() && case_id) return decision;
  if (!decision.ok() && !absl::IsNotFound(decision.status())) return decision.status();
  auth::AccessDecision denial;
  denial.case_id = case_id.value_or("");
  denial.rule_id = "deny";
  VK_RETURN_IF_ERROR(audit_.Record({ReadEntry(ctx, resource_id, denial)}, ctx.deadline));
  return NotFound();
}

absl::Status Disclosure::RecordRead(const auth::CallContext& ctx, const std::string& resource_id,
                                    const auth::AccessDecision& decision) const {
  return audit_.Record({ReadEntry(ctx, resource_id, decision)}, ctx.deadline);
}

absl::Status Disclosure::RecordReads(
    const auth::CallContext& ctx,
    const std::vector<std::pair<std::string, auth::AccessDecision>>& reads) const {
  if (reads.empty()) return absl::OkStatus();
  std::vector<audit::Entry> entries;
  entries.reserve(reads.size());
  for (const auto& [resource_id, decision] : reads) {
    entries.push_back(ReadEntry(ctx, resource_id, decision));
  }
  return audit_.Record(std::move(entries), ctx.deadline);
}

absl::StatusOr<Disclosure::Decisions> Disclosure::Permitted(
    const auth::CallContext& ctx, const std::vector<std::string>& case_ids) const {
  Decisions permitted;
  const std::vector<std::string> ids = Distinct(case_ids);
  if (ids.empty()) return permitted;
  VK_ASSIGN_OR_RETURN(const std::vector<auth::AccessDecision> decisions,
                      access_.Authorize(ctx, ids));
  for (const auth::AccessDecision& decision : decisions) {
    const bool asked = std::binary_search(ids.begin(), ids.end(), decision.case_id);
    if (asked && decision.permitted) permitted.emplace(decision.case_id, decision);
  }
  return permitted;
}

absl::StatusOr<Disclosure::Descriptions> Disclosure::Describe(
    const auth::CallContext& ctx, const std::vector<std::string>& case_ids) const {
  Descriptions descriptions;
  const std::vector<std::string> ids = Distinct(case_ids);
  if (ids.empty()) return descriptions;
  VK_ASSIGN_OR_RETURN(const std::vector<auth::CaseDescription> described,
                      access_.Describe(ctx, ids));
  for (const auth::CaseDescription& description : described) {
    descriptions.emplace(description.case_id, description);
  }
  return descriptions;
}

audit::Entry WriteEntry(const auth::CallContext& ctx, const std::string& resource_id,
                        const auth::AccessDecision& decision) {
  audit::Entry entry = ReadEntry(ctx, resource_id, decision);
  entry.permitted = true;
  return entry;
}

unsigned PartiesOf(const auth::CallContext& ctx, const domain::UnitId& owner,
                   const domain::UnitId& facility) {
  unsigned parties = domain::kNobody;
  if (ctx.acting_unit == facility.value) parties |= domain::kFacility;
  if (ctx.principal.Has(auth::Role::kSystem)) return parties;
  if (ctx.acting_unit == owner.value) parties |= domain::kOwner;
  if (ctx.acting_unit == domain::kBoardUnit) parties |= domain::kBoard;
  return parties;
}

Scope ScopeOf(const auth::CallContext& ctx) {
  return {ctx.acting_unit == domain::kBoardUnit, ctx.acting_unit};
}

domain::Seat SeatOf(const auth::CallContext& ctx) {
  const bool system = ctx.principal.Has(auth::Role::kSystem);
  if (ctx.acting_unit != domain::kBoardUnit || !ctx.principal.seat || system) return {};
  return {*ctx.principal.seat, !ctx.principal.Has(auth::Role::kBoardMember)};
}

std::string Etag(std::int64_t version) { return std::to_string(version); }

absl::Status StaleEtag() {
  return MakeError(absl::StatusCode::kAborted,
                   "The resource has changed since it was read; read it again.", "STALE_ETAG");
}

absl::Status CheckEtag(const std::string& etag, std::int64_t version) {
  return etag == Etag(version) ? absl::OkStatus() : StaleEtag();
}

}  // namespace vardkedja::placement::usecases
