// What happens to a bed between offers. Shared by the use cases that make, end or take back one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "placement-service/domain/place_choice.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

// A write on one offer by who may see its case, with the offer's bed as it was before any lock and
// why the caller was let in. A repeated request is answered from what was written.
using OfferWrite = std::function<absl::StatusOr<std::string>(Session&, const domain::BedId&,
                                                             const auth::AccessDecision&)>;
absl::StatusOr<OfferAnswer> WriteOffer(Store& store, const Disclosure& disclosure,
                                       const auth::CallContext& ctx, const domain::OfferId& id,
                                       const OfferWrite& write);

// Offers a bed that is locked and can be offered to the first in its queue. Nothing when nobody
// there can be offered it.
absl::StatusOr<std::optional<domain::OfferId>> OfferToFirst(Session& session, const BedRecord& bed,
                                                            Date available_from, bool cascaded);

// Offers the locked bed to the entry, which must be the first in its queue for it. ILLEGAL_STATE
// when it cannot be offered anything, NOT_FIRST.
absl::StatusOr<domain::OfferId> OfferIfFirst(Session& session, const BedRecord& bed,
                                             Date available_from, const domain::EntryId& entry);

// A locked bed of the entry's queue and the date from which it can be offered. NO_FREE_PLACE,
// NO_DECISION, INTAKE_CLOSED unless `acute`.
struct ChosenPlace {
  BedRecord bed;
  Date from{};
};
absl::StatusOr<ChosenPlace> LockPlace(Session& session, const domain::QueueEntry& entry,
                                      const domain::Facility& facility, bool acute, Date by);

// Offers the locked bed to the locked entry out of the rule's order; `override_id` is confirmed in
// the same commit. The eligibility facts are stored with the offer.
absl::StatusOr<domain::OfferId> OfferByOverride(Session& session, const BedRecord& bed,
                                                Date available_from, domain::QueueEntry entry,
                                                const domain::OverrideId& override_id);

// Writes down that an open offer has ended (declined, expired, withdrawn): the entry is free for
// the next offer, the timers are gone, and the history has `kind`. Advances the entry's version.
absl::Status EndOffer(Session& session, const domain::Offer& ended, domain::QueueEntry& entry,
                      std::string_view kind);

// Writes down that a transfer was given up or overtaken; the stay goes on or ends otherwise.
absl::Status EndTransfer(Session& session, const domain::Transfer& cancelled);

// The bed goes to the next in the same commit, if it can still be offered.
absl::Status Cascade(Session& session, const domain::Offer& ended);

// An accepted offer has ended without a move-in, as `ended` says: the bed goes to the next, and the
// entry waits again in its place, or leaves when its ground has ended. The history has `kind`.
absl::Status ReturnToQueue(Session& session, const domain::Offer& ended, domain::QueueEntry entry,
                           std::string_view kind);

// The day of the transfer that is to use the offer.
absl::StatusOr<std::optional<Date>> PlannedMove(Session& session, const domain::OfferId& id);

// A transfer that was to use an offer comes to nothing with it, which is told; the stay goes on.
absl::Status CancelTransferOn(Session& session, const OfferRecord& record);

// The entry leaves the queue; what was offered or reserved is taken back and goes to the next.
absl::Status LeaveQueue(Session& session, domain::QueueEntry entry, std::string_view reason);

}  // namespace vardkedja::placement::usecases
