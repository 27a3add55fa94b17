// HTTP/1.1 on Boost.Beast: bounded in connections, header, body and in every wait, so that slow or
// many clients can not exhaust it. Public TLS ends at the ingress in front.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gateway/http/rest.h"

namespace vardkedja::gateway {

struct HttpOptions {
  std::string listen;  // "127.0.0.1:8080"; port 0 picks one
  int threads = 2;
  int max_connections = 1000;  // more are closed at once
  std::size_t max_header_bytes = 16 << 10;
  std::size_t max_body_bytes = 4 << 20;
  std::size_t max_bodies_bytes = 128 << 20;          // of all requests being received or served
  std::chrono::milliseconds header_timeout{10'000};  // first to last byte of the header
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds idle_timeout{60'000};      // between requests of a connection
  std::chrono::milliseconds stream_heartbeat{15'000};  // a comment in a silent event stream
};

class HttpServer {
 public:
  // `rest` outlives it. UNAVAILABLE naming the address when it can not listen.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const HttpOptions& options, Rest& rest);
  ~HttpServer();  // Shutdown(now)
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Closes the listener and idle connections, lets running requests end until `deadline`, then
  // closes all. Idempotent.
  void Shutdown(std::chrono::steady_clock::time_point deadline);

  int port() const;
  int connections() const;  // open now

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardkedja::gateway
