#include "placement-service/domain/care_period.h"

#include <array>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::domain {
namespace {

using Row = Transition<CarePeriodState, CarePeriodAction>;
constexpr std::array<Row, 3> kTable = {{
    {CarePeriodState::kOpen, CarePeriodAction::kReconsider, kOwner, CarePeriodState::kReconsidered},
    {CarePeriodState::kOpen, CarePeriodAction::kReplace, kConsequence, CarePeriodState::kReplaced},
    {CarePeriodState::kOpen, CarePeriodAction::kEnd, kConsequence, CarePeriodState::kEnded},
}};

}  // namespace

std::string_view Code(CarePeriodKind kind) {
  return kind == CarePeriodKind::kLvm ? "lvm" : "reconsideration";
}

CarePeriodKind PeriodKindOf(const Criteria& criteria) {
  return criteria.lvm_section_27 ? CarePeriodKind::kLvm : CarePeriodKind::kReconsideration;
}

std::string_view Name(CarePeriodState state) {
  constexpr std::array<std::string_view, 5> kNames = {"", "open", "reconsidered", "replaced",
                                                      "ended"};
  return kNames.at(static_cast<std::size_t>(state));
}

std::string_view Name(CarePeriodAction action) {
  constexpr std::array<std::string_view, 3> kNames = {"RecordReconsideration", "Replace", "End"};
  return kNames.at(static_cast<std::size_t>(action));
}

std::span<const Row> CarePeriodTable() { return kTable; }

std::string_view Code(DeadlineKind kind) {
  return kind == DeadlineKind::kExecution ? "execution" : "interruption";
}

std::string_view Code(ReconsiderationOutcome outcome) {
  constexpr std::array<std::string_view, 4> kCodes = {"", "goes_on", "is_to_end", "other_care"};
  return kCodes.at(static_cast<std::size_t>(outcome));
}

std::string_view Code(ReconsiderationReason reason) {
  constexpr std::array<std::string_view, 6> kCodes = {
      "", "need_remains", "goals_reached", "persons_wish", "need_changed", "other"};
  return kCodes.at(static_cast<std::size_t>(reason));
}

std::optional<CarePeriodRule> RuleInForce(const std::vector<CarePeriodRule>& rules,
                                          CarePeriodKind kind, Date start) {
  std::optional<CarePeriodRule> found;
  for (const CarePeriodRule& rule : rules) {
    if (rule.kind != kind || rule.valid_from > start) continue;
    if (!found || rule.valid_from > found->valid_from) found = rule;
  }
  return found;
}

CarePeriod BeginPeriod(CarePeriodId id, const EntryId& entry, const StayId& stay,
                       const CarePeriodRule& rule, Date start) {
  CarePeriod period;
  period.id = std::move(id);
  period.entry_id = entry;
  period.stay_id = stay;
  period.kind = rule.kind;
  period.start = start;
  period.due = AddMonths(start, rule.months);
  return period;
}

CarePeriod Close(CarePeriod period, CarePeriodAction action) {
  period.state =
      action == CarePeriodAction::kEnd ? CarePeriodState::kEnded : CarePeriodState::kReplaced;
  ++period.version;
  return period;
}

absl::StatusOr<CarePeriod> Reconsider(CarePeriod period, unsigned parties, Reconsideration what,
                                      Date today) {
  VK_ASSIGN_OR_RETURN(period.state, Step(CarePeriodTable(), "care period", period.state,
                                         CarePeriodAction::kReconsider, parties));
  if (period.kind != CarePeriodKind::kReconsideration) {
    return IllegalState("care period", Code(period.kind), {});
  }
  std::vector<FieldViolation> violations;
  if (what.on > today) {
    violations.push_back({"date", "IN_THE_FUTURE",
                          "Must be today or earlier: what is recorded has happened.",
                          "Måste vara i dag eller tidigare: det som registreras har hänt."});
  }
  if (what.on < period.start) {
    violations.push_back({"date", "BEFORE_PERIOD", "Must not be before the period begins.",
                          "Får inte vara före periodens början."});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  period.reconsidered = std::move(what);
  ++period.version;
  return period;
}

std::vector<std::string> AvailableActions(const CarePeriod& period, unsigned parties) {
  if (period.kind != CarePeriodKind::kReconsideration) return {};
  return AllowedActions(CarePeriodTable(), period.state, parties & kOwner);
}

}  // namespace vardkedja::placement::domain
