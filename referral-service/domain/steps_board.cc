// The placement board's steps (domain.md, 4 step 3): two seats, one proposes, the other confirms.
#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/domain/steps.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kLongestPath = 4;

constexpr auto kNoPlaceReasons = std::to_array<std::string_view>(
    {"needs_more_health_care", "needs_compulsory_care", "needs_open_care", "safety", "other"});

void CheckNoPlaceReason(std::string_view field, std::string_view code,
                        std::vector<FieldViolation>& out) {
  if (std::find(kNoPlaceReasons.begin(), kNoPlaceReasons.end(), code) == kNoPlaceReasons.end()) {
    out.push_back(Violation(field, "UNKNOWN_CODE", "There is no such reason.",
                            "Det finns inget sådant skäl."));
  }
}

// The board acts by seat; a token for the board without one cannot act.
absl::Status RequireSeat(const Actor& actor) {
  if (!actor.seat.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "The board acts by seat; this token has none.", "NO_SEAT");
}

// A deputy has its own seat's mandate and is never the second (domain.md, 4 step 3).
absl::Status RequireOtherSeat(const Step& step) {
  VK_RETURN_IF_ERROR(RequireSeat(step.actor));
  if (step.actor.seat != step.referral.assessment.proposed_by_seat) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "The seat that proposed cannot be the second seat.", "SAME_SEAT");
}

std::vector<std::string> CheckPath(const Step& step, const AssessmentRequest& request,
                                   std::vector<FieldViolation>& out) {
  std::vector<std::string> unit_ids;
  if (request.path_facility_ids.size() > kLongestPath) {
    out.push_back(Violation("path_facility_ids", "TOO_MANY", "A path has at most 4 facilities.",
                            "En väg har högst 4 verksamheter."));
  }
  std::set<std::string_view> seen;
  for (const std::string& facility : request.path_facility_ids) {
    const auto unit = step.reference.UnitOfFacility(facility);
    if (!unit) {
      out.push_back(Violation("path_facility_ids", "UNKNOWN_FACILITY",
                              "There is no facility '" + facility + "'.",
                              "Det finns ingen verksamhet '" + facility + "'."));
      continue;
    }
    if (!seen.insert(facility).second) {
      out.push_back(Violation("path_facility_ids", "REPEATED", "A facility is named twice.",
                              "En verksamhet är angiven två gånger."));
    }
    unit_ids.push_back(*unit);
  }
  return unit_ids;
}

}  // namespace

absl::StatusOr<Change> Acknowledge(const Step& step) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kAcknowledge, Outcome::kNone));
  VK_RETURN_IF_ERROR(RequireSeat(step.actor));
  change.events.emplace_back(AcknowledgedEvent{});
  return change;
}

absl::StatusOr<Change> RequestInformation(const Step& step, const std::string& question) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kRequestInformation, Outcome::kNone));
  VK_RETURN_IF_ERROR(RequireSeat(step.actor));
  std::vector<FieldViolation> violations;
  CheckText("question", question, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  change.after.content.notes.question = question;
  change.after.content.notes.answer.clear();
  change.after.information_requested_at = step.now;
  change.after.information_provided_at.reset();
  change.content_changed = true;
  change.events.emplace_back(InformationRequestedEvent{});
  return change;
}

absl::StatusOr<Change> ProvideInformation(const Step& step, const std::string& answer) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kProvideInformation, Outcome::kNone));
  std::vector<FieldViolation> violations;
  CheckText("answer", answer, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  change.after.content.notes.answer = answer;
  change.after.information_provided_at = step.now;
  change.content_changed = true;
  change.events.emplace_back(InformationProvidedEvent{});
  return change;
}

