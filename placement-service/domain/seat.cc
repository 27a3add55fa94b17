#include "placement-service/domain/seat.h"

#include "lib/status/status.h"

namespace vardkedja::placement::domain {

absl::Status RequireSeat(const Seat& seat) {
  if (!seat.id.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "The board acts by seat; this token has none.", "NO_SEAT");
}

absl::Status RequireOtherSeat(const Seat& seat, const Seat& proposed_by) {
  VK_RETURN_IF_ERROR(RequireSeat(seat));
  if (seat.id != proposed_by.id) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "The seat that proposed cannot be the second seat.", "SAME_SEAT");
}

}  // namespace vardkedja::placement::domain
