// The public gRPC port with TLS of its own, for where no ingress ends it.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "gateway/testing/harness.h"
#include "lib/rpc/test_fixture.h"

namespace vardkedja::gateway {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr char kName[] = "public.test";

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class PublicTlsTest : public ::testing::Test {
 protected:
  PublicTlsTest()
      : tls_(ours_.Issue(kName)),
        others_tls_(others_.Issue(kName)),
        harness_("  public_tls:\n    certificate: " + tls_.certificate + "\n    key: " + tls_.key +
                 "\n") {}

  // A call over a connection of its own; `ca` empty is without TLS.
  grpc::StatusCode Call(const std::string& ca) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetSslTargetNameOverride(kName);
    const auto credentials = ca.empty() ? grpc::InsecureChannelCredentials()
                                        : grpc::SslCredentials({ReadAll(ca), "", ""});
    return harness_
        .CallBy(
            grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(harness_.gateway().grpc_port()),
                                      credentials, arguments),
            "GetThing", GetThingBytes("t-1"))
        .status.error_code();
  }

  rpc::TestDirectory directory_;
  const rpc::TestPki ours_{directory_};
  const rpc::TestPki others_{directory_, "other-"};
  const config::Tls tls_;
  const config::Tls others_tls_;
  Harness harness_;
};

TEST_F(PublicTlsTest, AnswersWhoTrustsItsCertificateAndNobodyInTheClear) {
  EXPECT_EQ(Call(tls_.ca), grpc::StatusCode::OK);
  EXPECT_EQ(Call(others_tls_.ca), grpc::StatusCode::UNAVAILABLE) << "another authority's";
  EXPECT_EQ(Call(""), grpc::StatusCode::UNAVAILABLE) << "without TLS";
}

TEST_F(PublicTlsTest, TakesANewCertificateWithoutARestart) {
  ASSERT_EQ(Call(tls_.ca), grpc::StatusCode::OK);
  directory_.Write(std::string(kName) + ".key", ReadAll(others_tls_.key));
  directory_.Write(std::string(kName) + ".crt", ReadAll(others_tls_.certificate));
  const auto until = SteadyClock::now() + 30s;
  grpc::StatusCode code = grpc::StatusCode::UNAVAILABLE;
  while (code != grpc::StatusCode::OK && SteadyClock::now() < until) {
    std::this_thread::sleep_for(100ms);
    code = Call(others_tls_.ca);
  }
  EXPECT_EQ(code, grpc::StatusCode::OK);
}

}  // namespace
}  // namespace vardkedja::gateway
