#include "referral-service/domain/disclosure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMaxUnits = 20;

constexpr auto kKindNames = std::to_array<std::string_view>(
    {"", "consent", "harm_test", "necessary_disclosure", "duty_to_inform", "misuse_exception",
     "compulsory_care", "emergency"});
constexpr auto kConsentFormNames =
    std::to_array<std::string_view>({"", "written", "oral", "conduct"});

template <class Enum, std::size_t N>
std::optional<Enum> ParseName(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(std::distance(names.begin(), found));
}

void CheckRecipients(const NewGround& request, const KnownCodes& known,
                     std::vector<FieldViolation>& out) {
  if (request.recipient_unit_ids.empty()) {
    out.push_back(Violation("recipient_unit_ids", "NEVER_GENERAL",
                            "Name the units that may receive: a ground is never general.",
                            "Ange vilka enheter som får ta emot uppgifter: en grund är aldrig "
                            "generell."));
  }
  if (request.recipient_unit_ids.size() > kMaxUnits) {
    out.push_back(
        Violation("recipient_unit_ids", "TOO_MANY", "At most 20 units.", "Högst 20 enheter."));
  }
  for (const std::string& unit : request.recipient_unit_ids) {
    if (!known.unit_ids.contains(unit)) {
      out.push_back(Violation("recipient_unit_ids", "UNKNOWN_UNIT",
                              "There is no unit '" + unit + "'.",
                              "Det finns ingen enhet '" + unit + "'."));
    }
    if (known.reference != nullptr) {
      CheckNotMerged("recipient_unit_ids", unit, *known.reference, out);
    }
  }
}

void CheckCategories(const NewGround& request, std::vector<FieldViolation>& out) {
  if (request.categories.empty()) {
    out.push_back(Violation("categories", "NEVER_GENERAL",
                            "Name the categories of information: a ground is never general.",
                            "Ange vilka slags uppgifter som får lämnas: en grund är aldrig "
                            "generell."));
  }
  const auto check = [&](std::string_view field, const std::vector<std::string>& categories) {
    for (const std::string& category : categories) {
      if (!AllCategories().contains(category)) {
        out.push_back(Violation(field, "UNKNOWN_CODE", "There is no such category.",
                                "Det finns ingen sådan kategori."));
      }
    }
  };
  check("categories", request.categories);
  check("excluded_categories", request.excluded_categories);
}

void CheckExclusions(const NewGround& request, std::vector<FieldViolation>& out) {
  if (request.excluded_unit_ids.size() > kMaxUnits) {
    out.push_back(
        Violation("excluded_unit_ids", "TOO_MANY", "At most 20 units.", "Högst 20 enheter."));
  }
  const auto clash = [&](std::string_view field, const std::vector<std::string>& included,
                         const std::vector<std::string>& excluded) {
    for (const std::string& code : excluded) {
      if (std::find(included.begin(), included.end(), code) != included.end()) {
        out.push_back(Violation(field, "CONTRADICTION",
                                "'" + code + "' is both named and excluded.",
                                "'" + code + "' är både angiven och undantagen."));
      }
    }
  };
  clash("excluded_unit_ids", request.recipient_unit_ids, request.excluded_unit_ids);
  clash("excluded_categories", request.categories, request.excluded_categories);
}

