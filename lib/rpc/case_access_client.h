// Asks referral-service's AuthorizationService. Fails closed: no answer, a late one, or one about
// other cases permits nothing.
#pragma once

#include <chrono>
#include <memory>

#include "lib/auth/case_access.h"

namespace vardkedja::rpc {

class Channels;

// Thread-safe; never caches. Each attempt waits at most `timeout`; UNAVAILABLE is tried again
// within the call's deadline; then UNAVAILABLE with reason AUTHORIZATION_UNAVAILABLE, so that the
// caller sees that it may try again, and sees nothing else.
std::unique_ptr<auth::CaseAccess> MakeCaseAccessClient(
    Channels& channels, std::chrono::milliseconds timeout = std::chrono::milliseconds(1000));

}  // namespace vardkedja::rpc