absl::StatusOr<Change> ProposeAssessment(const Step& step, const AssessmentRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kProposeAssessment, Outcome::kNone));
  VK_RETURN_IF_ERROR(RequireSeat(step.actor));
  std::vector<FieldViolation> violations;
  std::vector<std::string> unit_ids = CheckPath(step, request, violations);
  const BedKind kind =
      request.bed_kind == BedKind::kUnspecified ? BedKind::kRegular : request.bed_kind;
  CheckText("text", request.text, false, kLongText, violations);
  if (!unit_ids.empty()) {
    CheckBedKind(kind, request.path_facility_ids.front(), step.reference, step.today(), violations);
  }
  if (request.path_facility_ids.empty()) {
    CheckNoPlaceReason("no_suitable_place_reason_code", request.no_suitable_place_reason_code,
                       violations);
  } else if (!request.no_suitable_place_reason_code.empty()) {
    violations.push_back(
        Violation("no_suitable_place_reason_code", "CONTRADICTION",
                  "Give a path or a reason why no place suits, not both.",
                  "Ange antingen en väg eller skäl till att lämplig plats saknas."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Assessment assessment;
  assessment.path_facility_ids = request.path_facility_ids;
  assessment.path_unit_ids = std::move(unit_ids);
  assessment.bed_kind = kind;
  assessment.proposed_by_seat = step.actor.seat;
  assessment.proposed_by_deputy = step.actor.deputy;
  assessment.no_suitable_place_reason_code = request.no_suitable_place_reason_code;
  change.after.assessment = std::move(assessment);
  change.after.content.notes.assessment_text = request.text;
  change.after.content.notes.alternatives.clear();
  change.content_changed = true;
  change.events.emplace_back(AssessmentProposedEvent{});
  return change;
}

absl::StatusOr<Change> ConfirmAssessment(const Step& step) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kConfirmAssessment, Outcome::kNone));
  VK_RETURN_IF_ERROR(RequireOtherSeat(step));
  if (step.referral.assessment.path_facility_ids.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The proposal is that no place suits: declare that, or propose a path.",
                     "NO_PATH_PROPOSED");
  }
  change.after.assessment.confirmed_by_seat = step.actor.seat;
  change.after.assessment.confirmed_by_deputy = step.actor.deputy;
  change.events.emplace_back(AssessedEvent{});
  return change;
}

absl::StatusOr<Change> DeclareNoSuitablePlace(const Step& step,
                                              const NoSuitablePlaceRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kDeclareNoSuitablePlace, Outcome::kNone));
  VK_RETURN_IF_ERROR(RequireOtherSeat(step));
  std::vector<FieldViolation> violations;
  CheckNoPlaceReason("reason_code", request.reason_code, violations);
  CheckText("alternatives", request.alternatives, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Assessment& assessment = change.after.assessment;
  assessment.path_facility_ids.clear();
  assessment.path_unit_ids.clear();
  assessment.no_suitable_place_reason_code = request.reason_code;
  assessment.confirmed_by_seat = step.actor.seat;
  assessment.confirmed_by_deputy = step.actor.deputy;
  change.after.content.notes.alternatives = request.alternatives;
  change.content_changed = true;
  change.events.emplace_back(SentBackEvent{});
  return change;
}

absl::StatusOr<Change> ResolveDuplicate(const Step& step, const DuplicateRequest& request) {
  VK_ASSIGN_OR_RETURN(Change change, Begin(step, Action::kResolveDuplicate, Outcome::kNone));
  VK_RETURN_IF_ERROR(RequireSeat(step.actor));
  std::vector<FieldViolation> violations;
  const Referral& kept = request.kept;
  if (kept.referral_id == step.referral.referral_id) {
    violations.push_back(Violation("kept_referral_id", "SAME_CASE",
                                   "A case is no duplicate of itself.",
                                   "Ett ärende kan inte vara dubblett till sig självt."));
  } else if (kept.person_id != step.referral.person_id) {
    violations.push_back(Violation("kept_referral_id", "OTHER_PERSON",
                                   "The other case is about another person.",
                                   "Det andra ärendet gäller en annan person."));
  } else if (!IsOpen(kept.state) || kept.state == State::kSentBack) {
    violations.push_back(Violation("kept_referral_id", "NOT_OPEN",
                                   "The other case is not before the board or in the chain.",
                                   "Det andra ärendet är inte aktuellt i kedjan."));
  }
  CheckText("text", request.text, true, kLongText, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  change.after.assessment = {};
  change.after.assessment.no_suitable_place_reason_code = "duplicate";
  change.after.content.notes.assessment_text = request.text;
  change.after.content.notes.alternatives.clear();
  change.content_changed = true;
  change.events.emplace_back(SentBackEvent{});
  return change;
}

}  // namespace vardkedja::referral::domain
