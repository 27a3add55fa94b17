#include "referral-service/domain/reroute.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

void CheckReceiver(const Step& step, const std::string& to_unit_id,
                   std::vector<FieldViolation>& out) {
  constexpr std::string_view kField = "to_unit_id";
  if (to_unit_id.empty()) {
    out.push_back(Required(kField));
  } else if (!step.reference.unit_ids.contains(to_unit_id)) {
    out.push_back(Violation(kField, "UNKNOWN_UNIT", "There is no such unit.",
                            "Det finns ingen sådan enhet."));
  } else if (to_unit_id == step.referral.owner_unit_id) {
    out.push_back(Violation(kField, "SAME_UNIT", "The unit owns the case already.",
                            "Enheten äger redan ärendet."));
  } else if (step.reference.MunicipalityOf(to_unit_id) == nullptr) {
    out.push_back(Violation(kField, "NOT_MUNICIPAL",
                            "A case belongs to a unit of a participating municipality.",
                            "Ett ärende ägs av en enhet i en deltagande kommun."));
  }
  CheckNotMerged(kField, to_unit_id, step.reference, out);
}

void CheckReason(const std::vector<std::string>& known, const std::string& code,
                 std::vector<FieldViolation>& out) {
  if (code.empty()) {
    out.push_back(Required("reason_code"));
  } else if (std::find(known.begin(), known.end(), code) == known.end()) {
    out.push_back(Violation("reason_code", "UNKNOWN_CODE", "There is no such reason.",
                            "Det finns inget sådant skäl."));
  }
}

absl::StatusOr<const RerouteRule*> RuleOn(const Step& step, Date day) {
  const RerouteRule* rule = step.reference.RerouteRuleOn(day);
  if (rule != nullptr) return rule;
  return MakeError(absl::StatusCode::kUnavailable,
                   "No rule for hand-overs is in force on the date.", "REFERENCE_NOT_LOADED");
}

// Whether the actor may, and the hand-over still waits: its state, then its date.
absl::Status CheckOpen(const Step& step, const Reroute& reroute, Action action) {
  if (!MayDo(action, step.actor.side, step.actor.roles)) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "This unit and role may not take this step in any state.", "ROLE_NOT_ALLOWED");
  }
  const bool late = reroute.state == RerouteState::kOpen && step.today() > reroute.respond_by;
  if (reroute.state == RerouteState::kOpen && !late) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"state", std::string(Name(late ? RerouteState::kExpired : reroute.state))},
                     {"allowed_actions", ""}};
  return MakeError(absl::StatusCode::kFailedPrecondition, "The hand-over has ended.",
                   std::move(detail));
}

RerouteChange End(const Referral& referral, const Reroute& reroute, Action action, Instant now) {
  RerouteChange ended;
  ended.change.after = referral;
  ended.change.after.reroute_open = false;
  ended.change.from = referral.state;
  ended.change.action = action;
  MoveTo(ended.change, now);
  ended.reroute = reroute;
  ended.reroute.version += 1;
  ended.reroute.ended_at = now;
  for (const RerouteEnding& row : RerouteEndings()) {
    if (row.action == action) ended.reroute.state = row.to;
  }
  return ended;
}

absl::Status CheckGround(const Step& step, const std::string& purpose) {
  const std::set<std::string> covered =
      CategoriesFor(step.referral.grounds, step.actor.unit_id, purpose, step.today());
  std::string missing;
  for (const std::string& category : AllCategories()) {
    if (!covered.contains(category)) missing += (missing.empty() ? "" : ",") + category;
  }
  if (missing.empty()) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = "NO_GROUND";
  detail.metadata["missing_categories"] = std::move(missing);
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "No live ground lets the receiver have all of the case: the sender records one, "
                   "or the receiver declines.",
                   std::move(detail));
}

}  // namespace

absl::Status RerouteOpen() {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "A hand-over of the case waits for its receiver: withdraw it first.",
                   "REROUTE_OPEN");
}

