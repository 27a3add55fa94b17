#include "referral-service/storage/test_fixture.h"

#include <stdlib.h>  // NOLINT: mkdtemp is POSIX

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "lib/vault/migrations.h"
#include "referral-service/events/consume_placement.h"
#include "referral-service/migration_sets.h"
#include "referral-service/storage/seed.h"
#include "vardkedja/placement/v1/events.pb.h"

namespace vardkedja::referral::testing {
namespace {

constexpr const char* kKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

constexpr const char* kDirectory = R"sql(
WITH o AS (INSERT INTO organisation (organisation_id, municipality_code, participating) VALUES
  ('alvesta', '0764', true), ('vaxjo', '0780', true), ('region-kronoberg', '', true),
  ('ljungby', '0781', false))
INSERT INTO unit (unit_id, organisation_id, kind_code, facility_id) VALUES
  ('alvesta-authority', 'alvesta', 'social_services', ''),
  ('vaxjo-ifo1', 'vaxjo', 'social_services', ''),
  ('vaxjo-ifo2', 'vaxjo', 'social_services', ''),
  ('vaxjo-child-family', 'vaxjo', 'social_services', ''),
  ('ljungby-social-services', 'ljungby', 'social_services', ''),
  ('clinic-region-vaxjo', 'region-kronoberg', 'clinic', ''),
  ('placement-board', 'region-kronoberg', 'board', ''),
  ('ekeliden', 'region-kronoberg', 'facility', 'ekeliden'),
  ('novus', 'vaxjo', 'facility', 'novus')
)sql";

}  // namespace

Caller Worker() {
  return {"alvesta", "alvesta-authority", auth::Role::kSocialWorker, "", "worker-1"};
}
Caller Decider() { return {"alvesta", "alvesta-authority", auth::Role::kDecider, "", "decider-1"}; }
Caller OtherWorker() { return {"vaxjo", "vaxjo-ifo1", auth::Role::kSocialWorker, "", "worker-2"}; }
Caller EkelidenSeat() {
  return {"region-kronoberg", "placement-board", auth::Role::kBoardMember, "ekeliden", "head-1"};
}
Caller NovusSeat() {
  return {"vaxjo", "placement-board", auth::Role::kBoardMember, "novus", "head-2"};
}
Caller NovusDeputy() {
  return {"vaxjo", "placement-board", auth::Role::kBoardDeputy, "novus", "deputy-2"};
}
Caller EkelidenStaff() {
  return {"region-kronoberg", "ekeliden", auth::Role::kFacilityStaff, "", "staff-1"};
}
Caller NovusStaff() { return {"vaxjo", "novus", auth::Role::kFacilityStaff, "", "staff-2"}; }

domain::Form CompleteForm() {
  domain::Form form;
  form.person.identity_number = "19900101-9802";
  form.person.given_name = "Tove";
  form.person.family_name = "Påhittad";
  form.person.legal_sex = domain::LegalSex::kFemale;
  form.ground = domain::Ground::kVoluntary;
  form.needs.push_back({"alcohol", domain::NeedLevel::kSubstantial, "Dagligt bruk.", {}, ""});
  form.wishes_and_goals = "Vill bli nykter.";
  return form;
}

std::string Reason(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  return detail ? detail->reason : std::string(ToStd(status.ToString()));
}

absl::StatusOr<domain::Change> Submit(const domain::Step& step) { return domain::Submit(step, {}); }

