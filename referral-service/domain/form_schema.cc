#include "referral-service/domain/form_schema.h"

#include <algorithm>

#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kNameLength = 100;
constexpr std::size_t kContactLength = 500;
constexpr std::size_t kShortText = 200;
constexpr int kMaxChildren = 20;
constexpr int kMostAge = 17;
constexpr int kMaxNeeds = 40;
constexpr int kMaxInstruments = 20;

// Values this program does not know are kept as they are, so that the rules can name them.
constexpr auto kGrounds = std::to_array<EnumCode>({
    {"GROUND_VOLUNTARY", 1, "Frivillig placering enligt socialtjänstlagen",
     "Voluntary placement under the Social Services Act"},
    {"GROUND_LVM_INVESTIGATION", 2, "Under LVM-utredning, med samtycke till frivillig vård",
     "Under investigation for LVM, agrees to voluntary treatment"},
    {"GROUND_LVM_SECTION_27", 3, "Vård enligt 27 § LVM", "Care under LVM section 27"},
    {"GROUND_AFTER_EXTERNAL_PLACEMENT", 4, "Efter placering utanför vårdkedjan",
     "After a placement outside the chain"},
});
constexpr auto kLegalSexes = std::to_array<EnumCode>({
    {"LEGAL_SEX_FEMALE", 1, "Kvinna", "Female"},
    {"LEGAL_SEX_MALE", 2, "Man", "Male"},
});
constexpr auto kNeedLevels = std::to_array<EnumCode>({
    {"NEED_LEVEL_NONE", 1, "Inget", "None"},
    {"NEED_LEVEL_SOME", 2, "Visst", "Some"},
    {"NEED_LEVEL_SUBSTANTIAL", 3, "Stort", "Substantial"},
});
constexpr auto kNeedSources = std::to_array<EnumCode>({
    {"NEED_SOURCE_SELF_REPORTED", 1, "Självrapporterat", "Self-reported"},
    {"NEED_SOURCE_DIAGNOSED", 2, "Diagnos", "Diagnosed"},
});

// The counties of Sweden, and two digits of the municipality.
constexpr Format kMunicipality = {
    "(01|03|04|05|06|07|08|09|10|12|13|14|17|18|19|20|21|22|23|24|25)(?!00)[0-9]{2}",
    "MUNICIPALITY_CODE", "A municipality code has four digits and begins with a county's code.",
    "En kommunkod har fyra siffror och börjar med länets kod.", "0764"};
constexpr Format kLanguage = {"[a-z]{2,3}", "LANGUAGE_CODE",
                              "A language is given by its ISO 639 code, for example \"ar\".",
                              "Språk anges med ISO 639-kod, till exempel \"ar\".", "ar"};
constexpr Format kDiagnosis = {
    R"(F1[0-9](\.[0-9]{1,2})?|F63\.0)", "DIAGNOSIS_CODE",
    "A diagnosis is F10 to F19, with decimals or without, or F63.0.",
    "En diagnos anges som F10 till F19, med eller utan decimaler, eller F63.0.", "F10.2"};

InputValue Of(const std::string& text) { return {&text, 0}; }
template <class Number>
InputValue Of(Number number) {
  return {nullptr, static_cast<int>(number)};
}
template <class Element>
InputValue Of(const std::vector<Element>& list) {
  return {nullptr, static_cast<int>(list.size())};
}

template <auto Member>
InputValue FormValue(const Form& form, std::size_t) {
  return Of(form.*Member);
}
template <auto Member>
InputValue PersonValue(const Form& form, std::size_t) {
  return Of(form.person.*Member);
}
template <auto Member>
InputValue SenderValue(const Form& form, std::size_t) {
  return Of(form.sender.*Member);
}
template <auto Member>
InputValue NeedValue(const Form& form, std::size_t index) {
  return Of(form.needs[index].*Member);
}
template <auto Member>
InputValue ResultValue(const Form& form, std::size_t index) {
  return Of(form.instruments[index].*Member);
}
template <auto Member>
InputValue ChildrenValue(const Form& form, std::size_t) {
  return Of(form.children.*Member);
}
template <auto Member>
InputValue DetailsValue(const Form& form, std::size_t) {
  return Of(form.children.details.*Member);
}
template <auto Member>
InputValue ChildValue(const Form& form, std::size_t index) {
  return Of(form.children.details.each[index].*Member);
}

