// The service without its network: use cases on a real PostgreSQL and a real vault, with the
// reference data of deploy/kronoberg and a small directory.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "lib/audit/read_auditor.h"
#include "lib/testing/pg_cluster.h"
#include "lib/time/clock.h"
#include "lib/vault/vault.h"
#include "referral-service/domain/steps.h"
#include "referral-service/storage/postgres_case_index.h"
#include "referral-service/storage/postgres_cases.h"
#include "referral-service/storage/postgres_concerns.h"
#include "referral-service/storage/postgres_documents.h"
#include "referral-service/storage/postgres_grounds.h"
#include "referral-service/storage/postgres_life_events.h"
#include "referral-service/storage/postgres_plans.h"
#include "referral-service/storage/postgres_reference.h"
#include "referral-service/usecases/authorize.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/create_referral.h"
#include "referral-service/usecases/duplicates.h"
#include "referral-service/usecases/grounds.h"
#include "referral-service/usecases/list_changes.h"
#include "referral-service/usecases/list_referrals.h"
#include "referral-service/usecases/plans.h"
#include "referral-service/usecases/read_form.h"
#include "referral-service/usecases/read_referral.h"
#include "referral-service/usecases/search_referrals.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::testing {

// Someone who calls.
struct Caller {
  std::string organisation;
  std::string unit;
  auth::Role role;
  std::string seat;
  std::string subject;
};

Caller Worker();       // Alvesta
Caller Decider();      // Alvesta
Caller OtherWorker();  // Växjö IFO 1
Caller EkelidenSeat();
Caller NovusSeat();
Caller NovusDeputy();
Caller EkelidenStaff();
Caller NovusStaff();

// A complete form about an invented person with a number of the Tax Agency's test shape.
domain::Form CompleteForm();

std::string Reason(const absl::Status& status);

// The step as most tests take it: the form first.
absl::StatusOr<domain::Change> Submit(const domain::Step& step);

class Fixture : public ::testing::Test {
 protected:
  Fixture();
  ~Fixture() override;

  // A call by someone; a write when `request_id` is given, whose fingerprint is `body`.
  auth::CallContext Call(const Caller& caller, const std::string& request_id = "",
                         const std::string& method = "Test/Method",
                         const std::string& body = "body") const;
  // A write with a request id of its own.
  auth::CallContext Write(const Caller& caller) const;

  // A step with the newest etag.
  absl::StatusOr<usecases::CaseView> Step(const Caller& caller, const std::string& id,
                                          const usecases::DecideStep& decide);
  std::string Etag(const std::string& id);
  std::string StateOf(const std::string& id);

  // The beginning of the chain. Each draft is about another person, the first about CompleteForm's.
  std::string Draft(const Caller& caller = Worker(),
                    domain::Ground ground = domain::Ground::kVoluntary);
  std::string DraftAbout(const std::string& identity_number, const Caller& caller = Worker(),
                         domain::Ground ground = domain::Ground::kVoluntary);
  usecases::GroundView Consent(const std::string& id, const Caller& caller = Worker());
  std::string Submitted(domain::Ground ground = domain::Ground::kVoluntary);
  std::string SubmittedAbout(const std::string& identity_number, const Caller& caller);
  // Assessed for the path by both seats.
  std::string Assessed(const std::vector<std::string>& path,
                       domain::Ground ground = domain::Ground::kVoluntary);
  // Visited and answered yes.
  std::string Answered(const std::vector<std::string>& path,
                       domain::Ground ground = domain::Ground::kVoluntary);
  // Answered yes and granted for the first of the path.
  std::string Decided(const std::vector<std::string>& path);
  void Grant(const std::string& id, const std::string& facility);
  // As placement-service tells it.
  void Tell(const std::string& type, const std::string& payload, const std::string& id);
  // Offered a bed and moved in.
  void MoveIn(const std::string& id, const std::string& facility);

  int drafts_ = 0;
  std::int64_t Count(const std::string& sql, const pg::Params& params = {}) const;

  vardkedja::testing::TestDatabase database_;
  FakeClock clock_;
  std::string ring_directory_;
  std::unique_ptr<pg::Pool> pool_;
  std::unique_ptr<pg::Pool> keys_;
  std::unique_ptr<vault::KeyRing> ring_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<storage::PostgresCases> cases_;
  std::unique_ptr<storage::PostgresCaseIndex> index_;
  std::unique_ptr<storage::PostgresGrounds> grounds_;
  std::unique_ptr<storage::PostgresPlans> plans_;
  std::unique_ptr<storage::PostgresReference> reference_;
  std::unique_ptr<audit::ReadAuditor> auditor_;
  std::unique_ptr<usecases::CaseDoor> door_;
  std::unique_ptr<usecases::GroundDoor> ground_door_;
  std::unique_ptr<storage::PostgresDocuments> document_store_;
  std::unique_ptr<storage::PostgresConcerns> concerns_;
  std::unique_ptr<storage::PostgresLifeEvents> life_events_;
  std::unique_ptr<usecases::Documents> documents_;
};

}  // namespace vardkedja::referral::testing
