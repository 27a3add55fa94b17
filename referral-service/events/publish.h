// Domain facts as events of referral-service's log: ids and codes, never names, numbers or free
// text.
#pragma once

#include <string_view>
#include <vector>

#include "lib/eventlog/event.h"
#include "referral-service/domain/disclosure.h"
#include "referral-service/domain/plans.h"
#include "referral-service/domain/referral.h"

namespace vardkedja::referral::events {

// What every event of one commit shares.
struct Envelope {
  std::string_view actor_unit_id;  // empty when a timer acted
  Instant now;
  std::string_view traceparent;
};

// Aggregate "referral".
std::vector<eventlog::NewEvent> OfChange(const domain::Change& change, const Envelope& envelope);

// Aggregate "ground".
eventlog::NewEvent GroundRecorded(const domain::Referral& referral,
                                  const domain::DisclosureGround& ground, const Envelope& envelope);
eventlog::NewEvent GroundEnded(const domain::Referral& referral,
                               const domain::DisclosureGround& ground, const Envelope& envelope);

// A live ground names a unit that was merged: a notice of its own.
struct MergedRecipient {
  std::string notice_id;
  std::string ground_id;
  domain::MergedUnit unit;
};
// Aggregate "merged_recipient".
eventlog::NewEvent GroundRecipientMerged(const domain::Referral& referral,
                                         const MergedRecipient& merged, const Envelope& envelope);

// Aggregate "plans".
eventlog::NewEvent PlanRecorded(const domain::Referral& referral, const domain::Plans& plans,
                                const Envelope& envelope);
eventlog::NewEvent HomeSupportRecorded(const domain::Referral& referral, const domain::Plans& plans,
                                       const Envelope& envelope);

// Aggregate "retention".
eventlog::NewEvent ErasureDue(const domain::Referral& referral, std::int64_t version,
                              const Envelope& envelope);
eventlog::NewEvent Erased(const domain::Referral& referral, std::int64_t version,
                          const Envelope& envelope);

}  // namespace vardkedja::referral::events
