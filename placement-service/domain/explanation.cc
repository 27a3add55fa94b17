#include "placement-service/domain/explanation.h"

#include <algorithm>

namespace vardkedja::placement::domain {
namespace {

struct KindText {
  std::string_view sv;
  std::string_view en;
};

KindText TextOf(BedKind kind) {
  switch (kind) {
    case BedKind::kIntake:
      return {"insluss", "intake place"};
    case BedKind::kStepOut:
      return {"utslusslägenhet", "step-out flat"};
    default:
      return {"ordinarie plats", "regular place"};
  }
}

std::string Number(int count) {
  if (count > kExactPositions) return "10 000";
  return std::to_string(count);
}

bool IsYesNo(RuleColumn column) { return column < RuleColumn::kCriteriaMet; }

std::string MetText(const QueueRule& rule, const RankedFacts& facts, bool swedish) {
  std::string met;
  for (const RuleColumn column : rule.criteria) {
    if (ValueText(rule, column, facts) != "yes") continue;
    if (!met.empty()) met += "; ";
    met += swedish ? NameSv(column) : NameEn(column);
  }
  if (met.empty()) return swedish ? "inga" : "none";
  return met;
}

std::string BeforeSv(const BeforeCount& before) {
  const std::string count = Number(before.count);
  if (IsYesNo(before.column)) {
    return count + " uppfyller kriteriet \"" + std::string(NameSv(before.column)) + "\"";
  }
  switch (before.column) {
    case RuleColumn::kCriteriaMet:
      return count + " uppfyller fler kriterier";
    case RuleColumn::kDecisionDate:
      return count + " har tidigare beslutsdatum";
    case RuleColumn::kSubmittedAt:
      return count + " har samma beslutsdatum men en blankett som skickades in tidigare";
    default:
      return count + " skiljs åt endast av köplatsens id";
  }
}

std::string BeforeEn(const BeforeCount& before) {
  const std::string count = Number(before.count);
  if (IsYesNo(before.column)) {
    return count + " by the criterion \"" + std::string(NameEn(before.column)) + "\"";
  }
  switch (before.column) {
    case RuleColumn::kCriteriaMet:
      return count + " by more criteria met";
    case RuleColumn::kDecisionDate:
      return count + " by an earlier decision date";
    case RuleColumn::kSubmittedAt:
      return count + " by an earlier submission on the same decision date";
    default:
      return count + " by the id of the entry alone";
  }
}

template <class Text>
std::string Joined(const std::vector<BeforeCount>& before, Text text) {
  std::string joined;
  for (const BeforeCount& row : before) {
    if (row.count == 0) continue;
    if (!joined.empty()) joined += "; ";
    joined += text(row);
  }
  return joined;
}

std::string ExplainSv(const QueueRule& rule, const RankedFacts& facts, const Standing& standing) {
  const bool over = standing.position > kExactPositions;
  std::string text = "Ärendet står " +
                     (over ? std::string("längre bak än plats 10 000")
                           : "på plats " + std::to_string(standing.position)) +
                     " i kön till " + standing.facility_name + " (" +
                     std::string(TextOf(standing.bed_kind).sv) +
                     ") enligt turordningsregeln, version " + std::to_string(rule.version) +
                     ". Uppfyllda kriterier: " + MetText(rule, facts, true) +
                     ". Beslutsdatum: " + FormatDate(facts.decision_date) + ".";
  const std::string before = Joined(standing.before, BeforeSv);
  text += before.empty() ? " Ingen står före." : " Av dem som står före: " + before + ".";
  if (standing.passed) text += " Någon längre bak i kön har fått plats före.";
  if (standing.waiting_long) {
    text += " Väntan har varat längre än " + std::to_string(rule.alert_after_days) +
            " dagar och remissgruppen är underrättad.";
  }
  if (standing.parked) {
    text += " Ärendet är parkerat: det behåller sin plats i kön, men inget erbjuds för närvarande.";
  }
  return text;
}

std::string ExplainEn(const QueueRule& rule, const RankedFacts& facts, const Standing& standing) {
  const bool over = standing.position > kExactPositions;
  std::string text = "The case stands " +
                     (over ? std::string("beyond position 10 000")
                           : "at position " + std::to_string(standing.position)) +
                     " in the queue to " + standing.facility_name + " (" +
                     std::string(TextOf(standing.bed_kind).en) + ") by queue rule version " +
                     std::to_string(rule.version) +
                     ". Criteria met: " + MetText(rule, facts, false) +
                     ". Decision date: " + FormatDate(facts.decision_date) + ".";
  const std::string before = Joined(standing.before, BeforeEn);
  text += before.empty() ? " Nobody stands before." : " Those who stand before: " + before + ".";
  if (standing.passed) text += " Someone further back has been placed first.";
  if (standing.waiting_long) {
    text += " The wait is longer than " + std::to_string(rule.alert_after_days) +
            " days and the placement board has been alerted.";
  }
  if (standing.parked) {
    text += " The case is parked: it keeps its position, but nothing is offered for now.";
  }
  return text;
}

}  // namespace

Why Explain(const QueueRule& rule, const RankedFacts& facts, const Standing& standing) {
  return {ExplainSv(rule, facts, standing), ExplainEn(rule, facts, standing)};
}

Why ExplainNotWaiting(EntryState state, const std::optional<std::string>& left_reason) {
  if (state == EntryState::kReserved) {
    return {"Ärendet har tackat ja till ett erbjudande och väntar på inskrivning.",
            "The case has accepted an offer and waits for the move-in."};
  }
  if (state == EntryState::kPlaced) {
    return {"Personen har fått sin plats.", "The person has moved in."};
  }
  if (left_reason == kLeftGroundEnded) {
    return {
        "Ärendet står inte i kö: det saknas samtycke eller annan grund för att lämna ut "
        "uppgifter. Platsen i kön kommer tillbaka när en grund finns.",
        "The case does not wait: consent or another ground for disclosure is missing. Its place "
        "in the queue returns with a ground."};
  }
  if (left_reason == kLeftDecisionEnded) {
    return {
        "Ärendet har lämnat kön eftersom beslutet inte gäller längre. Ett nytt beslut ger en ny "
        "plats i kön.",
        "The case has left the queue because its decision no longer applies. A new decision "
        "gives a new place in the queue."};
  }
  if (left_reason == kLeftDeceased) {
    return {"Ärendet har lämnat kön eftersom personen har avlidit.",
            "The case has left the queue because the person has died."};
  }
  return {"Ärendet har lämnat kön eftersom det är avslutat eller återtaget.",
          "The case has left the queue because it was closed or withdrawn."};
}

}  // namespace vardkedja::placement::domain
