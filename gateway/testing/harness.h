// A gateway in front of a fake upstream, and clients for both edges.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/service.h"
#include "gateway/testing/fake_upstream.h"
#include "lib/auth/signing_key.h"

namespace vardkedja::gateway {

// What a gRPC call came to.
struct GrpcAnswer {
  grpc::Status status;
  std::string bytes;
  std::multimap<std::string, std::string> initial;
  std::multimap<std::string, std::string> trailing;
};

// What an HTTP request came to; status 0 when the connection ended without an answer.
struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// A blocking HTTP/1.1 client of one connection.
class HttpConnection {
 public:
  explicit HttpConnection(int port);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // False when the other side has closed.
  bool Send(std::string_view bytes);
  // Waits for at most `patience` for the next answer. `head`: it has no body.
  HttpAnswer Receive(bool head = false,
                     std::chrono::milliseconds patience = std::chrono::seconds(15));
  // Status and header alone, of an answer whose body has no length.
  HttpAnswer ReceiveHeader(std::chrono::milliseconds patience = std::chrono::seconds(15));
  // The next event or comment of a stream, without its empty line; nothing at the end.
  std::optional<std::string> ReceiveEvent(
      std::chrono::milliseconds patience = std::chrono::seconds(15));
  // So many bytes; fewer when the connection ends before.
  std::string ReceiveBytes(std::size_t count,
                           std::chrono::milliseconds patience = std::chrono::seconds(15));
  // True when the other side closes, without sending anything, before the time is up.
  bool AwaitClose(std::chrono::milliseconds patience);

 private:
  bool Fill(std::chrono::steady_clock::time_point until);
  int descriptor_;
  std::string buffer_;
};

// A blocking client of one gRPC stream.
class GrpcStream {
 public:
  // `path` and `prepare` as in Harness::Call.
  GrpcStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
             const std::string& request, const std::function<void(grpc::ClientContext&)>& prepare);
  ~GrpcStream();  // cancels
  GrpcStream(const GrpcStream&) = delete;
  GrpcStream& operator=(const GrpcStream&) = delete;

  // The bytes of the next item; nothing at the end.
  std::optional<std::string> Read();
  // Once, after the end; or after a cancellation.
  grpc::Status Finish();
  void Cancel() { context_.TryCancel(); }
  const grpc::ClientContext& context() const { return context_; }

 private:
  bool Await();

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  bool finished_ = false;
};

class Harness {
 public:
  // `gateway_keys` are lines of the section `gateway`, "  header_timeout: 200ms\n".
  explicit Harness(const std::string& gateway_keys = "");
  ~Harness();

  FakeUpstream& upstream() { return *upstream_; }
  GatewayService& gateway() { return *gateway_; }
  void KillUpstream();
  void RestartUpstream();  // on the same port

  // A token of a social worker of vaxjo-ifo1, or with other claims (JSON members to replace).
  std::string Token(const std::map<std::string, std::string>& replaced = {}) const;

  std::shared_ptr<grpc::Channel> Channel() const;
  // `path` is a method name of EchoService, or a whole path when it begins with '/'.
  GrpcAnswer Call(const std::string& path, const std::string& request,
                  const std::function<void(grpc::ClientContext&)>& prepare = {}) const;
  // The same over another channel to the gateway.
  GrpcAnswer CallBy(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                    const std::string& request,
                    const std::function<void(grpc::ClientContext&)>& prepare = {}) const;

  // Follows WatchThings, with a token unless `prepare` is given.
  std::unique_ptr<GrpcStream> Watch(
      const std::string& request,
      const std::function<void(grpc::ClientContext&)>& prepare = {}) const;

  // The same of DownloadThing.
  std::unique_ptr<GrpcStream> Download(
      const std::string& request,
      const std::function<void(grpc::ClientContext&)>& prepare = {}) const;

  // One request on a connection of its own. `headers` are lines without line ends.
  HttpAnswer Request(const std::string& verb, const std::string& target,
                     const std::vector<std::string>& headers = {},
                     const std::optional<std::string>& body = std::nullopt) const;
  // The request as it goes on the wire, with a token unless `headers` has an Authorization.
  std::string Format(const std::string& verb, const std::string& target,
                     const std::vector<std::string>& headers,
                     const std::optional<std::string>& body) const;

 private:
  std::unique_ptr<GrpcStream> Stream(
      const std::string& method, const std::string& request,
      const std::function<void(grpc::ClientContext&)>& prepare) const;
  void StartGateway(const std::string& gateway_keys);

  std::string directory_;
  auth::SigningKey key_;
  std::unique_ptr<FakeUpstream> upstream_;
  int upstream_port_ = 0;
  std::unique_ptr<GatewayService> gateway_;
  std::shared_ptr<grpc::Channel> channel_;
};

// A serialised GetThingRequest.
std::string GetThingBytes(const std::string& thing_id, const std::string& behaviour = "");
// A serialised DownloadThingRequest.
std::string DownloadThingBytes(std::int64_t offset, const std::string& behaviour = "");
// A serialised WatchThingsRequest.
std::string WatchThingsBytes(std::int64_t after, const std::string& behaviour = "");

}  // namespace vardkedja::gateway
