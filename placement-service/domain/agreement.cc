#include "placement-service/domain/agreement.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Violations = std::vector<FieldViolation>;

constexpr int kLongestInterval = 92;  // days
constexpr std::size_t kLongestRulesCode = 32;
constexpr std::size_t kLongestSubject = 64;
constexpr int kIdentityDigits = 10;  // so many digits may be an identity number

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

template <class Value>
bool HasRepeats(const std::vector<Value>& values) {
  return std::set<Value>(values.begin(), values.end()).size() != values.size();
}

FieldViolation Repeated(std::string_view field) {
  return {std::string(field), "REPEATED", "Each is given once.", "Var och en anges en gång."};
}

// Owner or facility, about an offer on which somebody is to move in or has moved in.
absl::Status CheckStep(const Offer& offer, unsigned parties) {
  if ((parties & (kOwner | kFacility)) == 0) {
    return MakeError(absl::StatusCode::kPermissionDenied, "Only owner and facility agree.",
                     "UNIT_NOT_YOURS");
  }
  const bool fits = offer.state == OfferState::kAccepted || offer.state == OfferState::kConsumed;
  if (fits) return absl::OkStatus();
  return IllegalState("offer", Name(offer.state), {});
}

bool IsRulesCode(const std::string& code) {
  return !code.empty() && code.size() <= kLongestRulesCode &&
         std::all_of(code.begin(), code.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

bool IsSubject(const std::string& subject) {
  const auto fits = [](char c) {
    return IsLower(c) || IsDigit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
  };
  return !subject.empty() && subject.size() <= kLongestSubject &&
         std::all_of(subject.begin(), subject.end(), fits) &&
         std::count_if(subject.begin(), subject.end(), IsDigit) < kIdentityDigits;
}

void CheckInterval(std::string_view field, int days, int least, Violations& violations) {
  if (days >= least && days <= kLongestInterval) return;
  violations.push_back({std::string(field), "RANGE",
                        "Must be " + std::to_string(least) + " to 92 days.",
                        "Måste vara " + std::to_string(least) + " till 92 dagar."});
}

void CheckChildren(const ContactPlan& plan, Violations& violations) {
  if ((plan.children_days > 0) != !plan.child_forms.empty()) {
    violations.push_back({"child_contact_forms", "CONTRADICTION",
                          "Is given for contact with children, and only then.",
                          "Anges för kontakt med barn, och endast då."});
  }
  if (HasRepeats(plan.child_forms)) violations.push_back(Repeated("child_contact_forms"));
  if (plan.children_days == 0 && plan.next_child_contact) {
    violations.push_back({"next_child_contact_date", "CONTRADICTION",
                          "No contact with children is planned.",
                          "Ingen kontakt med barn är planerad."});
  }
}

void CheckNextUnit(const ContactPlan& plan, const std::optional<ContactPlan>& existing,
                   Violations& violations) {
  const bool earlier = existing && existing->next_unit_from && plan.next_unit_from &&
                       *plan.next_unit_from < *existing->next_unit_from;
  if (earlier == plan.earlier_by_wish) return;
  violations.push_back({"earlier_by_persons_wish", "CONTRADICTION",
                        "Only the person's wish makes cooperation start earlier than it was set.",
                        "Bara personens önskan låter samverkan börja tidigare än bestämt."});
}

std::optional<Date>& DateOf(Agreement& agreement, AgreementParty party) {
  if (party == AgreementParty::kOwner) return agreement.owner;
  return party == AgreementParty::kFacility ? agreement.facility : agreement.person;
}

}  // namespace

bool IsComplete(const Agreement& agreement) {
  return agreement.person && agreement.owner && agreement.facility;
}

std::string_view StandingOf(const std::optional<Agreement>& agreement) {
  if (!agreement) return "none";
  return IsComplete(*agreement) ? "agreed" : "proposed";
}

absl::StatusOr<ExceptionReason> AgreementGate(const std::optional<Agreement>& agreement,
                                              ExceptionReason given) {
  if (agreement && IsComplete(*agreement)) return ExceptionReason::kNone;
  if (given != ExceptionReason::kNone) return given;
  std::string missing;
  const auto add = [&](bool agreed, std::string_view party) {
    if (agreed) return;
    if (!missing.empty()) missing += ",";
    missing += party;
  };
  add(agreement && agreement->person, "person");
  add(agreement && agreement->owner, "owner");
  add(agreement && agreement->facility, "facility");
  ErrorDetail detail;
  detail.reason = "AGREEMENT_MISSING";
  detail.metadata = {{"not_agreed", std::move(missing)}};
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "Not all have agreed on the placement; a coded exception is needed.",
                   std::move(detail));
}

