#include "tests/e2e/event_source.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <sstream>

namespace vardkedja::e2e {
namespace {

namespace asio = boost::asio;

constexpr timeval kPatienceOfReads{30, 0};

}  // namespace

struct EventSource::Connection {
  asio::io_context context;
  asio::ip::tcp::socket socket{context};
};

EventSource::EventSource(std::string_view address, const RestRequest& request)
    : connection_(std::make_unique<Connection>()) {
  const auto colon = address.rfind(':');
  const asio::ip::tcp::endpoint endpoint(
      asio::ip::make_address(std::string(address.substr(0, colon))),
      static_cast<unsigned short>(std::stoi(std::string(address.substr(colon + 1)))));
  boost::system::error_code error;
  connection_->socket.connect(endpoint, error);
  if (error) return;
  setsockopt(connection_->socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &kPatienceOfReads,
             sizeof kPatienceOfReads);
  std::string text = request.method + " " + request.target +
                     " HTTP/1.1\r\nHost: localhost\r\n"
                     "Connection: close\r\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
  asio::write(connection_->socket, asio::buffer(text + "\r\n"), error);
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return;
  }
  status_ = std::stoi(buffer_.substr(buffer_.find(' ') + 1, 3));
  buffer_.erase(0, end + 4);
  while (status_ != 200 && Fill()) {
  }
}

EventSource::~EventSource() = default;

bool EventSource::Fill() {
  std::array<char, 4096> bytes;
  const ssize_t count = recv(connection_->socket.native_handle(), bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<ServerEvent> EventSource::Next() {
  for (;;) {
    std::size_t end = 0;
    while ((end = buffer_.find("\n\n")) == std::string::npos) {
      if (!Fill()) return std::nullopt;
    }
    std::istringstream lines(buffer_.substr(0, end));
    buffer_.erase(0, end + 2);
    ServerEvent event;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("id: ", 0) == 0) event.id = line.substr(4);
      if (line.rfind("event: ", 0) == 0) event.name = line.substr(7);
      if (line.rfind("data: ", 0) == 0) event.data = line.substr(6);
    }
    if (!event.data.empty()) return event;
  }
}

}  // namespace vardkedja::e2e
