#include "referral-service/domain/coordinated_plan.h"

#include <algorithm>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kMaxUnits = 20;
constexpr std::size_t kMaxInterventions = 30;
constexpr std::size_t kMaxEntries = 50;  // meetings, and follow-ups
constexpr std::size_t kPlaceText = 200;
constexpr std::size_t kInterventionText = 1000;
constexpr std::size_t kLinkText = 500;

absl::Status RequireAgreement(const CoordinatedPlan& plan) {
  if (!plan.need) return IllegalState("not_needed", "Nobody has assessed that a plan is needed.");
  if (plan.agreement && plan.agreement->agreed) return absl::OkStatus();
  return IllegalState("not_agreed", "The person has not agreed to a plan.");
}

std::string OrganisationOf(const Reference& reference, const std::string& unit_id) {
  const auto found = reference.units.find(unit_id);
  return found == reference.units.end() ? std::string() : found->second.organisation_id;
}

// The two principals are the municipalities and the region.
bool IsMunicipal(const Reference& reference, const std::string& organisation_id) {
  const auto found = reference.organisations.find(organisation_id);
  return found != reference.organisations.end() && !found->second.municipality_code.empty();
}

void CheckUnits(std::string_view field, const std::vector<std::string>& unit_ids,
                const Reference& reference, std::vector<FieldViolation>& out) {
  if (unit_ids.size() > kMaxUnits) {
    out.push_back(Violation(field, "TOO_MANY", "At most 20 units.", "Högst 20 enheter."));
    return;
  }
  for (std::size_t i = 0; i < unit_ids.size(); ++i) {
    CheckUnit(std::string(field) + "[" + std::to_string(i) + "]", unit_ids[i], reference, out);
  }
}

// "video.example" of "https://video.example/room"; empty for anything else. No port and no user
// part: what a link shows must be where it leads.
std::string HostOf(std::string_view link) {
  constexpr std::string_view kScheme = "https://";
  if (!link.starts_with(kScheme)) return {};
  link.remove_prefix(kScheme.size());
  const std::string_view host = link.substr(0, link.find_first_of("/?#"));
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  if (host.find_first_not_of(kAllowed) != std::string_view::npos) return {};
  return std::string(host);
}

void CheckVideoLink(const MeetingRequest& request, const Reference& reference,
                    const PlanAuthor& author, std::vector<FieldViolation>& out) {
  CheckText("video_link", request.video_link, true, kLinkText, out);
  if (request.video_link.empty()) return;
  const std::set<std::string> hosts =
      reference.VideoHostsOn(author.organisation_id, StockholmDate(author.now));
  if (hosts.contains(HostOf(request.video_link))) return;
  std::string known;
  for (const std::string& host : hosts) known += (known.empty() ? "" : ", ") + host;
  out.push_back(Violation("video_link", "NOT_OWN_HOST",
                          "It must be https at a video host of the calling organisation: " +
                              (known.empty() ? "none is known." : known + "."),
                          "Länken ska vara https till den kallande organisationens videotjänst: " +
                              (known.empty() ? "ingen är känd." : known + ".")));
}

void CheckForm(const MeetingRequest& request, const Reference& reference, const PlanAuthor& author,
               std::vector<FieldViolation>& out) {
  if (request.form == PlanMeetingForm::kUnspecified) out.push_back(Required("form"));
  const bool in_person = request.form == PlanMeetingForm::kInPerson;
  const bool video = request.form == PlanMeetingForm::kVideo;
  if (in_person) CheckText("place", request.place, true, kPlaceText, out);
  if (!in_person && !request.place.empty()) {
    out.push_back(Violation("place", "NOT_OF_THIS_FORM", "Only a meeting in person has a place.",
                            "Endast ett fysiskt möte har en plats."));
  }
  if (video) CheckVideoLink(request, reference, author, out);
  if (!video && !request.video_link.empty()) {
    out.push_back(Violation("video_link", "NOT_OF_THIS_FORM", "Only a video meeting has a link.",
                            "Endast ett videomöte har en länk."));
  }
}

