// Writes that may be repeated: a request that was committed before, or by another call while this
// one was under way, is answered with the resource as it is now, authorised anew.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "lib/status/status.h"
#include "referral-service/usecases/ports.h"

namespace vardkedja::referral::usecases {

// `attempt` does the write; `reread` takes the resource's id. A failed attempt is looked up again
// whatever the reason was: the twin may have committed between any two of its steps, and a stale
// etag or an illegal state is then only the twin's own success seen from here.
template <class View, class Attempt, class Reread>
absl::StatusOr<View> Once(CaseStore& cases, const auth::CallContext& context, Attempt attempt,
                          Reread reread) {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> replay, cases.FindReplay(context));
  if (replay) return reread(*replay);
  absl::StatusOr<View> done = attempt();
  if (done.ok()) return done;
  VK_ASSIGN_OR_RETURN(replay, cases.FindReplay(context));
  if (replay) return reread(*replay);
  return done;
}

}  // namespace vardkedja::referral::usecases
