#include "reporting-service/domain/waits.h"

#include <algorithm>
#include <map>
#include <utility>

namespace vardkedja::reporting::domain {
namespace {

struct Closing {
  Date on{};
  std::string reason;
};

using Closings = std::map<std::string, Closing>;

void KeepEarliest(Closings& closings, const std::string& key, Closing closing) {
  const auto [found, added] = closings.emplace(key, closing);
  if (!added && closing.on < found->second.on) found->second = std::move(closing);
}

Closings CaseClosings(const Facts& facts, Date as_of) {
  Closings closings;
  for (const Step& step : facts.steps) {
    if (step.kind != StepKind::kClosed) continue;
    const Date on = StockholmDate(step.at);
    if (on <= as_of) KeepEarliest(closings, step.case_id, {on, step.code});
  }
  return closings;
}

void Apply(const Closings& closings, const std::string& key, Wait& wait) {
  const auto found = closings.find(key);
  if (found == closings.end()) return;
  if (wait.closed.has_value() && *wait.closed <= found->second.on) return;
  wait.closed = found->second.on;
  wait.closing_reason = found->second.reason;
}

using StaysByCase = std::multimap<std::string, const Stay*>;

StaysByCase MovedInBy(const Facts& facts, Date as_of) {
  StaysByCase stays;
  for (const Stay& stay : facts.stays) {
    if (stay.move_in <= as_of) stays.emplace(stay.case_id, &stay);
  }
  return stays;
}

// The first move-in on the decision, or on one that followed it: a decision that ended while the
// person waited is executed when they move in at the same facility all the same.
std::optional<Date> MoveIn(const StaysByCase& stays, const Decision& decision) {
  std::optional<Date> first;
  const auto [begin, end] = stays.equal_range(decision.case_id);
  for (auto it = begin; it != end; ++it) {
    const Stay& stay = *it->second;
    const bool followed =
        stay.facility_id == decision.facility_id && stay.move_in >= decision.decision_date;
    if (stay.decision_id != decision.decision_id && !followed) continue;
    if (!first || stay.move_in < *first) first = stay.move_in;
  }
  return first;
}

using DecisionsById = std::map<std::string, const Decision*>;

DecisionsById ById(const Facts& facts) {
  DecisionsById by_id;
  for (const Decision& decision : facts.decisions) by_id[decision.decision_id] = &decision;
  return by_id;
}

// The clock of a decision goes on in the one that extends it, unless that is another municipality's
// and is made while the person waits: then each has its own.
bool HasClock(const Decision& decision, const DecisionsById& by_id, const StaysByCase& stays) {
  if (decision.extends_decision_id.empty()) return true;
  const auto former = by_id.find(decision.extends_decision_id);
  if (former == by_id.end()) return false;
  if (former->second->municipality_code == decision.municipality_code) return false;
  const auto [begin, end] = stays.equal_range(decision.case_id);
  return std::none_of(begin, end, [&](const auto& entry) {
    const Stay& stay = *entry.second;
    return stay.facility_id == decision.facility_id && stay.move_in <= decision.decision_date &&
           (!stay.departure || *stay.departure > decision.decision_date);
  });
}

using DecisionsByCase = std::multimap<std::string, const Decision*>;

DecisionsByCase ByCase(const Facts& facts) {
  DecisionsByCase by_case;
  for (const Decision& decision : facts.decisions) by_case.emplace(decision.case_id, &decision);
  return by_case;
}

// Whose decision the person lived by on a day: the newest for the facility until then.
const Decision* LivedBy(const DecisionsByCase& decisions, const Stay& stay, Date on) {
  const Decision* newest = nullptr;
  const auto [begin, end] = decisions.equal_range(stay.case_id);
  for (auto it = begin; it != end; ++it) {
    const Decision& one = *it->second;
    if (one.facility_id != stay.facility_id || one.decision_date > on) continue;
    if (newest == nullptr || one.decision_date >= newest->decision_date) newest = &one;
  }
  return newest;
}

}  // namespace

bool ClosesDecision(const std::string& dequeue_reason) {
  return dequeue_reason == "withdrawn" || dequeue_reason == "case_closed" ||
         dequeue_reason == "deceased";
}

std::vector<Wait> DecisionWaits(const Facts& facts, Date as_of) {
  const Closings by_case = CaseClosings(facts, as_of);
  Closings by_decision;
  for (const QueueEntry& entry : facts.queue_entries) {
    if (!entry.left_on.has_value() || *entry.left_on > as_of) continue;
    if (!ClosesDecision(entry.left_reason)) continue;
    KeepEarliest(by_decision, entry.decision_id, {*entry.left_on, entry.left_reason});
  }
  const StaysByCase stays = MovedInBy(facts, as_of);
  const DecisionsById by_id = ById(facts);
  std::vector<Wait> waits;
  for (const Decision& decision : facts.decisions) {
    if (decision.decision_date > as_of || !HasClock(decision, by_id, stays)) continue;
    Wait wait;
    wait.reference = decision.decision_id;
    wait.case_id = decision.case_id;
    wait.person_id = decision.person_id;
    wait.municipality_code = decision.municipality_code;
    wait.facility_id = decision.facility_id;
    wait.transfer = decision.transfer;
    wait.start = decision.decision_date;
    wait.executed = MoveIn(stays, decision);
    Apply(by_case, decision.case_id, wait);
    Apply(by_decision, decision.decision_id, wait);
    waits.push_back(std::move(wait));
  }
  return waits;
}

std::vector<Wait> InterruptionWaits(const Facts& facts, Date as_of) {
  const Closings by_case = CaseClosings(facts, as_of);
  std::map<std::string, const Stay*> stays;
  for (const Stay& stay : facts.stays) stays[stay.stay_id] = &stay;
  std::map<std::string, std::string> municipalities;
  for (const Case& one : facts.cases) municipalities[one.case_id] = one.municipality_code;

  const DecisionsByCase decisions = ByCase(facts);
  std::vector<Wait> waits;
  for (const Interruption& interruption : facts.interruptions) {
    const auto found = stays.find(interruption.stay_id);
    if (found == stays.end() || interruption.from > as_of) continue;
    const Stay& stay = *found->second;
    Wait wait;
    wait.reference = stay.stay_id + "/" + FormatDate(interruption.from);
    wait.case_id = stay.case_id;
    wait.person_id = stay.person_id;
    const Decision* decision = LivedBy(decisions, stay, interruption.from);
    wait.municipality_code =
        decision == nullptr ? municipalities[stay.case_id] : decision->municipality_code;
    wait.facility_id = stay.facility_id;
    wait.interruption = true;
    wait.start = interruption.from;
    if (interruption.resumed && *interruption.resumed <= as_of) {
      wait.executed = interruption.resumed;
    }
    if (stay.departure && *stay.departure <= as_of) {
      wait.closed = stay.departure;
      wait.closing_reason = "departed";
    }
    Apply(by_case, stay.case_id, wait);
    waits.push_back(std::move(wait));
  }
  return waits;
}

}  // namespace vardkedja::reporting::domain
