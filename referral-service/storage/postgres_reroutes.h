// Hand-overs on PostgreSQL, their deadline as a job.
#pragma once

#include "lib/jobs/jobs.h"
#include "lib/pg/pool.h"
#include "referral-service/storage/case_rows.h"
#include "referral-service/usecases/rerouting.h"

namespace vardkedja::referral::storage {

// The job that gives an unanswered case back to its sender for good; its key is the hand-over's id.
inline constexpr std::string_view kRerouteExpiryJob = "reroute-expiry";

// Thread-safe. The pool outlives it.
class PostgresReroutes final : public usecases::RerouteStore {
 public:
  explicit PostgresReroutes(pg::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<domain::Reroute>> Find(const auth::CallContext& context,
                                                      std::string_view reroute_id) override;
  absl::StatusOr<std::vector<domain::Reroute>> List(const auth::CallContext& context,
                                                    const usecases::RerouteQuery& query) override;
  absl::Status Save(const domain::RerouteChange& change, const usecases::WriteTail& tail) override;

 private:
  pg::Pool& pool_;
};

// For who moves cases and hand-overs with their units, in a transaction of theirs.
absl::StatusOr<std::optional<domain::Reroute>> OpenRerouteOf(pg::Transaction& tx,
                                                             std::string_view referral_id);
// Those that wait for the unit's answer, oldest first.
absl::StatusOr<std::vector<domain::Reroute>> OpenReroutesTo(pg::Transaction& tx,
                                                            std::string_view unit_id, int limit);
// The parties as they are now.
absl::Status WriteParties(pg::Transaction& tx, const domain::Reroute& reroute);
// The end of a hand-over, its case, and the timer.
absl::Status WriteEnded(pg::Transaction& tx, const domain::RerouteChange& change,
                        const StepAuthor& author);

// Ends a hand-over that nobody answered, and tells; nothing when it has ended already. The date
// alone has closed it to its receiver before this runs.
absl::Status ExpireReroute(pg::Transaction& tx, const jobs::Job& job);

}  // namespace vardkedja::referral::storage
