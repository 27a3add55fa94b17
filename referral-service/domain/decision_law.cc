#include "referral-service/domain/decision_law.h"

#include <algorithm>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kDelegationPointLength = 40;
constexpr std::size_t kReferenceLength = 40;

bool OthersDecide(const LawSection& law, const Referral& referral) {
  return DecidingOrganisation(law, referral) != referral.owner_organisation_id;
}

void CheckEmpty(std::string_view field, const std::string& text, std::string_view en,
                std::string_view sv, std::vector<FieldViolation>& out) {
  if (!text.empty()) out.push_back(Violation(field, "CONTRADICTION", en, sv));
}

// The decision of another organisation is recorded when it is known, which may be days later.
std::optional<Date> CheckRecorded(const Step& step, const LawSection& law,
                                  const Authority& authority, std::vector<FieldViolation>& out) {
  const std::string& who = law.deciding_organisation_id;
  CheckEmpty("delegation_point", authority.delegation_point,
             "Under " + law.code + " the decision is made by '" + who +
                 "': give its number and date, and no delegation point.",
             "Enligt " + law.code + " beslutar '" + who +
                 "': ange det beslutets nummer och datum, ingen delegationspunkt.",
             out);
  CheckText("deciding_reference", authority.deciding_reference, true, kReferenceLength, out);
  if (authority.decision_date.empty()) {
    out.push_back(Required("decision_date"));
    return std::nullopt;
  }
  return CheckPastDay("decision_date", authority.decision_date, step.today(), out);
}

}  // namespace

const LawSection* CheckLaw(const Step& step, const std::string& code, Date on,
                           std::vector<FieldViolation>& out) {
  const LawSection* law = step.reference.Law(code, on);
  if (law == nullptr || !law->placement) {
    const std::string codes = step.reference.LawCodes(&LawSection::placement, on);
    out.push_back(
        Violation("law_section", "NOT_IN_FORCE",
                  "No such section for placements is in force; in force are: " + codes + ".",
                  "Lagrummet gäller inte för placeringar i dag; gällande är: " + codes + "."));
    return nullptr;
  }
  if (law->grounds.contains(step.referral.ground)) return law;
  const std::string codes = step.reference.LawCodesFor(step.referral.ground, on);
  out.push_back(Violation(
      "law_section", "NOT_FOR_GROUND",
      law->code + " does not fit the ground of the case; fitting and in force are: " + codes + ".",
      law->code + " passar inte ärendets grund; passande och gällande är: " + codes + "."));
  return nullptr;
}

void CheckTerm(const Step& step, const LawSection& law, Date start, Date to_date,
               std::vector<FieldViolation>& out) {
  if (!law.longest_months) return;
  Date first = start;
  for (const Decision& decision : step.referral.decisions) {
    const bool counts =
        decision.status == DecisionStatus::kGranted && decision.law_section == law.code;
    if (counts && decision.decision_date) first = std::min(first, *decision.decision_date);
  }
  const Date last = AddMonths(first, *law.longest_months);
  if (to_date <= last) return;
  const std::string months = std::to_string(*law.longest_months);
  out.push_back(Violation("to_date", "TOO_LONG",
                          "Under " + law.code + " at most " + months +
                              " months from the first decision: to " + FormatDate(last) + ".",
                          "Enligt " + law.code + " högst " + months +
                              " månader från det första beslutet: till " + FormatDate(last) + "."));
}

std::optional<Date> CheckAuthority(const Step& step, const LawSection& law,
                                   const Authority& authority, std::vector<FieldViolation>& out) {
  if (OthersDecide(law, step.referral)) return CheckRecorded(step, law, authority, out);
  CheckText("delegation_point", authority.delegation_point, true, kDelegationPointLength, out);
  constexpr std::string_view kEn = "Only of a decision that another organisation makes by law.";
  constexpr std::string_view kSv = "Bara för beslut som en annan organisation fattar enligt lag.";
  CheckEmpty("deciding_reference", authority.deciding_reference, kEn, kSv, out);
  CheckEmpty("decision_date", authority.decision_date, kEn, kSv, out);
  return step.today();
}

std::string DecidingOrganisation(const LawSection& law, const Referral& referral) {
  return law.deciding_organisation_id.empty() ? referral.owner_organisation_id
                                              : law.deciding_organisation_id;
}

}  // namespace vardkedja::referral::domain
