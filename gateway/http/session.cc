#include "gateway/http/session.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <utility>

namespace vardkedja::gateway {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 4096;
constexpr std::chrono::milliseconds kLinger{1000};
constexpr std::size_t kMaxDroppedBytes = 16 << 20;

// Counts a body against the bound on all bodies for as long as it lives.
class BodyShare {
 public:
  BodyShare(HttpShared& shared, std::size_t bytes) : shared_(shared), bytes_(bytes) {
    granted_ = shared_.bodies_bytes.fetch_add(bytes_) + bytes_ <= shared_.options.max_bodies_bytes;
  }
  ~BodyShare() { shared_.bodies_bytes -= bytes_; }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  bool granted() const { return granted_; }

 private:
  HttpShared& shared_;
  const std::size_t bytes_;
  bool granted_ = false;
};

}  // namespace

HttpSession::HttpSession(asio::ip::tcp::socket socket, HttpShared& shared)
    : stream_(std::move(socket)),
      shared_(shared),
      buffer_(shared.options.max_header_bytes + 64 * 1024) {}

void HttpSession::Close() {
  aborted_ = true;
  if (current_) current_->Cancel();
  stream_.close();
}

void HttpSession::CloseIfIdle() {
  if (idle_) Close();
}

asio::awaitable<void> HttpSession::Run() {
  boost::system::error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  while (co_await ServeOne()) {
  }
  if (!aborted_) co_await Linger();
  stream_.close();
}

// Closing while the client still sends would reset the connection, and with it the answer that the
// client has not read yet: so what still comes is read and dropped, for a short while.
asio::awaitable<void> HttpSession::Linger() {
  boost::system::error_code failed;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, failed);
  stream_.expires_after(kLinger);
  for (std::size_t dropped = 0; !failed && dropped < kMaxDroppedBytes;) {
    buffer_.clear();
    const auto [error, count] =
        co_await stream_.async_read_some(buffer_.prepare(kReadBytes), kAwait);
    failed = error;
    dropped += count;
  }
}

asio::awaitable<bool> HttpSession::WaitForRequest() {
  idle_ = true;
  if (buffer_.size() == 0) {
    if (shared_.stopping) co_return false;
    stream_.expires_after(shared_.options.idle_timeout);
    const auto [error, count] =
        co_await stream_.async_read_some(buffer_.prepare(kReadBytes), kAwait);
    if (error) co_return false;
    buffer_.commit(count);
  }
  idle_ = false;
  co_return true;
}

asio::awaitable<bool> HttpSession::ReadHeader(Parser& parser) {
  stream_.expires_after(shared_.options.header_timeout);
  const auto [error, count] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
  if (!error) co_return true;
  HttpResponse response;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    response = shared_.rest.Fail(nullptr, 431, "HEADER_TOO_LARGE", "The header is too large.");
  } else if (error == boost::beast::error::timeout) {
    co_return false;  // the socket is closed already
  } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    response = shared_.rest.Fail(nullptr, 400, "MALFORMED_HTTP", "The request is not HTTP/1.1.");
  } else {
    co_return false;
  }
  co_await Write(std::move(response), false, false, 11);
  co_return false;
}

asio::awaitable<std::optional<HttpResponse>> HttpSession::ReadBody(Parser& parser, RestCall& call) {
  if (parser.is_done()) co_return std::nullopt;
  stream_.expires_after(shared_.options.body_timeout);
  if (parser.get()[http::field::expect] == "100-continue") {
    http::response<http::empty_body> go_on{http::status::continue_, 11};
    const auto [error, count] = co_await http::async_write(stream_, go_on, kAwait);
    if (error) co_return HttpResponse{};
  }
  const auto [error, count] = co_await http::async_read(stream_, buffer_, parser, kAwait);
  if (!error) co_return std::nullopt;
  if (error == http::error::body_limit) {
    co_return shared_.rest.Fail(&call, 413, "BODY_TOO_LARGE", "The body is too large.");
  }
  co_return shared_.rest.Fail(&call, 408, "BODY_INCOMPLETE", "The body did not arrive.");
}

