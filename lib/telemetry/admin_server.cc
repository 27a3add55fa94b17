#include "lib/telemetry/admin_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "lib/status/status.h"
#include "lib/telemetry/metrics.h"

namespace vardkedja::telemetry {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;

constexpr std::chrono::seconds kPatience{5};  // for one request, start to end
constexpr std::uint32_t kMaxHeaderBytes = 8192;

using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

struct Site {
  Metrics& metrics;
  std::function<std::vector<Probe>()> probes;
};

Response Answer(http::status status, std::string_view type, std::string body) {
  Response response(status, 11);
  response.set(http::field::content_type, beast::string_view(type.data(), type.size()));
  response.set(http::field::cache_control, "no-store");
  response.body() = std::move(body);
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

Response Ready(const Site& site) {
  std::string body;
  bool ready = true;
  for (const Probe& probe : site.probes()) {
    const absl::Status status = probe.check();
    ready = ready && status.ok();
    body += probe.name + ": " + (status.ok() ? "ok" : std::string(ToStd(status.message()))) + "\n";
  }
  body += ready ? "ready\n" : "not ready\n";
  return Answer(ready ? http::status::ok : http::status::service_unavailable, "text/plain",
                std::move(body));
}

Response Route(Site& site, const Request& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    return Answer(http::status::method_not_allowed, "text/plain", "GET only\n");
  }
  const beast::string_view target = request.target();
  if (target == "/healthz") return Answer(http::status::ok, "text/plain", "alive\n");
  if (target == "/readyz") return Ready(site);
  if (target == "/metrics") {
    return Answer(http::status::ok, "text/plain; version=0.0.4", site.metrics.Render());
  }
  return Answer(http::status::not_found, "text/plain", "/metrics /healthz /readyz\n");
}

// One connection, one request; everything runs on the server's thread.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, Site& site) : stream_(std::move(socket)), site_(site) {
    parser_.header_limit(kMaxHeaderBytes);
  }

  void Run() {
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->Reply();
                     });
  }

 private:
  void Reply() {
    const bool head = parser_.get().method() == http::verb::head;
    response_ = Route(site_, parser_.get());
    if (head) response_.body().clear();  // content-length keeps the length of what GET answers
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code, std::size_t) {
                        beast::error_code ignored;
                        self->stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
                      });
  }

  beast::tcp_stream stream_;
  Site& site_;
  beast::flat_buffer buffer_{kMaxHeaderBytes};
  http::request_parser<http::empty_body> parser_;
  Response response_;
};

std::optional<Tcp::endpoint> Parse(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string_view digits = std::string_view(listen).substr(colon + 1);
  if (digits.empty() || digits.size() > 5 ||
      digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  const int port = std::stoi(std::string(digits));
  beast::error_code error;
  std::string host = listen.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error || port > 65535) return std::nullopt;
  return Tcp::endpoint(address, static_cast<std::uint16_t>(port));
}

}  // namespace

struct AdminServer::State {
  State(Metrics& metrics, std::function<std::vector<Probe>()> probes)
      : site{metrics, std::move(probes)} {}

  absl::Status Listen(const std::string& listen) {
    const std::optional<Tcp::endpoint> endpoint = Parse(listen);
    beast::error_code error = asio::error::invalid_argument;
    if (endpoint) acceptor.open(endpoint->protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(*endpoint, error);
    if (!error) acceptor.listen(16, error);
    if (!error) return absl::OkStatus();
    return MakeError(absl::StatusCode::kUnavailable,
                     "cannot listen on the admin address " + listen + ": " + error.message(),
                     "ADDRESS_UNAVAILABLE");
  }

  void Accept() {
    acceptor.async_accept([this](beast::error_code error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) std::make_shared<Session>(std::move(socket), site)->Run();
      Accept();
    });
  }

  Site site;
  asio::io_context io{1};
  Tcp::acceptor acceptor{io};
  std::thread thread;
};

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(
    const std::string& listen, Metrics& metrics, std::function<std::vector<Probe>()> probes) {
  auto state = std::make_unique<State>(metrics, std::move(probes));
  VK_RETURN_IF_ERROR(state->Listen(listen));
  state->Accept();
  state->thread = std::thread([io = &state->io] { io->run(); });
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(state)));
}

AdminServer::AdminServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

AdminServer::~AdminServer() {
  state_->io.stop();
  state_->thread.join();
}

std::uint16_t AdminServer::port() const { return state_->acceptor.local_endpoint().port(); }

}  // namespace vardkedja::telemetry
