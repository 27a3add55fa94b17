// The commission form (uppdragsblankett; domain.md, 4 "The form's content") as plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/time/time.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.common.v1.Ground.
enum class Ground {
  kUnspecified = 0,
  kVoluntary = 1,
  kLvmInvestigation = 2,
  kLvmSection27 = 3,
  kAfterExternalPlacement = 4,
};

// Numbered as vardkedja.common.v1.LegalSex.
enum class LegalSex { kUnspecified = 0, kFemale = 1, kMale = 2 };

// Numbered as vardkedja.common.v1.AgeBand.
enum class AgeBand { kUnspecified = 0, k18To24, k25To34, k35To44, k45To54, k55To64, k65Plus };

// Numbered as vardkedja.common.v1.BedKind.
enum class BedKind { kUnspecified = 0, kRegular = 1, kIntake = 2, kStepOut = 3 };

// Numbered as vardkedja.referral.v1.NeedLevel.
enum class NeedLevel { kUnspecified = 0, kNone = 1, kSome = 2, kSubstantial = 3 };

// Numbered as vardkedja.referral.v1.NeedSource.
enum class NeedSource { kUnspecified = 0, kSelfReported = 1, kDiagnosed = 2 };

// The yes/no columns of the queue rule (domain.md, 6).
struct Criteria {
  bool lvm_investigation = false;
  bool child_perspective = false;
  bool lvm_section_27 = false;
  bool external_placement = false;

  bool operator==(const Criteria&) const = default;
};

struct Person {
  std::string identity_number;  // as written; see IdentityNumber
  std::string given_name;
  std::string family_name;
  bool protected_identity = false;
  LegalSex legal_sex = LegalSex::kUnspecified;
  std::string home_municipality_code;
  std::string registration_municipality_code;
  std::string interpreter_language;
  std::string contact;

  bool operator==(const Person&) const = default;
};

struct Need {
  std::string kind_code;
  NeedLevel level = NeedLevel::kUnspecified;
  std::string text;
  NeedSource source = NeedSource::kUnspecified;
  std::string diagnosis_code;  // ICD-10

  bool operator==(const Need&) const = default;
};

struct InstrumentResult {
  std::string kind_code;
  int score = 0;
  std::string date;  // as written

  bool operator==(const InstrumentResult&) const = default;
};

struct Sender {
  std::string social_worker;
  std::string deputy;

  bool operator==(const Sender&) const = default;
};

struct Child {
  int age = 0;
  std::string lives_with;

  bool operator==(const Child&) const = default;
};

struct ChildrenDetails {
  std::vector<Child> each;
  std::string visits;
  std::string video_calls;
  std::string information_given;
  std::string childs_view;
  std::string contact;

  bool operator==(const ChildrenDetails&) const = default;
};

struct Children {
  int count = 0;
  bool child_perspective = false;
  std::string child_perspective_reason;
  std::string text;
  ChildrenDetails details;

  bool operator==(const Children&) const = default;
};

struct Form {
  Person person;
  Ground ground = Ground::kUnspecified;
  bool lvm_investigation = false;
  bool external_placement = false;
  std::vector<Need> needs;
  Children children;
  std::string wishes_and_goals;
  std::string desired_start_date;  // as written
  std::string earlier_interventions;
  std::string less_intrusive_options;
  std::vector<InstrumentResult> instruments;
  Sender sender;

  bool operator==(const Form&) const = default;
};

// The criteria a form states: those of its ground, those beside it, and the child's perspective,
// which the social worker sets with a reason and nothing is derived from (domain.md, 4).
Criteria CriteriaOf(const Form& form);

// The band of domain.md, 9 (equal access) on a date; unspecified without a day of birth, under 18,
// and for a protected identity, which statistics must not single out.
AgeBand AgeBandOf(const Person& person, Date on);

// One field of a version of the form.
struct FormField {
  std::string path;      // "person.given_name", a path this program knows
  std::string category;  // who may see it, by information category; "case" for everyone who may
  bool required = false;
  std::string label_sv;
  std::string label_en;

  bool operator==(const FormField&) const = default;
};

// What a version knows of an instrument.
struct Instrument {
  std::string code;
  int max_score = 0;

  bool operator==(const Instrument&) const = default;
};

// How a code of needs or instruments reads.
struct CodeLabel {
  std::string code;
  std::string label_sv;
  std::string label_en;

  bool operator==(const CodeLabel&) const = default;
};

// A dated version of the form's field list: data, not code (deploy/kronoberg/commission-form.yaml).
struct FormVersion {
  int version = 0;
  Date from_date{};
  std::vector<FormField> fields;
  std::vector<std::string> need_codes;
  std::vector<Instrument> instruments;
  std::vector<CodeLabel> code_labels;  // of every code above, and maybe of other versions' codes

  bool operator==(const FormVersion&) const = default;
};

// The paths a form version may name.
std::vector<std::string_view> KnownFormPaths();

}  // namespace vardkedja::referral::domain
