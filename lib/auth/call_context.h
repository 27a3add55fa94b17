// Who calls, as which unit, why, and until when. Free of gRPC and SQL so that use cases can take
// it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "lib/time/time.h"

namespace vardkedja::auth {

// Numbered as vardkedja.common.v1.Role.
enum class Role {
  kUnspecified = 0,
  kSocialWorker = 1,
  kDecider = 2,
  kBoardMember = 3,
  kBoardDeputy = 4,
  kContactPerson = 5,
  kClinician = 6,
  kFacilityStaff = 7,
  kChildRepresentative = 8,
  kStatistician = 9,
  kAuditor = 10,
  kOperator = 11,
  kSystem = 12,
};

// Numbered as vardkedja.common.v1.AssuranceLevel.
enum class Assurance { kUnspecified = 0, kLow = 1, kSubstantial = 2, kHigh = 3 };

// The verified token (domain.md, 2). Immutable once made.
struct Principal {
  std::string organisation;         // "alvesta"
  std::set<std::string> units;      // the units the token may act for; never empty
  std::set<Role> roles;             // never empty
  std::string subject;              // opaque id of the person or system; never a name
  std::optional<std::string> seat;  // board members and deputies: "ekeliden" or "novus"
  Assurance assurance = Assurance::kUnspecified;
  Instant expires_at{};        // real time
  std::string default_unit{};  // acts for this one when the call names none; one of `units`

  bool Has(Role role) const { return roles.contains(role); }
};

// What makes a repeated write recognisable. Filled by the adapter for every method whose access
// rule says `write`.
struct RequestKey {
  std::string principal;  // "organisation/unit/subject"
  std::string method;
  std::string request_id;   // a UUID chosen by the client
  std::string fingerprint;  // keyed hash of the request's bytes

  bool operator==(const RequestKey&) const = default;
};

// One call. `now` is domain time, read once at arrival and used by everything below.
struct CallContext {
  Principal principal;
  std::string acting_unit;  // one of principal.units, from x-acting-unit
  std::string purpose;      // from x-purpose; "case_work" when absent
  std::string method;       // "/vardkedja.referral.v1.ReferralService/SubmitReferral"
  std::string call_id;      // x-request-id of the hop chain, for logs; not the idempotency id
  std::string traceparent;  // W3C
  std::optional<std::string>
      peer_service;                       // set for internal calls: "placement"; then no principal
  std::optional<RequestKey> request_key;  // always set for write methods
  Instant now{};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::function<bool()> cancelled = [] { return false; };
};

}  // namespace vardkedja::auth
