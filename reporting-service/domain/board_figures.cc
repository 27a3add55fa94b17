#include "reporting-service/domain/board_figures.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "reporting-service/domain/survival.h"
#include "reporting-service/domain/waits.h"

namespace vardkedja::reporting::domain {
namespace {

// What has to be there, in this order, before a first placement is decided (domain.md, 4). A waived
// visit is an exception, and so not the routine.
struct RoutineStep {
  StepKind kind;
  std::string_view codes;  // " a b " when only these count
};
constexpr std::array<RoutineStep, 7> kRoutine = {{
    {StepKind::kSubmitted, ""},
    {StepKind::kAcknowledged, ""},
    {StepKind::kAssessmentProposed, ""},
    {StepKind::kAssessed, ""},
    {StepKind::kStudyVisitRecorded, " done "},
    {StepKind::kAnswered, " yes "},
    {StepKind::kDecisionMade, ""},
}};

bool Counts(const RoutineStep& routine, const Step& step) {
  if (routine.kind != step.kind || step.transfer) return false;
  return routine.codes.empty() || routine.codes.find(" " + step.code + " ") != std::string::npos;
}

std::string_view Gate(StepKind kind) {
  switch (kind) {
    case StepKind::kSubmitted:
      return "form_order";
    case StepKind::kStudyVisitRecorded:
      return "study_visit";
    case StepKind::kEnrolled:
      return "placement_agreement";
    case StepKind::kTransferPlanned:
      return "transfer_meeting";
    case StepKind::kDischargePlanned:
      return "discharge_plan";
    default:
      return "other";
  }
}

// The steps of one case, referral's in log order.
using Steps = std::vector<const Step*>;

const Step* First(const Steps& steps, const RoutineStep& wanted) {
  for (const Step* step : steps) {
    if (Counts(wanted, *step)) return step;
  }
  return nullptr;
}

const Step* Last(const Steps& steps, std::initializer_list<StepKind> kinds) {
  const Step* last = nullptr;
  for (const Step* step : steps) {
    if (std::find(kinds.begin(), kinds.end(), step->kind) != kinds.end()) last = step;
  }
  return last;
}

bool FollowedRoutine(const Steps& steps) {
  std::int64_t before = -1;
  for (const RoutineStep& wanted : kRoutine) {
    const Step* step = First(steps, wanted);
    if (step == nullptr || step->seq < before) return false;
    before = step->seq;
  }
  return true;
}

void AddOutcome(const Steps& steps, BoardFigures& figures) {
  const auto add = [&](const std::string& outcome, const Step* step) {
    ++figures.outcomes[outcome];
    if (step != nullptr && !step->code.empty()) {
      ++figures.outcome_reasons[outcome + ":" + step->code];
    }
  };
  if (First(steps, kRoutine.back()) != nullptr) return add("granted", nullptr);
  if (const Step* refused = Last(steps, {StepKind::kAssistanceRefused})) {
    return add("refused", refused);
  }
  if (const Step* closed = Last(steps, {StepKind::kClosed})) return add("closed", closed);
  const Step* assessed = Last(steps, {StepKind::kAssessed, StepKind::kSentBack});
  if (assessed != nullptr && assessed->kind == StepKind::kSentBack) {
    return add("sent_back", assessed);
  }
  add("pending", nullptr);
}

Duration Acknowledgement(const Case& one, const Steps& steps, Instant as_of) {
  const Step* acknowledged = First(steps, {StepKind::kAcknowledged, ""});
  const Step* closed = Last(steps, {StepKind::kClosed});
  const Instant end = acknowledged != nullptr ? acknowledged->at
                      : closed != nullptr     ? closed->at
                                              : as_of;
  const auto minutes = std::chrono::floor<std::chrono::minutes>(end - one.submitted_at).count();
  return {std::max<std::int64_t>(minutes, 0), acknowledged != nullptr};
}

std::map<std::string, Steps> StepsByCase(const Facts& facts) {
  std::map<std::string, Steps> by_case;
  for (const Step& step : facts.steps) by_case[step.case_id].push_back(&step);
  for (auto& [case_id, steps] : by_case) {
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step* a, const Step* b) { return a->seq < b->seq; });
  }
  return by_case;
}

void AddPlannedDates(const Facts& facts, const std::set<std::string>& cases, int tolerance_days,
                     Date as_of, BoardFigures& figures) {
  std::map<std::string, const Decision*> decisions;
  for (const Decision& decision : facts.decisions) decisions[decision.decision_id] = &decision;
  for (const Wait& wait : DecisionWaits(facts, as_of)) {
    const Decision& decision = *decisions[wait.reference];
    if (wait.transfer || !decision.planned_move_in || !cases.contains(wait.case_id)) continue;
    ++figures.with_planned_date;
    const Date last = *decision.planned_move_in + std::chrono::days(tolerance_days);
    if (wait.executed || last < as_of) ++figures.planned_date_due;
    if (wait.executed && *wait.executed <= last) ++figures.moved_in_in_time;
  }
}

}  // namespace

BoardFigures ComputeBoardFigures(const Facts& facts, Period period, int tolerance_days,
                                 Instant as_of) {
  BoardFigures figures;
  std::map<std::string, Steps> by_case = StepsByCase(facts);
  std::set<std::string> cases;
  std::set<std::string> people;
  std::vector<Duration> acknowledgements;
  for (const Case& one : facts.cases) {
    if (!period.Contains(StockholmDate(one.submitted_at))) continue;
    const Steps& steps = by_case[one.case_id];
    cases.insert(one.case_id);
    people.insert(one.person_id);
    if (First(steps, kRoutine.back()) != nullptr) ++figures.decided_cases;
    if (FollowedRoutine(steps)) ++figures.followed_routine;
    if (Last(steps, {StepKind::kInformationRequested}) != nullptr) ++figures.information_requested;
    for (const Step* step : steps) {
      if (step->exception) ++figures.exceptions[std::string(Gate(step->kind))];
    }
    AddOutcome(steps, figures);
    acknowledgements.push_back(Acknowledgement(one, steps, as_of));
  }
  for (const Offer& offer : facts.offers) {
    if (offer.override_rule && cases.contains(offer.case_id)) ++figures.overrides;
  }
  AddPlannedDates(facts, cases, tolerance_days, StockholmDate(as_of), figures);
  figures.cases = static_cast<std::int64_t>(cases.size());
  figures.people = static_cast<std::int64_t>(people.size());
  figures.median_acknowledgement_minutes = Quantile(acknowledgements, 0.5);
  figures.p90_acknowledgement_minutes = Quantile(std::move(acknowledgements), 0.1);
  return figures;
}

}  // namespace vardkedja::reporting::domain
