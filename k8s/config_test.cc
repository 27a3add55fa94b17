// The processes must accept the configuration that the manifests give them: an unknown key stops a
// start, and nobody wants to learn that in a cluster.
#include "gateway/config.h"

#include <gtest/gtest.h>

#include "lib/config/service_config.h"
#include "lib/status/status.h"

namespace vardkedja {
namespace {

// What base/*.yaml put into the environment of every service.
config::Variables ServiceEnvironment() {
  return {{"VARDKEDJA__ENVIRONMENT", "prod"},
          {"VARDKEDJA__DATABASE__DSN", "host=postgres user=x"},
          {"VARDKEDJA__KEYSTORE__DSN", "host=postgres user=x"}};
}

TEST(KubernetesConfig, EachServiceAcceptsItsOwn) {
  for (const char* service : {"referral", "placement", "notification", "reporting"}) {
    const std::string path = std::string("k8s/base/config/") + service + ".yaml";
    const auto config = config::LoadServiceConfig(path, service, ServiceEnvironment());
    ASSERT_TRUE(config.ok()) << path << ": " << config.status();
    EXPECT_EQ(config->listen, "0.0.0.0:7000");
    EXPECT_EQ(config->health_listen, "0.0.0.0:7002");
    EXPECT_TRUE(config->auth.request_key);
    EXPECT_FALSE(config->reflection) << "off in prod";
    // preStop 3 s + pause + drain + a second for the flush fit terminationGracePeriodSeconds: 30.
    EXPECT_LT(std::chrono::seconds(3) + config->limits.drain_pause + config->limits.drain,
              std::chrono::seconds(25));
  }
}

TEST(KubernetesConfig, TheGatewayAcceptsItsOwn) {
  const auto config = gateway::LoadGatewayConfig("k8s/base/config/gateway.yaml",
                                                 {{"VARDKEDJA__ENVIRONMENT", "prod"}});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->peers.size(), 4U);
}

}  // namespace
}  // namespace vardkedja
