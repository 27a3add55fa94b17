// The coordinated individual plan (samordnad individuell plan, SIP; domain.md, 4 step 9). One
// principal's assessment that it is needed binds both; without the person's agreement nothing is
// called and nothing written.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/reference.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.PlanAskedBy and PlanMeetingForm.
enum class PlanAskedBy { kUnspecified = 0, kPrincipal = 1, kPerson = 2, kRelatives = 3 };
enum class PlanMeetingForm { kUnspecified = 0, kInPerson = 1, kVideo = 2, kTelephone = 3 };

struct PlanNeed {
  std::string unit_id;
  std::string organisation_id;
  PlanAskedBy asked_by = PlanAskedBy::kUnspecified;
  std::string reason;
  Instant assessed_at{};

  bool operator==(const PlanNeed&) const = default;
};

struct PlanAgreement {
  bool agreed = false;
  std::string text;
  Instant recorded_at{};

  bool operator==(const PlanAgreement&) const = default;
};

struct PlanMeeting {
  std::string meeting_id;
  Instant meeting_time{};
  PlanMeetingForm form = PlanMeetingForm::kUnspecified;
  std::string place;
  std::string video_link;
  std::string called_by_unit_id;
  std::set<std::string> invited_unit_ids;
  bool relatives_invited = false;

  bool operator==(const PlanMeeting&) const = default;
};

struct PlanIntervention {
  std::string what;
  std::string unit_id;
  std::optional<Date> start_date;

  bool operator==(const PlanIntervention&) const = default;
};

struct PlanContent {
  std::string goals;
  std::vector<PlanIntervention> interventions;
  std::string measures_by_others;
  std::string responsible_unit_id;
  std::optional<Date> follow_up_date;  // none: the plan was ended by its last follow-up
  int revision = 0;
  Instant recorded_at{};

  bool operator==(const PlanContent&) const = default;
};

struct PlanFollowUp {
  Date done_date{};
  std::string text;
  std::optional<Date> next_date;

  bool operator==(const PlanFollowUp&) const = default;
};

struct CoordinatedPlan {
  std::optional<PlanNeed> need;
  std::set<std::string> party_unit_ids;
  std::optional<PlanAgreement> agreement;
  std::vector<PlanMeeting> meetings;
  std::optional<PlanContent> content;
  std::vector<PlanFollowUp> follow_ups;

  bool operator==(const CoordinatedPlan&) const = default;
};

// The units that it names: parties, callers and called, and who answers for something.
std::set<std::string> UnitsOf(const CoordinatedPlan& plan);

// Who writes, and when.
struct PlanAuthor {
  std::string unit_id;
  std::string organisation_id;
  Instant now{};
};

// Each function returns the plan after the change, or all violations at once. ILLEGAL_STATE with
// state "not_needed", "needed", "not_agreed", "not_written" or "full" when it cannot be done now.
struct NeedRequest {
  PlanAskedBy asked_by = PlanAskedBy::kUnspecified;
  std::string reason;
  std::vector<std::string> party_unit_ids;
};
absl::StatusOr<CoordinatedPlan> AssessNeed(const CoordinatedPlan& plan, const NeedRequest& request,
                                           const Reference& reference, const PlanAuthor& author);

absl::StatusOr<CoordinatedPlan> RecordAgreement(const CoordinatedPlan& plan, bool agreed,
                                                const std::string& text, const PlanAuthor& author);

struct MeetingRequest {
  std::optional<Instant> meeting_time;
  PlanMeetingForm form = PlanMeetingForm::kUnspecified;
  std::string place;
  std::string video_link;
  std::vector<std::string> invited_unit_ids;
  bool relatives_invited = false;
};
// Whoever is invited is a party from then on.
absl::StatusOr<CoordinatedPlan> CallMeeting(const CoordinatedPlan& plan,
                                            const MeetingRequest& request,
                                            const std::string& meeting_id,
                                            const Reference& reference, const PlanAuthor& author);

struct PlanContentRequest {
  struct Intervention {
    std::string what;
    std::string unit_id;
    std::string start_date;
  };
  std::string goals;
  std::vector<Intervention> interventions;
  std::string measures_by_others;
  std::string responsible_unit_id;
  std::string follow_up_date;
};
// Whoever answers for something is a party from then on.
absl::StatusOr<CoordinatedPlan> WriteContent(const CoordinatedPlan& plan,
                                             const PlanContentRequest& request,
                                             const Reference& reference, const PlanAuthor& author);

struct FollowUpRequest {
  std::string done_date;
  std::string text;
  std::string next_date;
};
absl::StatusOr<CoordinatedPlan> FollowUp(const CoordinatedPlan& plan,
                                         const FollowUpRequest& request, const PlanAuthor& author);

}  // namespace vardkedja::referral::domain
