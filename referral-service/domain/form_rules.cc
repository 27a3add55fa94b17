#include "referral-service/domain/form_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "referral-service/domain/form_fields.h"
#include "referral-service/domain/identity_number.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kNameLength = 100;
constexpr std::size_t kContactLength = 500;
constexpr std::size_t kShortText = 200;
// The counties of Sweden.
constexpr auto kCounties = std::to_array<std::string_view>(
    {"01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13",
     "14", "17", "18", "19", "20", "21", "22", "23", "24", "25"});
constexpr int kMaxChildren = 20;
constexpr int kMostAge = 17;
constexpr int kAdultAge = 18;
constexpr std::size_t kMaxNeeds = 40;
constexpr std::size_t kMaxInstruments = 20;

std::size_t CodePoints(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// C0, DEL and C1, apart from those that lay out a text of several lines.
bool HasControlCharacter(std::string_view utf8, bool several_lines) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool layout = byte == '\t' || byte == '\n' || byte == '\r';
    if (byte == 0x7F || (byte < 0x20 && !(several_lines && layout))) return true;
    const auto next = i + 1 < utf8.size() ? static_cast<unsigned char>(utf8[i + 1]) : 0;
    if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) return true;
  }
  return false;
}

// An enum value that a newer client may know and this program does not.
template <class Enum>
void CheckKnown(std::string_view field, Enum value, Enum last, std::vector<FieldViolation>& out) {
  if (value >= Enum{} && value <= last) return;
  out.push_back(Violation(field, "UNKNOWN_VALUE", "There is no such value.",
                          "Det finns inget sådant värde."));
}

