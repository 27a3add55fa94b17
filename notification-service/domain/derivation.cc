#include "notification-service/domain/derivation.h"

#include <algorithm>

namespace vardkedja::notification::domain {

const Template* FindTemplate(std::string_view code) {
  for (const Template& entry : Templates()) {
    if (entry.code == code) return &entry;
  }
  return nullptr;
}

std::string Render(std::string_view text, std::string_view case_number) {
  constexpr std::string_view kPlaceholder = "{case}";
  std::string rendered;
  while (true) {
    const size_t at = text.find(kPlaceholder);
    if (at == std::string_view::npos) break;
    rendered += text.substr(0, at);
    rendered += case_number;
    text.remove_prefix(at + kPlaceholder.size());
  }
  rendered += text;
  return rendered;
}

bool IsDecided(Source source, std::string_view event_type) {
  const auto rules = DerivationRules();
  return std::any_of(rules.begin(), rules.end(), [&](const DerivationRule& rule) {
    return rule.source == source && rule.event_type == event_type;
  });
}

std::vector<PlannedMessage> PlanMessages(const EventFacts& facts) {
  std::vector<PlannedMessage> planned;
  for (const DerivationRule& rule : DerivationRules()) {
    if (rule.source != facts.source || rule.event_type != facts.event_type) continue;
    const auto units = facts.units.find(rule.recipient);
    if (units == facts.units.end()) continue;
    for (const std::string& unit : units->second) {
      if (unit.empty() || (unit == facts.actor_unit_id && !rule.even_to_actor)) continue;
      PlannedMessage message{unit, std::string(rule.template_code)};
      if (std::find(planned.begin(), planned.end(), message) == planned.end()) {
        planned.push_back(std::move(message));
      }
    }
  }
  return planned;
}

}  // namespace vardkedja::notification::domain
