#include "referral-service/domain/form_rules.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <set>

#include "referral-service/domain/identity_number.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kNameLength = 100;
constexpr std::size_t kContactLength = 500;
constexpr int kMaxChildren = 20;
constexpr std::size_t kMaxNeeds = 40;

// What the program knows of one field of the form: how to tell that it is empty and how to empty
// it. Which category it has and whether it is required is data.
struct FieldAccess {
  std::string_view path;
  bool (*empty)(const Form&);
  void (*clear)(Form&);
};

constexpr auto kFields = std::to_array<FieldAccess>({
    {"person.identity_number", [](const Form& f) { return f.person.identity_number.empty(); },
     [](Form& f) { f.person.identity_number.clear(); }},
    {"person.given_name", [](const Form& f) { return f.person.given_name.empty(); },
     [](Form& f) { f.person.given_name.clear(); }},
    {"person.family_name", [](const Form& f) { return f.person.family_name.empty(); },
     [](Form& f) { f.person.family_name.clear(); }},
    {"person.protected_identity", [](const Form&) { return false; }, [](Form&) {}},
    {"person.legal_sex", [](const Form& f) { return f.person.legal_sex == LegalSex::kUnspecified; },
     [](Form& f) { f.person.legal_sex = LegalSex::kUnspecified; }},
    {"person.home_municipality_code",
     [](const Form& f) { return f.person.home_municipality_code.empty(); },
     [](Form& f) { f.person.home_municipality_code.clear(); }},
    {"person.registration_municipality_code",
     [](const Form& f) { return f.person.registration_municipality_code.empty(); },
     [](Form& f) { f.person.registration_municipality_code.clear(); }},
    {"person.interpreter_language",
     [](const Form& f) { return f.person.interpreter_language.empty(); },
     [](Form& f) { f.person.interpreter_language.clear(); }},
    {"person.contact", [](const Form& f) { return f.person.contact.empty(); },
     [](Form& f) { f.person.contact.clear(); }},
    {"ground", [](const Form& f) { return f.ground == Ground::kUnspecified; },
     [](Form& f) { f.ground = Ground::kUnspecified; }},
    {"lvm_investigation", [](const Form&) { return false; },
     [](Form& f) { f.lvm_investigation = false; }},
    {"external_placement", [](const Form&) { return false; },
     [](Form& f) { f.external_placement = false; }},
    {"needs", [](const Form& f) { return f.needs.empty(); }, [](Form& f) { f.needs.clear(); }},
    {"children", [](const Form& f) { return f.children == Children{}; },
     [](Form& f) { f.children = {}; }},
    {"wishes_and_goals", [](const Form& f) { return f.wishes_and_goals.empty(); },
     [](Form& f) { f.wishes_and_goals.clear(); }},
    {"desired_start_date", [](const Form& f) { return f.desired_start_date.empty(); },
     [](Form& f) { f.desired_start_date.clear(); }},
    {"earlier_interventions", [](const Form& f) { return f.earlier_interventions.empty(); },
     [](Form& f) { f.earlier_interventions.clear(); }},
});

const FieldAccess* FindField(std::string_view path) {
  const auto* found = std::find_if(kFields.begin(), kFields.end(),
                                   [&](const FieldAccess& field) { return field.path == path; });
  return found == kFields.end() ? nullptr : found;
}

// The parts UpdateReferral may replace, whole.
struct Part {
  std::string_view name;
  void (*copy)(const Form& from, Form& to);
};

constexpr auto kParts = std::to_array<Part>({
    {"person", [](const Form& from, Form& to) { to.person = from.person; }},
    {"ground", [](const Form& from, Form& to) { to.ground = from.ground; }},
    {"lvm_investigation",
     [](const Form& from, Form& to) { to.lvm_investigation = from.lvm_investigation; }},
    {"external_placement",
     [](const Form& from, Form& to) { to.external_placement = from.external_placement; }},
    {"needs", [](const Form& from, Form& to) { to.needs = from.needs; }},
    {"children", [](const Form& from, Form& to) { to.children = from.children; }},
    {"wishes_and_goals",
     [](const Form& from, Form& to) { to.wishes_and_goals = from.wishes_and_goals; }},
    {"desired_start_date",
     [](const Form& from, Form& to) { to.desired_start_date = from.desired_start_date; }},
    {"earlier_interventions",
     [](const Form& from, Form& to) { to.earlier_interventions = from.earlier_interventions; }},
});

