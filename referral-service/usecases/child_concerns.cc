#include "referral-service/usecases/child_concerns.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

// The rule that shows a concern to a unit; empty when none does.
std::string RuleFor(const ChildConcern& concern, const std::string& unit_id) {
  if (unit_id == concern.recipient_unit_id) return "child_concern.recipient";
  if (unit_id == concern.owner_unit_id) return "child_concern.owner";
  if (unit_id == concern.sender_unit_id) return "child_concern.sender";
  return {};
}

ConcernView ViewFor(const std::string& rule_id, ChildConcern concern, ConcernContent content) {
  if (rule_id == "child_concern.sender") {
    content.parent_name.clear();
    content.parent_identity_number.clear();
  }
  return {std::move(concern), std::move(content)};
}

// A concern is for social services. Without a name it goes to those of the person's home
// municipality, unless that would tell the sender where a person lives.
std::string CheckRecipient(const SeenCase& seen, const std::string& asked_unit_id,
                           std::vector<FieldViolation>& out) {
  constexpr std::string_view kField = "recipient_unit_id";
  const domain::Reference& reference = *seen.reference;
  if (!asked_unit_id.empty()) {
    // It goes at once: to whom the unit was merged into, when it was.
    const std::string unit_id = reference.AnswersFor(asked_unit_id);
    if (!reference.IsSocialServices(unit_id)) {
      out.push_back(domain::Violation(
          kField, "NOT_SOCIAL_SERVICES",
          "A concern goes to a social services unit of a participating municipality.",
          "En orosanmälan går till en socialtjänstenhet i en deltagande kommun."));
    }
    return unit_id;
  }
  const domain::Person& person = seen.stored.referral.content.form.person;
  std::vector<std::string> units;
  if (seen.access.categories.contains("identity") && !seen.stored.referral.protected_identity) {
    units = reference.SocialServicesOf(person.home_municipality_code);
  }
  if (units.size() == 1) return units.front();
  out.push_back(domain::Violation(
      kField, "REQUIRED", "Name the unit: the home municipality does not give a single one.",
      "Ange enheten: hemkommunen ger inte en enda."));
  return {};
}

audit::Entry EntryOf(const auth::CallContext& context, const ChildConcern& concern,
                     const std::string& rule_id) {
  audit::Entry entry = audit::MakeEntry(context, concern.concern_id);
  entry.case_id = concern.case_id;
  entry.rule_id = rule_id;
  entry.permitted = true;
  entry.details.emplace_back("categories=children+identity");
  return entry;
}

}  // namespace

absl::StatusOr<ConcernView> GetChildConcern::Run(const auth::CallContext& context,
                                                 const std::string& concern_id) {
  const std::string id =
      IsUuid(concern_id) ? concern_id : std::string("00000000-0000-0000-0000-000000000000");
  VK_ASSIGN_OR_RETURN(auto stored, concerns_.Find(context, id));
  const std::string rule = stored ? RuleFor(stored->concern, context.acting_unit) : std::string();
  if (rule.empty()) return door_.Refuse(context, id, "deny");
  VK_ASSIGN_OR_RETURN(ConcernContent content, concerns_.Open(*stored));
  VK_RETURN_IF_ERROR(
      door_.audit().Record({EntryOf(context, stored->concern, rule)}, context.deadline));
  return ViewFor(rule, std::move(stored->concern), std::move(content));
}

absl::StatusOr<ConcernView> ReportChildConcern::Run(const auth::CallContext& context,
                                                    const std::string& referral_id,
                                                    const std::string& recipient_unit_id,
                                                    const std::string& text) {
  return Once<ConcernView>(
      door_.cases(), context,
      [&] { return Attempt(context, referral_id, recipient_unit_id, text); },
      [&](const std::string& id) { return GetChildConcern(door_, concerns_).Run(context, id); });
}

absl::StatusOr<ConcernView> ReportChildConcern::Attempt(const auth::CallContext& context,
                                                        const std::string& referral_id,
                                                        const std::string& asked_unit_id,
                                                        const std::string& text) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, door_.Enter(context, referral_id));
  VK_RETURN_IF_ERROR(door_.cases().OpenContent(seen.stored));
  std::vector<FieldViolation> violations;
  const std::string recipient_unit_id = CheckRecipient(seen, asked_unit_id, violations);
  domain::CheckText("text", text, true, domain::kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  const domain::Referral& referral = seen.stored.referral;
  const domain::Person& parent = referral.content.form.person;
  ConcernView view;
  view.concern = {
      NewUuidV4(),        referral.referral_id, referral.case_number, referral.owner_unit_id,
      seen.actor.unit_id, recipient_unit_id,    context.now};
  std::string name = parent.given_name;
  if (!name.empty() && !parent.family_name.empty()) name += ' ';
  view.content = {text, name + parent.family_name, parent.identity_number,
                  referral.protected_identity};
  audit::Entry entry = CaseDoor::Entry(context, seen, view.concern.concern_id);
  entry.rule_id = "child_concern.duty";
  entry.details = {"categories=children+identity", "recipient=" + recipient_unit_id};
  Note({std::string(kOwnerAlone), "child-concerns/" + view.concern.concern_id, {"text"}}, entry);
  VK_RETURN_IF_ERROR(concerns_.Insert(referral, view, {context, seen.actor, std::move(entry)}));
  return ViewFor(RuleFor(view.concern, seen.actor.unit_id), view.concern, view.content);
}

absl::StatusOr<ConcernPage> ListChildConcerns::Run(const auth::CallContext& context,
                                                   const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  if (!page.cursor.empty() && !IsUuid(page.cursor)) return BadCursor();
  ConcernPage answer;
  VK_ASSIGN_OR_RETURN(answer.concerns,
                      concerns_.ReceivedBy(context, context.acting_unit, page.cursor, limit + 1));
  if (answer.concerns.size() > static_cast<std::size_t>(limit)) {
    answer.concerns.resize(static_cast<std::size_t>(limit));
    answer.next = answer.concerns.back().concern_id;
  }
  std::vector<audit::Entry> entries;
  for (const ChildConcern& concern : answer.concerns) {
    entries.push_back(EntryOf(context, concern, "child_concern.recipient"));
    entries.back().details = {"list"};
  }
  if (!entries.empty()) {
    VK_RETURN_IF_ERROR(door_.audit().Record(std::move(entries), context.deadline));
  }
  return answer;
}

}  // namespace vardkedja::referral::usecases
