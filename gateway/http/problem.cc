#include "gateway/http/problem.h"

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "lib/rpc/error_details.h"
#include "lib/status/reason_texts.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using Json = nlohmann::ordered_json;

struct Title {
  const char* sv;
  const char* en;
};

// Reasons that deserve a title of their own; the others take that of their HTTP status.
const std::map<std::string_view, Title>& TitlesByReason() {
  static const auto* const kTitles = new std::map<std::string_view, Title>{
      {"FIELD_VIOLATIONS", {"Uppgifterna är inte giltiga", "The request is not valid"}},
      {"STALE_ETAG", {"Uppgifterna har ändrats av någon annan", "Changed by someone else"}},
      {"REQUEST_ID_REUSED",
       {"Begärans id har använts till något annat", "The request id was used for another request"}},
      {"NO_GROUND", {"Samtycke eller annan rättslig grund saknas", "No consent or legal ground"}},
      {"TOKEN_MISSING", {"Inloggning krävs", "A token is needed"}},
      {"TOKEN_INVALID", {"Inloggningen är inte giltig", "The token is not valid"}},
      {"TOKEN_EXPIRED", {"Inloggningen har gått ut", "The token has expired"}},
      {"ASSURANCE_TOO_LOW", {"Starkare inloggning krävs", "A stronger login is needed"}},
      {"ROLE_NOT_ALLOWED", {"Din roll får inte göra detta", "The role may not do this"}},
      {"UNIT_NOT_YOURS", {"Du företräder inte den enheten", "The unit is not yours to act for"}},
      {"RATE_LIMITED", {"För många anrop", "Too many calls"}},
      {"OVERLOADED", {"Tjänsten är överbelastad", "The service is overloaded"}},
      {"IDENTITY_NUMBER_IN_URL",
       {"Personnummer får inte stå i adressen", "No identity numbers in a URL"}},
  };
  return *kTitles;
}

// What is refused because of the state of things was understood, though its status is 400 too.
Title TitleOf(int http_status, absl::StatusCode code) {
  if (code == absl::StatusCode::kFailedPrecondition) {
    return {"Åtgärden går inte att göra nu", "Not possible in the present state"};
  }
  switch (http_status) {
    case 400:
      return {"Begäran går inte att förstå", "Bad request"};
    case 401:
      return {"Inloggning krävs", "Unauthorized"};
    case 403:
      return {"Åtkomst nekas", "Forbidden"};
    case 404:
      return {"Finns inte", "Not found"};
    case 405:
      return {"Metoden stöds inte här", "Method not allowed"};
    case 408:
      return {"Begäran tog för lång tid att ta emot", "Request timeout"};
    case 409:
      return {"Begäran står i konflikt med nuläget", "Conflict"};
    case 412:
      return {"Uppgifterna har ändrats", "Precondition failed"};
    case 413:
      return {"Begäran är för stor", "Content too large"};
    case 415:
      return {"Innehållstypen stöds inte", "Unsupported media type"};
    case 429:
      return {"För många anrop", "Too many requests"};
    case 431:
      return {"Begärans rubriker är för stora", "Request header fields too large"};
    case 499:
      return {"Anroparen avbröt", "Client closed request"};
    case 501:
      return {"Finns inte ännu", "Not implemented"};
    case 503:
      return {"Tjänsten går inte att nå just nu", "Service unavailable"};
    case 504:
      return {"Tjänsten svarade inte i tid", "Gateway timeout"};
    default:
      return {"Ett fel har inträffat", "Internal server error"};
  }
}

std::string Kebab(std::string_view reason) {
  std::string out(reason);
  for (char& c : out) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool HasReason(const absl::Status& status, std::string_view reason) {
  const auto detail = GetErrorDetail(status);
  return detail.has_value() && detail->reason == reason;
}

Json ViolationsOf(const ErrorDetail& detail) {
  Json list = Json::array();
  for (const FieldViolation& violation : detail.violations) {
    list.push_back({{"field", JsonFieldPath(violation.field)},
                    {"rule", violation.rule},
                    {"en", violation.en},
                    {"sv", violation.sv}});
  }
  return list;
}

void AddHeaders(HttpResponse& response, const ErrorDetail& detail) {
  if (response.status == 401) {
    std::string challenge = "Bearer realm=\"vardkedja\"";
    if (detail.reason != "TOKEN_MISSING") challenge += ", error=\"invalid_token\"";
    response.headers.emplace_back("WWW-Authenticate", challenge);
  }
  if (detail.retry_after.has_value()) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*detail.retry_after);
    response.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
  }
}

}  // namespace

std::string JsonFieldPath(std::string_view proto_path) {
  std::string out;
  for (std::size_t i = 0; i < proto_path.size(); ++i) {
    const bool joint = proto_path[i] == '_' && i + 1 < proto_path.size() &&
                       proto_path[i + 1] >= 'a' && proto_path[i + 1] <= 'z';
    if (joint) {
      out += static_cast<char>(proto_path[++i] - 'a' + 'A');
    } else {
      out += proto_path[i];
    }
  }
  return out;
}

int HttpStatusOf(const absl::Status& status, bool conditional) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAborted:
      return conditional && HasReason(status, "STALE_ETAG") ? 412 : 409;
    case absl::StatusCode::kAlreadyExists:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return HasReason(status, "MESSAGE_TOO_LARGE") ? 413 : 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

HttpResponse MakeProblem(const absl::Status& status, std::string_view call_id, bool conditional,
                         std::optional<int> http_status) {
  HttpResponse response;
  response.status = http_status.value_or(HttpStatusOf(status, conditional));
  ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  if (detail.reason.empty()) {
    detail.reason = rpc::CodeName(status.code());
  }
  const auto named = TitlesByReason().find(detail.reason);
  const Title title =
      named == TitlesByReason().end() ? TitleOf(response.status, status.code()) : named->second;
  const std::string_view text = SwedishText(detail.reason);
  Json body = {{"type", "urn:vardkedja:problem:" + Kebab(detail.reason)},
               {"title", title.sv},
               {"titleEn", title.en},
               {"status", response.status},
               {"detail", std::string(text.empty() ? title.sv : text)},
               {"detailEn", std::string(ToStd(status.message()))},
               {"instance", "urn:uuid:" + std::string(call_id)},
               {"reason", detail.reason}};
  if (!detail.metadata.empty()) body["metadata"] = detail.metadata;
  if (!detail.violations.empty()) body["violations"] = ViolationsOf(detail);
  // Texts of a service are UTF-8; should one not be, the answer still must be.
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  response.headers.emplace_back("Content-Type", "application/problem+json; charset=utf-8");
  AddHeaders(response, detail);
  return response;
}

}  // namespace vardkedja::gateway
