// One connection: requests one after another, each with its own time bounds. Used by server.cc
// only.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "gateway/http/server.h"

namespace vardkedja::gateway {

// What the connections of a server share.
struct HttpShared {
  const HttpOptions& options;
  Rest& rest;
  std::atomic<std::size_t> bodies_bytes{0};
  std::atomic<bool> stopping{false};
};

class HttpSession {
 public:
  // `shared` outlives it.
  HttpSession(boost::asio::ip::tcp::socket socket, HttpShared& shared);

  // Serves until the connection ends. Runs on the socket's strand.
  boost::asio::awaitable<void> Run();

  // Closes the connection now, or only when it waits for a request. On the socket's strand.
  void Close();
  void CloseIfIdle();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  // Each is false when the connection is over.
  boost::asio::awaitable<bool> ServeOne();
  boost::asio::awaitable<bool> WaitForRequest();
  boost::asio::awaitable<bool> ReadHeader(Parser& parser);
  boost::asio::awaitable<std::optional<HttpResponse>> ReadBody(Parser& parser, RestCall& call);
  // Streams, in session_stream.cc.
  struct Stream;
  boost::asio::awaitable<bool> ServeStream(std::shared_ptr<RestCall> call, bool head,
                                           unsigned version);
  boost::asio::awaitable<void> AwaitUpstream(Stream& stream);
  boost::asio::awaitable<void> Send(Stream& stream, std::string bytes);
  boost::asio::awaitable<bool> Close(Stream& stream);

  boost::asio::awaitable<HttpResponse> Complete(std::shared_ptr<RestCall> call, std::string body);
  boost::asio::awaitable<bool> Write(HttpResponse response, bool keep_alive, bool head,
                                     unsigned version);
  boost::asio::awaitable<void> Linger();
  void WatchForDisconnect(const std::shared_ptr<RestCall>& call);

  boost::beast::tcp_stream stream_;
  HttpShared& shared_;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<RestCall> current_;  // while its answer is awaited
  bool idle_ = true;
  bool aborted_ = false;
};

}  // namespace vardkedja::gateway
