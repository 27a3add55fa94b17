#include "referral-service/storage/form_codec.h"

#include <map>

#include "vardkedja/referral/v1/stored_content.pb.h"

namespace vardkedja::referral::storage {
namespace {

// An enum value of a newer client is as good as none given.
template <class Enum>
Enum Known(int value, int most) {
  return static_cast<Enum>(value < 0 || value > most ? 0 : value);
}

}  // namespace

domain::Form FromProto(const v1::CommissionForm& proto) {
  domain::Form form;
  const v1::PersonDetails& person = proto.person();
  form.person = {person.identity_number(),
                 person.given_name(),
                 person.family_name(),
                 person.protected_identity(),
                 Known<domain::LegalSex>(person.legal_sex(), 2),
                 person.home_municipality_code(),
                 person.registration_municipality_code(),
                 person.interpreter_language(),
                 person.contact()};
  form.ground = Known<domain::Ground>(proto.ground(), 4);
  form.lvm_investigation = proto.lvm_investigation();
  form.external_placement = proto.external_placement();
  for (const v1::Need& need : proto.needs()) {
    form.needs.push_back(
        {need.kind_code(), Known<domain::NeedLevel>(need.level(), 3), need.text()});
  }
  const v1::Children& children = proto.children();
  form.children = {children.count(), children.child_perspective(),
                   children.child_perspective_reason(), children.text()};
  form.wishes_and_goals = proto.wishes_and_goals();
  form.desired_start_date = proto.desired_start_date();
  form.earlier_interventions = proto.earlier_interventions();
  return form;
}

v1::CommissionForm ToProto(const domain::Form& form) {
  v1::CommissionForm proto;
  v1::PersonDetails& person = *proto.mutable_person();
  person.set_identity_number(form.person.identity_number);
  person.set_given_name(form.person.given_name);
  person.set_family_name(form.person.family_name);
  person.set_protected_identity(form.person.protected_identity);
  person.set_legal_sex(static_cast<common::v1::LegalSex>(form.person.legal_sex));
  person.set_home_municipality_code(form.person.home_municipality_code);
  person.set_registration_municipality_code(form.person.registration_municipality_code);
  person.set_interpreter_language(form.person.interpreter_language);
  person.set_contact(form.person.contact);
  proto.set_ground(static_cast<common::v1::Ground>(form.ground));
  proto.set_lvm_investigation(form.lvm_investigation);
  proto.set_external_placement(form.external_placement);
  for (const domain::Need& need : form.needs) {
    v1::Need& out = *proto.add_needs();
    out.set_kind_code(need.kind_code);
    out.set_level(static_cast<v1::NeedLevel>(need.level));
    out.set_text(need.text);
  }
  if (!(form.children == domain::Children{})) {
    v1::Children& children = *proto.mutable_children();
    children.set_count(form.children.count);
    children.set_child_perspective(form.children.child_perspective);
    children.set_child_perspective_reason(form.children.child_perspective_reason);
    children.set_text(form.children.text);
  }
  proto.set_wishes_and_goals(form.wishes_and_goals);
  proto.set_desired_start_date(form.desired_start_date);
  proto.set_earlier_interventions(form.earlier_interventions);
  return proto;
}

std::string SerialiseContent(const domain::Content& content) {
  v1::StoredContent stored;
  *stored.mutable_form() = ToProto(content.form);
  const domain::Notes& notes = content.notes;
  stored.set_question(notes.question);
  stored.set_answer(notes.answer);
  stored.set_assessment_text(notes.assessment_text);
  stored.set_alternatives(notes.alternatives);
  stored.set_alternatives_shown(notes.alternatives_shown);
  stored.set_criteria_reason(notes.criteria_reason);
  for (const auto& [id, text] : notes.visit_reasons) (*stored.mutable_visit_reasons())[id] = text;
  for (const auto& [id, text] : notes.motivations) (*stored.mutable_motivations())[id] = text;
  return stored.SerializeAsString();
}

std::optional<domain::Content> ParseContent(std::string_view bytes) {
  v1::StoredContent stored;
  if (!stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  domain::Content content;
  content.form = FromProto(stored.form());
  content.notes = {stored.question(),
                   stored.answer(),
                   stored.assessment_text(),
                   stored.alternatives(),
                   stored.alternatives_shown(),
                   stored.criteria_reason(),
                   {stored.visit_reasons().begin(), stored.visit_reasons().end()},
                   {stored.motivations().begin(), stored.motivations().end()}};
  return content;
}

}  // namespace vardkedja::referral::storage
