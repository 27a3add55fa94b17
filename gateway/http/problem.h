// Errors of the REST edge: RFC 9457 problem details, with Swedish texts for people and English ones
// beside them for engineers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace vardkedja::gateway {

// An answer of the REST edge.
struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// The HTTP status of a gRPC status and reason. `conditional` is true when the request carried
// If-Match: a stale etag is then 412, else 409.
int HttpStatusOf(const absl::Status& status, bool conditional);

// An answer with an application/problem+json body:
//   type      urn:vardkedja:problem:<reason in kebab case>
//   title     Swedish, titleEn English
//   status
//   detail    Swedish, by reason (docs/errors.md); detailEn what the service says; no person's name
//   instance  urn:uuid:<call id>, never the path, which could hold personal data
//   reason, metadata {...} when there is one, violations [{field, rule, en, sv}] when there are
// and the headers the status asks for: WWW-Authenticate, Retry-After (whole seconds, rounded up).
// `status` is not OK. `http_status` replaces the status that follows from the code, for errors
// that only HTTP knows (405, 413, 415, 431).
HttpResponse MakeProblem(const absl::Status& status, std::string_view call_id,
                         bool conditional = false, std::optional<int> http_status = std::nullopt);

// "form.person.identity_number" -> "form.person.identityNumber": services name fields as the protos
// do, JSON in camel case.
std::string JsonFieldPath(std::string_view proto_path);

}  // namespace vardkedja::gateway
