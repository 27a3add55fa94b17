// Handing a misdirected case over to another unit (domain.md, 4 step 1): the sender is its owner
// until the receiver takes it over. Which action ends a hand-over how is the state machine's data.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "referral-service/domain/steps.h"

namespace vardkedja::referral::domain {

struct HandOverRequest {
  std::string to_unit_id;
  std::string reason_code;
};

// The case after it, and the hand-over after it.
struct RerouteChange {
  Change change;
  Reroute reroute;
};

// FAILED_PRECONDITION reason REROUTE_OPEN when the case is handed over already.
absl::StatusOr<RerouteChange> HandOver(const Step& step, const HandOverRequest& request);

// The actor is on the receiver's side for the first two, the owner's for the third.
// TakeOver: FAILED_PRECONDITION reason NO_GROUND unless live grounds let the receiver have every
// category of the case, since taking it over discloses all of it.
absl::StatusOr<RerouteChange> TakeOver(const Step& step, const Reroute& reroute,
                                       const std::string& purpose);
absl::StatusOr<RerouteChange> DeclineHandOver(const Step& step, const Reroute& reroute,
                                              const std::string& reason_code);
absl::StatusOr<RerouteChange> WithdrawHandOver(const Step& step, const Reroute& reroute);

// By a timer, the day after the last one for an answer. Precondition: the hand-over is open.
RerouteChange ExpireHandOver(const Referral& referral, const Reroute& reroute, Instant now);

// A unit of an open hand-over was merged or split. Its receiver becomes another: the receiver of
// the merge, which sees no more of the case than the former did. Its sender becomes another with
// the case, of which no version is made here. It ends, as withdrawn, when both are one unit now.
RerouteChange ChangeReceiver(const Referral& referral, const Reroute& reroute,
                             const std::string& to_unit_id, Instant now);
Reroute ChangeSender(const Reroute& reroute, const std::string& from_unit_id);
RerouteChange EndWithinOneUnit(const Referral& referral, const Reroute& reroute, Instant now);

// FAILED_PRECONDITION reason REROUTE_OPEN.
absl::Status RerouteOpen();

}  // namespace vardkedja::referral::domain
