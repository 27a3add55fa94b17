#include "referral-service/usecases/form_history.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/domain/changed_fields.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr std::string_view kForm = "form.";

bool IsOwner(const SeenCase& seen) { return seen.actor.side == domain::Side::kOwner; }

// What the reader may know of who wrote it, and which of the form's fields were changed.
WrittenForm Shown(const SeenCase& seen, WrittenForm form) {
  HideUnit(seen, form.unit_id);
  if (form.unit_id != seen.actor.unit_id) form.subject.clear();
  std::vector<std::string> told = FieldsToTell(seen, std::move(form.changed_fields));
  std::erase_if(told, [](const std::string& path) { return !path.starts_with(kForm); });
  for (std::string& path : told) path.erase(0, kForm.size());
  form.changed_fields = std::move(told);
  return form;
}

// The page's end, when there is more than the limit.
template <class T>
std::string Cut(std::vector<T>& found, int limit) {
  if (found.size() <= static_cast<std::size_t>(limit)) return "";
  found.resize(static_cast<std::size_t>(limit));
  return std::to_string(found.back().version);
}

}  // namespace

std::vector<std::string> FieldsToTell(const SeenCase& seen, std::vector<std::string> changed) {
  const domain::FormVersion* version = seen.reference->Form(seen.stored.referral.form_version);
  const bool hides_owner = HidesOwner(seen.stored.referral, seen.access);
  std::erase_if(changed, [&](const std::string& path) {
    if (IsOwner(seen) && !path.starts_with(kForm)) return false;
    if (version == nullptr) return true;
    // Whose the case is, and who sends it, tells where a protected person belongs.
    if (hides_owner && (path == "owner_unit_id" || path == "form.sender")) return true;
    if (hides_owner && path == "municipality_code") return true;
    const std::set<std::string> categories = domain::CategoriesOfField(path, *version);
    return std::none_of(categories.begin(), categories.end(), [&](const std::string& category) {
      return category == "case" || seen.access.categories.contains(category);
    });
  });
  return changed;
}

absl::StatusOr<FormPage> FormHistory::List(const auth::CallContext& context,
                                           const std::string& referral_id, const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  VK_ASSIGN_OR_RETURN(const std::int64_t after, VersionIn(page.cursor));
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  FormPage answer;
  VK_ASSIGN_OR_RETURN(answer.forms, store_.Forms(context, {id, !IsOwner(seen), after, limit + 1}));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  answer.next = Cut(answer.forms, limit);
  answer.referral_id = id;
  answer.form_version = seen.stored.referral.form_version;
  for (WrittenForm& form : answer.forms) form = Shown(seen, std::move(form));
  return answer;
}

absl::StatusOr<FormView> FormHistory::Get(const auth::CallContext& context,
                                          const std::string& referral_id, std::int64_t version) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
  const domain::Referral& referral = seen.stored.referral;
  const std::string resource = referral.referral_id + "/forms/" + std::to_string(version);
  if (version < 1 || version > referral.version) return door_.Refuse(context, resource, "deny");
  VK_ASSIGN_OR_RETURN(auto found,
                      store_.FormAt(context, referral.referral_id, version, !IsOwner(seen)));
  if (!found || (!found->form.sent && !IsOwner(seen))) {
    return door_.Refuse(context, resource, "deny");
  }
  VK_RETURN_IF_ERROR(
      door_.audit().Record({CaseDoor::Entry(context, seen, resource)}, context.deadline));
  domain::Referral then = referral;
  then.content = std::move(found->content);
  if (found->form.wrong_person && !IsOwner(seen)) then.content.form.person = {};
  CaseView view = ViewOf(then, seen.access, *seen.reference);
  return FormView{Shown(seen, std::move(found->form)), std::move(view)};
}

absl::StatusOr<QuestionPage> FormHistory::Questions(const auth::CallContext& context,
                                                    const std::string& referral_id,
                                                    const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  VK_ASSIGN_OR_RETURN(const std::int64_t after, VersionIn(page.cursor));
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  QuestionPage answer;
  VK_ASSIGN_OR_RETURN(answer.questions, store_.Questions(context, id, after, limit + 1));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  answer.next = Cut(answer.questions, limit);
  for (AskedInformation& asked : answer.questions) {
    HideUnit(seen, asked.answer_unit_id);
    if (seen.access.categories.contains("needs")) continue;
    asked.question.clear();
    asked.answer.clear();
  }
  return answer;
}

}  // namespace vardkedja::referral::usecases