std::vector<PlanIntervention> CheckInterventions(const PlanContentRequest& request,
                                                 const Reference& reference,
                                                 std::vector<FieldViolation>& out) {
  std::vector<PlanIntervention> interventions;
  if (request.interventions.empty()) out.push_back(Required("content.interventions"));
  if (request.interventions.size() > kMaxInterventions) {
    out.push_back(Violation("content.interventions", "TOO_MANY", "At most 30 interventions.",
                            "Högst 30 insatser."));
    return interventions;
  }
  for (std::size_t i = 0; i < request.interventions.size(); ++i) {
    const PlanContentRequest::Intervention& from = request.interventions[i];
    const std::string path = "content.interventions[" + std::to_string(i) + "]";
    CheckText(path + ".what", from.what, true, kInterventionText, out);
    CheckUnit(path + ".unit_id", from.unit_id, reference, out);
    interventions.push_back(
        {from.what, from.unit_id, CheckDay(path + ".start_date", from.start_date, false, out)});
  }
  return interventions;
}

std::optional<Date> CheckComing(std::string_view field, const std::string& text, bool required,
                                Date today, std::vector<FieldViolation>& out) {
  const auto date = CheckDay(field, text, required, out);
  if (date && *date <= today) {
    out.push_back(Violation(field, "IN_THE_PAST", "It must be after today.",
                            "Datumet måste ligga efter i dag."));
  }
  return date;
}

}  // namespace

std::set<std::string> UnitsOf(const CoordinatedPlan& plan) {
  std::set<std::string> units = plan.party_unit_ids;
  if (plan.need) units.insert(plan.need->unit_id);
  for (const PlanMeeting& meeting : plan.meetings) {
    units.insert(meeting.called_by_unit_id);
    units.insert(meeting.invited_unit_ids.begin(), meeting.invited_unit_ids.end());
  }
  if (plan.content) {
    units.insert(plan.content->responsible_unit_id);
    for (const PlanIntervention& one : plan.content->interventions) units.insert(one.unit_id);
  }
  return units;
}

