// A place sold to a purchaser outside the chain: no case, no person, no place in the queue.
//
//   active --end--> ended     active, ended --correct--> corrected
//
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/availability.h"
#include "placement-service/domain/facility.h"
#include "placement-service/domain/stay.h"

namespace vardkedja::placement::domain {

enum class ExternalAction { kEnd, kCorrect };
std::string_view Name(ExternalAction action);
std::span<const Transition<StayState, ExternalAction>> ExternalStayTable();

enum class ExternalCorrectionReason {
  kNone = 0,
  kWrongBed = 1,
  kWrongDate = 2,
  kWrongTerms = 4,
  kNoSuchStay = 5,
};
std::string_view Code(ExternalCorrectionReason reason);  // "" for kNone

// What was agreed with the purchaser.
struct ExternalTerms {
  std::string purchaser;  // code of the organisation
  std::string reference;  // the purchaser's own
  std::int64_t ore_per_day = 0;

  bool operator==(const ExternalTerms&) const = default;
};

struct ExternalStay {
  StayId id;
  FacilityId facility_id;
  BedId bed_id;
  BedKind bed_kind = BedKind::kRegular;
  ExternalTerms terms;
  StayState state = StayState::kActive;
  Date move_in{};
  std::optional<Date> departure;  // first night not spent there
  std::optional<Date> planned_departure;
  ExternalCorrectionReason correction = ExternalCorrectionReason::kNone;
  std::optional<StayId> corrects;
  std::int64_t version = 1;
};

// Bed-days up to `today` (exclusive) or the departure, as of any stay; none when corrected.
int BedDays(const ExternalStay& stay, Date today);
// Öre so far or in all.
std::int64_t Revenue(const ExternalStay& stay, Date today);

// `member`: the purchaser takes part in the chain, and places by the queue.
// Moves in. FIELD_VIOLATIONS; BED_CLOSED, BED_OCCUPIED, BED_RESERVED, BED_HELD, BED_OFFERED when
// the bed is not free from the move-in to the planned departure.
absl::StatusOr<ExternalStay> BeginExternalStay(StayId id, const Bed& bed,
                                               const BedCalendar& calendar, ExternalTerms terms,
                                               bool member, const Period& planned, Date today);

// The actual departure. ILLEGAL_STATE, UNIT_NOT_YOURS, FIELD_VIOLATIONS.
absl::StatusOr<ExternalStay> EndExternalStay(ExternalStay stay, unsigned parties, Date departure,
                                             Date today);

// What is given is what was wrong; the rest stays as it was recorded.
struct ExternalCorrection {
  ExternalCorrectionReason reason = ExternalCorrectionReason::kNone;
  std::optional<BedId> bed{};
  std::optional<Date> move_in{};
  std::optional<Date> departure{};
  ExternalTerms terms{};  // empty and 0 for what was right
  bool member = false;    // the purchaser given takes part in the chain
};
struct CorrectedExternalStay {
  ExternalStay wrong;
  std::optional<ExternalStay> right;  // none when there was no such stay
};
// `bed` is the right one, when the bed was wrong. ILLEGAL_STATE, UNIT_NOT_YOURS, FIELD_VIOLATIONS.
absl::StatusOr<CorrectedExternalStay> CorrectExternalStay(StayId id, const ExternalStay& stay,
                                                          unsigned parties,
                                                          const ExternalCorrection& correction,
                                                          const std::optional<Bed>& bed,
                                                          Date today);

}  // namespace vardkedja::placement::domain
