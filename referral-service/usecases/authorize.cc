#include "referral-service/usecases/authorize.h"

#include <map>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr std::size_t kMostCases = 1000;

absl::Status CheckCount(const std::vector<std::string>& case_ids) {
  if (!case_ids.empty() && case_ids.size() <= kMostCases) return absl::OkStatus();
  return InvalidFields(
      {domain::Violation("case_ids", "OUT_OF_RANGE", "1 to 1000 cases.", "1 till 1000 ärenden.")});
}

domain::AccessQuestion QuestionOf(const auth::CallContext& context, const Asker& asker,
                                  const domain::Reference& reference) {
  domain::AccessQuestion question;
  question.unit_id = asker.unit_id;
  question.unit_kind = reference.KindOf(asker.unit_id);
  question.roles = RolesOf(asker.roles);
  question.purpose = asker.purpose;
  question.purpose_known = reference.purposes.contains(asker.purpose);
  question.subject = asker.subject;
  question.today = StockholmDate(context.now);
  return question;
}

absl::StatusOr<std::map<std::string, StoredCase>> Load(CaseStore& cases,
                                                       const auth::CallContext& context,
                                                       const std::vector<std::string>& case_ids) {
  std::vector<std::string> known;
  for (const std::string& id : case_ids) {
    if (IsUuid(id)) known.push_back(id);
  }
  VK_ASSIGN_OR_RETURN(std::vector<StoredCase> found, cases.FindAll(context, known));
  std::map<std::string, StoredCase> by_id;
  for (StoredCase& stored : found) {
    std::string id = stored.referral.referral_id;
    by_id.emplace(std::move(id), std::move(stored));
  }
  return by_id;
}

}  // namespace

absl::StatusOr<std::vector<CaseDecision>> Authorize::Run(const auth::CallContext& context,
                                                         const Asker& asker,
                                                         const std::vector<std::string>& case_ids) {
  VK_RETURN_IF_ERROR(CheckCount(case_ids));
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  const domain::AccessQuestion question = QuestionOf(context, asker, *reference);
  VK_ASSIGN_OR_RETURN(const auto found, Load(door_.cases(), context, case_ids));
  std::vector<CaseDecision> decisions;
  decisions.reserve(case_ids.size());
  for (const std::string& id : case_ids) {
    const auto stored = found.find(id);
    CaseDecision decision{id, {}};
    decision.access.rule_id = "deny";
    if (stored != found.end()) {
      decision.access = Decide(domain::FactsOf(stored->second.referral), question);
    }
    if (decision.access.permitted) {
      decision.awaits_cost_split = stored->second.referral.awaits_cost_split;
    } else {
      decision.access.categories.clear();
    }
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

absl::StatusOr<std::vector<CaseName>> Describe::Run(const auth::CallContext& context,
                                                    const Asker& asker,
                                                    const std::vector<std::string>& case_ids) {
  VK_RETURN_IF_ERROR(CheckCount(case_ids));
  VK_ASSIGN_OR_RETURN(const auto reference, door_.reference().Current(context));
  const domain::AccessQuestion question = QuestionOf(context, asker, *reference);
  VK_ASSIGN_OR_RETURN(const auto found, Load(door_.cases(), context, case_ids));
  std::vector<const StoredCase*> seen;
  std::vector<domain::Access> accesses;
  std::vector<audit::Entry> entries;
  for (const auto& [id, stored] : found) {
    domain::Access access = Decide(domain::FactsOf(stored.referral), question);
    if (!access.permitted) continue;
    audit::Entry entry = audit::MakeEntry(context, id);
    entry.unit = asker.unit_id;
    entry.roles = asker.roles;
    if (!asker.subject.empty()) entry.subject = asker.subject;
    entry.purpose = asker.purpose;
    entry.case_id = id;
    entry.rule_id = access.rule_id;
    entry.permitted = true;
    entries.push_back(std::move(entry));
    seen.push_back(&stored);
    accesses.push_back(std::move(access));
  }
  if (seen.empty()) return std::vector<CaseName>{};
  VK_ASSIGN_OR_RETURN(std::vector<std::string> names, door_.cases().OpenNames(seen));
  VK_RETURN_IF_ERROR(door_.audit().Record(std::move(entries), context.deadline));
  std::vector<CaseName> described;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const domain::Referral& referral = seen[i]->referral;
    // A protected name is never in a list, not even for a named handler.
    const bool named = !referral.protected_identity && accesses[i].categories.contains("identity");
    described.push_back({referral.referral_id, referral.case_number,
                         named ? std::move(names[i]) : std::string(), referral.protected_identity});
  }
  return described;
}

}  // namespace vardkedja::referral::usecases
