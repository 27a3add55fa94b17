#include "gateway/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using ::testing::HasSubstr;

constexpr char kBase[] =
    "environment: test\nservice: gateway\nadmin_listen: 127.0.0.1:1\ntls:\n  insecure: true\n"
    "auth:\n  jwks: f\n  issuer: i\n  audience: a\ngateway:\n"
    "  public_grpc_listen: 127.0.0.1:2\n";

std::string Fault(const std::string& more) {
  const auto config = ParseGatewayConfig(kBase + more);
  return config.ok() ? "" : std::string(ToStd(config.status().message()));
}

TEST(GatewayConfigTest, PlaintextMustBeAskedFor) {
  EXPECT_EQ(Fault("  public_http_listen: 0.0.0.0:3\n  allow_plaintext: true\n"), "");
  EXPECT_THAT(Fault("  public_http_listen: 127.0.0.1:3\n"), HasSubstr("gateway.public_tls"));
  const std::string tls = "  public_tls:\n    certificate: c\n    key: k\n";
  EXPECT_EQ(Fault("  public_http_listen: 127.0.0.1:3\n" + tls), "");
  EXPECT_THAT(Fault("  public_http_listen: 0.0.0.0:3\n" + tls),
              HasSubstr("gateway.public_http_listen"));
}

TEST(GatewayConfigTest, NamesUnknownKeys) {
  EXPECT_THAT(Fault("  public_http_listen: 127.0.0.1:3\n  allow_plaintext: true\n"
                    "health_listen: 127.0.0.1:4\n"),
              HasSubstr("health_listen"));
  EXPECT_THAT(Fault("  public_http_listen: 127.0.0.1:3\n  allow_plaintext: true\n  burst: 1\n"),
              HasSubstr("gateway.burst"));
  EXPECT_THAT(Fault("  public_http_listen: 127.0.0.1:3\n  allow_plaintext: true\n"
                    "  max_calls: 0\n"),
              HasSubstr("gateway.max_calls"));
}

}  // namespace
}  // namespace vardkedja::gateway
