// Every step of the chain as a pure function: case, actor and request in; the change or the reason
// why not out. Legality comes from the state machine's table; nothing here knows a state by name
// except through it. All functions return InvalidFields with all violations at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/reference.h"
#include "referral-service/domain/referral.h"

namespace vardkedja::referral::domain {

// What every step is given.
struct Step {
  const Referral& referral;
  const Actor& actor;
  const Reference& reference;
  Instant now;
  std::string new_id;  // for what the step creates: a visit or a decision

  Date today() const { return StockholmDate(now); }
};

struct CreateRequest {
  Form form;
  std::vector<std::string> handler_subjects;
};
struct NewCaseIds {
  std::string referral_id;
  std::string case_number;
};
// FAILED_PRECONDITION reason NOT_PARTICIPATING when the organisation is no municipality of the
// chain. The person is left for the caller to fill in.
absl::StatusOr<Change> Create(const CreateRequest& request, const Actor& actor,
                              const Reference& reference, Instant now, const NewCaseIds& ids);

struct UpdateRequest {
  Form form;
  std::vector<std::string> mask;
};
absl::StatusOr<Change> Update(const Step& step, const UpdateRequest& request);

struct ChangeCriteriaRequest {
  Criteria criteria;
  std::string reason;
};
absl::StatusOr<Change> ChangeCriteria(const Step& step, const ChangeCriteriaRequest& request);

// FAILED_PRECONDITION reason NO_GROUND unless a live ground lets the board receive identity and
// needs: submitting is a disclosure.
// What breaks the municipality's order of form and decision needs a reason and is an exception.
struct SubmitRequest {
  std::string prior_decision_date;  // as written
  std::string order_exception_reason;
};
absl::StatusOr<Change> Submit(const Step& step, const SubmitRequest& request);

absl::StatusOr<Change> Acknowledge(const Step& step);
absl::StatusOr<Change> RequestInformation(const Step& step, const std::string& question);
absl::StatusOr<Change> ProvideInformation(const Step& step, const std::string& answer);

struct AssessmentRequest {
  std::vector<std::string> path_facility_ids;
  BedKind bed_kind = BedKind::kUnspecified;
  std::string text;
  std::string no_suitable_place_reason_code;
};
absl::StatusOr<Change> ProposeAssessment(const Step& step, const AssessmentRequest& request);
// PERMISSION_DENIED reason SAME_SEAT for the proposing seat; FAILED_PRECONDITION reason
// NO_PATH_PROPOSED when the proposal says that no place suits.
absl::StatusOr<Change> ConfirmAssessment(const Step& step);

struct NoSuitablePlaceRequest {
  std::string reason_code;
  std::string alternatives;
};
absl::StatusOr<Change> DeclareNoSuitablePlace(const Step& step,
                                              const NoSuitablePlaceRequest& request);

struct DuplicateRequest {
  const Referral& kept;  // as stored
  std::string text;
};
// The case goes back to its owner because another one about the same person goes on.
absl::StatusOr<Change> ResolveDuplicate(const Step& step, const DuplicateRequest& request);

struct BookVisitRequest {
  std::string facility_id;
  std::optional<Instant> visit_time;
};
absl::StatusOr<Change> BookStudyVisit(const Step& step, const BookVisitRequest& request);

// Numbered as vardkedja.referral.v1.StudyVisitOutcome.
enum class VisitOutcome { kUnspecified = 0, kDone = 1, kNoShow = 2, kWaived = 3 };
struct RecordVisitRequest {
  VisitOutcome outcome = VisitOutcome::kUnspecified;
  bool needs_can_be_met = false;
  std::string reason;
};
absl::StatusOr<Change> RecordStudyVisit(const Step& step, const RecordVisitRequest& request);

struct AnswerRequest {
  Outcome kind = Outcome::kNone;  // kYes, kNo, kNeedsTime
  std::string alternatives_shown;
};
absl::StatusOr<Change> RecordAnswer(const Step& step, const AnswerRequest& request);

struct ProposeDecisionRequest {
  std::string facility_id;
  BedKind bed_kind = BedKind::kUnspecified;
  std::string law_section;
  std::string to_date;
  std::string planned_move_in_date;
  std::string motivation;
};
absl::StatusOr<Change> ProposeDecision(const Step& step, const ProposeDecisionRequest& request);

struct MakeDecisionRequest {
  Outcome outcome = Outcome::kNone;  // kGrant, kRefuse
  std::string delegation_point;
  std::string refusal_reason_code;
  std::string motivation;
  std::string deciding_reference = {};  // of a decision that another organisation made
  std::string decision_date = {};
};
absl::StatusOr<Change> MakeDecision(const Step& step, const MakeDecisionRequest& request);

struct ExtendRequest {
  std::string facility_id;  // empty: where the person lives, or what they wait for
  std::string to_date;
  std::string law_section;
  std::string delegation_point;
  std::string proposer_subject;  // empty: the decider
  std::string motivation;
  std::string deciding_reference = {};
  std::string decision_date = {};
};
// A new decision for the facility where the person lives or waits to move in. FAILED_PRECONDITION
// reason NO_DECISION when no decision of this case is for it.
absl::StatusOr<Change> ExtendDecision(const Step& step, const ExtendRequest& request);

absl::StatusOr<Change> Close(const Step& step, const std::string& reason_code);
absl::StatusOr<Change> Withdraw(const Step& step);

// A fact from placement-service. Facts are recorded whatever the state; the state moves only where
// the table has a row for it.
struct PlacementFact {
  Action action = Action::kOfferMade;
  std::string facility_id;  // where it happened; for a transfer the facility moved to
  std::string facility_unit_id;
  std::optional<Date> move_in_date;
  std::optional<Date> former_move_in_date = {};  // of a corrected stay, as it was recorded
};
Change ApplyPlacement(const Referral& referral, const PlacementFact& fact, Instant now);

// Helpers shared by the steps' files.
absl::StatusOr<Change> Begin(const Step& step, Action action, Outcome outcome);
void MoveTo(Change& change, Instant now);
absl::Status CheckLegal(const Step& step, Action action);

}  // namespace vardkedja::referral::domain
