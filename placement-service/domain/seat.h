// The board acts by seat: a member, or a deputy with the same mandate for its own seat only.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace vardkedja::placement::domain {

struct Seat {
  std::string id;  // "novus"; empty: the token has none
  bool deputy = false;

  bool operator==(const Seat&) const = default;
};

// PERMISSION_DENIED, NO_SEAT.
absl::Status RequireSeat(const Seat& seat);
// The seat that proposed is never the second, whoever sits on it (domain.md 4.3).
// PERMISSION_DENIED, NO_SEAT or SAME_SEAT.
absl::Status RequireOtherSeat(const Seat& seat, const Seat& proposed_by);

}  // namespace vardkedja::placement::domain
