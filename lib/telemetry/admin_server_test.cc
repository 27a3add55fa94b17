#include "lib/telemetry/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::telemetry {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using testing::HasSubstr;

http::response<http::string_body> Ask(std::uint16_t port, http::verb verb, const char* target) {
  asio::io_context io;
  beast::tcp_stream stream(io);
  stream.connect({asio::ip::address_v4::loopback(), port});
  http::request<http::empty_body> request(verb, target, 11);
  request.set(http::field::host, "localhost");
  http::write(stream, request);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(stream, buffer, response);
  return response;
}

class AdminServerTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<AdminServer>> server =
        AdminServer::Start("127.0.0.1:0", metrics_, [this] {
          return std::vector<Probe>{{"database", [this] { return database_; }},
                                    {"schema", [] { return absl::OkStatus(); }}};
        });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  Metrics metrics_;
  absl::Status database_ = absl::OkStatus();
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, ServesMetricsAndLiveness) {
  metrics_.SetGauge("vardkedja_level", "Level.", {}, 7);
  const auto metrics = Ask(server_->port(), http::verb::get, "/metrics");
  EXPECT_EQ(metrics.result_int(), 200U);
  EXPECT_EQ(metrics[http::field::content_type], "text/plain; version=0.0.4");
  EXPECT_THAT(metrics.body(), HasSubstr("vardkedja_level 7"));
  EXPECT_EQ(Ask(server_->port(), http::verb::get, "/healthz").result_int(), 200U);
}

TEST_F(AdminServerTest, ReadinessFollowsTheProbesAndNamesTheOneThatFails) {
  EXPECT_EQ(Ask(server_->port(), http::verb::get, "/readyz").result_int(), 200U);
  database_ = absl::UnavailableError("no connection");
  const auto answer = Ask(server_->port(), http::verb::get, "/readyz");
  EXPECT_EQ(answer.result_int(), 503U);
  EXPECT_EQ(answer.body(), "database: no connection\nschema: ok\nnot ready\n");
  EXPECT_EQ(Ask(server_->port(), http::verb::get, "/healthz").result_int(), 200U);
}

TEST_F(AdminServerTest, RefusesOtherPathsAndVerbs) {
  EXPECT_EQ(Ask(server_->port(), http::verb::get, "/").result_int(), 404U);
  EXPECT_EQ(Ask(server_->port(), http::verb::delete_, "/metrics").result_int(), 405U);
}

TEST_F(AdminServerTest, ABusyOrSenselessAddressIsOneClearSentence) {
  const std::string busy = "127.0.0.1:" + std::to_string(server_->port());
  const auto none = [] { return std::vector<Probe>(); };
  const absl::Status status = AdminServer::Start(busy, metrics_, none).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ToStd(status.message()),
            "cannot listen on the admin address " + busy + ": Address already in use");
  for (const char* senseless : {"", "here", "127.0.0.1:", "127.0.0.1:99999", "nohost:80"}) {
    EXPECT_FALSE(AdminServer::Start(senseless, metrics_, none).ok()) << senseless;
  }
}

}  // namespace
}  // namespace vardkedja::telemetry
