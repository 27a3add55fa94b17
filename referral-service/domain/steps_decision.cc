// Study visit, the person's answer, and the decision (domain.md, 4 steps 4 and 5).
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/decision_law.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/domain/steps.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kSubjectLength = 200;

constexpr auto kRefusalReasons = std::to_array<std::string_view>(
    {"need_met_otherwise", "not_entitled", "other_measure", "other"});

// The facility that a visit or a decision is for: first of the path, or the one after the present.
std::string NextOnPath(const Referral& referral) {
  const auto& path = referral.assessment.path_facility_ids;
  if (!IsPlaced(referral.state)) return path.empty() ? std::string() : path.front();
  const auto present = std::find(path.begin(), path.end(), referral.whereabouts.facility_id);
  if (present == path.end() || present + 1 == path.end()) return {};
  return *(present + 1);
}

void CheckFacility(const Step& step, const std::string& facility_id,
                   std::vector<FieldViolation>& out) {
  const std::string expected = NextOnPath(step.referral);
  if (expected.empty()) {
    out.push_back(Violation("facility_id", "PATH_ENDS", "The path has no further facility.",
                            "Vägen har ingen ytterligare verksamhet."));
  } else if (facility_id != expected) {
    out.push_back(Violation("facility_id", "NOT_NEXT_ON_PATH",
                            "The next facility on the path is '" + expected + "'.",
                            "Nästa verksamhet på vägen är '" + expected + "'."));
  }
}

