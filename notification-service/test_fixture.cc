#include "notification-service/test_fixture.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "lib/status/status.h"
#include "lib/vault/migrations.h"
#include "notification-service/events/publish.h"
#include "notification-service/migration_sets.h"
#include "notification-service/storage/seed_files.h"

namespace vardkedja::notification {
namespace {

// All keys of tests are the same 32 bytes.
std::string RingText() {
  std::string text;
  for (const char* purpose : {"encryption", "index", "audit"}) {
    text += std::string(purpose) +
            ": {active: k1, keys: {k1: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=}}\n";
  }
  return text;
}

std::string MakeTemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "notification-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

}  // namespace

void FakeCaseAccess::Permit(const std::string& unit, const std::string& case_id) {
  permitted_.emplace(unit, case_id);
}

void FakeCaseAccess::Revoke(const std::string& unit, const std::string& case_id) {
  permitted_.erase({unit, case_id});
}

absl::StatusOr<std::vector<auth::AccessDecision>> FakeCaseAccess::Authorize(
    const auth::CallContext& context, const std::vector<std::string>& case_ids) {
  if (down_) {
    return MakeError(absl::StatusCode::kUnavailable, "no answer", "AUTHORIZATION_UNAVAILABLE");
  }
  std::vector<auth::AccessDecision> decisions;
  for (const std::string& case_id : case_ids) {
    const bool permitted = permitted_.contains({context.acting_unit, case_id});
    decisions.push_back(
        {.case_id = case_id,
         .permitted = permitted,
         .rule_id = permitted ? "test.permit" : "deny",
         .categories = permitted ? std::set<std::string>{"messages"} : std::set<std::string>{}});
  }
  return decisions;
}

absl::StatusOr<std::vector<auth::CaseDescription>> FakeCaseAccess::Describe(
    const auth::CallContext&, const std::vector<std::string>&) {
  return std::vector<auth::CaseDescription>();
}

absl::Status FakeReadAudit::Record(std::vector<audit::Entry> entries,
                                   std::chrono::steady_clock::time_point) {
  if (down_) return absl::UnavailableError("the trail cannot be written");
  for (audit::Entry& entry : entries) entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

std::vector<audit::Entry> FakeReadAudit::Take() { return std::exchange(entries_, {}); }

ServiceTest::ServiceTest()
    : database_({{"notification", SchemaMigrations()}, {"keystore", {vault::Migrations()}}}),
      key_directory_(MakeTemporaryDirectory()),
      clock_(*ParseInstant("2026-03-01T08:00:00Z")),
      pool_(database_.NewPool("notification")),
      key_store_(database_.NewPool("keystore", 2)) {}

ServiceTest::~ServiceTest() { std::filesystem::remove_all(key_directory_); }

void ServiceTest::SetUp() {
  const std::string file = key_directory_ + "/ring.yaml";
  std::ofstream(file) << RingText();
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  absl::StatusOr<std::unique_ptr<vault::KeyRing>> ring = vault::KeyRing::Load(file);
  ASSERT_TRUE(ring.ok()) << ring.status();
  ring_ = *std::move(ring);
  vault::VaultOptions options;
  options.owner = "notification";
  vault_ = std::make_unique<vault::Vault>(*key_store_, *ring_, options);
  content_ = std::make_unique<storage::VaultContent>(*vault_);
  messages_ = std::make_unique<storage::PostgresMessages>(*pool_);
  directory_ = std::make_unique<storage::PostgresDirectory>(*pool_);
  deadlines_ = std::make_unique<storage::PostgresDeadlines>(*pool_);
  const auto directory = storage::ReadDirectoryFile("deploy/kronoberg/organisations.yaml");
  const auto rules = storage::ReadDeadlinesFile("deploy/kronoberg/deadlines.yaml");
  ASSERT_TRUE(directory.ok()) << directory.status();
  ASSERT_TRUE(rules.ok()) << rules.status();
  const Instant now = clock_.Now();
  const storage::DirectoryEvents made = {
      .organisation = [now](const auto& row) { return events::OrganisationRegistered(row, now); },
      .unit = [now](const auto& row) { return events::UnitRegistered(row, now); },
      .seat = [now](const auto& row) { return events::SeatRegistered(row, now); }};
  const auto report = storage::SeedDirectory(*pool_, *directory, *rules, made);
  ASSERT_TRUE(report.ok()) << report.status();
}

auth::CallContext ServiceTest::Call(const std::string& unit, const std::string& request_id) const {
  auth::CallContext context;
  context.principal = {.organisation = "organisation",
                       .units = {unit},
                       .roles = {auth::Role::kSocialWorker},
                       .subject = "subject-of-" + unit,
                       .seat = std::nullopt,
                       .assurance = auth::Assurance::kHigh,
                       .expires_at = clock_.Now() + std::chrono::hours(1)};
  context.acting_unit = unit;
  context.purpose = "case_work";
  context.method = "/vardkedja.notification.v1.MessageService/Test";
  context.call_id = "call-1";
  context.now = clock_.Now();
  if (!request_id.empty()) {
    context.request_key = auth::RequestKey{.principal = "organisation/" + unit + "/subject",
                                           .method = context.method,
                                           .request_id = request_id,
                                           .fingerprint = "fingerprint"};
  }
  return context;
}

std::string ServiceTest::Value(const std::string& sql) const {
  const pg::Result rows = database_.Query("notification", "SELECT (" + sql + ")::text AS value");
  return rows[0].OptionalText("value").value_or("");
}

std::string Reason(const absl::Status& status) {
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  return detail ? detail->reason : status.ToString();
}

}  // namespace vardkedja::notification