std::size_t CodePoints(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void CheckMunicipality(std::string_view field, std::string_view code,
                       std::vector<FieldViolation>& out) {
  const bool four_digits = code.size() == 4 && std::all_of(code.begin(), code.end(), [](char c) {
                             return c >= '0' && c <= '9';
                           });
  if (!code.empty() && !four_digits) {
    out.push_back(Violation(field, "MUNICIPALITY_CODE", "A municipality code has four digits.",
                            "En kommunkod har fyra siffror."));
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
    CheckText(path + ".text", need.text, need.level == NeedLevel::kSubstantial, kLongText, out);
  }
}

void CheckChildren(const Children& children, std::vector<FieldViolation>& out) {
  if (children.count < 0 || children.count > kMaxChildren) {
    out.push_back(Violation("form.children.count", "OUT_OF_RANGE",
                            "The number of children is 0 to 20.", "Antalet barn är 0 till 20."));
  }
  if (children.child_perspective && children.child_perspective_reason.empty()) {
    out.push_back(Violation("form.children.child_perspective_reason", "REQUIRED",
                            "Say why the child's perspective must be considered.",
                            "Ange varför barnperspektivet särskilt måste beaktas."));
  }
  CheckText("form.children.child_perspective_reason", children.child_perspective_reason, false,
            kLongText, out);
  CheckText("form.children.text", children.text, false, kLongText, out);
}

}  // namespace

FieldViolation Violation(std::string_view field, std::string_view rule, std::string_view en,
                         std::string_view sv) {
  return {std::string(field), std::string(rule), std::string(en), std::string(sv)};
}

FieldViolation Required(std::string_view field) {
  return Violation(field, "REQUIRED", "A value is required.", "Uppgiften måste fyllas i.");
}

void CheckText(std::string_view field, std::string_view text, bool required, std::size_t longest,
               std::vector<FieldViolation>& out) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
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

std::vector<FieldViolation> CheckDraft(const Form& form, const FormVersion& version, Date today) {
  std::vector<FieldViolation> out;
  CheckPerson(form.person, today, out);
  CheckNeeds(form.needs, version, out);
  CheckChildren(form.children, out);
  CheckText("form.wishes_and_goals", form.wishes_and_goals, false, kLongText, out);
  CheckText("form.earlier_interventions", form.earlier_interventions, false, kLongText, out);
  if (!form.desired_start_date.empty() && !ParseDate(form.desired_start_date)) {
    out.push_back(Violation("form.desired_start_date", "DATE", "A date is written YYYY-MM-DD.",
                            "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return out;
}

std::vector<FieldViolation> CheckComplete(const Form& form, const FormVersion& version,
                                          Date today) {
  std::vector<FieldViolation> out = CheckDraft(form, version, today);
  for (const FormField& field : version.fields) {
    const FieldAccess* access = FindField(field.path);
    if (field.required && access != nullptr && access->empty(form)) {
      out.push_back(Violation("form." + field.path, "REQUIRED", field.label_en + " is required.",
                              field.label_sv + " måste anges."));
    }
  }
  return out;
}

std::vector<FieldViolation> ApplyMask(const Form& values, const std::vector<std::string>& mask,
                                      Form& form) {
  std::vector<FieldViolation> out;
  if (mask.empty()) out.push_back(Required("update_mask"));
  for (const std::string& name : mask) {
    const auto* part = std::find_if(kParts.begin(), kParts.end(),
                                    [&](const Part& known) { return known.name == name; });
    if (part == kParts.end()) {
      out.push_back(Violation("update_mask", "UNKNOWN_FIELD",
                              "The form has no field '" + name + "' that can be replaced.",
                              "Blanketten har inget fält '" + name + "' som kan ändras."));
    } else {
      part->copy(values, form);
    }
  }
  return out;
}

Form Redact(const Form& form, const FormVersion& version, const std::set<std::string>& categories) {
  // Fields the version does not name are emptied as well: unknown means not to be shown.
  Form redacted = form;
  for (const FieldAccess& access : kFields) {
    const auto field =
        std::find_if(version.fields.begin(), version.fields.end(),
                     [&](const FormField& known) { return known.path == access.path; });
    const bool visible = field != version.fields.end() &&
                         (field->category == "case" || categories.contains(field->category));
    if (!visible) access.clear(redacted);
  }
  return redacted;
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
  if (age < 18) return AgeBand::kUnspecified;
  if (age < 25) return AgeBand::k18To24;
  if (age < 35) return AgeBand::k25To34;
  if (age < 45) return AgeBand::k35To44;
  if (age < 55) return AgeBand::k45To54;
  if (age < 65) return AgeBand::k55To64;
  return AgeBand::k65Plus;
}

std::vector<std::string_view> KnownFormPaths() {
  std::vector<std::string_view> paths;
  paths.reserve(kFields.size());
  for (const FieldAccess& field : kFields) paths.push_back(field.path);
  return paths;
}

}  // namespace vardkedja::referral::domain
