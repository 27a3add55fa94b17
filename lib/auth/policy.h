// One table of role x method for the whole suite, read from the `vardkedja.common.v1.access`
// option of the methods linked into the program. A method without a rule can be called by nobody.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "lib/auth/call_context.h"

namespace vardkedja::auth {

struct AccessRule {
  std::set<Role> roles;
  Assurance minimum_assurance = Assurance::kUnspecified;
  bool internal = false;  // other services only, by mTLS; roles do not count
  bool write = false;     // the request must carry request_id

  bool operator==(const AccessRule&) const = default;
};

// Immutable, thread-safe. Methods are written as on the wire: "/package.Service/Method".
class Policy {
 public:
  // The rules of every method whose generated code is linked into this program and whose package
  // begins with "vardkedja.". A program that uses a service's stubs has that service's rules.
  static Policy FromDescriptors();
  explicit Policy(std::map<std::string, AccessRule, std::less<>> rules);

  // Null when the method has no rule.
  const AccessRule* Find(std::string_view method) const;

  // May this principal, acting for this unit, call the method? OK, or PERMISSION_DENIED with reason
  // UNIT_NOT_YOURS, ROLE_NOT_ALLOWED (also without a rule, and for internal methods) or
  // ASSURANCE_TOO_LOW. Which objects it may see is asked elsewhere.
  absl::Status Check(std::string_view method, const Principal& principal,
                     std::string_view acting_unit) const;

  // May another service, proven by its certificate, call the method? Only internal ones.
  absl::Status CheckPeer(std::string_view method) const;

  const std::map<std::string, AccessRule, std::less<>>& rules() const { return rules_; }

 private:
  std::map<std::string, AccessRule, std::less<>> rules_;
};

// All methods linked into the program, with or without a rule; for tests.
std::vector<std::string> LinkedMethods();

// The table role x method as Markdown, for docs/access.md.
std::string AccessMatrix(const Policy& policy);

}  // namespace vardkedja::auth