asio::awaitable<bool> HttpSession::ServeOne() {
  if (!co_await WaitForRequest()) co_return false;
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(shared_.options.max_header_bytes));
  // A large Content-Length is refused below, once it is known for which call.
  parser.body_limit(boost::none);
  if (!co_await ReadHeader(parser)) co_return false;
  parser.body_limit(shared_.options.max_body_bytes);
  const auto& header = parser.get();
  const unsigned version = header.version();
  const bool head = header.method() == http::verb::head;
  const bool keep_alive = parser.keep_alive() && !shared_.stopping;

  auto begun = shared_.rest.Begin(header);
  if (auto* refused = std::get_if<HttpResponse>(&begun)) {
    // An unread body would be taken for the next request.
    co_return co_await Write(std::move(*refused), keep_alive && parser.is_done(), head, version);
  }
  const auto call = std::get<std::shared_ptr<RestCall>>(begun);
  if (parser.content_length().value_or(0) > shared_.options.max_body_bytes) {
    auto response = shared_.rest.Fail(call.get(), 413, "BODY_TOO_LARGE", "The body is too large.");
    co_return co_await Write(std::move(response), false, head, version);
  }
  const std::size_t expected =
      parser.is_done() ? 0
                       : static_cast<std::size_t>(
                             parser.content_length().value_or(shared_.options.max_body_bytes));
  const BodyShare share(shared_, expected);
  if (!share.granted()) {
    auto response = shared_.rest.Fail(call.get(), 503, "OVERLOADED", "Too many bodies at once.");
    co_return co_await Write(std::move(response), false, head, version);
  }
  if (auto failed = co_await ReadBody(parser, *call)) {
    co_return co_await Write(*std::move(failed), false, head, version);
  }
  if (call->streaming()) co_return co_await ServeStream(call, head, version);
  HttpResponse response = co_await Complete(call, std::move(parser.get().body()));
  co_return co_await Write(std::move(response), keep_alive && !shared_.stopping, head, version);
}

asio::awaitable<HttpResponse> HttpSession::Complete(std::shared_ptr<RestCall> call,
                                                    std::string body) {
  stream_.expires_never();
  WatchForDisconnect(call);
  current_ = call;
  HttpResponse response =
      co_await asio::async_initiate<decltype(asio::use_awaitable), void(HttpResponse)>(
          [&](auto handler) {
            // std::function wants something copyable.
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            shared_.rest.Complete(call, body, [shared](HttpResponse answer) {
              const auto executor = asio::get_associated_executor(*shared);
              asio::post(executor, [shared, answer = std::move(answer)]() mutable {
                (*shared)(std::move(answer));
              });
            });
          },
          asio::use_awaitable);
  current_.reset();
  stream_.cancel();  // the watch
  co_return response;
}

// A readable socket whose peek finds nothing has been closed by the other side, one that fails was
// reset. A client that pipelines is not watched further for this request.
void HttpSession::WatchForDisconnect(const std::shared_ptr<RestCall>& call) {
  auto& socket = stream_.socket();
  socket.async_wait(asio::ip::tcp::socket::wait_read,
                    [call, descriptor = socket.native_handle()](boost::system::error_code error) {
                      if (error) return;
                      char byte = 0;
                      const ssize_t found = recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
                      const bool empty = found < 0 && (errno == EAGAIN || errno == EINTR);
                      if (found <= 0 && !empty) call->Cancel();
                    });
}

asio::awaitable<bool> HttpSession::Write(HttpResponse response, bool keep_alive, bool head,
                                         unsigned version) {
  if (aborted_) co_return false;
  http::response<http::string_body> message{static_cast<http::status>(response.status), version};
  if (response.status == 499) message.reason("Client Closed Request");
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) message.content_length(message.body().size());
  stream_.expires_after(shared_.options.write_timeout);
  http::response_serializer<http::string_body> serializer(message);
  if (head || bodiless) {
    const auto [error, count] = co_await http::async_write_header(stream_, serializer, kAwait);
    co_return !error && keep_alive;
  }
  const auto [error, count] = co_await http::async_write(stream_, serializer, kAwait);
  co_return !error && keep_alive;
}

}  // namespace vardkedja::gateway