constexpr auto kPersonInputs = std::to_array<Input>({
    {.path = "person.identity_number",
     .field = "person.identity_number",
     .type = InputType::kIdentityNumber,
     .value = PersonValue<&Person::identity_number>},
    {.path = "person.given_name",
     .field = "person.given_name",
     .type = InputType::kText,
     .value = PersonValue<&Person::given_name>,
     .max_length = kNameLength},
    {.path = "person.family_name",
     .field = "person.family_name",
     .type = InputType::kText,
     .value = PersonValue<&Person::family_name>,
     .max_length = kNameLength},
    {.path = "person.protected_identity",
     .field = "person.protected_identity",
     .type = InputType::kBoolean,
     .value = PersonValue<&Person::protected_identity>},
    {.path = "person.legal_sex",
     .field = "person.legal_sex",
     .type = InputType::kCode,
     .value = PersonValue<&Person::legal_sex>,
     .codes = kLegalSexes},
    {.path = "person.home_municipality_code",
     .field = "person.home_municipality_code",
     .type = InputType::kText,
     .value = PersonValue<&Person::home_municipality_code>,
     .format = &kMunicipality},
    {.path = "person.registration_municipality_code",
     .field = "person.registration_municipality_code",
     .type = InputType::kText,
     .value = PersonValue<&Person::registration_municipality_code>,
     .format = &kMunicipality},
    {.path = "person.interpreter_language",
     .field = "person.interpreter_language",
     .type = InputType::kText,
     .value = PersonValue<&Person::interpreter_language>,
     .format = &kLanguage},
    {.path = "person.contact",
     .field = "person.contact",
     .type = InputType::kText,
     .value = PersonValue<&Person::contact>,
     .max_length = kContactLength},
    {.path = "sender.social_worker",
     .field = "sender",
     .type = InputType::kText,
     .value = SenderValue<&Sender::social_worker>,
     .label_sv = "Socialsekreterare",
     .label_en = "Social worker",
     .max_length = kShortText},
    {.path = "sender.deputy",
     .field = "sender",
     .type = InputType::kText,
     .value = SenderValue<&Sender::deputy>,
     .label_sv = "Ersättare",
     .label_en = "Deputy",
     .max_length = kShortText},
});

constexpr auto kNeedInputs = std::to_array<Input>({
    {.path = "ground",
     .field = "ground",
     .type = InputType::kCode,
     .value = FormValue<&Form::ground>,
     .codes = kGrounds},
    {.path = "lvm_investigation",
     .field = "lvm_investigation",
     .type = InputType::kBoolean,
     .value = FormValue<&Form::lvm_investigation>},
    {.path = "external_placement",
     .field = "external_placement",
     .type = InputType::kBoolean,
     .value = FormValue<&Form::external_placement>},
    {.path = "needs",
     .field = "needs",
     .type = InputType::kList,
     .value = FormValue<&Form::needs>,
     .max = kMaxNeeds,
     .unique = {"needs[].kind_code", ""}},
    {.path = "needs[].kind_code",
     .field = "needs",
     .type = InputType::kCode,
     .value = NeedValue<&Need::kind_code>,
     .label_sv = "Slag av behov",
     .label_en = "Kind of need",
     .required = true,
     .version_codes = VersionCodes::kNeeds},
    {.path = "needs[].level",
     .field = "needs",
     .type = InputType::kCode,
     .value = NeedValue<&Need::level>,
     .label_sv = "Behovets omfattning",
     .label_en = "Extent of the need",
     .required = true,
     .codes = kNeedLevels},
    {.path = "needs[].text",
     .field = "needs",
     .type = InputType::kText,
     .value = NeedValue<&Need::text>,
     .label_sv = "Beskrivning av behovet",
     .label_en = "The need in words",
     .required_when = {"needs[].level", "NEED_LEVEL_SUBSTANTIAL"},
     .max_length = kLongText},
    {.path = "needs[].source",
     .field = "needs.diagnosis",
     .type = InputType::kCode,
     .value = NeedValue<&Need::source>,
     .label_sv = "Underlag för behovet",
     .label_en = "What the need rests on",
     .codes = kNeedSources},
    {.path = "needs[].diagnosis_code",
     .field = "needs.diagnosis",
     .type = InputType::kText,
     .value = NeedValue<&Need::diagnosis_code>,
     .label_sv = "Diagnoskod (ICD-10)",
     .label_en = "Diagnosis code (ICD-10)",
     .required_when = {"needs[].source", "NEED_SOURCE_DIAGNOSED"},
     .only_then = true,
     .format = &kDiagnosis},
    {.path = "instruments",
     .field = "instruments",
     .type = InputType::kList,
     .value = FormValue<&Form::instruments>,
     .max = kMaxInstruments,
     .unique = {"instruments[].kind_code", "instruments[].date"}},
    {.path = "instruments[].kind_code",
     .field = "instruments",
     .type = InputType::kCode,
     .value = ResultValue<&InstrumentResult::kind_code>,
     .label_sv = "Instrument",
     .label_en = "Instrument",
     .required = true,
     .version_codes = VersionCodes::kInstruments},
    {.path = "instruments[].score",
     .field = "instruments",
     .type = InputType::kNumber,
     .value = ResultValue<&InstrumentResult::score>,
     .label_sv = "Poäng",
     .label_en = "Score",
     .max_from = "instruments[].kind_code"},
    {.path = "instruments[].date",
     .field = "instruments",
     .type = InputType::kDate,
     .value = ResultValue<&InstrumentResult::date>,
     .label_sv = "Intervjuns datum",
     .label_en = "Date of the interview",
     .required = true,
     .not_in_future = true},
    {.path = "earlier_interventions",
     .field = "earlier_interventions",
     .type = InputType::kText,
     .value = FormValue<&Form::earlier_interventions>,
     .max_length = kLongText},
    {.path = "less_intrusive_options",
     .field = "less_intrusive_options",
     .type = InputType::kText,
     .value = FormValue<&Form::less_intrusive_options>,
     .max_length = kLongText},
});

