#include "referral-service/rpc/form_version.h"

#include <algorithm>
#include <string>

#include "lib/time/time.h"
#include "referral-service/domain/form_fields.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/domain/form_schema.h"

namespace vardkedja::referral::rpc {
namespace {

using domain::Input;
using domain::InputType;

void AddCode(const domain::FormVersion& version, const std::string& code, int max_value,
             v1::FormField& field) {
  v1::FormCode& out = *field.add_codes();
  out.set_code(code);
  out.set_max_value(max_value);
  const auto label =
      std::find_if(version.code_labels.begin(), version.code_labels.end(),
                   [&](const domain::CodeLabel& known) { return known.code == code; });
  if (label == version.code_labels.end()) return;
  out.set_label_sv(label->label_sv);
  out.set_label_en(label->label_en);
}

void SetCodes(const Input& input, const domain::FormVersion& version, v1::FormField& field) {
  for (const domain::EnumCode& from : input.codes) {
    v1::FormCode& code = *field.add_codes();
    code.set_code(std::string(from.code));
    code.set_label_sv(std::string(from.label_sv));
    code.set_label_en(std::string(from.label_en));
  }
  if (input.version_codes == domain::VersionCodes::kNeeds) {
    for (const std::string& code : version.need_codes) AddCode(version, code, 0, field);
  } else if (input.version_codes == domain::VersionCodes::kInstruments) {
    for (const domain::Instrument& one : version.instruments) {
      AddCode(version, one.code, one.max_score, field);
    }
  }
}

void SetLimits(const Input& input, v1::FormField& field) {
  field.set_max_length(static_cast<int>(input.max_length));
  field.set_several_lines(domain::HasSeveralLines(input.max_length));
  if (input.type == InputType::kNumber) {
    field.set_max_value(input.max);
    field.set_max_value_path(std::string(input.max_from));
  } else if (input.type == InputType::kList) {
    field.set_max_count(input.max);
    field.set_max_count_path(std::string(input.max_from));
  } else if (input.type == InputType::kIdentityNumber) {
    field.set_example(std::string(domain::kIdentityNumberExample));
    field.set_minimum_age(domain::kAdultAge);
  }
  for (const std::string_view path : input.unique) {
    if (!path.empty()) field.add_unique_paths(std::string(path));
  }
  if (input.format != nullptr) {
    field.set_pattern(std::string(input.format->pattern));
    field.set_pattern_rule(std::string(input.format->rule));
    field.set_example(std::string(input.format->example));
  }
  field.set_not_in_future(input.not_in_future);
}

void SetInput(const Input& input, const domain::FormVersion& version, v1::FormField& field) {
  field.set_type(static_cast<v1::FormFieldType>(input.type));
  if (!input.required_when.path.empty()) {
    v1::FormCondition& when = *field.mutable_required_when();
    when.set_path(std::string(input.required_when.path));
    when.add_codes(std::string(input.required_when.code));
    if (input.only_then) *field.mutable_only_when() = when;
  }
  SetCodes(input, version, field);
  SetLimits(input, field);
}

// The field that shows the list of the field's values which the input is an element of, or the
// field.
v1::FormField& HolderOf(const Input& input, v1::FormField& field) {
  const std::string list(domain::ListOf(input));
  for (v1::FormField& sub : *field.mutable_sub_fields()) {
    if (!list.empty() && sub.path() == list) return sub;
  }
  return field;
}

void SetField(const domain::FormField& from, const domain::FieldAccess& access,
              const domain::FormVersion& version, v1::FormField& field) {
  field.set_path(from.path);
  field.set_category(from.category);
  field.set_required(from.required);
  field.set_label_sv(from.label_sv);
  field.set_label_en(from.label_en);
  field.set_section_code(std::string(access.section));
  field.set_type(v1::FORM_FIELD_TYPE_GROUP);
  for (const Input& input : domain::FormInputs()) {
    if (input.field != from.path) continue;
    if (input.path == from.path) {
      SetInput(input, version, field);
      continue;
    }
    v1::FormField& sub = *HolderOf(input, field).add_sub_fields();
    sub.set_path(std::string(input.path));
    sub.set_category(from.category);
    sub.set_required(input.required);
    sub.set_label_sv(std::string(input.label_sv));
    sub.set_label_en(std::string(input.label_en));
    sub.set_section_code(std::string(access.section));
    SetInput(input, version, sub);
  }
}

}  // namespace

v1::FormVersion ToProto(const domain::FormVersion& version) {
  v1::FormVersion out;
  out.set_version(version.version);
  out.set_from_date(FormatDate(version.from_date));
  for (const domain::FormSection& from : domain::FormSections()) {
    v1::FormSection& section = *out.add_sections();
    section.set_code(std::string(from.code));
    section.set_label_sv(std::string(from.label_sv));
    section.set_label_en(std::string(from.label_en));
  }
  for (const domain::FieldAccess& access : domain::FormFields()) {
    const domain::FormField* field = domain::FieldOf(version, access.path);
    if (field != nullptr) SetField(*field, access, version, *out.add_fields());
  }
  for (const std::string& code : version.need_codes) out.add_need_codes(code);
  for (const domain::Instrument& from : version.instruments) {
    v1::FormInstrument& instrument = *out.add_instruments();
    instrument.set_code(from.code);
    instrument.set_max_score(from.max_score);
  }
  return out;
}

}  // namespace vardkedja::referral::rpc