absl::StatusOr<Agreement> Propose(const Offer& offer, const std::optional<Agreement>& existing,
                                  unsigned parties, const AgreementTerms& terms) {
  VK_RETURN_IF_ERROR(CheckStep(offer, parties));
  Violations violations;
  if (!IsRulesCode(terms.house_rules)) {
    violations.push_back({"house_rules_code", "FORMAT",
                          "Must be lower-case letters, digits and hyphens, at most 32.",
                          "Måste vara små bokstäver, siffror och bindestreck, högst 32."});
  }
  if (HasRepeats(terms.conditions)) violations.push_back(Repeated("conditions"));
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return Agreement{existing ? existing->version + 1 : 1, terms.house_rules, terms.conditions};
}

absl::StatusOr<Agreement> Agree(const Offer& offer, const std::optional<Agreement>& existing,
                                unsigned parties, AgreementParty party, Date date, Date today) {
  VK_RETURN_IF_ERROR(CheckStep(offer, parties));
  const bool own = party == AgreementParty::kPerson ||
                   (party == AgreementParty::kOwner && (parties & kOwner) != 0) ||
                   (party == AgreementParty::kFacility && (parties & kFacility) != 0);
  if (!own) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "Owner and facility agree each for itself.", "UNIT_NOT_YOURS");
  }
  if (!existing) return IllegalState("agreement", "none", {"ProposeAgreement"});
  if (date > today) {
    return InvalidFields({{"date", "IN_THE_FUTURE", "Must be today or earlier.",
                           "Måste vara i dag eller tidigare."}});
  }
  Agreement next = *existing;
  std::optional<Date>& agreed = DateOf(next, party);
  if (agreed) return IllegalState("agreement", "agreed", {"ProposeAgreement"});
  agreed = date;
  ++next.version;
  return next;
}

std::vector<std::string> AgreementActions(const std::optional<Agreement>& existing,
                                          unsigned parties) {
  if ((parties & (kOwner | kFacility)) == 0) return {};
  std::vector<std::string> actions = {"ProposeAgreement"};
  const bool open = existing && (!existing->person || (!existing->owner && (parties & kOwner)) ||
                                 (!existing->facility && (parties & kFacility)));
  if (open) actions.emplace_back("AgreeToPlacement");
  return actions;
}

std::vector<std::string> ContactPlanActions(unsigned parties) {
  if ((parties & (kOwner | kFacility)) == 0) return {};
  return {"SetContactPlan"};
}

absl::StatusOr<ContactPlan> SetContactPlan(const Offer& offer,
                                           const std::optional<ContactPlan>& existing,
                                           unsigned parties, ContactPlan plan) {
  VK_RETURN_IF_ERROR(CheckStep(offer, parties));
  Violations violations;
  if (!IsSubject(plan.contact_person)) {
    violations.push_back({"contact_person_subject", "FORMAT",
                          "Must be the subject of a token, at most 64 characters, and no identity "
                          "number.",
                          "Måste vara användarens beteckning, högst 64 tecken, och inget "
                          "personnummer."});
  }
  CheckInterval("social_worker_every_days", plan.social_worker_days, 1, violations);
  CheckInterval("relatives_every_days", plan.relatives_days, 0, violations);
  CheckInterval("children_every_days", plan.children_days, 0, violations);
  CheckChildren(plan, violations);
  CheckNextUnit(plan, existing, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  plan.version = existing ? existing->version + 1 : 1;
  return plan;
}

}  // namespace vardkedja::placement::domain
