// Checks of single fields that several rules share. Each adds its violation to `out`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/status/status.h"
#include "lib/time/time.h"
#include "referral-service/domain/reference.h"

namespace vardkedja::referral::domain {

// A date as written, or nothing when it is absent or malformed.
std::optional<Date> CheckDay(std::string_view field, const std::string& text, bool required,
                             std::vector<FieldViolation>& out);

// The day something was done: `today` when not given, never later.
std::optional<Date> CheckPastDay(std::string_view field, const std::string& text, Date today,
                                 std::vector<FieldViolation>& out);

// A known unit that was not merged into another.
void CheckUnit(std::string_view field, const std::string& unit_id, const Reference& reference,
               std::vector<FieldViolation>& out);

// UNIT_MERGED names the unit that answers in its place.
void CheckNotMerged(std::string_view field, const std::string& unit_id, const Reference& reference,
                    std::vector<FieldViolation>& out);

// The facility has, or will have, places of the kind. Nothing to say when its beds are not known.
void CheckBedKind(BedKind kind, const std::string& facility_id, const Reference& reference,
                  Date today, std::vector<FieldViolation>& out);

// "regular", "intake", "step_out".
std::string_view Name(BedKind kind);

// FAILED_PRECONDITION, reason ILLEGAL_STATE.
absl::Status IllegalState(std::string_view state, std::string_view message);

}  // namespace vardkedja::referral::domain