absl::StatusOr<CoordinatedPlan> AssessNeed(const CoordinatedPlan& plan, const NeedRequest& request,
                                           const Reference& reference, const PlanAuthor& author) {
  if (plan.need) {
    return IllegalState("needed", "A need was assessed already; it binds both principals.");
  }
  std::vector<FieldViolation> violations;
  if (request.asked_by == PlanAskedBy::kUnspecified) violations.push_back(Required("asked_by"));
  CheckText("reason", request.reason, true, kLongText, violations);
  CheckUnits("party_unit_ids", request.party_unit_ids, reference, violations);
  const bool other_principal = std::any_of(
      request.party_unit_ids.begin(), request.party_unit_ids.end(), [&](const std::string& unit) {
        const std::string organisation = OrganisationOf(reference, unit);
        return !organisation.empty() && IsMunicipal(reference, organisation) !=
                                            IsMunicipal(reference, author.organisation_id);
      });
  if (!other_principal) {
    violations.push_back(Violation("party_unit_ids", "OTHER_PRINCIPAL",
                                   "Name a unit of the other principal: the need binds both.",
                                   "Ange en enhet hos den andra huvudmannen: bedömningen binder "
                                   "båda."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  CoordinatedPlan after = plan;
  after.need = PlanNeed{author.unit_id, author.organisation_id, request.asked_by, request.reason,
                        author.now};
  after.party_unit_ids = {request.party_unit_ids.begin(), request.party_unit_ids.end()};
  after.party_unit_ids.insert(author.unit_id);
  return after;
}

absl::StatusOr<CoordinatedPlan> RecordAgreement(const CoordinatedPlan& plan, bool agreed,
                                                const std::string& text, const PlanAuthor& author) {
  if (!plan.need) return IllegalState("not_needed", "Nobody has assessed that a plan is needed.");
  std::vector<FieldViolation> violations;
  CheckText("text", text, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  CoordinatedPlan after = plan;
  after.agreement = PlanAgreement{agreed, text, author.now};
  return after;
}

absl::StatusOr<CoordinatedPlan> CallMeeting(const CoordinatedPlan& plan,
                                            const MeetingRequest& request,
                                            const std::string& meeting_id,
                                            const Reference& reference, const PlanAuthor& author) {
  VK_RETURN_IF_ERROR(RequireAgreement(plan));
  if (plan.meetings.size() >= kMaxEntries) return IllegalState("full", "At most 50 meetings.");
  std::vector<FieldViolation> violations;
  if (!request.meeting_time) {
    violations.push_back(Required("meeting_time"));
  } else if (*request.meeting_time <= author.now) {
    violations.push_back(Violation("meeting_time", "IN_THE_PAST", "It must be in the future.",
                                   "Tiden måste ligga i framtiden."));
  }
  CheckForm(request, reference, author, violations);
  CheckUnits("invited_unit_ids", request.invited_unit_ids, reference, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  CoordinatedPlan after = plan;
  after.party_unit_ids.insert(author.unit_id);
  after.party_unit_ids.insert(request.invited_unit_ids.begin(), request.invited_unit_ids.end());
  PlanMeeting meeting;
  meeting.meeting_id = meeting_id;
  meeting.meeting_time = *request.meeting_time;
  meeting.form = request.form;
  meeting.place = request.place;
  meeting.video_link = request.video_link;
  meeting.called_by_unit_id = author.unit_id;
  meeting.invited_unit_ids = after.party_unit_ids;
  meeting.relatives_invited = request.relatives_invited;
  after.meetings.push_back(std::move(meeting));
  return after;
}

absl::StatusOr<CoordinatedPlan> WriteContent(const CoordinatedPlan& plan,
                                             const PlanContentRequest& request,
                                             const Reference& reference, const PlanAuthor& author) {
  VK_RETURN_IF_ERROR(RequireAgreement(plan));
  std::vector<FieldViolation> violations;
  CheckText("content.goals", request.goals, true, kLongText, violations);
  std::vector<PlanIntervention> interventions = CheckInterventions(request, reference, violations);
  CheckText("content.measures_by_others", request.measures_by_others, false, kLongText, violations);
  CheckUnit("content.responsible_unit_id", request.responsible_unit_id, reference, violations);
  const auto follow_up = CheckComing("content.follow_up_date", request.follow_up_date, true,
                                     StockholmDate(author.now), violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  CoordinatedPlan after = plan;
  after.party_unit_ids.insert(author.unit_id);
  after.party_unit_ids.insert(request.responsible_unit_id);
  for (const PlanIntervention& one : interventions) after.party_unit_ids.insert(one.unit_id);
  PlanContent content;
  content.goals = request.goals;
  content.interventions = std::move(interventions);
  content.measures_by_others = request.measures_by_others;
  content.responsible_unit_id = request.responsible_unit_id;
  content.follow_up_date = follow_up;
  content.revision = plan.content ? plan.content->revision + 1 : 1;
  content.recorded_at = author.now;
  after.content = std::move(content);
  return after;
}

absl::StatusOr<CoordinatedPlan> FollowUp(const CoordinatedPlan& plan,
                                         const FollowUpRequest& request, const PlanAuthor& author) {
  if (!plan.content) return IllegalState("not_written", "There is no plan to follow up.");
  if (plan.follow_ups.size() >= kMaxEntries) return IllegalState("full", "At most 50 follow-ups.");
  const Date today = StockholmDate(author.now);
  std::vector<FieldViolation> violations;
  const auto done = CheckPastDay("done_date", request.done_date, today, violations);
  CheckText("text", request.text, true, kLongText, violations);
  const auto next = CheckComing("next_date", request.next_date, false, today, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  CoordinatedPlan after = plan;
  after.follow_ups.push_back({*done, request.text, next});
  after.content->follow_up_date = next;
  return after;
}

}  // namespace vardkedja::referral::domain