// The date as written, or nothing when it is empty or broken (then with a violation).
std::optional<Date> CheckDay(std::string_view field, const std::string& text,
                             std::vector<FieldViolation>& out) {
  if (text.empty()) return std::nullopt;
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(
        Violation(field, "DATE", "A date is written YYYY-MM-DD.", "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return date;
}

void CheckMunicipality(std::string_view field, std::string_view code,
                       std::vector<FieldViolation>& out) {
  const bool four_digits = code.size() == 4 && std::all_of(code.begin(), code.end(), [](char c) {
                             return c >= '0' && c <= '9';
                           });
  const bool known =
      four_digits && code.substr(2) != "00" &&
      std::find(kCounties.begin(), kCounties.end(), code.substr(0, 2)) != kCounties.end();
  if (!code.empty() && !known) {
    out.push_back(Violation(field, "MUNICIPALITY_CODE",
                            "A municipality code has four digits and begins with a county's code.",
                            "En kommunkod har fyra siffror och börjar med länets kod."));
  }
}

void CheckPerson(const Person& person, Date today, std::vector<FieldViolation>& out) {
  if (!person.identity_number.empty() &&
      !IdentityNumber::Parse(person.identity_number, today).has_value()) {
    out.push_back(
        Violation("form.person.identity_number", "IDENTITY_NUMBER",
                  "Not a valid personal identity number, coordination number or reserve number.",
                  "Inte ett giltigt personnummer, samordningsnummer eller reservnummer."));
  }
  CheckText("form.person.given_name", person.given_name, false, kNameLength, out);
  CheckText("form.person.family_name", person.family_name, false, kNameLength, out);
  CheckText("form.person.contact", person.contact, false, kContactLength, out);
  CheckKnown("form.person.legal_sex", person.legal_sex, LegalSex::kMale, out);
  CheckMunicipality("form.person.home_municipality_code", person.home_municipality_code, out);
  CheckMunicipality("form.person.registration_municipality_code",
                    person.registration_municipality_code, out);
  const std::string& language = person.interpreter_language;
  const bool is_code =
      (language.size() == 2 || language.size() == 3) &&
      std::all_of(language.begin(), language.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!language.empty() && !is_code) {
    out.push_back(Violation("form.person.interpreter_language", "LANGUAGE_CODE",
                            "A language is given by its ISO 639 code, for example \"ar\".",
                            "Språk anges med ISO 639-kod, till exempel \"ar\"."));
  }
}

// "F10" to "F19" with up to two digits after a dot, or "F63.0".
bool IsSubstanceDiagnosis(std::string_view code) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (code == "F63.0") return true;
  if (code.size() < 3 || code.substr(0, 2) != "F1" || !digit(code[2])) return false;
  if (code.size() == 3) return true;
  return code[3] == '.' && code.size() >= 5 && code.size() <= 6 &&
         std::all_of(code.begin() + 4, code.end(), digit);
}

void CheckSource(const Need& need, const std::string& path, std::vector<FieldViolation>& out) {
  CheckKnown(path + ".source", need.source, NeedSource::kDiagnosed, out);
  const std::string field = path + ".diagnosis_code";
  const bool diagnosed = need.source == NeedSource::kDiagnosed;
  if (need.diagnosis_code.empty()) {
    if (diagnosed) out.push_back(Required(field));
  } else if (!IsSubstanceDiagnosis(need.diagnosis_code)) {
    out.push_back(Violation(field, "DIAGNOSIS_CODE",
                            "A diagnosis is F10 to F19, with decimals or without, or F63.0.",
                            "En diagnos anges som F10 till F19, med eller utan decimaler, eller "
                            "F63.0."));
  } else if (!diagnosed) {
    out.push_back(Violation(field, "CONTRADICTION",
                            "Only a need that is diagnosed has a diagnosis code.",
                            "Bara ett diagnosticerat behov kan ha en diagnoskod."));
  }
}

void CheckNeeds(const std::vector<Need>& needs, const FormVersion& version,
                std::vector<FieldViolation>& out) {
  if (needs.size() > kMaxNeeds) {
    out.push_back(Violation("form.needs", "TOO_MANY", "At most 40 needs can be given.",
                            "Högst 40 behov kan anges."));
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const Need& need = needs[i];
    const std::string path = "form.needs[" + std::to_string(i) + "]";
    if (std::find(version.need_codes.begin(), version.need_codes.end(), need.kind_code) ==
        version.need_codes.end()) {
      out.push_back(Violation(path + ".kind_code", "UNKNOWN_CODE",
                              "This version of the form has no such need.",
                              "Behovet finns inte i denna version av blanketten."));
    } else if (!seen.insert(need.kind_code).second) {
      out.push_back(Violation(path + ".kind_code", "REPEATED", "The need is given more than once.",
                              "Behovet är angivet mer än en gång."));
    }
    if (need.level == NeedLevel::kUnspecified) out.push_back(Required(path + ".level"));
    CheckKnown(path + ".level", need.level, NeedLevel::kSubstantial, out);
    CheckSource(need, path, out);
    CheckText(path + ".text", need.text, need.level == NeedLevel::kSubstantial, kLongText, out);
  }
}

void CheckInstruments(const std::vector<InstrumentResult>& results, const FormVersion& version,
                      Date today, std::vector<FieldViolation>& out) {
  if (results.size() > kMaxInstruments) {
    out.push_back(Violation("form.instruments", "TOO_MANY", "At most 20 results can be given.",
                            "Högst 20 resultat kan anges."));
    return;
  }
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const InstrumentResult& result = results[i];
    const std::string path = "form.instruments[" + std::to_string(i) + "]";
    const auto known =
        std::find_if(version.instruments.begin(), version.instruments.end(),
                     [&](const Instrument& one) { return one.code == result.kind_code; });
    if (known == version.instruments.end()) {
      out.push_back(Violation(path + ".kind_code", "UNKNOWN_CODE",
                              "This version of the form has no such instrument.",
                              "Instrumentet finns inte i denna version av blanketten."));
    } else if (result.score < 0 || result.score > known->max_score) {
      const std::string most = std::to_string(known->max_score);
      out.push_back(Violation(path + ".score", "OUT_OF_RANGE", "The score is 0 to " + most + ".",
                              "Poängen är 0 till " + most + "."));
    } else if (!seen.emplace(result.kind_code, result.date).second) {
      out.push_back(Violation(path + ".kind_code", "REPEATED",
                              "The instrument is given twice for one day.",
                              "Instrumentet är angivet två gånger för samma dag."));
    }
    if (result.date.empty()) out.push_back(Required(path + ".date"));
    if (const auto date = CheckDay(path + ".date", result.date, out); date && *date > today) {
      out.push_back(Violation(path + ".date", "IN_THE_FUTURE", "The interview is not done yet.",
                              "Intervjun är inte gjord ännu."));
    }
  }
}

