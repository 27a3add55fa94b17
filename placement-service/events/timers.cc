#include "placement-service/events/timers.h"

#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/holding.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::events {
namespace {

using Act = std::function<absl::Status(usecases::Session&, const jobs::Job&)>;

jobs::Handler InSession(Act act) {
  return [act = std::move(act)](pg::Transaction& tx, const jobs::Job& job) {
    return storage::RunInSession(tx, {job.now, "", ""},
                                 [&](usecases::Session& session) { return act(session, job); });
  };
}

absl::Status RankBatch(usecases::Session& session, const jobs::Job& job) {
  VK_ASSIGN_OR_RETURN(const bool more, usecases::RankByRuleInForce(session));
  if (!more) return absl::OkStatus();
  return session.SetTimer(usecases::kRuleInForce, job.key, job.now, "");
}

}  // namespace

std::map<std::string, jobs::Handler, std::less<>> TimerHandlers() {
  std::map<std::string, jobs::Handler, std::less<>> handlers;
  handlers[usecases::kOfferReminder] =
      InSession([](usecases::Session& session, const jobs::Job& job) {
        return usecases::RemindOfOffer(session, domain::OfferId(job.key));
      });
  handlers[usecases::kOfferExpiry] =
      InSession([](usecases::Session& session, const jobs::Job& job) {
        return usecases::ExpireOffer(session, domain::OfferId(job.key), domain::BedId(job.payload));
      });
  handlers[usecases::kConflictWatch] = InSession([](usecases::Session& session,
                                                    const jobs::Job& job) {
    return usecases::TellOfMoveIn(session, domain::OfferId(job.key), domain::BedId(job.payload));
  });
  handlers[usecases::kClosureWatch] = InSession([](usecases::Session& session,
                                                   const jobs::Job& job) {
    return usecases::TellOfClosure(session, domain::ClosureId(job.key), domain::BedId(job.payload));
  });
  handlers[usecases::kReturnWatch] =
      InSession([](usecases::Session& session, const jobs::Job& job) {
        return usecases::TellOfReturn(session, domain::AlternationId(job.key),
                                      domain::BedId(job.payload));
      });
  handlers[usecases::kDecisionEnd] = InSession([](usecases::Session& session,
                                                  const jobs::Job& job) {
    return usecases::EndDecision(session, domain::EntryId(job.key), domain::CaseId(job.payload));
  });
  handlers[usecases::kWaitingLong] =
      InSession([](usecases::Session& session, const jobs::Job& job) {
        return usecases::AlertWaitingLong(session, domain::EntryId(job.key));
      });
  handlers[usecases::kParkEnd] = InSession([](usecases::Session& session, const jobs::Job& job) {
    return usecases::ResumeOnDate(session, domain::EntryId(job.key));
  });
  handlers[usecases::kHoldExpiry] = InSession([](usecases::Session& session, const jobs::Job& job) {
    return usecases::ExpireHold(session, domain::HoldId(job.key), domain::BedId(job.payload));
  });
  handlers[usecases::kRuleInForce] = InSession(RankBatch);
  return handlers;
}

}  // namespace vardkedja::placement::events