std::optional<Date> CheckDate(std::string_view field, const std::string& text, bool required,
                              std::vector<FieldViolation>& out) {
  if (text.empty()) {
    if (required) out.push_back(Required(field));
    return std::nullopt;
  }
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(
        Violation(field, "DATE", "A date is written YYYY-MM-DD.", "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return date;
}

Outcome OutcomeOf(const RecordVisitRequest& request) {
  switch (request.outcome) {
    case VisitOutcome::kDone:
      return request.needs_can_be_met ? Outcome::kNeedsMet : Outcome::kNeedsNotMet;
    case VisitOutcome::kNoShow:
      return Outcome::kNoShow;
    case VisitOutcome::kWaived:
      return Outcome::kWaived;
    case VisitOutcome::kUnspecified:
      break;
  }
  return Outcome::kNone;
}

// What is booked for a later day has not happened.
void CheckVisitDay(const Step& step, Outcome outcome, std::vector<FieldViolation>& out) {
  const auto& visits = step.referral.study_visits;
  if (outcome == Outcome::kNone || outcome == Outcome::kWaived || visits.empty()) return;
  const StudyVisit& booked = visits.back();
  if (booked.outcome != Outcome::kNone || !booked.visit_time) return;
  const Date day = StockholmDate(*booked.visit_time);
  if (day <= step.today()) return;
  out.push_back(
      Violation("outcome", "NOT_YET",
                "The visit is booked for " + FormatDate(day) + ": record it then, or book it anew.",
                "Studiebesöket är bokat till " + FormatDate(day) +
                    ": registrera det då, eller boka om det."));
}

// Whether the person lives at the facility or waits for it in this state.
bool IsForNow(const Referral& referral, const Decision& decision) {
  if (decision.facility_id == referral.whereabouts.facility_id) return true;
  return IsPlaced(referral.state) ? decision.transfer && IsTransferDecided(referral.state)
                                  : !decision.transfer;
}

// The newest granted decision for the facility; for an empty one where the person lives, and before
// the move-in what they wait for. Null when there is none.
const Decision* DecisionToExtend(const Referral& referral, const std::string& asked_facility_id) {
  const std::string& facility_id =
      asked_facility_id.empty() ? referral.whereabouts.facility_id : asked_facility_id;
  const auto found = std::find_if(
      referral.decisions.rbegin(), referral.decisions.rend(), [&](const Decision& decision) {
        return decision.status == DecisionStatus::kGranted && IsForNow(referral, decision) &&
               (facility_id.empty() || decision.facility_id == facility_id);
      });
  return found == referral.decisions.rend() ? nullptr : &*found;
}

// The newest granted decision for the facility; empty for the first.
std::string GrantedBefore(const Referral& referral, const std::string& facility_id) {
  const auto found =
      std::find_if(referral.decisions.rbegin(), referral.decisions.rend(), [&](const Decision& d) {
        return d.status == DecisionStatus::kGranted && d.facility_id == facility_id;
      });
  return found == referral.decisions.rend() ? std::string() : found->decision_id;
}

bool LivesAt(const Referral& referral, const std::string& facility_id) {
  return referral.whereabouts.facility_id == facility_id;
}

// The assessed kind of the path's first facility; of a transfer what the next facility has.
BedKind CheckKind(const Step& step, const ProposeDecisionRequest& request,
                  std::vector<FieldViolation>& out) {
  const bool transfer = IsPlaced(step.referral.state);
  const BedKind assessed = transfer ? BedKind::kRegular : step.referral.assessment.bed_kind;
  const BedKind kind = request.bed_kind == BedKind::kUnspecified ? assessed : request.bed_kind;
  if (!transfer && kind != assessed) {
    const std::string name(Name(assessed));
    out.push_back(Violation("bed_kind", "NOT_ASSESSED", "The board assessed the kind " + name + ".",
                            "Remissgruppen har bedömt slaget " + name + "."));
    return kind;
  }
  CheckBedKind(kind, request.facility_id, step.reference, step.today(), out);
  return kind;
}

void CheckRefusal(const MakeDecisionRequest& request, std::vector<FieldViolation>& out) {
  const bool refused = request.outcome == Outcome::kRefuse;
  if (refused && std::find(kRefusalReasons.begin(), kRefusalReasons.end(),
                           request.refusal_reason_code) == kRefusalReasons.end()) {
    out.push_back(Violation("refusal_reason_code", "UNKNOWN_CODE",
                            "There is no such reason for refusal.",
                            "Det finns inget sådant avslagsskäl."));
  }
  if (!refused && !request.refusal_reason_code.empty()) {
    out.push_back(Violation("refusal_reason_code", "CONTRADICTION",
                            "A granted decision has no reason for refusal.",
                            "Ett beviljande beslut har inget avslagsskäl."));
  }
}

// The proposal may have waited: law and period are judged on the day of the decision.
void CheckProposed(const Step& step, const Decision& proposed, Date decided,
                   std::vector<FieldViolation>& out) {
  const LawSection* law = CheckLaw(step, proposed.law_section, decided, out);
  if (law != nullptr) CheckTerm(step, *law, decided, proposed.to_date, out);
  if (proposed.to_date <= step.today()) {
    out.push_back(Violation("to_date", "ORDER",
                            "The proposed period has already ended: propose anew.",
                            "Den föreslagna perioden har redan löpt ut: föreslå på nytt."));
  }
}

// What a new decision for the same facility keeps of the former.
Decision Followed(const Step& step, const Decision& former) {
  const bool lives_there = LivesAt(step.referral, former.facility_id);
  Decision decision;
  decision.decision_id = step.new_id;
  decision.status = DecisionStatus::kGranted;
  decision.facility_id = former.facility_id;
  decision.facility_unit_id = former.facility_unit_id;
  decision.bed_kind = former.bed_kind;
  decision.transfer = former.transfer && !lives_there;
  if (!lives_there && former.planned_move_in_date >= step.today()) {
    decision.planned_move_in_date = former.planned_move_in_date;
  }
  return decision;
}

void CheckFollowed(const Decision* former, std::vector<FieldViolation>& out) {
  if (former != nullptr) return;
  out.push_back(
      Violation("facility_id", "NOT_DECIDED",
                "The person neither lives there nor waits for a place there by a decision.",
                "Personen varken bor där eller väntar på plats där enligt ett beslut."));
}

}  // namespace

absl::StatusOr<Change> BookStudyVisit(const Step& step, const BookVisitRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kBookStudyVisit, Outcome::kNone));
  std::vector<FieldViolation> violations;
  CheckFacility(step, request.facility_id, violations);
  if (!request.visit_time) {
    violations.push_back(Required("visit_time"));
  } else if (*request.visit_time <= step.now) {
    violations.push_back(Violation("visit_time", "IN_THE_PAST", "The visit must be in the future.",
                                   "Studiebesöket måste ligga i framtiden."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  auto& visits = change.after.study_visits;
  const bool rebooked = !visits.empty() && visits.back().outcome == Outcome::kNone;
  StudyVisit visit;
  visit.visit_id = step.new_id;
  if (rebooked) visit = visits.back();
  visit.facility_id = request.facility_id;
  visit.visit_time = request.visit_time;
  visit.recorded_at = step.now;
  if (rebooked) visits.pop_back();
  visits.push_back(visit);
  change.visit = visit;
  change.events.emplace_back(StudyVisitBookedEvent{visit});
  return change;
}

absl::StatusOr<Change> RecordStudyVisit(const Step& step, const RecordVisitRequest& request) {
  VK_RETURN_IF_ERROR(CheckLegal(step, Action::kRecordStudyVisit));
  std::vector<FieldViolation> violations;
  const Outcome outcome = OutcomeOf(request);
  if (outcome == Outcome::kNone) violations.push_back(Required("outcome"));
  const bool needs_reason = outcome == Outcome::kWaived || outcome == Outcome::kNeedsNotMet;
  CheckText("reason", request.reason, needs_reason, kLongText, violations);
  if (request.needs_can_be_met && request.outcome != VisitOutcome::kDone) {
    violations.push_back(Violation("needs_can_be_met", "CONTRADICTION",
                                   "Only a visit that was done has a finding.",
                                   "Bara ett genomfört studiebesök kan ge en bedömning."));
  }
  CheckVisitDay(step, outcome, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kRecordStudyVisit, outcome));
  auto& visits = change.after.study_visits;
  if (visits.empty() || visits.back().outcome != Outcome::kNone) {
    StudyVisit unbooked;
    unbooked.visit_id = step.new_id;
    unbooked.facility_id = NextOnPath(step.referral);
    visits.push_back(std::move(unbooked));
  }
  StudyVisit& visit = visits.back();
  visit.outcome = outcome;
  visit.recorded_at = step.now;
  if (!request.reason.empty()) {
    change.after.content.notes.visit_reasons[visit.visit_id] = request.reason;
    change.content_changed = true;
  }
  change.exception = outcome == Outcome::kWaived;
  change.visit = visit;
  change.events.emplace_back(StudyVisitRecordedEvent{visit});
  return change;
}

absl::StatusOr<Change> RecordAnswer(const Step& step, const AnswerRequest& request) {
  VK_RETURN_IF_ERROR(CheckLegal(step, Action::kRecordAnswer));
  std::vector<FieldViolation> violations;
  if (request.kind == Outcome::kNone) violations.push_back(Required("kind"));
  CheckText("alternatives_shown", request.alternatives_shown, false, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kRecordAnswer, request.kind));
  change.after.answer = request.kind;
  change.after.answered_at = step.now;
  change.after.content.notes.alternatives_shown = request.alternatives_shown;
  change.content_changed = true;
  change.events.emplace_back(AnsweredEvent{});
  return change;
}