void CheckChildrenDetails(const Children& children, std::vector<FieldViolation>& out) {
  const ChildrenDetails& details = children.details;
  const std::string path = "form.children.details";
  if (details.each.size() > static_cast<std::size_t>(std::clamp(children.count, 0, kMaxChildren))) {
    out.push_back(Violation(path + ".each", "CONTRADICTION",
                            "More children are described than the number of children says.",
                            "Fler barn är beskrivna än vad antalet barn anger."));
    return;
  }
  for (std::size_t i = 0; i < details.each.size(); ++i) {
    const std::string one = path + ".each[" + std::to_string(i) + "]";
    const Child& child = details.each[i];
    if (child.age < 0 || child.age > kMostAge) {
      out.push_back(Violation(one + ".age", "OUT_OF_RANGE", "A child is 0 to 17 years old.",
                              "Ett barn är 0 till 17 år."));
    }
    CheckText(one + ".lives_with", child.lives_with, false, kShortText, out);
  }
  CheckText(path + ".visits", details.visits, false, kLongText, out);
  CheckText(path + ".video_calls", details.video_calls, false, kLongText, out);
  CheckText(path + ".information_given", details.information_given, false, kLongText, out);
  CheckText(path + ".childs_view", details.childs_view, false, kLongText, out);
  CheckText(path + ".contact", details.contact, false, kLongText, out);
}

void CheckChildren(const Children& children, std::vector<FieldViolation>& out) {
  if (children.count < 0 || children.count > kMaxChildren) {
    out.push_back(Violation("form.children.count", "OUT_OF_RANGE",
                            "The number of children is 0 to 20.", "Antalet barn är 0 till 20."));
  }
  if (children.child_perspective && IsBlank(children.child_perspective_reason)) {
    out.push_back(Violation("form.children.child_perspective_reason", "REQUIRED",
                            "Say why the child's perspective must be considered.",
                            "Ange varför barnperspektivet särskilt måste beaktas."));
  }
  CheckText("form.children.child_perspective_reason", children.child_perspective_reason, false,
            kLongText, out);
  CheckText("form.children.text", children.text, false, kLongText, out);
  CheckChildrenDetails(children, out);
}

// A case keeps the version its form was written to, so a field of another version has no place.
void CheckVersion(const Form& form, const FormVersion& version, std::vector<FieldViolation>& out) {
  for (const FieldAccess& access : FormFields()) {
    if (access.empty(form) || FieldOf(version, access.path) != nullptr) continue;
    out.push_back(Violation("form." + std::string(access.path), "NOT_IN_VERSION",
                            "Version " + std::to_string(version.version) +
                                " of the form, to which this case is written, has no such field.",
                            "Version " + std::to_string(version.version) +
                                " av blanketten, som ärendet är skrivet i, saknar fältet."));
  }
}

}  // namespace

FieldViolation Violation(std::string_view field, std::string_view rule, std::string_view en,
                         std::string_view sv) {
  return {std::string(field), std::string(rule), std::string(en), std::string(sv)};
}

