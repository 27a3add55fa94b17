// The owner's steps on the form: create, update, submit, criteria, close, withdraw.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "referral-service/domain/form_rules.h"
#include "referral-service/domain/handlers.h"
#include "referral-service/domain/steps.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMaxHandlers = 10;

constexpr auto kCloseReasons = std::to_array<std::string_view>(
    {"executed", "person_declined", "other_solution", "deceased", "moved", "refused"});

absl::Status NoFormVersion() {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "No version of the commission form is in force.", "NO_FORM_VERSION");
}

void CheckHandlers(const std::vector<std::string>& subjects, std::vector<FieldViolation>& out) {
  if (subjects.size() > kMaxHandlers) {
    out.push_back(
        Violation("handler_subjects", "TOO_MANY", "At most 10 handlers.", "Högst 10 handläggare."));
  }
  CheckSubjects(subjects, out);
}

// Whether the order of form and decision is broken, with a reason: an exception.
bool CheckOrder(const Step& step, const SubmitRequest& request, std::vector<FieldViolation>& out) {
  const std::string& date = request.prior_decision_date;
  if (!date.empty()) {
    const auto day = ParseDate(date);
    if (!day) {
      out.push_back(Violation("prior_decision_date", "DATE", "A date is written YYYY-MM-DD.",
                              "Datum skrivs ÅÅÅÅ-MM-DD."));
    } else if (*day > step.today()) {
      out.push_back(Violation("prior_decision_date", "IN_THE_FUTURE",
                              "The decision is not made yet.", "Beslutet är inte fattat ännu."));
    }
  }
  CheckText("order_exception_reason", request.order_exception_reason, false, kLongText, out);
  const CommissionOrder order =
      step.reference.OrderOf(step.referral.municipality_code, step.today());
  const bool first = !step.referral.submitted_at.has_value();
  const bool broken = first && ((order == CommissionOrder::kFormFirst && !date.empty()) ||
                                (order == CommissionOrder::kDecisionFirst && date.empty()));
  const bool reasoned = !IsBlank(request.order_exception_reason);
  if (broken && !reasoned) {
    out.push_back(
        Violation("order_exception_reason", "ORDER",
                  order == CommissionOrder::kFormFirst
                      ? "Here the form is sent before the decision: say why not."
                      : "Here the decision is made before the form is sent: give its date, "
                        "or say why not.",
                  order == CommissionOrder::kFormFirst
                      ? "Här skickas blanketten före beslutet: ange skäl till undantaget."
                      : "Här fattas beslutet innan blanketten skickas: ange dess datum "
                        "eller skäl till undantaget."));
  }
  if (!broken && (reasoned || (!first && !date.empty()))) {
    out.push_back(Violation(reasoned ? "order_exception_reason" : "prior_decision_date",
                            "CONTRADICTION", "The order is not broken by this submission.",
                            "Ordningen bryts inte när ärendet skickas nu."));
  }
  return broken && reasoned;
}

// What of the form is kept beside it in the clear: codes for the queue and for statistics.
void DeriveFromForm(Referral& referral) {
  const Form& form = referral.content.form;
  referral.ground = form.ground;
  referral.criteria = CriteriaOf(form);
  referral.protected_identity = form.person.protected_identity;
}

}  // namespace

absl::Status CheckLegal(const Step& step, Action action) {
  return CheckAction(step.referral.state, action, step.actor.side, step.actor.roles);
}

absl::StatusOr<Change> Begin(const Step& step, Action action, Outcome outcome) {
  VK_RETURN_IF_ERROR(CheckLegal(step, action));
  const auto next = Next(step.referral.state, action, outcome);
  if (!next) {
    // The action is legal here, but not with this outcome: the same answer as for an action that is
    // not, so that the caller sees what is open.
    ErrorDetail detail;
    detail.reason = "ILLEGAL_STATE";
    detail.metadata["state"] = std::string(Name(step.referral.state));
    std::string allowed;
    for (const Action open :
         AvailableActions(step.referral.state, step.actor.side, step.actor.roles)) {
      if (!allowed.empty()) allowed += ",";
      allowed += Name(open);
    }
    detail.metadata["allowed_actions"] = std::move(allowed);
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The step cannot come to '" + std::string(Name(outcome)) + "' in this state.",
                     std::move(detail));
  }
  Change change;
  change.after = step.referral;
  change.from = step.referral.state;
  change.action = action;
  change.outcome = outcome;
  change.after.state = *next;
  MoveTo(change, step.now);
  return change;
}

void MoveTo(Change& change, Instant now) {
  change.after.version += 1;
  change.after.updated_at = now;
}

