#include "referral-service/domain/form_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_fields.h"
#include "referral-service/domain/form_schema.h"
#include "referral-service/domain/identity_number.h"

namespace vardkedja::referral::domain {
namespace {

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

bool Fits(const Format& format, const std::string& text) {
  static const auto& compiled = *new std::map<std::string_view, std::regex>([] {
    std::map<std::string_view, std::regex> all;
    for (const Input& input : FormInputs()) {
      if (input.format != nullptr) {
        all.emplace(input.format->pattern, std::string(input.format->pattern));
      }
    }
    return all;
  }());
  return std::regex_match(text, compiled.at(format.pattern));
}

// What the inputs are checked in, and the element when they are of a list.
struct Place {
  const Form& form;
  const FormVersion& version;
  Date today;
  std::size_t index = 0;
};

// "form.needs[2].text"
std::string FieldPath(const Input& input, const Place& at) {
  std::string path = "form." + std::string(input.path);
  if (const std::size_t brackets = path.find("[]"); brackets != std::string::npos) {
    path.insert(brackets + 1, std::to_string(at.index));
  }
  return path;
}

bool Holds(const When& when, const Place& at) {
  const Input* input = when.path.empty() ? nullptr : FindInput(when.path);
  if (input == nullptr) return false;
  const int number = input->value(at.form, at.index).number;
  if (input->type == InputType::kBoolean) return number != 0;
  return std::any_of(input->codes.begin(), input->codes.end(), [&](const EnumCode& code) {
    return code.code == when.code && code.number == number;
  });
}

std::string_view CodeLabelOf(const When& when, bool swedish) {
  const Input& input = *FindInput(when.path);
  for (const EnumCode& code : input.codes) {
    if (code.code == when.code) return swedish ? code.label_sv : code.label_en;
  }
  return swedish ? "ja" : "yes";
}

// Says by its label what is missing. A whole field's requirement is the version's (CheckComplete).
void CheckGiven(const Input& input, const Place& at, bool given, std::vector<FieldViolation>& out) {
  const bool wanted = Holds(input.required_when, at);
  if (!given && (input.required || wanted)) {
    out.push_back(Violation(FieldPath(input, at), "REQUIRED",
                            std::string(input.label_en) + " is required.",
                            std::string(input.label_sv) + " måste anges."));
  } else if (given && input.only_then && !wanted) {
    const When& when = input.required_when;
    const Input& other = *FindInput(when.path);
    out.push_back(
        Violation(FieldPath(input, at), "CONTRADICTION",
                  std::string(input.label_en) + ": only when \"" + std::string(other.label_en) +
                      "\" is \"" + std::string(CodeLabelOf(when, false)) + "\".",
                  std::string(input.label_sv) + ": bara när \"" + std::string(other.label_sv) +
                      "\" är \"" + std::string(CodeLabelOf(when, true)) + "\"."));
  }
}

void CheckTextInput(const Input& input, const Place& at, std::vector<FieldViolation>& out) {
  const std::string& text = *input.value(at.form, at.index).text;
  if (input.format == nullptr) {
    CheckText(FieldPath(input, at), text, false, input.max_length, out);
    CheckGiven(input, at, !IsBlank(text), out);
  } else if (!text.empty() && !Fits(*input.format, text)) {
    const Format& format = *input.format;
    out.push_back(Violation(FieldPath(input, at), format.rule, format.en, format.sv));
  } else {
    CheckGiven(input, at, !text.empty(), out);
  }
}

void CheckIdentityNumber(const Input& input, const Place& at, std::vector<FieldViolation>& out) {
  const std::string& text = *input.value(at.form, at.index).text;
  if (text.empty() || IdentityNumber::Parse(text, at.today).has_value()) return;
  out.push_back(
      Violation(FieldPath(input, at), "IDENTITY_NUMBER",
                "Not a valid personal identity number, coordination number or reserve number.",
                "Inte ett giltigt personnummer, samordningsnummer eller reservnummer."));
}

const Instrument* InstrumentOf(const FormVersion& version, std::string_view code) {
  const auto found = std::find_if(version.instruments.begin(), version.instruments.end(),
                                  [&](const Instrument& one) { return one.code == code; });
  return found == version.instruments.end() ? nullptr : &*found;
}

// A code of the version, or an enum value, which a newer client may know and this program does not.
void CheckCode(const Input& input, const Place& at, std::vector<FieldViolation>& out) {
  const InputValue value = input.value(at.form, at.index);
  if (input.version_codes == VersionCodes::kNone) {
    const bool known =
        std::any_of(input.codes.begin(), input.codes.end(),
                    [&](const EnumCode& code) { return code.number == value.number; });
    if (value.number != 0 && !known) {
      out.push_back(Violation(FieldPath(input, at), "UNKNOWN_VALUE", "There is no such value.",
                              "Det finns inget sådant värde."));
    }
    CheckGiven(input, at, value.number != 0, out);
    return;
  }
  const std::vector<std::string>& needs = at.version.need_codes;
  const bool known = input.version_codes == VersionCodes::kNeeds
                         ? std::find(needs.begin(), needs.end(), *value.text) != needs.end()
                         : InstrumentOf(at.version, *value.text) != nullptr;
  if (!value.text->empty() && !known) {
    out.push_back(Violation(FieldPath(input, at), "UNKNOWN_CODE",
                            "This version of the form has no such code.",
                            "Koden finns inte i denna version av blanketten."));
  }
  CheckGiven(input, at, !value.text->empty(), out);
}

void CheckDate(const Input& input, const Place& at, std::vector<FieldViolation>& out) {
  const std::string& text = *input.value(at.form, at.index).text;
  CheckGiven(input, at, !text.empty(), out);
  if (input.not_in_future) {
    CheckPastDay(FieldPath(input, at), text, at.today, out);
  } else {
    CheckDay(FieldPath(input, at), text, false, out);
  }
}

void CheckNumber(const Input& input, const Place& at, std::vector<FieldViolation>& out) {
  int most = input.max;
  if (!input.max_from.empty()) {
    const std::string& code = *FindInput(input.max_from)->value(at.form, at.index).text;
    const Instrument* instrument = InstrumentOf(at.version, code);
    if (instrument == nullptr) return;  // without a known code there is no highest score
    most = instrument->max_score;
  }
  const int number = input.value(at.form, at.index).number;
  if (number >= 0 && number <= most) return;
  const std::string limit = std::to_string(most);
  out.push_back(Violation(FieldPath(input, at), "OUT_OF_RANGE",
                          std::string(input.label_en) + " is 0 to " + limit + ".",
                          std::string(input.label_sv) + " är 0 till " + limit + "."));
}

// False when its elements are too many to be looked at.
bool CheckLength(const Input& list, const Place& at, std::vector<FieldViolation>& out) {
  const int length = list.value(at.form, 0).number;
  const std::string most = std::to_string(list.max);
  if (length > list.max) {
    out.push_back(Violation(FieldPath(list, at), "TOO_MANY", "At most " + most + " can be given.",
                            "Högst " + most + " kan anges."));
    return false;
  }
  if (list.max_from.empty()) return true;
  const Input& bound = *FindInput(list.max_from);
  if (length <= std::max(bound.value(at.form, 0).number, 0)) return true;
  out.push_back(
      Violation(FieldPath(list, at), "CONTRADICTION",
                "More are described than \"" + std::string(bound.label_en) + "\" says.",
                "Fler är beskrivna än vad \"" + std::string(bound.label_sv) + "\" anger."));
  return false;
}

void CheckInput(const Input& input, const Place& at, std::vector<FieldViolation>& out) {
  switch (input.type) {
    case InputType::kText:
      return CheckTextInput(input, at, out);
    case InputType::kIdentityNumber:
      return CheckIdentityNumber(input, at, out);
    case InputType::kCode:
      return CheckCode(input, at, out);
    case InputType::kDate:
      return CheckDate(input, at, out);
    case InputType::kNumber:
      return CheckNumber(input, at, out);
    case InputType::kBoolean:
    case InputType::kList:
      return;
  }
}

// The texts by which an element of the list must differ from the others; none while its first is
// not given.
std::vector<std::string_view> KeyOf(const Input& list, const Place& at) {
  std::vector<std::string_view> key;
  for (const std::string_view path : list.unique) {
    if (!path.empty()) key.push_back(*FindInput(path)->value(at.form, at.index).text);
  }
  if (!key.empty() && key.front().empty()) key.clear();
  return key;
}

void CheckElements(const Input& list, Place at, std::vector<FieldViolation>& out) {
  std::set<std::vector<std::string_view>> seen;
  const auto length = static_cast<std::size_t>(list.value(at.form, 0).number);
  for (at.index = 0; at.index < length; ++at.index) {
    for (const Input& input : FormInputs()) {
      if (ListOf(input) == list.path) CheckInput(input, at, out);
    }
    const auto key = KeyOf(list, at);
    if (key.empty() || seen.insert(key).second) continue;
    out.push_back(Violation(FieldPath(*FindInput(list.unique[0]), at), "REPEATED",
                            "The same is given more than once.",
                            "Samma uppgift är angiven mer än en gång."));
  }
}

void CheckInputs(const Place& at, std::vector<FieldViolation>& out) {
  for (const Input& input : FormInputs()) {
    if (!ListOf(input).empty()) continue;  // with its list
    if (input.type != InputType::kList) {
      CheckInput(input, at, out);
    } else if (CheckLength(input, at, out)) {
      CheckElements(input, at, out);
    }
  }
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
  const bool several_lines = HasSeveralLines(longest);
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
  CheckInputs({form, version, today}, out);
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
