#include "referral-service/domain/children.h"

#include <algorithm>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMaxChildren = 20;
constexpr std::size_t kMaxContacts = 50;
constexpr std::size_t kShortText = 200;
constexpr int kOldestChild = 17;

void CheckChild(const std::string& path, const ChildRelative& child,
                std::vector<FieldViolation>& out) {
  if (child.age < 0 || child.age > kOldestChild) {
    out.push_back(Violation(path + ".age", "OUT_OF_RANGE", "A child is 0 to 17 years.",
                            "Ett barn är 0 till 17 år."));
  }
  CheckText(path + ".lives_with", child.lives_with, false, kShortText, out);
  CheckText(path + ".information_given", child.information_given, false, kLongText, out);
  CheckText(path + ".own_view", child.own_view, false, kLongText, out);
  CheckText(path + ".contact", child.contact, false, kShortText, out);
}

void CheckChildren(const InquiryRequest& request, std::vector<FieldViolation>& out) {
  const bool has = request.answer == ChildrenAnswer::kHasChildren;
  if (has && request.children.empty()) out.push_back(Required("children"));
  if (!has && !request.children.empty()) {
    out.push_back(Violation("children", "CONTRADICTION", "The answer says that there are none.",
                            "Svaret säger att det inte finns några barn."));
  }
  if (request.children.size() > kMaxChildren) {
    out.push_back(Violation("children", "TOO_MANY", "At most 20 children.", "Högst 20 barn."));
    return;
  }
  for (std::size_t i = 0; i < request.children.size(); ++i) {
    CheckChild("children[" + std::to_string(i) + "]", request.children[i], out);
  }
}

// The list is written whole: what was planned before may have become past.
void CheckAhead(const std::string& path, const ChildrenAsRelatives& before,
                const ContactRequest& request, Instant now, std::vector<FieldViolation>& out) {
  if (!request.contact_time) {
    out.push_back(Required(path + ".contact_time"));
    return;
  }
  const bool planned = std::any_of(
      before.contacts.begin(), before.contacts.end(),
      [&](const ChildContact& contact) { return contact.contact_time == *request.contact_time; });
  if (planned || *request.contact_time > now) return;
  out.push_back(Violation(path + ".contact_time", "IN_THE_PAST", "What is planned lies ahead.",
                          "Det som planeras ligger framåt i tiden."));
}

}  // namespace

absl::StatusOr<ChildrenAsRelatives> RecordInquiry(const ChildrenAsRelatives& before,
                                                  const InquiryRequest& request, Date today) {
  std::vector<FieldViolation> violations;
  if (request.answer == ChildrenAnswer::kUnspecified) violations.push_back(Required("answer"));
  const auto asked = CheckPastDay("asked_date", request.asked_date, today, violations);
  CheckChildren(request, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  ChildrenAsRelatives after = before;
  after.answer = request.answer;
  after.asked_date = asked;
  after.children = request.children;
  return after;
}

absl::StatusOr<ChildrenAsRelatives> PlanContacts(const ChildrenAsRelatives& before,
                                                 const std::vector<ContactRequest>& requests,
                                                 Instant now) {
  std::vector<FieldViolation> violations;
  if (requests.size() > kMaxContacts) {
    violations.push_back(
        Violation("contacts", "TOO_MANY", "At most 50 contacts.", "Högst 50 kontakter."));
    return InvalidFields(std::move(violations));
  }
  ChildrenAsRelatives after = before;
  after.contacts.clear();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const ContactRequest& request = requests[i];
    const std::string path = "contacts[" + std::to_string(i) + "]";
    if (request.kind == ContactKind::kUnspecified) violations.push_back(Required(path + ".kind"));
    CheckAhead(path, before, request, now, violations);
    CheckText(path + ".text", request.text, false, kShortText, violations);
    after.contacts.push_back(
        {request.kind, request.contact_time.value_or(Instant{}), request.text});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  std::stable_sort(
      after.contacts.begin(), after.contacts.end(),
      [](const ChildContact& a, const ChildContact& b) { return a.contact_time < b.contact_time; });
  return after;
}

}  // namespace vardkedja::referral::domain
