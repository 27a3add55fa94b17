#include "gateway/http/rest.h"

#include <grpcpp/support/slice.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/call_report.h"
#include "gateway/http/url.h"
#include "lib/rpc/grpc_status.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using boost::beast::http::field;

std::string_view ToView(boost::beast::string_view text) { return {text.data(), text.size()}; }

constexpr std::string_view kBytes = "application/octet-stream";

// Headers that mean something here and must not be given twice.
constexpr std::array<std::string_view, 12> kSingleHeaders = {
    "authorization", "x-acting-unit", "x-purpose", "x-request-id",
    "traceparent",   "content-type",  "if-match",  "idempotency-key",
    "if-none-match", "last-event-id", "range",     "if-range"};

std::string_view HeaderValue(const HttpHeader& header, std::string_view name) {
  const auto found = header.find(boost::beast::string_view(name.data(), name.size()));
  return found == header.end() ? std::string_view() : ToView(found->value());
}

CallHeaders HeadersOf(const HttpHeader& header) {
  return {.authorization = HeaderValue(header, "authorization"),
          .acting_unit = HeaderValue(header, "x-acting-unit"),
          .purpose = HeaderValue(header, "x-purpose"),
          .request_id = HeaderValue(header, "x-request-id"),
          .traceparent = HeaderValue(header, "traceparent")};
}

bool HasRepeatedHeader(const HttpHeader& header) {
  return std::any_of(kSingleHeaders.begin(), kSingleHeaders.end(), [&](std::string_view name) {
    return header.count(boost::beast::string_view(name.data(), name.size())) > 1;
  });
}

bool HasContent(const HttpHeader& header) {
  const std::string_view length = HeaderValue(header, "content-length");
  return (!length.empty() && length != "0") || header.count(field::transfer_encoding) > 0;
}

// application/json, with charset utf-8 or none.
bool IsJson(std::string_view content_type) {
  std::string text;
  for (const char c : content_type) {
    if (c == ' ' || c == '"') continue;
    text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text == "application/json" || text == "application/json;charset=utf-8";
}

bool HoldsIdentityNumber(const Target& target) {
  return std::any_of(target.segments.begin(), target.segments.end(), LooksLikeIdentityNumber) ||
         std::any_of(target.query.begin(), target.query.end(), [](const auto& parameter) {
           return LooksLikeIdentityNumber(parameter.second);
         });
}

std::string AllowedVerbs(std::vector<std::string> verbs) {
  if (std::find(verbs.begin(), verbs.end(), "GET") != verbs.end()) verbs.push_back("HEAD");
  verbs.push_back("OPTIONS");
  std::string text;
  for (const std::string& verb : verbs) text += (text.empty() ? "" : ", ") + verb;
  return text;
}

HttpResponse JsonDocument(const std::string& body) {
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  response.headers.emplace_back("Cache-Control", "max-age=300");
  response.body = body;
  return response;
}

// The national REST API profile's description of an API.
std::string ApiInfo(const std::string& version) {
  const nlohmann::ordered_json info = {{"apiName", "vardkedja"},
                                       {"apiVersion", version},
                                       {"apiReleased", "2026-11-21"},
                                       {"apiDocumentation", "/openapi.json"},
                                       {"apiStatus", "beta"}};
  return info.dump();
}

absl::Status Invalid(std::string_view reason, std::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message, reason);
}

}  // namespace

void RestCall::Cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (started_) context_.TryCancel();
}

Rest::Rest(const EdgeParts& parts, std::string openapi, std::string version)
    : parts_(parts),
      router_(parts.contract),
      transcoder_(parts.contract),
      openapi_(std::move(openapi)),
      api_info_(ApiInfo(version)) {}

void Rest::Report(const RestCall& call, const absl::Status& status) {
  ReportCall({.method = call.report_name_,
              .ids = call.ids_,
              .organisation = call.admitted_ ? std::string_view(call.admitted_->organisation) : "",
              .unit = call.admitted_ ? std::string_view(call.admitted_->acting_unit) : "",
              .started_at = call.started_at_},
             status, parts_.metrics);
}

