#include "gateway/config.h"

#include <utility>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

int Int(config::Reader& reader, const char* key, int otherwise, int least, int most) {
  return static_cast<int>(reader.Integer(key, otherwise, least, most));
}

bool IsLoopback(const std::string& listen) {
  return listen.rfind("127.", 0) == 0 || listen.rfind("[::1]:", 0) == 0 ||
         listen.rfind("unix:", 0) == 0;
}

void ReadTls(config::Reader& reader, GatewayConfig& config) {
  const bool plaintext = reader.Flag("gateway.allow_plaintext", false);
  if (reader.Has("gateway.public_tls")) {
    config.public_tls = PublicTls{reader.Text("gateway.public_tls.certificate"),
                                  reader.Text("gateway.public_tls.key")};
  } else if (!plaintext) {
    reader.Fault("gateway.public_tls", "is missing, and gateway.allow_plaintext is not true");
  }
  if (!plaintext && !IsLoopback(config.http.listen)) {
    reader.Fault("gateway.public_http_listen",
                 "is plain HTTP for the ingress to reach; say gateway.allow_plaintext: true");
  }
}

void ReadHttp(config::Reader& reader, HttpOptions& http) {
  using namespace std::chrono_literals;
  http.listen = reader.Text("gateway.public_http_listen");
  http.threads = Int(reader, "gateway.http_threads", http.threads, 1, 64);
  http.max_connections = Int(reader, "gateway.max_connections", http.max_connections, 1, 100'000);
  http.max_bodies_bytes = static_cast<std::size_t>(
      reader.Integer("gateway.max_bodies_bytes", 128 << 20, 1 << 20, std::int64_t{8} << 30));
  http.header_timeout = reader.Duration("gateway.header_timeout", http.header_timeout, 100ms, 60s);
  http.body_timeout = reader.Duration("gateway.body_timeout", http.body_timeout, 100ms, 300s);
  http.write_timeout = reader.Duration("gateway.write_timeout", http.write_timeout, 100ms, 300s);
  http.idle_timeout = reader.Duration("gateway.idle_timeout", http.idle_timeout, 100ms, 1h);
}

absl::StatusOr<GatewayConfig> Read(absl::StatusOr<config::Reader> opened) {
  using namespace std::chrono_literals;
  VK_ASSIGN_OR_RETURN(config::Reader reader, std::move(opened));
  GatewayConfig config;
  static_cast<config::BaseConfig&>(config) = config::ReadBase(reader);
  if (!config.service.empty() && config.service != "gateway") {
    reader.Fault("service", "is '" + config.service + "', but this is gateway");
  }
  if (config.health_listen) {
    reader.Fault("health_listen", "is not for the gateway: its public gRPC port answers health");
  }
  ReadHttp(reader, config.http);
  config.grpc_listen = reader.Text("gateway.public_grpc_listen");
  ReadTls(reader, config);
  config.grpc_threads = Int(reader, "gateway.grpc_threads", config.grpc_threads, 1, 16);
  config.max_calls = Int(reader, "gateway.max_calls", config.max_calls, 1, 100'000);
  config.max_message_bytes =
      Int(reader, "gateway.max_message_bytes", config.max_message_bytes, 1024, 16 << 20);
  config.http.max_body_bytes = static_cast<std::size_t>(config.max_message_bytes);
  config.max_concurrent_streams =
      Int(reader, "gateway.max_concurrent_streams", config.max_concurrent_streams, 1, 10'000);
  config.rate_per_second = Int(reader, "gateway.rate_per_second", 200, 1, 1'000'000);
  config.rate_burst = Int(reader, "gateway.rate_burst", 400, 1, 1'000'000);
  config.admission.default_deadline =
      reader.Duration("gateway.default_deadline", config.admission.default_deadline, 100ms, 60s);
  config.admission.max_deadline =
      reader.Duration("gateway.max_deadline", config.admission.max_deadline, 100ms, 60s);
  config.admission.stream_life = config.limits.stream_life;
  config.admission.max_streams = config.limits.max_streams;
  config.admission.max_streams_per_caller =
      Int(reader, "gateway.max_streams_per_caller", 16, 1, 10'000);
  config.http.stream_heartbeat =
      reader.Duration("gateway.stream_heartbeat", config.http.stream_heartbeat, 100ms, 5min);
  VK_RETURN_IF_ERROR(reader.Finish());
  return config;
}

}  // namespace

absl::StatusOr<GatewayConfig> LoadGatewayConfig(const std::string& path,
                                                const config::Variables& variables) {
  return Read(config::Reader::FromFile(path, variables));
}

absl::StatusOr<GatewayConfig> ParseGatewayConfig(std::string_view yaml,
                                                 const config::Variables& variables) {
  return Read(config::Reader::FromText("configuration", yaml, variables));
}

}  // namespace vardkedja::gateway
