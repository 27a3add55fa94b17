#include "gateway/testing/harness.h"

#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "gateway/grpc/upstream.h"
#include "gateway/routes/embedded_contract.h"
#include "gateway/testing/contract.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::multimap<std::string, std::string> Copy(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  std::multimap<std::string, std::string> copy;
  for (const auto& [key, value] : metadata) {
    copy.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return copy;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

HttpConnection::HttpConnection(int port) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the gateway");
  }
}

HttpConnection::~HttpConnection() { close(descriptor_); }

bool HttpConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpConnection::Fill(SteadyClock::time_point until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - SteadyClock::now());
  pollfd waiting{descriptor_, POLLIN, 0};
  if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) != 1) return false;
  char bytes[65536];
  const ssize_t count = recv(descriptor_, bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

HttpAnswer HttpConnection::ReceiveHeader(std::chrono::milliseconds patience) {
  const auto until = SteadyClock::now() + patience;
  HttpAnswer answer;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill(until)) return answer;
  }
  std::size_t at = buffer_.find("\r\n") + 2;
  answer.status = std::stoi(buffer_.substr(9, 3));
  while (at < end + 2) {
    const std::size_t line = buffer_.find("\r\n", at);
    const std::size_t colon = buffer_.find(": ", at);
    answer.headers[Lower(buffer_.substr(at, colon - at))] =
        buffer_.substr(colon + 2, line - colon - 2);
    at = line + 2;
  }
  buffer_.erase(0, end + 4);
  return answer;
}

HttpAnswer HttpConnection::Receive(bool head, std::chrono::milliseconds patience) {
  const auto until = SteadyClock::now() + patience;
  HttpAnswer answer = ReceiveHeader(patience);
  const int status = std::exchange(answer.status, 0);
  if (status == 0) return answer;
  if (status == 100) return Receive(head, patience);
  const bool bodiless = head || status == 204 || status == 304;
  const std::size_t length =
      bodiless ? 0 : static_cast<std::size_t>(std::stoul(answer.headers.at("content-length")));
  while (buffer_.size() < length) {
    if (!Fill(until)) return answer;
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  answer.status = status;
  return answer;
}

std::string HttpConnection::ReceiveBytes(std::size_t count, std::chrono::milliseconds patience) {
  const auto until = SteadyClock::now() + patience;
  while (buffer_.size() < count && Fill(until)) {
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

std::optional<std::string> HttpConnection::ReceiveEvent(std::chrono::milliseconds patience) {
  const auto until = SteadyClock::now() + patience;
  std::size_t end = 0;
  while ((end = buffer_.find("\n\n")) == std::string::npos) {
    if (!Fill(until)) return std::nullopt;
  }
  const std::string event = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return event;
}

bool HttpConnection::AwaitClose(std::chrono::milliseconds patience) {
  const auto until = SteadyClock::now() + patience;
  return !Fill(until) && SteadyClock::now() < until;
}

Harness::Harness(const std::string& gateway_keys)
    : key_(auth::SigningKey::Generate().value()), upstream_(std::make_unique<FakeUpstream>()) {
  char pattern[] = "/tmp/gateway-test-XXXXXX";
  directory_ = mkdtemp(pattern);
  upstream_port_ = upstream_->port();
  std::ofstream(directory_ + "/jwks.json") << auth::MakeJwks({key_.Jwk()});
  StartGateway(gateway_keys);
  channel_ = Channel();
}

Harness::~Harness() {
  gateway_.reset();
  std::filesystem::remove_all(directory_);
}

void Harness::StartGateway(const std::string& gateway_keys) {
  const std::string yaml =
      "environment: test\nservice: gateway\nadmin_listen: 127.0.0.1:0\ntls:\n  insecure: true\n"
      "auth:\n  jwks: " +
      directory_ +
      "/jwks.json\n  issuer: vardkedja\n  audience: vardkedja\n"
      "peers:\n  test: 127.0.0.1:" +
      std::to_string(upstream_port_) +
      "\n"
      "gateway:\n  public_http_listen: 127.0.0.1:0\n  public_grpc_listen: 127.0.0.1:0\n"
      "  allow_plaintext: true\n" +
      gateway_keys;
  const auto config = ParseGatewayConfig(yaml);
  if (!config.ok()) throw std::runtime_error(std::string(ToStd(config.status().message())));
  auto started = GatewayService::Start(*config, EmbeddedContract());
  if (!started.ok()) throw std::runtime_error(std::string(ToStd(started.status().message())));
  gateway_ = *std::move(started);
}

void Harness::KillUpstream() { upstream_->Kill(); }
void Harness::RestartUpstream() { upstream_ = std::make_unique<FakeUpstream>(upstream_port_); }

std::string Harness::Token(const std::map<std::string, std::string>& replaced) const {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  nlohmann::json claims = {{"iss", "vardkedja"},   {"aud", "vardkedja"},
                           {"sub", "person-1"},    {"org", "vaxjo"},
                           {"unit", "vaxjo-ifo1"}, {"roles", {"social_worker"}},
                           {"loa", "high"},        {"exp", now.count() + 600}};
  for (const auto& [name, json] : replaced) claims[name] = nlohmann::json::parse(json);
  return key_.Sign(claims.dump());
}

std::shared_ptr<grpc::Channel> Harness::Channel() const {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(16 << 20);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(gateway_->grpc_port()),
                                   grpc::InsecureChannelCredentials(), arguments);
}

GrpcAnswer Harness::Call(const std::string& path, const std::string& request,
                         const std::function<void(grpc::ClientContext&)>& prepare) const {
  return CallBy(channel_, path, request, prepare);
}

GrpcAnswer Harness::CallBy(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                           const std::string& request,
                           const std::function<void(grpc::ClientContext&)>& prepare) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  if (prepare) {
    prepare(context);
  } else {
    context.AddMetadata("authorization", "Bearer " + Token());
  }
  const grpc::Slice slice(request);
  const grpc::ByteBuffer bytes(&slice, 1);
  grpc::ByteBuffer response;
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  GrpcAnswer answer;
  const std::string method = path.front() == '/' ? path : "/vardkedja.test.v1.EchoService/" + path;
  const auto call = stub.PrepareUnaryCall(&context, method, bytes, &queue);
  call->StartCall();
  call->Finish(&response, &answer.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  answer.initial = Copy(context.GetServerInitialMetadata());
  answer.trailing = Copy(context.GetServerTrailingMetadata());
  if (answer.status.ok()) answer.bytes = BytesOf(response);
  return answer;
}

GrpcStream::GrpcStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& request,
                       const std::function<void(grpc::ClientContext&)>& prepare)
    : stub_(channel) {
  prepare(context_);
  stream_ = stub_.PrepareCall(&context_, method, &queue_);
  stream_->StartCall(this);
  if (!Await()) return;
  const grpc::Slice slice(request);
  stream_->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), this);
  Await();
}