Fixture::Fixture()
    : database_({{"referral", SchemaMigrations()}, {"keystore", {vault::Migrations()}}}),
      clock_(ParseInstant("2026-11-23T09:00:00Z").value()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "referral-XXXXXX").string();
  ring_directory_ = ::mkdtemp(pattern.data());
  const std::string ring = ring_directory_ + "/ring.yaml";
  std::ofstream(ring) << "encryption: {active: k, keys: {k: " << kKey << "}}\n"
                      << "index: {active: i, keys: {i: " << kKey << "}}\n"
                      << "audit: {active: a, keys: {a: " << kKey << "}}\n";
  ring_ = vault::KeyRing::Load(ring).value();
  pool_ = database_.NewPool("referral", 8);
  keys_ = database_.NewPool("keystore");
  vault::VaultOptions options;
  options.owner = "referral";
  vault_ = std::make_unique<vault::Vault>(*keys_, *ring_, options);
  cases_ = std::make_unique<storage::PostgresCases>(*pool_, *vault_);
  index_ = std::make_unique<storage::PostgresCaseIndex>(*pool_, *vault_);
  grounds_ = std::make_unique<storage::PostgresGrounds>(*pool_, *vault_);
  plans_ = std::make_unique<storage::PostgresPlans>(*pool_, *vault_);
  reference_ = std::make_unique<storage::PostgresReference>(*pool_);
  auditor_ = std::make_unique<audit::ReadAuditor>(*pool_);
  door_ = std::make_unique<usecases::CaseDoor>(*cases_, *reference_, *auditor_);
  document_store_ = std::make_unique<storage::PostgresDocuments>(*pool_, *vault_);
  life_events_ = std::make_unique<storage::PostgresLifeEvents>(*pool_, *vault_, *cases_);
  concerns_ = std::make_unique<storage::PostgresConcerns>(*pool_, *vault_);
  documents_ = std::make_unique<usecases::Documents>(*door_, *document_store_);
  ground_door_ = std::make_unique<usecases::GroundDoor>(*door_, *grounds_);
  const auto seed = storage::ReadSeedFiles("deploy/kronoberg");
  EXPECT_TRUE(seed.ok()) << seed.status();
  EXPECT_TRUE(storage::WriteSeed(*pool_, *seed).ok());
  EXPECT_TRUE(pool_->Write(kDirectory).ok());
}

Fixture::~Fixture() { std::filesystem::remove_all(ring_directory_); }

auth::CallContext Fixture::Call(const Caller& caller, const std::string& request_id,
                                const std::string& method, const std::string& body) const {
  auth::CallContext context;
  context.principal.organisation = caller.organisation;
  context.principal.units = {caller.unit};
  context.principal.roles = {caller.role};
  context.principal.subject = caller.subject;
  if (!caller.seat.empty()) context.principal.seat = caller.seat;
  context.principal.assurance = auth::Assurance::kHigh;
  context.acting_unit = caller.unit;
  context.purpose = "case_work";
  context.method = method;
  context.call_id = "call";
  context.now = clock_.Now();
  context.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  if (!request_id.empty()) {
    context.request_key = auth::RequestKey{
        caller.organisation + "/" + caller.unit + "/" + caller.subject, method, request_id, body};
  }
  return context;
}

auth::CallContext Fixture::Write(const Caller& caller) const { return Call(caller, NewUuidV4()); }

absl::StatusOr<usecases::CaseView> Fixture::Step(const Caller& caller, const std::string& id,
                                                 const usecases::DecideStep& decide) {
  return usecases::TakeStep(*door_).Run(Write(caller), {id, Etag(id)}, decide);
}

std::string Fixture::Etag(const std::string& id) {
  return std::to_string(
      Count("SELECT version AS n FROM referral WHERE referral_id = $1::uuid", {id}));
}

std::string Fixture::StateOf(const std::string& id) {
  return database_
      .Query("referral", "SELECT state FROM referral WHERE referral_id = $1::uuid", {id})[0]
      .Text("state");
}

std::string Fixture::Draft(const Caller& caller, domain::Ground ground) {
  const std::string number = CompleteForm().person.identity_number;
  const int before = drafts_++;
  return DraftAbout(before == 0 ? number : "R" + std::to_string(1'000'000 + before), caller,
                    ground);
}

std::string Fixture::DraftAbout(const std::string& identity_number, const Caller& caller,
                                domain::Ground ground) {
  domain::Form form = CompleteForm();
  form.ground = ground;
  form.person.identity_number = identity_number;
  const auto made = usecases::CreateReferral(*door_).Run(Write(caller), {form, {}});
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? made->referral.referral_id : std::string();
}

usecases::GroundView Fixture::Consent(const std::string& id, const Caller& caller) {
  domain::NewGround request;
  request.kind = domain::GroundKind::kConsent;
  request.consent_form = domain::ConsentForm::kWritten;
  request.recipient_unit_ids = {"placement-board", "ekeliden", "novus"};
  request.categories = {"identity", "needs", "plan", "placement", "messages"};
  const auto made = usecases::RecordGround(*ground_door_).Run(Write(caller), id, request);
  EXPECT_TRUE(made.ok()) << made.status();
  return *made;
}

