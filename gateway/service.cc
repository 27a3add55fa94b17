#include "gateway/service.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <atomic>
#include <fstream>
#include <map>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/grpc/proxy.h"
#include "gateway/grpc/upstream_health.h"
#include "gateway/http/rest.h"
#include "gateway/openapi/openapi.h"
#include "lib/auth/jwks_file.h"
#include "lib/rpc/channel.h"
#include "lib/status/status.h"
#include "lib/telemetry/admin_server.h"
#include "lib/telemetry/log.h"
#include "lib/time/clock.h"

namespace vardkedja::gateway {
namespace {

constexpr char kVersion[] = "0.1.0";
constexpr std::chrono::milliseconds kHealthInterval{2000};
constexpr unsigned kCertificateRefreshSeconds = 5;

absl::Status CheckFile(const char* key, const std::string& path) {
  if (std::ifstream(path).good()) return absl::OkStatus();
  const std::string what = std::string(key) + ": cannot read " + path;
  return absl::InvalidArgumentError(what);
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(
    const std::optional<PublicTls>& tls) {
  if (!tls.has_value()) return grpc::InsecureServerCredentials();
  VK_RETURN_IF_ERROR(CheckFile("gateway.public_tls.certificate", tls->certificate));
  VK_RETURN_IF_ERROR(CheckFile("gateway.public_tls.key", tls->key));
  const auto provider = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      tls->key, tls->certificate, kCertificateRefreshSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(provider);
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<UpstreamHealth::Channels> ConnectUpstreams(const Contract& contract,
                                                          rpc::Channels& channels) {
  UpstreamHealth::Channels upstreams;
  for (const auto& [path, method] : contract.methods()) {
    if (upstreams.contains(method.part)) continue;
    VK_ASSIGN_OR_RETURN(upstreams[method.part], channels.To(method.part));
  }
  return upstreams;
}

ProxyOptions ProxyOptionsOf(const GatewayConfig& config,
                            std::shared_ptr<grpc::ServerCredentials> credentials) {
  ProxyOptions options;
  options.listen = config.grpc_listen;
  options.credentials = std::move(credentials);
  options.threads = config.grpc_threads;
  options.max_calls = config.max_calls;
  options.max_message_bytes = config.max_message_bytes;
  options.max_concurrent_streams = config.max_concurrent_streams;
  options.stall_timeout = config.http.write_timeout;
  options.reflection = config.reflection;
  return options;
}

}  // namespace

// Members are destroyed from the bottom up.
class GatewayService::Impl {
 public:
  explicit Impl(const GatewayConfig& config)
      : config_(config), rate_limiter_(config.rate_per_second, config.rate_burst) {}

  ~Impl() { Drain(); }

  absl::Status Start(std::string_view descriptors) {
    VK_ASSIGN_OR_RETURN(contract_, Contract::Load(descriptors));
    VK_ASSIGN_OR_RETURN(jwks_, auth::JwksFile::Open({config_.auth.jwks, config_.auth.jwks_cache}));
    VK_ASSIGN_OR_RETURN(verifier_, auth::TokenVerifier::Create({.jwks_file = jwks_->path(),
                                                                .issuer = config_.auth.issuer,
                                                                .audience = config_.auth.audience},
                                                               real_clock_));
    admission_ =
        std::make_unique<Admission>(*contract_, *verifier_, rate_limiter_, config_.admission);
    channels_ = std::make_unique<rpc::Channels>(config_);
    VK_ASSIGN_OR_RETURN(auto upstreams, ConnectUpstreams(*contract_, *channels_));
    upstreams_ = std::make_unique<Upstreams>(upstreams);
    VK_ASSIGN_OR_RETURN(auto credentials, MakeCredentials(config_.public_tls));

    VK_ASSIGN_OR_RETURN(admin_, telemetry::AdminServer::Start(config_.admin_listen, metrics_,
                                                              [this] { return Probes(); }));
    const EdgeParts parts{*contract_, *admission_, *upstreams_, metrics_};
    VK_ASSIGN_OR_RETURN(proxy_, Proxy::Start(ProxyOptionsOf(config_, credentials), parts));
    rest_ = std::make_unique<Rest>(parts, MakeOpenApi(*contract_, kVersion), kVersion);
    VK_ASSIGN_OR_RETURN(http_, HttpServer::Start(config_.http, *rest_));
    metrics_.AddProbe("vardkedja_http_connections", "Open connections of the REST edge.", {},
                      [this] { return static_cast<double>(http_->connections()); });
    health_ = std::make_unique<UpstreamHealth>(
        std::move(upstreams), kHealthInterval,
        [this](const std::string& part, bool serving) { OnHealth(part, serving); });
    ready_ = true;
    return absl::OkStatus();
  }

  void Drain() {
    if (drained_.exchange(true)) return;
    ready_ = false;
    health_.reset();
    if (proxy_) proxy_->Pause();
    // Balancers and clients learn that we are leaving while we still answer.
    if (http_) std::this_thread::sleep_for(config_.limits.drain_pause);
    const auto drain = config_.limits.drain;
    // Both edges drain at once, against one deadline.
    std::thread http([&] {
      if (http_) http_->Shutdown(std::chrono::steady_clock::now() + drain);
    });
    if (proxy_) proxy_->Shutdown(std::chrono::system_clock::now() + drain);
    http.join();
    metrics_.RemoveProbes();
    admin_.reset();
    telemetry::FlushLogs();
  }

  int grpc_port() const { return proxy_->port(); }
  int http_port() const { return http_->port(); }
  int admin_port() const { return admin_->port(); }

 private:
  std::vector<telemetry::Probe> Probes() {
    return {{"serving", [this] {
               return ready_ ? absl::OkStatus() : absl::UnavailableError("starting or stopping");
             }}};
  }

  void OnHealth(const std::string& part, bool serving) {
    metrics_.SetGauge("vardkedja_upstream_up", "1 when the service says that it serves.",
                      {{"part", part}}, serving ? 1 : 0);
    for (const auto* service : contract_->services()) {
      const Method* method = FirstMethodOf(service->full_name());
      if (method != nullptr && method->part == part) {
        proxy_->SetHealth(service->full_name(), serving);
      }
    }
  }

  const Method* FirstMethodOf(const std::string& service) const {
    const auto found = contract_->methods().lower_bound("/" + service + "/");
    if (found == contract_->methods().end() || found->second.service != service) return nullptr;
    return &found->second;
  }

  const GatewayConfig config_;
  const SystemClock real_clock_;
  telemetry::Metrics metrics_;
  std::unique_ptr<Contract> contract_;
  std::unique_ptr<auth::JwksFile> jwks_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  RateLimiter rate_limiter_;
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<rpc::Channels> channels_;
  std::unique_ptr<Upstreams> upstreams_;
  std::unique_ptr<telemetry::AdminServer> admin_;
  std::unique_ptr<Rest> rest_;
  std::unique_ptr<Proxy> proxy_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<UpstreamHealth> health_;
  std::atomic<bool> ready_{false};
  std::atomic<bool> drained_{false};
};

GatewayService::GatewayService(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GatewayService::~GatewayService() = default;

absl::StatusOr<std::unique_ptr<GatewayService>> GatewayService::Start(const GatewayConfig& config,
                                                                      std::string_view contract) {
  auto impl = std::make_unique<Impl>(config);
  VK_RETURN_IF_ERROR(impl->Start(contract));
  return std::unique_ptr<GatewayService>(new GatewayService(std::move(impl)));
}

void GatewayService::Drain() { impl_->Drain(); }
int GatewayService::grpc_port() const { return impl_->grpc_port(); }
int GatewayService::http_port() const { return impl_->http_port(); }
int GatewayService::admin_port() const { return impl_->admin_port(); }

}  // namespace vardkedja::gateway