// What every answer carries.
HttpResponse Rest::Finish(RestCall& call, HttpResponse response) {
  response.headers.emplace_back("X-Request-Id", call.ids_.call_id);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  const bool cacheable =
      std::any_of(response.headers.begin(), response.headers.end(),
                  [](const auto& header) { return header.first == "Cache-Control"; });
  if (!cacheable) response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HttpResponse Rest::Refuse(RestCall& call, const absl::Status& status,
                          std::optional<int> http_status) {
  Report(call, status);
  const bool conditional = !call.input_.if_match.empty();
  return Finish(call, MakeProblem(status, call.ids_.call_id, conditional, http_status));
}

HttpResponse Rest::Fail(RestCall* call, int http_status, std::string_view reason,
                        std::string_view message) {
  RestCall unknown;
  if (call == nullptr) {
    unknown.started_at_ = std::chrono::steady_clock::now();
    unknown.ids_ = Identify({});
    call = &unknown;
  }
  return Refuse(*call, Invalid(reason, message), http_status);
}

std::variant<HttpResponse, std::shared_ptr<RestCall>> Rest::Begin(const HttpHeader& header) {
  auto call = std::make_shared<RestCall>();
  call->started_at_ = std::chrono::steady_clock::now();
  const CallHeaders headers = HeadersOf(header);
  call->ids_ = Identify(headers);
  if (HasRepeatedHeader(header)) {
    return Refuse(*call, Invalid("HEADER_REPEATED", "A header that may stand once stands twice."));
  }
  if (auto answer = FindRoute(*call, header)) return *std::move(answer);
  const Method& method = *call->binding_->method;
  auto admitted = parts_.admission.Admit(method, headers, call->ids_, std::nullopt);
  if (!admitted.ok()) return Refuse(*call, admitted.status());
  call->admitted_ = *std::move(admitted);
  if (auto answer = CheckContent(*call, header)) return *std::move(answer);
  call->input_.if_match = HeaderValue(header, "if-match");
  call->input_.idempotency_key = HeaderValue(header, "idempotency-key");
  call->input_.last_event_id = HeaderValue(header, "last-event-id");
  // No file has a validator here, so a condition on one is never met: then the whole is asked for.
  if (HeaderValue(header, "if-range").empty()) call->input_.range = HeaderValue(header, "range");
  if (header.method() == boost::beast::http::verb::get) {
    call->if_none_match_ = HeaderValue(header, "if-none-match");
  }
  return call;
}

std::optional<HttpResponse> Rest::FindRoute(RestCall& call, const HttpHeader& header) {
  auto target = ParseTarget(ToView(header.target()));
  if (!target.has_value()) {
    return Refuse(call, Invalid("MALFORMED_URL", "The URL is malformed."));
  }
  if (HoldsIdentityNumber(*target)) {
    return Refuse(call, Invalid("IDENTITY_NUMBER_IN_URL",
                                "An identity number must not stand in a URL: it would be logged."));
  }
  const std::string verb(ToView(header.method_string()));
  if (auto document = ServeDocument(call, verb, target->segments)) return document;
  RouteResult route = router_.Find(verb == "HEAD" ? "GET" : verb, target->segments);
  if (route.binding == nullptr) {
    if (route.allowed.empty()) {
      return Refuse(call, MakeError(absl::StatusCode::kNotFound, "No such path.", "NO_SUCH_PATH"));
    }
    const std::string allowed = AllowedVerbs(std::move(route.allowed));
    HttpResponse response;
    if (verb == "OPTIONS") {
      response.status = 204;
      response = Finish(call, std::move(response));
    } else {
      response = Refuse(call, Invalid("METHOD_NOT_ALLOWED", "The path takes other methods."), 405);
    }
    response.headers.emplace_back("Allow", allowed);
    return response;
  }
  call.binding_ = route.binding;
  call.report_name_ = route.binding->verb + " " + route.binding->path.text();
  call.input_.path_values = std::move(route.values);
  call.input_.query = std::move(target->query);
  return std::nullopt;
}

std::optional<HttpResponse> Rest::ServeDocument(RestCall& call, std::string_view verb,
                                                const std::vector<std::string>& segments) {
  if (segments.size() != 1 || (segments[0] != "api-info" && segments[0] != "openapi.json")) {
    return std::nullopt;
  }
  call.report_name_ = "GET /" + segments[0];
  if (verb != "GET" && verb != "HEAD") {
    HttpResponse response;
    if (verb == "OPTIONS") {
      response.status = 204;
      response = Finish(call, std::move(response));
    } else {
      response = Refuse(call, Invalid("METHOD_NOT_ALLOWED", "The path takes other methods."), 405);
    }
    response.headers.emplace_back("Allow", AllowedVerbs({"GET"}));
    return response;
  }
  Report(call, absl::OkStatus());
  return Finish(call, JsonDocument(segments[0] == "api-info" ? api_info_ : openapi_));
}

std::optional<HttpResponse> Rest::CheckContent(RestCall& call, const HttpHeader& header) {
  if (!HasContent(header)) return std::nullopt;
  if (!call.binding_->HasBody()) {
    return Refuse(call, Invalid("BODY_NOT_ALLOWED", "This request has no body."));
  }
  if (header.count(field::content_encoding) > 0) {
    return Refuse(call, Invalid("CONTENT_ENCODING", "Encoded bodies are not taken."), 415);
  }
  if (call.binding_->raw_body) {
    if (HeaderValue(header, "content-type") == kBytes) return std::nullopt;
    return Refuse(call, Invalid("CONTENT_TYPE", "The body must be application/octet-stream."), 415);
  }
  if (!IsJson(HeaderValue(header, "content-type"))) {
    return Refuse(call, Invalid("CONTENT_TYPE", "The body must be application/json in UTF-8."),
                  415);
  }
  return std::nullopt;
}

void Rest::Complete(const std::shared_ptr<RestCall>& call, std::string_view body,
                    std::function<void(HttpResponse)> done) {
  call->input_.body = body;
  const auto request = transcoder_.ToRequest(*call->binding_, call->input_);
  call->input_.body = {};
  if (!request.ok()) return done(Refuse(*call, request.status()));
  const grpc::Slice slice(*request);
  {
    const std::lock_guard lock(call->mutex_);
    call->started_ = true;
    if (call->cancelled_) call->context_.TryCancel();
  }
  parts_.upstreams.Call(*call->admitted_, call->context_, grpc::ByteBuffer(&slice, 1),
                        [this, call, done = std::move(done)](const grpc::Status& status,
                                                             const grpc::ByteBuffer& bytes) {
                          done(Answer(*call, status, bytes));
                        });
}

HttpResponse Rest::Answer(RestCall& call, const grpc::Status& upstream,
                          const grpc::ByteBuffer& bytes) {
  bool cancelled = false;
  {
    const std::lock_guard lock(call.mutex_);
    cancelled = call.cancelled_;
  }
  const grpc::Status status = NormaliseUpstream(upstream, cancelled, call.ids_.call_id);
  if (!status.ok()) return Refuse(call, rpc::FromGrpc(status));
  auto output = transcoder_.ToResponse(*call.binding_->method, BytesOf(bytes));
  if (!output.ok()) {
    return Refuse(call, rpc::FromGrpc(rpc::ToGrpc(output.status(), call.ids_.call_id)));
  }
  Report(call, absl::OkStatus());
  HttpResponse response;
  if (!output->etag.empty()) {
    const std::string tag = "\"" + output->etag + "\"";
    response.headers.emplace_back("ETag", tag);
    if (call.if_none_match_ == tag) {
      response.status = 304;
      return Finish(call, std::move(response));
    }
  }
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  response.body = std::move(output->json);
  return Finish(call, std::move(response));
}

}  // namespace vardkedja::gateway
