// A placement-service without network: real PostgreSQL, real use cases, timers and consumer, and a
// referral-service that is played by the test.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/audit/read_audit.h"
#include "lib/auth/case_access.h"
#include "lib/jobs/jobs.h"
#include "lib/pg/pool.h"
#include "lib/testing/pg_cluster.h"
#include "lib/time/clock.h"
#include "placement-service/storage/postgres_store.h"
#include "placement-service/usecases/agreements.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/queue.h"
#include "placement-service/usecases/stays.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::placement {

// Permits (unit, case) pairs that the test named; everything else is denied. Thread-safe as long as
// permissions do not change during calls.
class PlayedCaseAccess final : public auth::CaseAccess {
 public:
  void Permit(const std::string& unit, const std::string& case_id,
              const std::string& rule = "played") {
    permitted_[{unit, case_id}] = rule;
  }
  void Deny(const std::string& unit, const std::string& case_id) {
    permitted_.erase({unit, case_id});
  }
  void Break() { broken_ = true; }
  // Permitted, but nobody may move in yet.
  void AwaitCostSplit(bool awaits) { awaits_cost_split_ = awaits; }

  absl::StatusOr<std::vector<auth::AccessDecision>> Authorize(
      const auth::CallContext& context, const std::vector<std::string>& case_ids) override;
  absl::StatusOr<std::vector<auth::CaseDescription>> Describe(
      const auth::CallContext& context, const std::vector<std::string>& case_ids) override;

 private:
  std::map<std::pair<std::string, std::string>, std::string> permitted_;  // by which rule
  bool broken_ = false;
  bool awaits_cost_split_ = false;
};

// Keeps the rows.
class PlayedReadAudit final : public audit::ReadAudit {
 public:
  absl::Status Record(std::vector<audit::Entry> entries,
                      std::chrono::steady_clock::time_point deadline) override;
  std::vector<audit::Entry> Taken();

 private:
  std::mutex mutex_;
  std::vector<audit::Entry> entries_;
};

// One case as referral-service would tell of it.
struct PlayedCase {
  std::string case_id;
  std::string number;
  std::string person_id;
  std::string owner = "alvesta-authority";
  std::string decision_id;
};

class PlacementFixture : public ::testing::Test {
 protected:
  PlacementFixture();

  // Two facilities, 2 + 2 regular beds and 1 intake bed.
  void SeedSmall();

  // One more regular bed, there since 2015.
  void AddBed(const std::string& facility, const std::string& bed);
  // So many people, each with a decision of the last 500 days, and no criterion met.
  void FillQueue(const std::string& facility, int people);

  // Calls as a unit. Reads have no request key; each write has a new one.
  auth::CallContext As(const std::string& unit, std::optional<std::string> seat = std::nullopt);
  auth::CallContext Writing(const std::string& unit,
                            std::optional<std::string> seat = std::nullopt);

  // A new case that owner, board and both facilities may see.
  PlayedCase NewCase(const std::string& owner = "alvesta-authority");
  // Its decision for a facility, taken in by the consumer's code.
  void Decide(PlayedCase& played, const std::string& facility, Date date,
              const domain::Criteria& criteria = {}, bool transfer = false);
  absl::Status Consume(const referral::v1::ReferralEvent& event);
  referral::v1::ReferralEvent EventOf(const PlayedCase& played) const;

  // The open or accepted offer of a case; empty when it has none.
  usecases::OfferAnswer MakeOffer(const std::string& bed);
  absl::StatusOr<usecases::OfferAnswer> Accept(const domain::OfferId& offer, Date move_in,
                                               const std::string& owner = "alvesta-authority");
  // Person, owner and facility agree on the placement.
  void AgreeAll(const domain::OfferId& offer, const std::string& facility,
                const std::string& owner = "alvesta-authority");
  // Without an agreement, by exception.
  usecases::StayAnswer Enrol(const domain::OfferId& offer, const std::string& facility);
  // Decision, offer of the bed, acceptance and move-in today.
  usecases::StayAnswer PlaceIn(PlayedCase& played, const std::string& facility,
                               const std::string& bed);
  std::optional<domain::QueueEntry> EntryOf(const PlayedCase& played, const std::string& facility);

  // Moves domain time and runs what is due.
  void Advance(std::chrono::microseconds by);
  Date Today() const { return StockholmDate(clock_.Now()); }

  std::vector<v1::PlacementEvent> Events(const std::string& type);

  testing::TestDatabase database_;
  std::unique_ptr<pg::Pool> pool_;
  FakeClock clock_;
  PlayedCaseAccess access_;
  PlayedReadAudit audit_;
  storage::PostgresStore store_;
  usecases::Disclosure disclosure_;
  jobs::Runner runner_;
  usecases::StayPorts stays_{store_, disclosure_};

 private:
  int cases_ = 0;
};

// For what is not about the agreement.
inline constexpr auto kNotAgreed = domain::ExceptionReason::kIndividualAssessment;

// The reason of an error; "OK" or "NONE" when there is none.
std::string ReasonOf(const absl::Status& status);

}  // namespace vardkedja::placement