std::optional<Date> DateOr(std::string_view field, const std::string& text, Date otherwise,
                           std::vector<FieldViolation>& out) {
  if (text.empty()) return otherwise;
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(
        Violation(field, "DATE", "A date is written YYYY-MM-DD.", "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return date;
}

void CheckTerm(const NewGround& request, const GroundRules& rules, Date today,
               DisclosureGround& ground, std::vector<FieldViolation>& out) {
  const auto from = DateOr("from_date", request.from_date, today, out);
  if (!from) return;
  if (*from < today) {
    out.push_back(Violation("from_date", "IN_THE_PAST", "A ground cannot begin before today.",
                            "En grund kan inte börja gälla före dagens datum."));
  }
  const Date latest = *from + std::chrono::days(rules.longest_days);
  const auto to = DateOr("to_date", request.to_date, latest, out);
  if (!to) return;
  if (*to <= *from) {
    out.push_back(Violation("to_date", "ORDER", "It must end after it begins.",
                            "Slutdatum måste ligga efter startdatum."));
  } else if (*to > latest) {
    const std::string days = std::to_string(rules.longest_days);
    out.push_back(Violation("to_date", "TERM_TOO_LONG", "The longest term is " + days + " days.",
                            "Längsta giltighetstid är " + days + " dagar."));
  }
  ground.from_date = *from;
  ground.to_date = *to;
}

void CheckWritten(const NewGround& request, const GroundRules& rules,
                  std::vector<FieldViolation>& out) {
  if (request.kind != GroundKind::kConsent || request.consent_form == ConsentForm::kWritten) return;
  for (const std::string& unit : request.recipient_unit_ids) {
    if (!rules.written_consent_unit_ids.contains(unit)) continue;
    out.push_back(Violation("consent_form", "MUST_BE_WRITTEN",
                            "The collaboration demands a written consent for '" + unit + "'.",
                            "Samverkan kräver skriftligt samtycke för '" + unit + "'."));
  }
}

void CheckKind(const NewGround& request, std::vector<FieldViolation>& out) {
  const bool consent = request.kind == GroundKind::kConsent;
  if (request.kind == GroundKind::kUnspecified) out.push_back(Required("kind"));
  if (consent && request.consent_form == ConsentForm::kUnspecified) {
    out.push_back(Required("consent_form"));
  }
  if (!consent && request.consent_form != ConsentForm::kUnspecified) {
    out.push_back(Violation("consent_form", "NOT_A_CONSENT", "Only a consent has a form.",
                            "Endast ett samtycke har en form."));
  }
  const bool needs_text = !consent || request.consent_form != ConsentForm::kWritten;
  CheckText("text", request.text, needs_text, kLongText, out);
}

}  // namespace

std::string_view Name(GroundKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::string_view Name(ConsentForm form) {
  return kConsentFormNames[static_cast<std::size_t>(form)];
}
std::optional<GroundKind> ParseGroundKind(std::string_view name) {
  return ParseName<GroundKind>(kKindNames, name);
}
std::optional<ConsentForm> ParseConsentForm(std::string_view name) {
  return ParseName<ConsentForm>(kConsentFormNames, name);
}

const std::set<std::string>& AllCategories() {
  static const auto& all =
      *new std::set<std::string>{"identity", "needs", "children", "plan", "placement", "messages"};
  return all;
}

bool IsLive(const DisclosureGround& ground, Date today) {
  return !ground.ended_at && ground.from_date <= today && today < ground.to_date;
}

std::set<std::string> CategoriesFor(const std::vector<DisclosureGround>& grounds,
                                    std::string_view unit_id, std::string_view purpose,
                                    Date today) {
  const std::string unit(unit_id);
  std::set<std::string> consented;
  std::set<std::string> by_law;
  std::set<std::string> excluded;
  bool unit_excluded = false;
  for (const DisclosureGround& ground : grounds) {
    if (!IsLive(ground, today)) continue;
    const bool consent = ground.kind == GroundKind::kConsent;
    if (consent) {
      excluded.insert(ground.excluded_categories.begin(), ground.excluded_categories.end());
      unit_excluded = unit_excluded || ground.excluded_unit_ids.contains(unit);
    }
    if (ground.purpose != purpose || !ground.recipient_unit_ids.contains(unit)) continue;
    (consent ? consented : by_law).insert(ground.categories.begin(), ground.categories.end());
  }
  std::set<std::string> categories = by_law;
  if (!unit_excluded) {
    std::set_difference(consented.begin(), consented.end(), excluded.begin(), excluded.end(),
                        std::inserter(categories, categories.end()));
  }
  return categories;
}

absl::StatusOr<DisclosureGround> MakeGround(const NewGround& request, const GroundRules& rules,
                                            const KnownCodes& known, Date today) {
  std::vector<FieldViolation> violations;
  DisclosureGround ground;
  ground.purpose = request.purpose.empty() ? "case_work" : request.purpose;
  CheckKind(request, violations);
  CheckWritten(request, rules, violations);
  CheckRecipients(request, known, violations);
  CheckCategories(request, violations);
  CheckExclusions(request, violations);
  CheckTerm(request, rules, today, ground, violations);
  if (!known.purposes.contains(ground.purpose)) {
    violations.push_back(Violation("purpose", "UNKNOWN_CODE", "There is no such purpose.",
                                   "Det finns inget sådant ändamål."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  ground.kind = request.kind;
  ground.consent_form = request.consent_form;
  ground.recipient_unit_ids = {request.recipient_unit_ids.begin(),
                               request.recipient_unit_ids.end()};
  ground.categories = {request.categories.begin(), request.categories.end()};
  ground.excluded_unit_ids = {request.excluded_unit_ids.begin(), request.excluded_unit_ids.end()};
  ground.excluded_categories = {request.excluded_categories.begin(),
                                request.excluded_categories.end()};
  return ground;
}

}  // namespace vardkedja::referral::domain
