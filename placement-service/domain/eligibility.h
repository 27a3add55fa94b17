// Whether an entry could be offered a place, and if not, what is missing: the conditions by which
// LockFirstEligible chooses (usecases/ports.h), said to people. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "placement-service/domain/facility.h"
#include "placement-service/domain/queue_entry.h"

namespace vardkedja::placement::domain {

enum class Lack {
  kReserved,          // has a place already
  kPlaced,            // lives there
  kCaseClosed,        // left the queue for good
  kGround,            // left it until there is a ground for disclosure again
  kOfferOpen,         // answers another offer first
  kDecisionNotYet,    // the decision begins later than the date
  kDecisionEnded,     // the decision does not reach the date
  kOtherQueue,        // the bed belongs to another facility or kind
  kBedOfferedBefore,  // has answered an offer of this bed
  kParked,            // cannot take a place for now
  kIntakeClosed,      // planned intake is closed, and the entry is not acute
};
// "reserved", "decision_ended", ...
std::string_view Code(Lack lack);
std::string_view TextSv(Lack lack);
std::string_view TextEn(Lack lack);

// The bed that is asked about.
struct BedInQuestion {
  FacilityId facility_id;
  BedKind kind = BedKind::kRegular;
  bool offered_before = false;  // to this entry, and the offer was not taken back
};

// Nothing missing: a place from `date` could be offered when the entry's turn comes. `facility` is
// the one whose queue the entry waits in.
std::vector<Lack> WhatIsMissing(const QueueEntry& entry, const Facility& facility, Date date,
                                const std::optional<BedInQuestion>& bed);

}  // namespace vardkedja::placement::domain