absl::StatusOr<Change> ProposeDecision(const Step& step, const ProposeDecisionRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kProposeDecision, Outcome::kNone));
  const Referral& referral = step.referral;
  const bool transfer = IsPlaced(referral.state);
  std::vector<FieldViolation> violations;
  CheckFacility(step, request.facility_id, violations);
  const LawSection* law = CheckLaw(step, request.law_section, step.today(), violations);
  const auto to_date = CheckDate("to_date", request.to_date, true, violations);
  if (to_date && *to_date <= step.today()) {
    violations.push_back(Violation("to_date", "ORDER", "The period must end after today.",
                                   "Perioden måste sluta efter dagens datum."));
  }
  if (to_date && law != nullptr) CheckTerm(step, *law, step.today(), *to_date, violations);
  const auto move_in =
      CheckDate("planned_move_in_date", request.planned_move_in_date, false, violations);
  if (move_in && (*move_in < step.today() || (to_date && *move_in >= *to_date))) {
    violations.push_back(Violation("planned_move_in_date", "OUTSIDE_PERIOD",
                                   "The planned move-in must lie within the period.",
                                   "Planerad inflyttning måste ligga inom perioden."));
  }
  const BedKind kind = CheckKind(step, request, violations);
  CheckText("motivation", request.motivation, false, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));

  auto& decisions = change.after.decisions;
  const bool revised = !decisions.empty() && decisions.back().status == DecisionStatus::kProposed;
  Decision decision;
  decision.decision_id = revised ? decisions.back().decision_id : step.new_id;
  decision.facility_id = request.facility_id;
  decision.facility_unit_id = step.reference.UnitOfFacility(request.facility_id).value_or("");
  decision.bed_kind = kind;
  decision.to_date = *to_date;
  decision.planned_move_in_date = move_in;
  decision.law_section = law->code;
  decision.deciding_organisation_id = DecidingOrganisation(*law, referral);
  decision.proposer_subject = step.actor.subject;
  decision.transfer = transfer;
  decision.recorded_at = step.now;
  if (revised) decisions.pop_back();
  decisions.push_back(decision);
  change.after.content.notes.motivations[decision.decision_id] = request.motivation;
  change.content_changed = true;
  change.decision = decision;
  change.events.emplace_back(DecisionProposedEvent{decision});
  return change;
}

