// Handing a case over to another unit, and what the receiver answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/reroute.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::usecases {

struct RerouteQuery {
  std::string unit_id;
  bool sent = false;  // else received
  bool open_only = false;
  std::string before;  // an id; empty for the newest
  int limit = 25;
};

class RerouteStore {
 public:
  virtual ~RerouteStore() = default;

  virtual absl::StatusOr<std::optional<domain::Reroute>> Find(const auth::CallContext& context,
                                                              std::string_view reroute_id) = 0;
  // Newest first.
  virtual absl::StatusOr<std::vector<domain::Reroute>> List(const auth::CallContext& context,
                                                            const RerouteQuery& query) = 0;
  // Hand-over, case and what becomes of its deadline, in one commit. STALE_ETAG when either is no
  // longer as it was; REFERRAL_EXISTS when the new owner has an open case about the person.
  virtual absl::Status Save(const domain::RerouteChange& change, const WriteTail& tail) = 0;
};

struct ReroutePage {
  std::vector<domain::Reroute> reroutes;
  std::string next;
};

// All answers are audited before they are given. A hand-over is shown to its two units, and to them
// alone; a receiver's rows in the trail carry no categories, for it sees none.
class Rerouting {
 public:
  Rerouting(CaseDoor& door, RerouteStore& reroutes) : door_(door), reroutes_(reroutes) {}

  absl::StatusOr<domain::Reroute> HandOver(const auth::CallContext& context,
                                           const StepTarget& target,
                                           const domain::HandOverRequest& request);
  absl::StatusOr<domain::Reroute> Withdraw(const auth::CallContext& context,
                                           const std::string& reroute_id, const std::string& etag);
  absl::StatusOr<domain::Reroute> TakeOver(const auth::CallContext& context,
                                           const std::string& reroute_id, const std::string& etag);
  absl::StatusOr<domain::Reroute> Decline(const auth::CallContext& context,
                                          const std::string& reroute_id, const std::string& etag,
                                          const std::string& reason_code);
  absl::StatusOr<domain::Reroute> Get(const auth::CallContext& context,
                                      const std::string& reroute_id);
  absl::StatusOr<ReroutePage> List(const auth::CallContext& context, RerouteQuery query,
                                   const Page& page);

 private:
  using Decide = std::function<absl::StatusOr<domain::RerouteChange>(const domain::Step&,
                                                                     const domain::Reroute&)>;
  absl::StatusOr<domain::Reroute> End(const auth::CallContext& context,
                                      const std::string& reroute_id, const std::string& etag,
                                      domain::Side side, const Decide& decide);
  absl::StatusOr<domain::Reroute> AttemptEnd(const auth::CallContext& context,
                                             const std::string& reroute_id, const std::string& etag,
                                             domain::Side side, const Decide& decide);
  absl::StatusOr<domain::Reroute> AttemptHandOver(const auth::CallContext& context,
                                                  const StepTarget& target,
                                                  const domain::HandOverRequest& request);
  // The hand-over, when the acting unit is one of its two; NotFound(), audited, otherwise.
  absl::StatusOr<domain::Reroute> Enter(const auth::CallContext& context,
                                        const std::string& reroute_id);

  CaseDoor& door_;
  RerouteStore& reroutes_;
};

}  // namespace vardkedja::referral::usecases
