#include "referral-service/domain/form_fields.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

// A field that is one member of a value the form holds: empty when it says nothing.
constexpr bool Empty(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}
constexpr bool Empty(bool flag) { return !flag; }
constexpr bool Empty(LegalSex sex) { return sex == LegalSex::kUnspecified; }
constexpr bool Empty(Ground ground) { return ground == Ground::kUnspecified; }
template <class T>
constexpr bool Empty(const std::vector<T>& list) {
  return list.empty();
}

template <auto Member>
constexpr FieldAccess OfForm(std::string_view path, std::string_view section) {
  return {path, section, [](const Form& form) { return Empty(form.*Member); },
          [](Form& form) { form.*Member = {}; },
          [](const Form& a, const Form& b) { return a.*Member == b.*Member; }};
}

template <auto Member>
constexpr FieldAccess OfPerson(std::string_view path) {
  return {path, "person", [](const Form& form) { return Empty(form.person.*Member); },
          [](Form& form) { form.person.*Member = {}; },
          [](const Form& a, const Form& b) { return a.person.*Member == b.person.*Member; }};
}

bool NoDiagnoses(const Form& form) {
  return std::all_of(form.needs.begin(), form.needs.end(), [](const Need& need) {
    return need.source == NeedSource::kUnspecified && need.diagnosis_code.empty();
  });
}

void ClearDiagnoses(Form& form) {
  for (Need& need : form.needs) {
    need.source = NeedSource::kUnspecified;
    need.diagnosis_code.clear();
  }
}

bool SameNeeds(const Form& a, const Form& b) {
  return std::equal(a.needs.begin(), a.needs.end(), b.needs.begin(), b.needs.end(),
                    [](const Need& x, const Need& y) {
                      return x.kind_code == y.kind_code && x.level == y.level && x.text == y.text;
                    });
}

// Of each kind of need, in whatever order; one without a diagnosis says nothing.
bool SameDiagnoses(const Form& a, const Form& b) {
  const auto of = [](const Form& form) {
    std::set<std::tuple<std::string_view, NeedSource, std::string_view>> all;
    for (const Need& need : form.needs) {
      if (need.source == NeedSource::kUnspecified && need.diagnosis_code.empty()) continue;
      all.emplace(need.kind_code, need.source, need.diagnosis_code);
    }
    return all;
  };
  return of(a) == of(b);
}

bool SameChildren(const Form& a, const Form& b) {
  Children one = a.children;
  Children other = b.children;
  one.details = other.details = {};
  return one == other;
}

constexpr auto kSections = std::to_array<FormSection>({
    {"person", "Personen", "The person"},
    {"sender", "Avsändare", "Sender"},
    {"ground", "Grund", "Ground"},
    {"needs", "Behov", "Needs"},
    {"instruments", "Bedömningsinstrument", "Instruments"},
    {"earlier", "Tidigare insatser", "Earlier interventions"},
    {"children", "Barn", "Children"},
    {"wishes", "Önskemål, mål och start", "Wishes, goals and start"},
});

constexpr auto kFields = std::to_array<FieldAccess>({
    OfPerson<&Person::identity_number>("person.identity_number"),
    OfPerson<&Person::given_name>("person.given_name"),
    OfPerson<&Person::family_name>("person.family_name"),
    OfPerson<&Person::protected_identity>("person.protected_identity"),
    OfPerson<&Person::legal_sex>("person.legal_sex"),
    OfPerson<&Person::home_municipality_code>("person.home_municipality_code"),
    OfPerson<&Person::registration_municipality_code>("person.registration_municipality_code"),
    OfPerson<&Person::interpreter_language>("person.interpreter_language"),
    OfPerson<&Person::contact>("person.contact"),
    {"sender", "sender", [](const Form& form) { return form.sender == Sender{}; },
     [](Form& form) { form.sender = {}; },
     [](const Form& a, const Form& b) { return a.sender == b.sender; }},
    OfForm<&Form::ground>("ground", "ground"),
    OfForm<&Form::lvm_investigation>("lvm_investigation", "ground"),
    OfForm<&Form::external_placement>("external_placement", "ground"),
    {"needs", "needs", [](const Form& form) { return form.needs.empty(); },
     [](Form& form) { form.needs.clear(); }, SameNeeds},
    {"needs.diagnosis", "needs", NoDiagnoses, ClearDiagnoses, SameDiagnoses},
    OfForm<&Form::instruments>("instruments", "instruments"),
    OfForm<&Form::earlier_interventions>("earlier_interventions", "earlier"),
    OfForm<&Form::less_intrusive_options>("less_intrusive_options", "earlier"),
    {"children", "children", [](const Form& form) { return form.children == Children{}; },
     [](Form& form) { form.children = {}; }, SameChildren},
    {"children.details", "children",
     [](const Form& form) { return form.children.details == ChildrenDetails{}; },
     [](Form& form) { form.children.details = {}; },
     [](const Form& a, const Form& b) { return a.children.details == b.children.details; }},
    OfForm<&Form::wishes_and_goals>("wishes_and_goals", "wishes"),
    OfForm<&Form::desired_start_date>("desired_start_date", "wishes"),
});

// The parts UpdateReferral may replace, whole.
struct Part {
  std::string_view name;
  void (*copy)(const Form& from, Form& to);
};

template <auto Member>
constexpr Part Whole(std::string_view name) {
  return {name, [](const Form& from, Form& to) { to.*Member = from.*Member; }};
}

constexpr auto kParts = std::to_array<Part>({
    Whole<&Form::person>("person"),
    Whole<&Form::ground>("ground"),
    Whole<&Form::lvm_investigation>("lvm_investigation"),
    Whole<&Form::external_placement>("external_placement"),
    Whole<&Form::needs>("needs"),
    Whole<&Form::children>("children"),
    Whole<&Form::wishes_and_goals>("wishes_and_goals"),
    Whole<&Form::desired_start_date>("desired_start_date"),
    Whole<&Form::earlier_interventions>("earlier_interventions"),
    Whole<&Form::less_intrusive_options>("less_intrusive_options"),
    Whole<&Form::instruments>("instruments"),
    Whole<&Form::sender>("sender"),
});

}  // namespace

std::span<const FormSection> FormSections() { return kSections; }

std::span<const FieldAccess> FormFields() { return kFields; }

const FieldAccess* FindField(std::string_view path) {
  const auto* found = std::find_if(kFields.begin(), kFields.end(),
                                   [&](const FieldAccess& field) { return field.path == path; });
  return found == kFields.end() ? nullptr : found;
}

const FormField* FieldOf(const FormVersion& version, std::string_view path) {
  const auto found = std::find_if(version.fields.begin(), version.fields.end(),
                                  [&](const FormField& field) { return field.path == path; });
  return found == version.fields.end() ? nullptr : &*found;
}

std::vector<std::string_view> KnownFormPaths() {
  std::vector<std::string_view> paths;
  paths.reserve(kFields.size());
  for (const FieldAccess& field : kFields) paths.push_back(field.path);
  return paths;
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
    const FormField* field = FieldOf(version, access.path);
    const bool visible =
        field != nullptr && (field->category == "case" || categories.contains(field->category));
    if (!visible) access.clear(redacted);
  }
  return redacted;
}

}  // namespace vardkedja::referral::domain
