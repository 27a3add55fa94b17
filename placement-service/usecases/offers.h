// Offers: make, accept, decline, read, and what timers do to them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

// An offer as one unit sees it. Without `disclosed` nothing of the case may be shown.
struct OfferAnswer {
  OfferRecord record;
  bool disclosed = false;
  auth::CaseDescription who;
  std::vector<std::string> actions;
};

// What the acting unit can do about it now. A transfer can be planned from a stay alone, so that is
// looked for.
absl::StatusOr<std::vector<std::string>> AvailableActions(Store& store,
                                                          const auth::CallContext& ctx,
                                                          const OfferRecord& record);

// Reads one offer, or a page of them.
class ReadOffers {
 public:
  ReadOffers(Store& store, const Disclosure& disclosure) : store_(store), disclosure_(disclosure) {}

  absl::StatusOr<OfferAnswer> Get(const auth::CallContext& ctx, const domain::OfferId& id) const;

  struct Page {
    std::vector<OfferAnswer> offers;
    std::string next;  // offer id; empty at the end
  };
  absl::StatusOr<Page> List(const auth::CallContext& ctx, OfferPage page) const;

  // After a write whose commit holds the audit row. Shows the case only when permitted.
  absl::StatusOr<OfferAnswer> AfterWrite(const auth::CallContext& ctx,
                                         const domain::OfferId& id) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct MakeOfferCommand {
  domain::BedId bed_id;
  std::optional<Date> available_from;  // today when absent
};

// The board or the facility's unit offers a bed to the first in its queue. BED_* when it cannot be
// offered, QUEUE_EMPTY when nobody can be offered it.
class MakeOffer {
 public:
  MakeOffer(Store& store, const Disclosure& disclosure) : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OfferAnswer> Run(const auth::CallContext& ctx,
                                  const MakeOfferCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct OfferPlaceCommand {
  domain::EntryId entry_id;
  std::string care_level;
  std::optional<Date> free_by;  // today when absent
};

// The board or the facility's unit offers one person a place at the facility and level that the
// entry waits for; which bed is chosen by domain::ChoosePlace. NOT_FIRST when the rule puts
// somebody else first for that bed, NO_FREE_PLACE, NO_DECISION, INTAKE_CLOSED, ILLEGAL_STATE.
class OfferPlace {
 public:
  OfferPlace(Store& store, const Disclosure& disclosure) : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OfferAnswer> Run(const auth::CallContext& ctx,
                                  const OfferPlaceCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct AcceptOfferCommand {
  domain::OfferId offer_id;
  std::string etag;
  Date move_in{};
};

// The owner accepts: offer, entry, reservation and event in one commit.
class AcceptOffer {
 public:
  AcceptOffer(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OfferAnswer> Run(const auth::CallContext& ctx,
                                  const AcceptOfferCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct DeclineOfferCommand {
  domain::OfferId offer_id;
  std::string etag;
  domain::DeclinedBy by = domain::DeclinedBy::kUnspecified;
  domain::DeclineReason reason = domain::DeclineReason::kUnspecified;
};

// The bed goes to the next in the same commit.
class DeclineOffer {
 public:
  DeclineOffer(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OfferAnswer> Run(const auth::CallContext& ctx,
                                  const DeclineOfferCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct GiveBackOfferCommand {
  domain::OfferId offer_id;
  std::string etag;
  domain::DeclinedBy by = domain::DeclinedBy::kUnspecified;
  domain::DeclineReason reason = domain::DeclineReason::kUnspecified;
};

// The entry waits again in its place, and the bed goes to the next in the same commit.
class GiveBackOffer {
 public:
  GiveBackOffer(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OfferAnswer> Run(const auth::CallContext& ctx,
                                  const GiveBackOfferCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

struct ChangeMoveInCommand {
  domain::OfferId offer_id;
  std::string etag;
  Date move_in{};
  std::optional<domain::BedId> bed;  // the same when absent
};

// BED_* when it cannot be reserved from that date, BED_OFFERED_BEFORE, PERSON_RESERVED_ELSEWHERE.
class ChangeMoveIn {
 public:
  ChangeMoveIn(Store& store, const Disclosure& disclosure)
      : store_(store), disclosure_(disclosure) {}
  absl::StatusOr<OfferAnswer> Run(const auth::CallContext& ctx,
                                  const ChangeMoveInCommand& command) const;

 private:
  Store& store_;
  const Disclosure& disclosure_;
};

// Watches an accepted offer until its move-in: when the bed will still be lived in or closed then,
// that is told three days before, the day before and on the day. When nobody has moved in by `due`,
// of a planned transfer its move, that is told once, the day after.
absl::Status WatchMoveIn(Session& session, const domain::Offer& offer, Date due);
// What its timer does.
absl::Status TellOfMoveIn(Session& session, const domain::OfferId& id, const domain::BedId& bed);

// Tells who lives in the locked bed, or has it reserved, for a time in which it is closed: as far
// as `about` is the closure, the stay, the offer or the time at home.
absl::Status TellClosures(Session& session, const domain::BedId& bed, const std::string& about);
// Looks at a closure three days before it begins, the day before and on the day.
absl::Status WatchClosure(Session& session, const domain::Closure& closure);
// What its timer does.
absl::Status TellOfClosure(Session& session, const domain::ClosureId& id, const domain::BedId& bed);

// What timers do. Repeatable: an offer that was answered meanwhile is left alone.
absl::Status RemindOfOffer(Session& session, const domain::OfferId& id);
// The bed goes to the next in the same commit.
absl::Status ExpireOffer(Session& session, const domain::OfferId& id, const domain::BedId& bed);

}  // namespace vardkedja::placement::usecases
