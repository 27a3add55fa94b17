// Takes the life events of a case: owner only, replay, load, etag, decide, commit.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/life_events.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::usecases {

class LifeEventStore {
 public:
  virtual ~LifeEventStore() = default;

  // Without text and former person.
  virtual absl::StatusOr<std::optional<domain::LifeEvent>> Find(const auth::CallContext& context,
                                                                std::string_view life_event_id) = 0;
  // Whole, oldest first.
  virtual absl::StatusOr<std::vector<domain::LifeEvent>> OfCase(const auth::CallContext& context,
                                                                std::string_view referral_id) = 0;
  // Commits case, timeline, record, event, audit and request key at once. STALE_ETAG when the case
  // was changed meanwhile; TOO_MANY_LIFE_EVENTS at the limit.
  virtual absl::Status Save(const domain::LifeChange& change, const WriteTail& tail) = 0;
};

// Without what is personal: who the person was, and what was written.
domain::LifeEvent WithoutPerson(domain::LifeEvent event);

using DecideLifeEvent = std::function<absl::StatusOr<domain::LifeChange>(const domain::Step& step)>;

class TakeLifeEvent {
 public:
  TakeLifeEvent(CaseDoor& door, LifeEventStore& events) : door_(door), events_(events) {}

  // NotFound() to others than the owner. Answers with the record, without what is personal: after a
  // move the caller sees the case no more.
  absl::StatusOr<domain::LifeEvent> Run(const auth::CallContext& context, const StepTarget& target,
                                        const DecideLifeEvent& decide);

 private:
  absl::StatusOr<domain::LifeEvent> Attempt(const auth::CallContext& context,
                                            const StepTarget& target,
                                            const DecideLifeEvent& decide);
  absl::StatusOr<domain::LifeEvent> Reread(const auth::CallContext& context,
                                           const std::string& life_event_id);
  CaseDoor& door_;
  LifeEventStore& events_;
};

class ListLifeEvents {
 public:
  ListLifeEvents(CaseDoor& door, LifeEventStore& events) : door_(door), events_(events) {}
  // NotFound() to others than the owner. Former persons only with category "identity".
  absl::StatusOr<std::vector<domain::LifeEvent>> Run(const auth::CallContext& context,
                                                     const std::string& referral_id);

 private:
  CaseDoor& door_;
  LifeEventStore& events_;
};

}  // namespace vardkedja::referral::usecases
