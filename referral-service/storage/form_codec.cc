#include "referral-service/storage/form_codec.h"

#include <map>

#include "vardkedja/referral/v1/stored_content.pb.h"

namespace vardkedja::referral::storage {
namespace {

// Values this program does not know are kept as they are: the form's rules name them.
domain::Children ChildrenFrom(const v1::Children& proto) {
  domain::Children children;
  children.count = proto.count();
  children.child_perspective = proto.child_perspective();
  children.child_perspective_reason = proto.child_perspective_reason();
  children.text = proto.text();
  const v1::ChildrenDetails& details = proto.details();
  for (const v1::Child& child : details.each()) {
    children.details.each.push_back({child.age(), child.lives_with()});
  }
  children.details.visits = details.visits();
  children.details.video_calls = details.video_calls();
  children.details.information_given = details.information_given();
  children.details.childs_view = details.childs_view();
  children.details.contact = details.contact();
  return children;
}

void SetChildren(const domain::Children& children, v1::Children& proto) {
  proto.set_count(children.count);
  proto.set_child_perspective(children.child_perspective);
  proto.set_child_perspective_reason(children.child_perspective_reason);
  proto.set_text(children.text);
  const domain::ChildrenDetails& from = children.details;
  if (from == domain::ChildrenDetails{}) return;
  v1::ChildrenDetails& details = *proto.mutable_details();
  for (const domain::Child& child : from.each) {
    v1::Child& out = *details.add_each();
    out.set_age(child.age);
    out.set_lives_with(child.lives_with);
  }
  details.set_visits(from.visits);
  details.set_video_calls(from.video_calls);
  details.set_information_given(from.information_given);
  details.set_childs_view(from.childs_view);
  details.set_contact(from.contact);
}

void SetPerson(const domain::Person& from, v1::PersonDetails& person) {
  person.set_identity_number(from.identity_number);
  person.set_given_name(from.given_name);
  person.set_family_name(from.family_name);
  person.set_protected_identity(from.protected_identity);
  person.set_legal_sex(static_cast<common::v1::LegalSex>(from.legal_sex));
  person.set_home_municipality_code(from.home_municipality_code);
  person.set_registration_municipality_code(from.registration_municipality_code);
  person.set_interpreter_language(from.interpreter_language);
  person.set_contact(from.contact);
}

void SetNeeds(const std::vector<domain::Need>& needs, v1::CommissionForm& proto) {
  for (const domain::Need& need : needs) {
    v1::Need& out = *proto.add_needs();
    out.set_kind_code(need.kind_code);
    out.set_level(static_cast<v1::NeedLevel>(need.level));
    out.set_text(need.text);
    out.set_source(static_cast<v1::NeedSource>(need.source));
    out.set_diagnosis_code(need.diagnosis_code);
  }
}

}  // namespace

domain::Form FromProto(const v1::CommissionForm& proto) {
  domain::Form form;
  const v1::PersonDetails& person = proto.person();
  form.person = {person.identity_number(),
                 person.given_name(),
                 person.family_name(),
                 person.protected_identity(),
                 static_cast<domain::LegalSex>(person.legal_sex()),
                 person.home_municipality_code(),
                 person.registration_municipality_code(),
                 person.interpreter_language(),
                 person.contact()};
  form.ground = static_cast<domain::Ground>(proto.ground());
  form.lvm_investigation = proto.lvm_investigation();
  form.external_placement = proto.external_placement();
  for (const v1::Need& need : proto.needs()) {
    form.needs.push_back({need.kind_code(), static_cast<domain::NeedLevel>(need.level()),
                          need.text(), static_cast<domain::NeedSource>(need.source()),
                          need.diagnosis_code()});
  }
  form.children = ChildrenFrom(proto.children());
  form.wishes_and_goals = proto.wishes_and_goals();
  form.desired_start_date = proto.desired_start_date();
  form.earlier_interventions = proto.earlier_interventions();
  form.less_intrusive_options = proto.less_intrusive_options();
  for (const v1::InstrumentResult& result : proto.instruments()) {
    form.instruments.push_back({result.kind_code(), result.score(), result.date()});
  }
  form.sender = {proto.sender().social_worker(), proto.sender().deputy()};
  return form;
}

v1::CommissionForm ToProto(const domain::Form& form) {
  v1::CommissionForm proto;
  SetPerson(form.person, *proto.mutable_person());
  proto.set_ground(static_cast<common::v1::Ground>(form.ground));
  proto.set_lvm_investigation(form.lvm_investigation);
  proto.set_external_placement(form.external_placement);
  SetNeeds(form.needs, proto);
  if (!(form.children == domain::Children{})) {
    SetChildren(form.children, *proto.mutable_children());
  }
  proto.set_wishes_and_goals(form.wishes_and_goals);
  proto.set_desired_start_date(form.desired_start_date);
  proto.set_earlier_interventions(form.earlier_interventions);
  proto.set_less_intrusive_options(form.less_intrusive_options);
  for (const domain::InstrumentResult& result : form.instruments) {
    v1::InstrumentResult& out = *proto.add_instruments();
    out.set_kind_code(result.kind_code);
    out.set_score(result.score);
    out.set_date(result.date);
  }
  if (!(form.sender == domain::Sender{})) {
    proto.mutable_sender()->set_social_worker(form.sender.social_worker);
    proto.mutable_sender()->set_deputy(form.sender.deputy);
  }
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
  stored.set_prior_decision_date(notes.prior_decision_date);
  stored.set_order_exception_reason(notes.order_exception_reason);
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
                   {stored.motivations().begin(), stored.motivations().end()},
                   stored.prior_decision_date(),
                   stored.order_exception_reason()};
  return content;
}

}  // namespace vardkedja::referral::storage
