#include "referral-service/domain/changed_fields.h"

#include <algorithm>
#include <array>

#include "referral-service/domain/form_fields.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::string_view kForm = "form.";

// A field of the case beside its form. Its categories are those that show it in a case, separated
// by
// "+"; "case" for everyone who sees the case, nothing for the owner alone.
struct CaseField {
  std::string_view path;
  std::string_view categories;
  bool (*same)(const Referral&, const Referral&);
};

template <auto Member>
constexpr CaseField OfCase(std::string_view path, std::string_view categories) {
  return {path, categories,
          [](const Referral& a, const Referral& b) { return a.*Member == b.*Member; }};
}

template <auto Member>
constexpr CaseField OfNotes(std::string_view path, std::string_view categories) {
  return {path, categories, [](const Referral& a, const Referral& b) {
            return a.content.notes.*Member == b.content.notes.*Member;
          }};
}

constexpr auto kCaseFields = std::to_array<CaseField>({
    OfCase<&Referral::owner_unit_id>("owner_unit_id", "case"),
    OfCase<&Referral::municipality_code>("municipality_code", "case"),
    OfCase<&Referral::person_id>("person_id", "case"),
    OfCase<&Referral::criteria>("criteria", "needs"),
    OfNotes<&Notes::question>("information_request.question", "needs"),
    OfNotes<&Notes::answer>("information_request.answer", "needs"),
    OfCase<&Referral::assessment>("assessment", "case"),
    OfNotes<&Notes::assessment_text>("assessment.text", "needs"),
    OfNotes<&Notes::alternatives>("assessment.alternatives", "needs"),
    OfCase<&Referral::study_visits>("study_visits", "case"),
    OfNotes<&Notes::visit_reasons>("study_visits.reason", "needs"),
    OfCase<&Referral::answer>("answer.kind", "case"),
    OfNotes<&Notes::alternatives_shown>("answer.alternatives_shown", "needs"),
    OfCase<&Referral::decisions>("decisions", "plan+placement"),
    OfNotes<&Notes::motivations>("decisions.motivation", "plan"),
    {"placement", "case",
     [](const Referral& a, const Referral& b) {
       return a.whereabouts.facility_id == b.whereabouts.facility_id &&
              a.whereabouts.move_in_date == b.whereabouts.move_in_date &&
              a.whereabouts.transfer_to_facility_id == b.whereabouts.transfer_to_facility_id;
     }},
    OfCase<&Referral::close_reason_code>("close_reason_code", "case"),
    OfCase<&Referral::handler_subjects>("handler_subjects", ""),
    OfNotes<&Notes::prior_decision_date>("prior_decision_date", "plan"),
    OfNotes<&Notes::order_exception_reason>("order_exception_reason", "needs"),
});

std::set<std::string> Split(std::string_view categories) {
  std::set<std::string> each;
  while (!categories.empty()) {
    const std::size_t end = std::min(categories.find('+'), categories.size());
    each.emplace(categories.substr(0, end));
    categories.remove_prefix(std::min(end + 1, categories.size()));
  }
  return each;
}

// Collects the names of members that differ.
class Differences {
 public:
  template <class T>
  Differences& Add(std::string_view name, const T& before, const T& after) {
    if (!(before == after)) names_.emplace_back(name);
    return *this;
  }
  std::vector<std::string> Take() { return std::move(names_); }

 private:
  std::vector<std::string> names_;
};

std::vector<std::string> Compare(const CoordinatedPlan& before, const CoordinatedPlan& after) {
  return Differences()
      .Add("need", before.need, after.need)
      .Add("party_unit_ids", before.party_unit_ids, after.party_unit_ids)
      .Add("agreement", before.agreement, after.agreement)
      .Add("meetings", before.meetings, after.meetings)
      .Add("content", before.content, after.content)
      .Add("follow_ups", before.follow_ups, after.follow_ups)
      .Take();
}

std::vector<std::string> Compare(const CostSplit& before, const CostSplit& after) {
  return Differences()
      .Add("acute", before.acute, after.acute)
      .Add("written", before.written, after.written)
      .Take();
}

std::vector<std::string> Compare(const Outcomes& before, const Outcomes& after) {
  return Differences()
      .Add("outcomes", before.outcomes, after.outcomes)
      .Add("individual_follow_ups", before.individual_follow_ups, after.individual_follow_ups)
      .Take();
}

std::vector<std::string> Compare(const ChildrenAsRelatives& before,
                                 const ChildrenAsRelatives& after) {
  return Differences()
      .Add("answer", before.answer, after.answer)
      .Add("asked_date", before.asked_date, after.asked_date)
      .Add("children", before.children, after.children)
      .Add("contacts", before.contacts, after.contacts)
      .Take();
}

}  // namespace