absl::StatusOr<Change> Create(const CreateRequest& request, const Actor& actor,
                              const Reference& reference, Instant now, const NewCaseIds& ids) {
  if (!MayDo(Action::kCreate, actor.side, actor.roles)) {
    return MakeError(absl::StatusCode::kPermissionDenied, "This role may not start a referral.",
                     "ROLE_NOT_ALLOWED");
  }
  const auto organisation = reference.organisations.find(actor.organisation_id);
  if (organisation == reference.organisations.end() || !organisation->second.participating ||
      organisation->second.municipality_code.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Only a participating municipality can start a referral.",
                     "NOT_PARTICIPATING");
  }
  const Date today = StockholmDate(now);
  const FormVersion* version = reference.FormOn(today);
  if (version == nullptr) return NoFormVersion();
  std::vector<FieldViolation> violations = CheckDraft(request.form, *version, today);
  CheckHandlers(request.handler_subjects, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));

  Change change;
  change.action = Action::kCreate;
  change.content_changed = true;
  Referral& referral = change.after;
  referral.referral_id = ids.referral_id;
  referral.case_number = ids.case_number;
  referral.owner_unit_id = actor.unit_id;
  referral.owner_organisation_id = actor.organisation_id;
  referral.municipality_code = organisation->second.municipality_code;
  referral.handler_subjects = {request.handler_subjects.begin(), request.handler_subjects.end()};
  referral.handler_subjects.insert(actor.subject);
  referral.form_version = version->version;
  referral.created_at = now;
  referral.content.form = request.form;
  DeriveFromForm(referral);
  MoveTo(change, now);
  return change;
}

absl::StatusOr<Change> Update(const Step& step, const UpdateRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kUpdate, Outcome::kNone));
  const FormVersion* version = step.reference.Form(step.referral.form_version);
  if (version == nullptr) return NoFormVersion();
  Form& form = change.after.content.form;
  std::vector<FieldViolation> violations = ApplyMask(request.form, request.mask, form);
  const std::vector<FieldViolation> broken = step.referral.submitted_at
                                                 ? CheckComplete(form, *version, step.today())
                                                 : CheckDraft(form, *version, step.today());
  violations.insert(violations.end(), broken.begin(), broken.end());
  const Person& before = step.referral.content.form.person;
  if (IsPlaced(step.referral.state) && form.person.identity_number != before.identity_number) {
    violations.push_back(
        Violation("form.person.identity_number", "PLACED",
                  "Who lives at a facility does not change with a revised form.",
                  "Vem som är inskriven ändras inte genom en reviderad blankett."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  DeriveFromForm(change.after);
  change.content_changed = true;
  const bool ranked = step.referral.submitted_at.has_value();
  if (ranked && !(change.after.criteria == step.referral.criteria)) {
    change.events.emplace_back(CriteriaChangedEvent{});
  }
  return change;
}

absl::StatusOr<Change> ChangeCriteria(const Step& step, const ChangeCriteriaRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kChangeCriteria, Outcome::kNone));
  std::vector<FieldViolation> violations;
  CheckText("reason", request.reason, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  change.after.criteria = request.criteria;
  change.after.content.notes.criteria_reason = request.reason;
  change.content_changed = true;
  change.events.emplace_back(CriteriaChangedEvent{});
  return change;
}

absl::StatusOr<Change> Submit(const Step& step, const SubmitRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kSubmit, Outcome::kNone));
  const FormVersion* version = step.reference.Form(step.referral.form_version);
  if (version == nullptr) return NoFormVersion();
  const Form& form = step.referral.content.form;
  std::vector<FieldViolation> violations = CheckComplete(form, *version, step.today());
  change.exception = CheckOrder(step, request, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (!BoardMayReceive(step.referral.grounds, step.today())) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Submitting discloses identity and needs to the placement board: record a "
                     "consent or another ground that names it first.",
                     "NO_GROUND");
  }
  Referral& after = change.after;
  if (!after.submitted_at) {
    after.submitted_at = step.now;
    after.content.notes.prior_decision_date = request.prior_decision_date;
    after.content.notes.order_exception_reason = request.order_exception_reason;
    change.content_changed =
        !request.prior_decision_date.empty() || !request.order_exception_reason.empty();
  }
  after.assessment = {};
  SubmittedEvent event;
  event.exception = change.exception;
  event.ground = form.ground;
  event.criteria = after.criteria;
  if (!form.person.protected_identity) event.legal_sex = form.person.legal_sex;
  event.age_band = AgeBandOf(form.person, step.today());
  change.events.emplace_back(event);
  return change;
}

absl::StatusOr<Change> Close(const Step& step, const std::string& reason_code) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kClose, Outcome::kNone));
  std::vector<FieldViolation> violations;
  if (std::find(kCloseReasons.begin(), kCloseReasons.end(), reason_code) == kCloseReasons.end()) {
    violations.push_back(Violation("reason_code", "UNKNOWN_CODE", "There is no such reason.",
                                   "Det finns inget sådant avslutsskäl."));
  } else if (reason_code == "executed" && step.referral.state != State::kDischarged) {
    violations.push_back(Violation("reason_code", "NOT_EXECUTED",
                                   "Only a case whose person has moved out is executed.",
                                   "Ärendet kan avslutas som verkställt först efter utskrivning."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  change.after.close_reason_code = reason_code;
  change.events.emplace_back(ClosedEvent{});
  return change;
}

absl::StatusOr<Change> Withdraw(const Step& step) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kWithdraw, Outcome::kNone));
  change.after.close_reason_code = "withdrawn";
  change.events.emplace_back(ClosedEvent{});
  return change;
}

}  // namespace vardkedja::referral::domain