std::string Fixture::Submitted(domain::Ground ground) {
  const std::string id = Draft(Worker(), ground);
  Consent(id);
  const auto done = Step(Worker(), id, Submit);
  EXPECT_TRUE(done.ok()) << done.status();
  return id;
}

std::string Fixture::SubmittedAbout(const std::string& identity_number, const Caller& caller) {
  const std::string id = DraftAbout(identity_number, caller);
  Consent(id, caller);
  const auto done = Step(caller, id, Submit);
  EXPECT_TRUE(done.ok()) << done.status();
  return id;
}

std::string Fixture::Assessed(const std::vector<std::string>& path, domain::Ground ground) {
  const std::string id = Submitted(ground);
  auto done = Step(EkelidenSeat(), id, domain::Acknowledge);
  EXPECT_TRUE(done.ok()) << done.status();
  done = Step(EkelidenSeat(), id, [&](const domain::Step& step) {
    return domain::ProposeAssessment(step, {path, domain::BedKind::kRegular, "Bedömning.", ""});
  });
  EXPECT_TRUE(done.ok()) << done.status();
  done = Step(NovusSeat(), id, domain::ConfirmAssessment);
  EXPECT_TRUE(done.ok()) << done.status();
  return id;
}

void Fixture::Grant(const std::string& id, const std::string& facility) {
  auto done = Step(Worker(), id, [&](const domain::Step& step) {
    domain::ProposeDecisionRequest request;
    request.facility_id = facility;
    request.law_section = "SoL 11:1";
    request.to_date = FormatDate(step.today() + std::chrono::days(180));
    return domain::ProposeDecision(step, request);
  });
  ASSERT_TRUE(done.ok()) << done.status();
  done = Step(Decider(), id, [](const domain::Step& step) {
    return domain::MakeDecision(step, {domain::Outcome::kGrant, "4.12", "", ""});
  });
  ASSERT_TRUE(done.ok()) << done.status();
}

std::string Fixture::Answered(const std::vector<std::string>& path, domain::Ground ground) {
  const std::string id = Assessed(path, ground);
  auto done = Step(Worker(), id, [](const domain::Step& step) {
    return domain::RecordStudyVisit(step, {domain::VisitOutcome::kWaived, false, "Känd miljö."});
  });
  EXPECT_TRUE(done.ok()) << done.status();
  done = Step(Worker(), id, [](const domain::Step& step) {
    return domain::RecordAnswer(step, {domain::Outcome::kYes, ""});
  });
  EXPECT_TRUE(done.ok()) << done.status();
  return id;
}

std::string Fixture::Decided(const std::vector<std::string>& path) {
  const std::string id = Answered(path);
  Grant(id, path.front());
  return id;
}

void Fixture::Tell(const std::string& type, const std::string& payload, const std::string& id) {
  eventlog::v1::Event event;
  event.set_type(type);
  event.set_aggregate_id(id);
  event.set_payload(payload);
  event.mutable_occurred_at()->set_seconds(
      std::chrono::duration_cast<std::chrono::seconds>(clock_.Now().time_since_epoch()).count());
  const absl::Status applied = pool_->InTransaction(
      {}, [&](pg::Transaction& tx) { return events::ConsumePlacement(tx, event); });
  ASSERT_TRUE(applied.ok()) << applied;
}

void Fixture::MoveIn(const std::string& id, const std::string& facility) {
  placement::v1::PlacementEvent payload;
  payload.set_case_id(id);
  payload.set_facility_id(facility);
  payload.set_facility_unit_id(facility);
  payload.mutable_offer_made();
  Tell("told", payload.SerializeAsString(), id);
  payload.mutable_enrolled()->set_move_in_date("2026-11-24");
  Tell("told", payload.SerializeAsString(), id);
}

std::int64_t Fixture::Count(const std::string& sql, const pg::Params& params) const {
  return database_.Query("referral", sql, params)[0].Int("n");
}

}  // namespace vardkedja::referral::testing
