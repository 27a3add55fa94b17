// An answer that is a stream: events (text/event-stream) or the bytes of a file. At most one item
// is read ahead of the client: while it takes nothing, nothing more is asked of the service.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "gateway/http/session.h"

namespace vardkedja::gateway {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
// How often it is looked whether the stream should end.
constexpr std::chrono::milliseconds kLook{250};
// What a client waits before it comes back, and what keeps proxies from closing a silent stream.
constexpr char kRetry[] = "retry: 3000\n\n";
constexpr char kHeartbeat[] = ": heartbeat\n\n";

}  // namespace

// Touched on the session's strand only.
struct HttpSession::Stream {
  std::shared_ptr<RestCall> call;
  const unsigned version;
  const bool head;  // of a file: its header alone is asked for
  asio::steady_timer wake;
  UpstreamStream* upstream = nullptr;  // gone with `end`
  std::optional<grpc::ByteBuffer> item = std::nullopt;
  std::optional<grpc::Status> end = std::nullopt;
  std::optional<absl::Status> ending = std::nullopt;  // why we end it, if it is us
  bool begun = false;                                 // the header is sent
  bool broken = false;                                // the client is gone
  SteadyClock::time_point told_at = SteadyClock::now();

  bool live() const { return !broken && !ending; }
  void End(absl::Status status) {
    ending = std::move(status);
    call->Cancel();
  }
};

asio::awaitable<bool> HttpSession::ServeStream(std::shared_ptr<RestCall> call, bool head,
                                               unsigned version) {
  if (head && !call->file()) {
    co_return co_await Write(shared_.rest.StreamHeader(*call), false, true, version);
  }
  const auto executor = stream_.get_executor();
  Stream stream{call, version, head, asio::steady_timer(executor)};
  // The stream outlives both: the end is the last to be posted, and is waited for below.
  auto opened = shared_.rest.Open(call, {.item =
                                             [&stream, executor](const grpc::ByteBuffer& item) {
                                               asio::post(executor, [&stream, item] {
                                                 stream.item = item;
                                                 stream.wake.cancel();
                                               });
                                             },
                                         .end =
                                             [&stream, executor](const grpc::Status& status) {
                                               asio::post(executor, [&stream, status] {
                                                 stream.end = status;
                                                 stream.wake.cancel();
                                               });
                                             }});
  if (auto* refused = std::get_if<HttpResponse>(&opened)) {
    co_return co_await Write(std::move(*refused), false, head, version);
  }
  stream.upstream = std::get<UpstreamStream*>(opened);
  current_ = call;
  stream_.expires_never();
  WatchForDisconnect(call);
  stream.upstream->Next();
  while (!stream.end) {
    co_await AwaitUpstream(stream);
    if (!stream.item) continue;
    const grpc::ByteBuffer item = *std::exchange(stream.item, std::nullopt);
    if (stream.live()) {
      auto bytes = shared_.rest.BytesOfItem(*call, item);
      if (bytes.ok()) {
        co_await Send(stream, *std::move(bytes));
        if (head) stream.End(absl::OkStatus());
      } else {
        stream.End(bytes.status());
      }
    }
    stream.upstream->Next();
  }
  current_.reset();
  stream_.cancel();  // the watch
  co_return co_await Close(stream);
}

// Until there is an item or the end; keeps a silent client company meanwhile.
asio::awaitable<void> HttpSession::AwaitUpstream(Stream& stream) {
  while (!stream.item && !stream.end) {
    if (stream.live()) {
      if (auto over = shared_.rest.EndOfStream(*stream.call, shared_.stopping)) {
        stream.End(*std::move(over));
      } else if (!stream.call->file() &&
                 SteadyClock::now() >= stream.told_at + shared_.options.stream_heartbeat) {
        co_await Send(stream, kHeartbeat);
        continue;
      }
    }
    stream.wake.expires_after(std::min(kLook, shared_.options.stream_heartbeat));
    co_await stream.wake.async_wait(kAwait);
  }
}

asio::awaitable<void> HttpSession::Send(Stream& stream, std::string bytes) {
  stream_.expires_after(shared_.options.write_timeout);
  boost::system::error_code failed;
  if (!std::exchange(stream.begun, true)) {
    const HttpResponse told = shared_.rest.StreamHeader(*stream.call);
    http::response<http::empty_body> header{static_cast<http::status>(told.status), stream.version};
    for (const auto& [name, value] : told.headers) header.insert(name, value);
    header.keep_alive(false);  // the end of the connection is the end of the stream
    http::response_serializer<http::empty_body> serializer(header);
    const auto [error, count] = co_await http::async_write_header(stream_, serializer, kAwait);
    failed = error;
    if (!stream.call->file()) bytes = kRetry + bytes;
  }
  if (!failed) {
    const auto [error, count] = co_await asio::async_write(stream_, asio::buffer(bytes), kAwait);
    failed = error;
  }
  stream_.expires_never();
  stream.told_at = SteadyClock::now();
  if (!failed) co_return;
  stream.broken = true;
  stream.call->Cancel();
}

asio::awaitable<bool> HttpSession::Close(Stream& stream) {
  auto last = shared_.rest.Close(*stream.call, *stream.end, stream.ending, stream.begun);
  if (auto* problem = std::get_if<HttpResponse>(&last)) {
    co_return co_await Write(std::move(*problem), false, stream.head, stream.version);
  }
  if (!stream.broken && !aborted_) co_await Send(stream, std::get<std::string>(last));
  co_return false;
}

}  // namespace vardkedja::gateway
