// What happens to a person or a unit outside the chain's steps. Each keeps what was before; none
// moves the state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/steps.h"

namespace vardkedja::referral::domain {

enum class LifeEventKind { kPersonCorrected, kDied, kMoved, kProtectionSet };
// "person_corrected", "died", "moved", "protection_set".
std::string_view Name(LifeEventKind kind);

// Numbered as vardkedja.referral.v1.PersonCorrection and MoveReason.
enum class PersonCorrection {
  kUnspecified = 0,
  kReserveNumberReplaced = 1,
  kSamePerson = 2,
  kWrongPerson = 3,
};
enum class MoveReason { kUnspecified = 0, kMovedMunicipality = 1, kUnitMerged = 2, kUnitSplit = 3 };

// One recorded life event. Text and former person are encrypted at rest.
struct LifeEvent {
  std::string life_event_id;
  std::string referral_id;
  std::int64_t version = 0;  // of the case after it
  LifeEventKind kind = LifeEventKind::kPersonCorrected;
  std::string reason_code;
  std::optional<Date> event_date;  // of a death or a reorganisation
  std::string unit_id;             // that recorded it
  Instant recorded_at{};
  std::string former_unit_id;     // owner before a move
  std::string former_person_id;   // before a correction
  std::string reorganisation_id;  // that moved the case
  std::string text;
  std::optional<Person> former_person;  // before a correction
};

// A decided life event, to be committed whole.
struct LifeChange {
  Referral after;
  LifeEvent event;
  std::string former_municipality_code;
  std::vector<std::string> changed_fields;  // see ChangedFields
};

inline constexpr std::size_t kMostLifeEvents = 100;

// The next version of the case and its record, with nothing changed yet.
LifeChange BeginLifeChange(const Referral& referral, LifeEventKind kind, std::string life_event_id,
                           const std::string& unit_id, Instant now);

// Field `handler_subjects`: who may be named handlers of a case.
void CheckHandlers(const std::vector<std::string>& subjects, std::vector<FieldViolation>& out);

// Of the owner. Each returns the case after it, or all violations at once. The id of the event is
// step.new_id.
struct CorrectPersonRequest {
  PersonCorrection correction = PersonCorrection::kUnspecified;
  Person person;
  std::string text;
};
// The person's id is left for the caller to fill in.
absl::StatusOr<LifeChange> CorrectPerson(const Step& step, const CorrectPersonRequest& request);

absl::StatusOr<LifeChange> RecordDeath(const Step& step, const std::string& death_date,
                                       const std::string& text);

struct MoveCaseRequest {
  MoveReason reason = MoveReason::kUnspecified;
  std::string to_unit_id;
  std::vector<std::string> handler_subjects;
  std::string text;
};
// ILLEGAL_STATE for a closed case.
absl::StatusOr<LifeChange> MoveCase(const Step& step, const MoveCaseRequest& request);

// ILLEGAL_STATE when it is as asked already.
absl::StatusOr<LifeChange> SetProtection(const Step& step, bool protected_identity,
                                         const std::string& text);

}  // namespace vardkedja::referral::domain