// A text of what is known and planned for the children.
template <auto Member>
constexpr Input Details(std::string_view path, std::string_view sv, std::string_view en) {
  return {.path = path,
          .field = "children.details",
          .type = InputType::kText,
          .value = DetailsValue<Member>,
          .label_sv = sv,
          .label_en = en,
          .max_length = kLongText};
}

constexpr auto kChildrenInputs = std::to_array<Input>({
    {.path = "children.count",
     .field = "children",
     .type = InputType::kNumber,
     .value = ChildrenValue<&Children::count>,
     .label_sv = "Antal barn",
     .label_en = "Number of children",
     .max = kMaxChildren},
    {.path = "children.child_perspective",
     .field = "children",
     .type = InputType::kBoolean,
     .value = ChildrenValue<&Children::child_perspective>,
     .label_sv = "Barnperspektivet måste särskilt beaktas",
     .label_en = "The child's perspective must be considered"},
    {.path = "children.child_perspective_reason",
     .field = "children",
     .type = InputType::kText,
     .value = ChildrenValue<&Children::child_perspective_reason>,
     .label_sv = "Skälet till att barnperspektivet särskilt ska beaktas",
     .label_en = "The reason why the child's perspective is considered",
     .required_when = {"children.child_perspective", "true"},
     .max_length = kLongText},
    {.path = "children.text",
     .field = "children",
     .type = InputType::kText,
     .value = ChildrenValue<&Children::text>,
     .label_sv = "Om barnen",
     .label_en = "About the children",
     .max_length = kLongText},
    {.path = "children.details.each",
     .field = "children.details",
     .type = InputType::kList,
     .value = DetailsValue<&ChildrenDetails::each>,
     .label_sv = "Barnen",
     .label_en = "The children",
     .max = kMaxChildren,
     .max_from = "children.count"},
    {.path = "children.details.each[].age",
     .field = "children.details",
     .type = InputType::kNumber,
     .value = ChildValue<&Child::age>,
     .label_sv = "Ålder i hela år",
     .label_en = "Age in whole years",
     .max = kMostAge},
    {.path = "children.details.each[].lives_with",
     .field = "children.details",
     .type = InputType::kText,
     .value = ChildValue<&Child::lives_with>,
     .label_sv = "Bor hos",
     .label_en = "Lives with",
     .max_length = kShortText},
    Details<&ChildrenDetails::visits>("children.details.visits", "Umgänge", "Visits"),
    Details<&ChildrenDetails::video_calls>("children.details.video_calls", "Videosamtal",
                                           "Video calls"),
    Details<&ChildrenDetails::information_given>("children.details.information_given",
                                                 "Vad barnen har fått veta",
                                                 "What the children have been told"),
    Details<&ChildrenDetails::childs_view>("children.details.childs_view", "Barnets egen syn",
                                           "What the children themselves say"),
    Details<&ChildrenDetails::contact>("children.details.contact", "Kontakt om barnen",
                                       "Whom to contact about the children"),
    {.path = "wishes_and_goals",
     .field = "wishes_and_goals",
     .type = InputType::kText,
     .value = FormValue<&Form::wishes_and_goals>,
     .max_length = kLongText},
    {.path = "desired_start_date",
     .field = "desired_start_date",
     .type = InputType::kDate,
     .value = FormValue<&Form::desired_start_date>},
});

constexpr auto kInputs = [] {
  std::array<Input, kPersonInputs.size() + kNeedInputs.size() + kChildrenInputs.size()> all{};
  auto* end = std::copy(kPersonInputs.begin(), kPersonInputs.end(), all.begin());
  end = std::copy(kNeedInputs.begin(), kNeedInputs.end(), end);
  std::copy(kChildrenInputs.begin(), kChildrenInputs.end(), end);
  return all;
}();

}  // namespace

std::span<const Input> FormInputs() { return kInputs; }

const Input* FindInput(std::string_view path) {
  const auto* found = std::find_if(kInputs.begin(), kInputs.end(),
                                   [&](const Input& input) { return input.path == path; });
  return found == kInputs.end() ? nullptr : found;
}

std::string_view ListOf(const Input& input) {
  const std::size_t brackets = input.path.find("[]");
  return brackets == std::string_view::npos ? std::string_view() : input.path.substr(0, brackets);
}

}  // namespace vardkedja::referral::domain
