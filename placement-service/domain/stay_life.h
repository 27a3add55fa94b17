// What happens between move-in and departure: leave, interruption, a move to another bed of the
// facility, relapses and tests. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/stay.h"

namespace vardkedja::placement::domain {

// A dated fact about a stay, for its history.
struct StayFact {
  Instant at{};
  std::string kind;  // see StayHistory in stay_service.proto
  Date on{};
  std::string code{};
  std::string consequence{};
  std::string unit{};  // who recorded it; filled by storage
  int ordinal = 0;     // within the history, from 1; filled by storage
  int corrects = 0;    // the ordinal of the incident that this corrects; 0 when none
};

// Leave or an interruption begins or ends, by kBeginLeave, kEndLeave, kInterrupt or kResume. Leave
// ends when an interruption begins.
// Errors: ILLEGAL_STATE, UNIT_NOT_YOURS; FIELD_VIOLATIONS for a date ahead, before the move-in or
// before the absence began.
absl::StatusOr<Stay> ChangeAbsence(Stay stay, unsigned parties, StayAction action, Date date,
                                   Date today);

// The move: `from` ends and `to` begins on the same offer and decision.
struct Move {
  Stay from;
  Stay to;
};
// Errors: those of ending a stay; FIELD_VIOLATIONS for a bed of another facility or the same bed.
absl::StatusOr<Move> MoveBed(StayId id, const Stay& stay, unsigned parties, const Bed& to,
                             Date date, Date today);

// Ends the stay because the person goes home for a planned time (alternation.h); the same errors
// about the stay.
absl::StatusOr<Stay> EndByGoingHome(Stay stay, bool transfer_planned, unsigned parties, Date date,
                                    Date today);

enum class IncidentKind { kUnspecified = 0, kRelapse = 1, kDrugTest = 2 };
enum class TestResult {
  kUnspecified = 0,
  kNegative = 1,
  kPositive = 2,
  kDeclined = 3,
  kUnclear = 4
};
enum class Consequence {
  kUnspecified = 0,
  kNone = 1,
  kConversation = 2,
  kPlanRevised = 3,
  kMoreSupport = 4,
  kMedicalAssessment = 5,
  kNightsElsewhere = 6,
  kOther = 7,
};
std::string_view Code(IncidentKind kind);
std::string_view Code(TestResult result);
std::string_view Code(Consequence consequence);
bool IsIncident(std::string_view fact_kind);
// Its correction; as little to be seen by others as the incident.
inline constexpr std::string_view kIncidentCorrected = "incident_corrected";

struct Incident {
  IncidentKind kind = IncidentKind::kUnspecified;
  Date date{};
  TestResult result = TestResult::kUnspecified;
  Consequence consequence = Consequence::kUnspecified;
};

// Records an incident: the stay gets a new version and nothing else. ILLEGAL_STATE, UNIT_NOT_YOURS,
// FIELD_VIOLATIONS.
absl::StatusOr<Stay> RecordIncident(Stay stay, unsigned parties, const Incident& incident,
                                    Date today);

// "active", "on_leave", "interrupted", "ended".
std::string_view StandingOf(const Stay& stay);
// What these parties may do to it by hand now.
std::vector<std::string> AvailableActions(const Stay& stay, unsigned parties);

}  // namespace vardkedja::placement::domain
