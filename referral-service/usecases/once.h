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

// `attempt` does the write and leaves nothing behind when it fails, as every change of a version
// does; `reread` takes the resource's id. A failed attempt is looked up whatever the reason was: a
// stale etag or an illegal state may only be the earlier call's success, or a twin's, seen from
// here. The first call, which is nearly every one, is spared a round trip.
template <class View, class Attempt, class Reread>
absl::StatusOr<View> OnceGuarded(CaseStore& cases, const auth::CallContext& context,
                                 Attempt attempt, Reread reread) {
  absl::StatusOr<View> done = attempt();
  if (done.ok()) return done;
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, cases.FindReplay(context));
  if (replay) return reread(*replay);
  return done;
}

// The same for an `attempt` that makes something before its commit (keys, a person): an earlier
// call is looked for first.
template <class View, class Attempt, class Reread>
absl::StatusOr<View> Once(CaseStore& cases, const auth::CallContext& context, Attempt attempt,
                          Reread reread) {
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, cases.FindReplay(context));
  if (replay) return reread(*replay);
  return OnceGuarded<View>(cases, context, attempt, reread);
}

}  // namespace vardkedja::referral::usecases
