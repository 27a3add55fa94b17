#include "lib/config/service_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "lib/time/clock.h"

namespace vardkedja::config {
namespace {

using testing::HasSubstr;

constexpr std::string_view kDev = R"(
environment: dev
service: placement
listen: 127.0.0.1:7002
admin_listen: 127.0.0.1:7102
database: {dsn: "host=/run/pg user=placement_runtime", migrator_dsn: "user=placement_migrator"}
tls: {ca: ca.pem, certificate: placement.pem, key: placement.key}
auth: {jwks: jwks.json, issuer: vardkedja-dev, audience: vardkedja}
peers: {referral: "dns:///localhost:7001"}
)";

std::string Fault(std::string_view yaml, const Variables& variables) {
  const absl::StatusOr<ServiceConfig> config = ParseServiceConfig(yaml, "placement", variables);
  return config.ok() ? "" : std::string(ToStd(config.status().message()));
}

TEST(ServiceConfigTest, FillsDefaults) {
  const absl::StatusOr<ServiceConfig> config = ParseServiceConfig(kDev, "placement");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->environment, Environment::kDev);
  EXPECT_EQ(config->database.pool_size, 8);
  EXPECT_EQ(config->limits.queue, 256);
  EXPECT_EQ(config->limits.deadline_floor, std::chrono::milliseconds(50));
  EXPECT_EQ(config->peers.at("referral"), "dns:///localhost:7001");
  EXPECT_TRUE(config->reflection);
  EXPECT_FALSE(config->keystore.has_value());
  EXPECT_FALSE(config->vault.has_value());
  EXPECT_EQ(config->limits.drain_pause, std::chrono::milliseconds(0));
}

TEST(ServiceConfigTest, ReadsTheKeyStoreAndTheKeyRing) {
  const absl::StatusOr<ServiceConfig> config =
      ParseServiceConfig(kDev, "placement",
                         {{"VARDKEDJA__KEYSTORE__DSN", "user=keystore_runtime"},
                          {"VARDKEDJA__VAULT__KEY_RING", "ring.yaml"}});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->keystore.value().dsn, "user=keystore_runtime");
  EXPECT_EQ(config->vault.value().key_ring, "ring.yaml");
}

TEST(ServiceConfigTest, ProdRefusesWhatIsForDevelopment) {
  const Variables prod = {{"VARDKEDJA__ENVIRONMENT", "prod"},
                          {"VARDKEDJA__AUTH__REQUEST_KEY", "secret"}};
  EXPECT_EQ(Fault(kDev, prod), "");
  const absl::StatusOr<ServiceConfig> config = ParseServiceConfig(kDev, "placement", prod);
  EXPECT_FALSE(config->reflection);
  EXPECT_EQ(config->limits.drain_pause, std::chrono::seconds(5));

  Variables with_clock = prod;
  with_clock["VARDKEDJA__CLOCK__OFFSET_FILE"] = "offset";
  EXPECT_THAT(Fault(kDev, with_clock), HasSubstr("clock.offset_file: is refused in prod"));

  EXPECT_THAT(Fault(kDev, {{"VARDKEDJA__ENVIRONMENT", "prod"}}),
              HasSubstr("auth.request_key: is required in prod"));
}

TEST(ServiceConfigTest, InsecureIsForTestsOnly) {
  for (const char* environment : {"dev", "prod"}) {
    EXPECT_THAT(Fault(kDev, {{"VARDKEDJA__TLS__INSECURE", "true"},
                             {"VARDKEDJA__ENVIRONMENT", environment}}),
                HasSubstr("tls.insecure: is for environment test only"));
  }
}

TEST(ServiceConfigTest, RefusesAnotherServicesFileAndNoEnvironment) {
  EXPECT_THAT(Fault(kDev, {{"VARDKEDJA__SERVICE", "referral"}}),
              HasSubstr("service: is 'referral', but this is placement"));
  EXPECT_THAT(Fault("service: placement\n", {}), HasSubstr("environment: is missing"));
  EXPECT_THAT(Fault("service: placement\n", {}), HasSubstr("database.dsn: is missing"));
  EXPECT_THAT(Fault(kDev, {{"VARDKEDJA__LIMITS__WORKERS", "0"}}),
              HasSubstr("limits.workers: 0 is not between 1 and 64"));
  EXPECT_THAT(Fault(kDev, {{"VARDKEDJA__DATABASE__POOLSIZE", "4"}}),
              HasSubstr("database.poolsize: unknown key"));
}

TEST(ServiceConfigTest, TheClockIsRealWithoutAnOffsetFile) {
  const BaseConfig config;
  EXPECT_NE(dynamic_cast<SystemClock*>(MakeClock(config).get()), nullptr);
}

}  // namespace
}  // namespace vardkedja::config
