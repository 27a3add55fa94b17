#include "tests/e2e/rest_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

#include "absl/strings/ascii.h"

namespace vardkedja::e2e {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint64_t kMaxBodyBytes = 64 << 20;

http::request<http::string_body> ToBeast(std::string_view address, const RestRequest& request) {
  http::request<http::string_body> out{http::string_to_verb(request.method), request.target, 11};
  out.set(http::field::host, std::string(address));
  for (const auto& [name, value] : request.headers) out.set(name, value);
  if (!request.body.empty()) {
    if (!out.count(http::field::content_type))
      out.set(http::field::content_type, "application/json");
    out.body() = request.body;
  }
  out.prepare_payload();
  return out;
}

}  // namespace

RestReply CallRest(std::string_view address, const RestRequest& request) {
  const auto colon = address.rfind(':');
  asio::io_context context;
  beast::tcp_stream stream(context);
  const asio::ip::tcp::endpoint endpoint(
      asio::ip::make_address(std::string(address.substr(0, colon))),
      static_cast<unsigned short>(std::stoi(std::string(address.substr(colon + 1)))));
  beast::error_code error;
  stream.expires_after(std::chrono::seconds(35));
  stream.connect(endpoint, error);
  if (error) return {};
  const auto message = ToBeast(address, request);
  http::write(stream, message, error);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> response;
  response.body_limit(kMaxBodyBytes);
  if (!error || error == http::error::end_of_stream) http::read(stream, buffer, response, error);
  if (error) return {};
  RestReply reply;
  reply.status = static_cast<int>(response.get().result_int());
  for (const auto& field : response.get()) {
    const std::string name(field.name_string());
    reply.headers[absl::AsciiStrToLower(name)] = std::string(field.value());
  }
  reply.body = std::move(response.get().body());
  return reply;
}

}  // namespace vardkedja::e2e
