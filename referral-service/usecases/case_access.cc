#include "referral-service/usecases/case_access.h"

#include <utility>
#include <vector>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr std::string_view kOwnStayRecord = "facility.own_stay_record";

std::string CategoriesDetail(const std::set<std::string>& categories) {
  std::string text = "categories=";
  for (const std::string& category : categories) {
    if (text.back() != '=') text += '+';
    text += category;
  }
  return text;
}

}  // namespace

std::set<domain::Role> RolesOf(const std::set<auth::Role>& roles) {
  std::set<domain::Role> same;
  for (const auth::Role role : roles) same.insert(static_cast<domain::Role>(role));
  return same;
}

domain::Actor ActorOf(const auth::CallContext& context, domain::Side side) {
  const auth::Principal& principal = context.principal;
  domain::Actor actor;
  actor.unit_id = context.acting_unit;
  actor.organisation_id = principal.organisation;
  actor.subject = principal.subject;
  actor.roles = RolesOf(principal.roles);
  actor.side = side;
  if (side == domain::Side::kBoard) {
    actor.seat = principal.seat.value_or("");
    actor.deputy =
        principal.Has(auth::Role::kBoardDeputy) && !principal.Has(auth::Role::kBoardMember);
  }
  return actor;
}

domain::AccessQuestion QuestionOf(const auth::CallContext& context,
                                  const domain::Reference& reference) {
  domain::AccessQuestion question;
  question.unit_id = context.acting_unit;
  question.unit_kind = reference.KindOf(context.acting_unit);
  question.roles = RolesOf(context.principal.roles);
  question.purpose = context.purpose;
  question.purpose_known = reference.purposes.contains(context.purpose);
  question.subject = context.principal.subject;
  question.today = StockholmDate(context.now);
  return question;
}

absl::StatusOr<SeenCase> CaseDoor::Enter(const auth::CallContext& context,
                                         std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(auto reference, reference_.Current(context));
  // Text that is no id is asked for as one that cannot exist, so that it costs the same.
  const std::string id =
      IsUuid(referral_id) ? std::string(referral_id) : "00000000-0000-0000-0000-000000000000";
  VK_ASSIGN_OR_RETURN(auto found, cases_.Find(context, id));
  if (!found) return Refuse(context, id, "deny");
  SeenCase seen;
  seen.access = Decide(domain::FactsOf(found->referral), QuestionOf(context, *reference));
  if (!seen.access.permitted || seen.access.rule_id == kOwnStayRecord) {
    return Refuse(context, id, seen.access.permitted ? "deny" : seen.access.rule_id);
  }
  seen.actor = ActorOf(context, seen.access.side);
  seen.reference = std::move(reference);
  seen.today = StockholmDate(context.now);
  seen.stored = *std::move(found);
  return seen;
}

absl::StatusOr<CaseView> CaseDoor::Read(const auth::CallContext& context,
                                        std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, Enter(context, referral_id));
  VK_RETURN_IF_ERROR(cases_.OpenContent(seen.stored));
  VK_RETURN_IF_ERROR(
      audit_.Record({Entry(context, seen, seen.stored.referral.referral_id)}, context.deadline));
  return ViewOf(std::move(seen.stored.referral), seen.access, *seen.reference);
}

audit::Entry CaseDoor::Entry(const auth::CallContext& context, const SeenCase& seen,
                             std::string_view resource_id) {
  audit::Entry entry = audit::MakeEntry(context, resource_id);
  entry.case_id = seen.stored.referral.referral_id;
  entry.rule_id = seen.access.rule_id;
  entry.permitted = true;
  if (!seen.actor.seat.empty()) entry.acting_for = seen.actor.seat;
  entry.details.push_back(CategoriesDetail(seen.access.categories));
  if (seen.actor.deputy) entry.details.emplace_back("deputy");
  return entry;
}

audit::Entry CaseDoor::WriteEntry(const auth::CallContext& context, const SeenCase& seen,
                                  std::string_view resource_id, const Written& written) {
  audit::Entry entry = Entry(context, seen, resource_id);
  Note(written, entry);
  return entry;
}

absl::Status CaseDoor::Refuse(const auth::CallContext& context, std::string_view resource_id,
                              std::string_view rule_id) {
  audit::Entry entry = audit::MakeEntry(context, resource_id);
  entry.rule_id = rule_id;
  entry.permitted = false;
  VK_RETURN_IF_ERROR(audit_.Record({std::move(entry)}, context.deadline));
  return NotFound();
}

bool HidesOwner(const domain::Referral& referral, const domain::Access& access) {
  return referral.protected_identity && access.side != domain::Side::kOwner;
}

void HideUnit(const SeenCase& seen, std::string& unit_id) {
  if (!HidesOwner(seen.stored.referral, seen.access) || unit_id == seen.actor.unit_id) return;
  if (seen.reference->KindOf(unit_id) == domain::UnitKind::kOther) unit_id.clear();
}

CaseView ViewOf(domain::Referral referral, const domain::Access& access,
                const domain::Reference& reference) {
  CaseView view{std::move(referral), access};
  domain::Referral& shown = view.referral;
  const auto sees = [&](const char* category) { return access.categories.contains(category); };
  const domain::FormVersion* version = reference.Form(shown.form_version);
  shown.content.form =
      version == nullptr ? domain::Form{} : Redact(shown.content.form, *version, access.categories);
  // Who has a protected identity is told, so that nobody asks around; everything else is hidden.
  shown.content.form.person.protected_identity = shown.protected_identity;
  domain::Notes& notes = shown.content.notes;
  if (!sees("needs")) {
    notes.question.clear();
    notes.answer.clear();
    notes.assessment_text.clear();
    notes.alternatives.clear();
    notes.alternatives_shown.clear();
    notes.criteria_reason.clear();
    notes.visit_reasons.clear();
    notes.order_exception_reason.clear();
    shown.criteria = {};
  }
  if (!sees("plan")) {
    notes.motivations.clear();
    notes.prior_decision_date.clear();
  }
  if (access.side != domain::Side::kOwner) {
    shown.handler_subjects.clear();
    for (domain::Decision& decision : shown.decisions) {
      decision.proposer_subject.clear();
      decision.decider_subject.clear();
    }
  }
  if (!sees("plan") && !sees("placement")) shown.decisions.clear();
  if (!sees("identity") && shown.protected_identity) {
    shown.municipality_code.clear();
    for (domain::Decision& decision : shown.decisions) decision.municipality_code.clear();
  }
  if (HidesOwner(shown, access)) {
    shown.owner_unit_id.clear();
    shown.content.form.sender = {};
    for (domain::Decision& decision : shown.decisions) decision.deciding_organisation_id.clear();
  }
  return view;
}

}  // namespace vardkedja::referral::usecases