GrpcStream::~GrpcStream() {
  Cancel();
  if (!finished_) Finish();
}

bool GrpcStream::Await() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

std::optional<std::string> GrpcStream::Read() {
  grpc::ByteBuffer item;
  stream_->Read(&item, this);
  if (!Await()) return std::nullopt;
  return BytesOf(item);
}

grpc::Status GrpcStream::Finish() {
  grpc::Status status;
  finished_ = true;
  stream_->Finish(&status, this);
  Await();
  return status;
}

std::unique_ptr<GrpcStream> Harness::Watch(
    const std::string& request, const std::function<void(grpc::ClientContext&)>& prepare) const {
  return Stream("WatchThings", request, prepare);
}

std::unique_ptr<GrpcStream> Harness::Download(
    const std::string& request, const std::function<void(grpc::ClientContext&)>& prepare) const {
  return Stream("DownloadThing", request, prepare);
}

std::unique_ptr<GrpcStream> Harness::Stream(
    const std::string& method, const std::string& request,
    const std::function<void(grpc::ClientContext&)>& prepare) const {
  const auto authorise = [this](grpc::ClientContext& context) {
    context.AddMetadata("authorization", "Bearer " + Token());
  };
  return std::make_unique<GrpcStream>(channel_, "/vardkedja.test.v1.EchoService/" + method, request,
                                      prepare ? prepare : authorise);
}

std::string Harness::Format(const std::string& verb, const std::string& target,
                            const std::vector<std::string>& headers,
                            const std::optional<std::string>& body) const {
  std::string text = verb + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
  bool authorized = false;
  bool typed = false;
  for (const std::string& header : headers) {
    text += header + "\r\n";
    authorized |= Lower(header).rfind("authorization:", 0) == 0;
    typed |= Lower(header).rfind("content-type:", 0) == 0;
  }
  if (!authorized) text += "Authorization: Bearer " + Token() + "\r\n";
  if (body.has_value()) {
    if (!typed) text += "Content-Type: application/json\r\n";
    text += "Content-Length: " + std::to_string(body->size()) + "\r\n";
  }
  return text + "\r\n" + body.value_or("");
}

HttpAnswer Harness::Request(const std::string& verb, const std::string& target,
                            const std::vector<std::string>& headers,
                            const std::optional<std::string>& body) const {
  HttpConnection connection(gateway_->http_port());
  connection.Send(Format(verb, target, headers, body));
  return connection.Receive(verb == "HEAD");
}

std::string GetThingBytes(const std::string& thing_id, const std::string& behaviour) {
  const auto message = NewTestMessage("GetThingRequest");
  const auto* type = message->GetDescriptor();
  const auto* reflection = message->GetReflection();
  reflection->SetString(message.get(), type->FindFieldByName("thing_id"), thing_id);
  reflection->SetString(message.get(), type->FindFieldByName("behaviour"), behaviour);
  return message->SerializeAsString();
}

std::string DownloadThingBytes(std::int64_t offset, const std::string& behaviour) {
  const auto message = NewTestMessage("DownloadThingRequest");
  const auto* type = message->GetDescriptor();
  const auto* reflection = message->GetReflection();
  reflection->SetString(message.get(), type->FindFieldByName("thing_id"), "t-1");
  reflection->SetInt64(message.get(), type->FindFieldByName("offset"), offset);
  reflection->SetString(message.get(), type->FindFieldByName("behaviour"), behaviour);
  return message->SerializeAsString();
}

std::string WatchThingsBytes(std::int64_t after, const std::string& behaviour) {
  const auto message = NewTestMessage("WatchThingsRequest");
  const auto* type = message->GetDescriptor();
  const auto* reflection = message->GetReflection();
  reflection->SetInt64(message.get(), type->FindFieldByName("after_sequence"), after);
  reflection->SetString(message.get(), type->FindFieldByName("behaviour"), behaviour);
  return message->SerializeAsString();
}

}  // namespace vardkedja::gateway