FieldViolation Required(std::string_view field) {
  return Violation(field, "REQUIRED", "A value is required.", "Uppgiften måste fyllas i.");
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void CheckText(std::string_view field, std::string_view text, bool required, std::size_t longest,
               std::vector<FieldViolation>& out) {
  const bool several_lines = longest > kLongestLine;
  if (HasControlCharacter(text, several_lines)) {
    out.push_back(Violation(field, "CONTROL_CHARACTER",
                            several_lines ? "No control characters but line breaks and tabs."
                                          : "One line, without control characters.",
                            several_lines ? "Inga styrtecken utom radbrytningar och tabbar."
                                          : "En rad, utan styrtecken."));
    return;
  }
  if (IsBlank(text)) {
    if (required) {
      out.push_back(Required(field));
    }
    return;
  }
  if (CodePoints(text) > longest) {
    const std::string limit = std::to_string(longest);
    out.push_back(Violation(field, "TOO_LONG", "At most " + limit + " characters.",
                            "Högst " + limit + " tecken."));
  }
}

void CheckAdult(std::string_view field, std::string_view identity_number, Date on,
                std::vector<FieldViolation>& out) {
  const auto number = IdentityNumber::Parse(identity_number, on);
  if (!number || !number->birth_date() || AgeOn(*number->birth_date(), on) >= kAdultAge) return;
  out.push_back(Violation(field, "NOT_ADULT", "The chain's facilities are for adults.",
                          "Kedjans boenden är för vuxna."));
}

std::vector<FieldViolation> CheckDraft(const Form& form, const FormVersion& version, Date today) {
  std::vector<FieldViolation> out;
  CheckPerson(form.person, today, out);
  CheckNeeds(form.needs, version, out);
  CheckChildren(form.children, out);
  CheckText("form.wishes_and_goals", form.wishes_and_goals, false, kLongText, out);
  CheckText("form.earlier_interventions", form.earlier_interventions, false, kLongText, out);
  CheckText("form.less_intrusive_options", form.less_intrusive_options, false, kLongText, out);
  CheckText("form.sender.social_worker", form.sender.social_worker, false, kShortText, out);
  CheckText("form.sender.deputy", form.sender.deputy, false, kShortText, out);
  CheckKnown("form.ground", form.ground, Ground::kAfterExternalPlacement, out);
  CheckInstruments(form.instruments, version, today, out);
  CheckDay("form.desired_start_date", form.desired_start_date, out);
  CheckVersion(form, version, out);
  return out;
}

std::vector<FieldViolation> CheckComplete(const Form& form, const FormVersion& version,
                                          Date today) {
  std::vector<FieldViolation> out = CheckDraft(form, version, today);
  const auto start = ParseDate(form.desired_start_date);
  CheckAdult("form.person.identity_number", form.person.identity_number,
             std::max(today, start.value_or(today)), out);
  for (const FormField& field : version.fields) {
    const FieldAccess* access = FindField(field.path);
    if (field.required && access != nullptr && access->empty(form)) {
      out.push_back(Violation("form." + field.path, "REQUIRED", field.label_en + " is required.",
                              field.label_sv + " måste anges."));
    }
  }
  return out;
}

Criteria CriteriaOf(const Form& form) {
  Criteria criteria;
  criteria.lvm_investigation = form.lvm_investigation || form.ground == Ground::kLvmInvestigation;
  criteria.child_perspective = form.children.child_perspective;
  criteria.lvm_section_27 = form.ground == Ground::kLvmSection27;
  criteria.external_placement =
      form.external_placement || form.ground == Ground::kAfterExternalPlacement;
  return criteria;
}

AgeBand AgeBandOf(const Person& person, Date on) {
  if (person.protected_identity) return AgeBand::kUnspecified;
  const auto number = IdentityNumber::Parse(person.identity_number, on);
  if (!number || !number->birth_date()) return AgeBand::kUnspecified;
  const int age = AgeOn(*number->birth_date(), on);
  if (age < kAdultAge) return AgeBand::kUnspecified;
  if (age < 25) return AgeBand::k18To24;
  if (age < 35) return AgeBand::k25To34;
  if (age < 45) return AgeBand::k35To44;
  if (age < 55) return AgeBand::k45To54;
  if (age < 65) return AgeBand::k55To64;
  return AgeBand::k65Plus;
}

}  // namespace vardkedja::referral::domain