absl::StatusOr<Change> MakeDecision(const Step& step, const MakeDecisionRequest& request) {
  VK_RETURN_IF_ERROR(CheckLegal(step, Action::kMakeDecision));
  const bool refused = request.outcome == Outcome::kRefuse;
  const Decision& proposed = step.referral.decisions.back();
  std::vector<FieldViolation> violations;
  if (request.outcome == Outcome::kNone) violations.push_back(Required("outcome"));
  const LawSection* law = step.reference.Law(proposed.law_section, step.today());
  if (law == nullptr) {
    // It has ceased to be in force since it was proposed: propose again under another.
    static_cast<void>(CheckLaw(step, proposed.law_section, step.today(), violations));
    return InvalidFields(std::move(violations));
  }
  const auto decided = CheckAuthority(
      step, *law, {request.delegation_point, request.deciding_reference, request.decision_date},
      violations);
  CheckText("motivation", request.motivation, false, kLongText, violations);
  CheckRefusal(request, violations);
  if (!refused && decided) CheckProposed(step, proposed, *decided, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));

  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kMakeDecision, request.outcome));
  Decision& decision = change.after.decisions.back();
  decision.status = refused ? DecisionStatus::kRefused : DecisionStatus::kGranted;
  // The period begins on the day of the decision, whatever the queue (domain.md, 4 step 5).
  decision.decision_date = decided;
  decision.delegation_point = request.delegation_point;
  decision.deciding_reference = request.deciding_reference;
  decision.deciding_organisation_id = DecidingOrganisation(*law, step.referral);
  decision.municipality_code = step.referral.municipality_code;
  decision.decider_subject = step.actor.subject;
  decision.refusal_reason_code = request.refusal_reason_code;
  decision.recorded_at = step.now;
  if (!request.motivation.empty()) {
    change.after.content.notes.motivations[decision.decision_id] = request.motivation;
    change.content_changed = true;
  }
  change.decision = decision;
  if (!refused) {
    change.events.emplace_back(
        DecisionMadeEvent{decision, GrantedBefore(step.referral, decision.facility_id), false});
    return change;
  }
  change.events.emplace_back(AssistanceRefusedEvent{decision});
  if (change.after.state == State::kClosed) {
    change.after.close_reason_code = "refused";
    change.events.emplace_back(ClosedEvent{});
  }
  return change;
}

absl::StatusOr<Change> ExtendDecision(const Step& step, const ExtendRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kExtendDecision, Outcome::kNone));
  const Decision* present = DecisionToExtend(step.referral, request.facility_id);
  if (present == nullptr && request.facility_id.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The present stay rests on no decision of this case.", "NO_DECISION");
  }
  std::vector<FieldViolation> violations;
  CheckFollowed(present, violations);
  const LawSection* law = CheckLaw(step, request.law_section, step.today(), violations);
  const auto decided = CheckAuthority(
      step, law == nullptr ? LawSection() : *law,
      {request.delegation_point, request.deciding_reference, request.decision_date}, violations);
  const auto to_date = CheckDate("to_date", request.to_date, true, violations);
  const Date former_to = present == nullptr ? step.today() : present->to_date;
  if (to_date && (*to_date <= step.today() || *to_date <= former_to)) {
    violations.push_back(Violation(
        "to_date", "ORDER", "The new period must end after today and after the present one.",
        "Den nya perioden måste sluta efter i dag och efter den nuvarande."));
  }
  if (law != nullptr && to_date && decided) {
    CheckTerm(step, *law, *decided, *to_date, violations);
  }
  CheckText("proposer_subject", request.proposer_subject, false, kSubjectLength, violations);
  CheckText("motivation", request.motivation, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));

  Decision decision = Followed(step, *present);
  decision.decision_date = decided;
  decision.to_date = *to_date;
  decision.law_section = law->code;
  decision.delegation_point = request.delegation_point;
  decision.deciding_reference = request.deciding_reference;
  decision.deciding_organisation_id = DecidingOrganisation(*law, step.referral);
  decision.municipality_code = step.referral.municipality_code;
  decision.proposer_subject =
      request.proposer_subject.empty() ? step.actor.subject : request.proposer_subject;
  decision.decider_subject = step.actor.subject;
  decision.recorded_at = step.now;
  // The clock of a decision that has not ended goes on; one made after the end has its own.
  const bool goes_on =
      LivesAt(step.referral, present->facility_id) || present->to_date > step.today();
  const std::string former_decision_id = present->decision_id;
  change.after.decisions.push_back(decision);
  change.after.content.notes.motivations[decision.decision_id] = request.motivation;
  change.content_changed = true;
  change.decision = decision;
  change.events.emplace_back(DecisionMadeEvent{decision, former_decision_id, goes_on});
  return change;
}

}  // namespace vardkedja::referral::domain