absl::StatusOr<RerouteChange> HandOver(const Step& step, const HandOverRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kHandOver, Outcome::kNone));
  if (step.referral.reroute_open) return RerouteOpen();
  VK_ASSIGN_OR_RETURN(const RerouteRule* rule, RuleOn(step, step.today()));
  std::vector<FieldViolation> violations;
  CheckReceiver(step, request.to_unit_id, violations);
  CheckReason(rule->hand_over_reasons, request.reason_code, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Reroute reroute;
  reroute.reroute_id = step.new_id;
  reroute.referral_id = step.referral.referral_id;
  reroute.case_number = step.referral.case_number;
  reroute.from_unit_id = step.referral.owner_unit_id;
  reroute.to_unit_id = request.to_unit_id;
  reroute.reason_code = request.reason_code;
  reroute.respond_by = step.today() + std::chrono::days(rule->respond_days);
  reroute.handed_over_at = step.now;
  change.after.reroute_open = true;
  change.events.emplace_back(HandedOverEvent{reroute});
  return RerouteChange{std::move(change), std::move(reroute)};
}

absl::StatusOr<RerouteChange> TakeOver(const Step& step, const Reroute& reroute,
                                       const std::string& purpose) {
  VK_RETURN_IF_ERROR(CheckOpen(step, reroute, Action::kTakeOver));
  VK_RETURN_IF_ERROR(CheckLegal(step, Action::kTakeOver));
  const OrganisationInfo* municipality = step.reference.MunicipalityOf(step.actor.unit_id);
  if (municipality == nullptr) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "Only a participating municipality can own a case.", "NOT_PARTICIPATING");
  }
  VK_RETURN_IF_ERROR(CheckGround(step, purpose));
  RerouteChange ended = End(step.referral, reroute, Action::kTakeOver, step.now);
  Referral& after = ended.change.after;
  after.owner_unit_id = step.actor.unit_id;
  after.owner_organisation_id = municipality->organisation_id;
  after.municipality_code = municipality->municipality_code;
  after.handler_subjects = {step.actor.subject};
  ended.change.events.emplace_back(TakenOverEvent{ended.reroute});
  return ended;
}

absl::StatusOr<RerouteChange> DeclineHandOver(const Step& step, const Reroute& reroute,
                                              const std::string& reason_code) {
  VK_RETURN_IF_ERROR(CheckOpen(step, reroute, Action::kDeclineHandOver));
  VK_ASSIGN_OR_RETURN(const RerouteRule* rule, RuleOn(step, StockholmDate(reroute.handed_over_at)));
  std::vector<FieldViolation> violations;
  CheckReason(rule->decline_reasons, reason_code, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  RerouteChange ended = End(step.referral, reroute, Action::kDeclineHandOver, step.now);
  ended.reroute.decline_reason_code = reason_code;
  ended.change.events.emplace_back(HandOverEndedEvent{ended.reroute});
  return ended;
}

absl::StatusOr<RerouteChange> WithdrawHandOver(const Step& step, const Reroute& reroute) {
  VK_RETURN_IF_ERROR(CheckOpen(step, reroute, Action::kWithdrawHandOver));
  RerouteChange ended = End(step.referral, reroute, Action::kWithdrawHandOver, step.now);
  ended.change.events.emplace_back(HandOverEndedEvent{ended.reroute});
  return ended;
}

RerouteChange ChangeReceiver(const Referral& referral, const Reroute& reroute,
                             const std::string& to_unit_id, Instant now) {
  RerouteChange changed;
  changed.change.after = referral;
  changed.change.from = referral.state;
  changed.change.action = Action::kHandOver;
  MoveTo(changed.change, now);
  changed.reroute = reroute;
  changed.reroute.version += 1;
  changed.reroute.to_unit_id = to_unit_id;
  changed.change.events.emplace_back(HandedOverEvent{changed.reroute});
  return changed;
}

Reroute ChangeSender(const Reroute& reroute, const std::string& from_unit_id) {
  Reroute changed = reroute;
  changed.version += 1;
  changed.from_unit_id = from_unit_id;
  return changed;
}

RerouteChange EndWithinOneUnit(const Referral& referral, const Reroute& reroute, Instant now) {
  RerouteChange ended = End(referral, reroute, Action::kWithdrawHandOver, now);
  ended.change.events.emplace_back(HandOverEndedEvent{ended.reroute});
  return ended;
}

RerouteChange ExpireHandOver(const Referral& referral, const Reroute& reroute, Instant now) {
  RerouteChange ended = End(referral, reroute, Action::kHandOverExpired, now);
  ended.change.events.emplace_back(HandOverEndedEvent{ended.reroute});
  return ended;
}

}  // namespace vardkedja::referral::domain
