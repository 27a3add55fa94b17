#include "gateway/http/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/http/session.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Strand = asio::strand<asio::io_context::executor_type>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
// After a failed accept (out of descriptors, say) the listener rests for this long.
constexpr std::chrono::milliseconds kAcceptRest{50};

absl::StatusOr<tcp::endpoint> ParseEndpoint(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon != std::string::npos) {
    std::string host = listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host, error);
    const std::string port = listen.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 &&
                        port.find_first_not_of("0123456789") == std::string::npos;
    if (!error && digits && std::stoi(port) <= 65535) {
      return tcp::endpoint(address, static_cast<std::uint16_t>(std::stoi(port)));
    }
  }
  return absl::InvalidArgumentError(ToAbsl("not an address and port: " + listen));
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(const HttpOptions& options, Rest& rest)
      : options_(options), shared_{options_, rest}, acceptor_(asio::make_strand(context_)) {}
  ~Impl() { Shutdown(std::chrono::steady_clock::now()); }

  absl::Status Start() {
    VK_ASSIGN_OR_RETURN(const tcp::endpoint endpoint, ParseEndpoint(options_.listen));
    boost::system::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return absl::UnavailableError(ToAbsl("cannot listen for HTTP on " + options_.listen));
    }
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(acceptor_.get_executor(), Accept(), asio::detached);
    for (int i = 0; i < options_.threads; ++i) {
      threads_.emplace_back([this] { context_.run(); });
    }
    return absl::OkStatus();
  }

  void Shutdown(std::chrono::steady_clock::time_point deadline) {
    if (shared_.stopping.exchange(true)) return;
    asio::post(acceptor_.get_executor(), [this] { acceptor_.close(); });
    ForEach([](HttpSession& session) { session.CloseIfIdle(); });
    {
      std::unique_lock lock(mutex_);
      const auto none = [this] { return sessions_.empty(); };
      gone_.wait_until(lock, deadline, none);
    }
    ForEach([](HttpSession& session) { session.Close(); });
    {
      std::unique_lock lock(mutex_);
      gone_.wait(lock, [this] { return sessions_.empty(); });
    }
    for (std::thread& thread : threads_) thread.join();
  }

  int port() const { return port_; }

  int connections() {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(sessions_.size());
  }

 private:
  asio::awaitable<void> Accept() {
    while (!shared_.stopping) {
      const Strand strand = asio::make_strand(context_);
      auto [error, socket] = co_await acceptor_.async_accept(strand, kAwait);
      if (shared_.stopping) co_return;
      if (error) {
        asio::steady_timer rest(acceptor_.get_executor(), kAcceptRest);
        co_await rest.async_wait(kAwait);
        continue;
      }
      if (connections() >= options_.max_connections) continue;  // closes the socket
      auto session = std::make_shared<HttpSession>(std::move(socket), shared_);
      {
        const std::lock_guard lock(mutex_);
        sessions_.emplace(session.get(), Entry{session, strand});
      }
      asio::co_spawn(strand, Serve(session), asio::detached);
    }
  }

  asio::awaitable<void> Serve(std::shared_ptr<HttpSession> session) {
    co_await session->Run();
    const std::lock_guard lock(mutex_);
    sessions_.erase(session.get());
    gone_.notify_all();
  }

  void ForEach(void (*act)(HttpSession&)) {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, entry] : sessions_) {
      asio::post(entry.strand, [act, session = entry.session] { act(*session); });
    }
  }

  struct Entry {
    std::shared_ptr<HttpSession> session;
    Strand strand;
  };

  const HttpOptions options_;
  HttpShared shared_;
  asio::io_context context_;
  tcp::acceptor acceptor_;
  int port_ = 0;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable gone_;
  std::unordered_map<HttpSession*, Entry> sessions_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpOptions& options,
                                                              Rest& rest) {
  auto impl = std::make_unique<Impl>(options, rest);
  const absl::Status started = impl->Start();
  if (!started.ok()) return started;
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

void HttpServer::Shutdown(std::chrono::steady_clock::time_point deadline) {
  impl_->Shutdown(deadline);
}
int HttpServer::port() const { return impl_->port(); }
int HttpServer::connections() const { return impl_->connections(); }

}  // namespace vardkedja::gateway