std::vector<std::string> ChangedFields(const Referral& before, const Referral& after) {
  std::vector<std::string> changed;
  for (const FieldAccess& field : FormFields()) {
    if (field.same(before.content.form, after.content.form)) continue;
    changed.push_back(std::string(kForm) + std::string(field.path));
  }
  for (const CaseField& field : kCaseFields) {
    if (!field.same(before, after)) changed.emplace_back(field.path);
  }
  return changed;
}

std::vector<std::string> ChangedFields(const CaseDocument& before, const CaseDocument& after) {
  return std::visit(
      [&]<class Document>(const Document& document) {
        return Compare(std::get<Document>(before), document);
      },
      after);
}

std::vector<std::string> ChangedFields(const Plans& before, const Plans& after) {
  const ImplementationPlan was = before.implementation_plan.value_or(ImplementationPlan{});
  const ImplementationPlan is = after.implementation_plan.value_or(ImplementationPlan{});
  return Differences()
      .Add("implementation_plan.facility_id", was.facility_id, is.facility_id)
      .Add("implementation_plan.goals", was.goals, is.goals)
      .Add("implementation_plan.activities", was.activities, is.activities)
      .Add("implementation_plan.follow_up_date", was.follow_up_date, is.follow_up_date)
      .Add("home_support", before.home_support, after.home_support)
      .Take();
}

std::vector<std::string> ChangedFields(const Retention& before, const Retention& after) {
  return Differences()
      .Add("hold_reason_code", before.hold_reason_code, after.hold_reason_code)
      .Add("archive_time", before.archived_at, after.archived_at)
      .Add("archive_reference", before.archive_reference, after.archive_reference)
      .Add("erase_time", before.erased_at, after.erased_at)
      .Add("waiver_reason_code", before.waiver_reason_code, after.waiver_reason_code)
      .Take();
}

std::vector<std::string> FilledIn(const DisclosureGround& ground, bool has_text) {
  const DisclosureGround none;
  return Differences()
      .Add("kind", none.kind, ground.kind)
      .Add("consent_form", none.consent_form, ground.consent_form)
      .Add("recipient_unit_ids", none.recipient_unit_ids, ground.recipient_unit_ids)
      .Add("categories", none.categories, ground.categories)
      .Add("purpose", none.purpose, ground.purpose)
      .Add("from_date", none.from_date, ground.from_date)
      .Add("to_date", none.to_date, ground.to_date)
      .Add("text", false, has_text)
      .Add("excluded_unit_ids", none.excluded_unit_ids, ground.excluded_unit_ids)
      .Add("excluded_categories", none.excluded_categories, ground.excluded_categories)
      .Take();
}

std::set<std::string> CategoriesOfField(std::string_view path, const FormVersion& version) {
  if (path.starts_with(kForm)) {
    const FormField* field = FieldOf(version, path.substr(kForm.size()));
    if (field == nullptr) return {};
    return {field->category};
  }
  const auto* found = std::find_if(kCaseFields.begin(), kCaseFields.end(),
                                   [&](const CaseField& field) { return field.path == path; });
  return found == kCaseFields.end() ? std::set<std::string>() : Split(found->categories);
}

std::string ResourceOf(const Change& change) {
  for (const CaseEvent& event : change.events) {
    if (const auto* one = std::get_if<HandedOverEvent>(&event)) {
      return "reroutes/" + one->reroute.reroute_id;
    }
    if (const auto* one = std::get_if<HandOverEndedEvent>(&event)) {
      return "reroutes/" + one->reroute.reroute_id;
    }
    if (const auto* one = std::get_if<TakenOverEvent>(&event)) {
      return "reroutes/" + one->reroute.reroute_id;
    }
  }
  std::string name = "referrals/" + change.after.referral_id;
  if (change.visit) return name + "/study-visits/" + change.visit->visit_id;
  if (change.decision) return name + "/decisions/" + change.decision->decision_id;
  const std::string version = std::to_string(change.after.version);
  const bool asks = change.action == Action::kRequestInformation;
  if (asks || change.action == Action::kProvideInformation) {
    return name + "/information-requests" + (asks ? "/" + version : "");
  }
  const bool form = std::any_of(change.changed_fields.begin(), change.changed_fields.end(),
                                [](const std::string& path) { return path.starts_with(kForm); });
  return form ? name + "/forms/" + version : name;
}

}  // namespace vardkedja::referral::domain
