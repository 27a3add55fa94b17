// One row of the audit trail: who read or wrote what, as which unit, why, and by which rule
// (domain.md, 5: "every disclosure and write of personal data is logged before the answer leaves").
// A plain value: no SQL, no gRPC.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/auth/call_context.h"
#include "lib/time/time.h"

namespace vardkedja::audit {

// Ids and codes only: never a name, an identity number or free text.
struct Entry {
  Instant at{};                           // domain time of the call
  std::string organisation;               // "alvesta"
  std::string unit;                       // the acting unit
  std::set<auth::Role> roles;             // of the principal
  std::string subject;                    // opaque subject of the token, or "system:<service>"
  std::optional<std::string> acting_for;  // the seat a deputy or member acts for
  std::string purpose;                    // "case_work"
  std::optional<std::string> case_id;     // none when the row is about no case
  std::string action;                     // method or job, "ReferralService/SubmitReferral"
  std::string resource_id;                // what was read or written
  std::string rule_id;                    // the rule that decided, "owner", "deny"
  bool permitted = false;
  std::string call_id;               // joins the row with the log lines of the call
  std::vector<std::string> details;  // codes, for example "categories=identity"

  bool operator==(const Entry&) const = default;
};

// Fills who, why and when from the call; the caller adds case, rule and outcome. For an internal
// call the subject is "system:<peer>" and the unit is left for the caller to set.
Entry MakeEntry(const auth::CallContext& context, std::string_view resource_id);

// How the two lists are stored: comma-separated, roles by their lower-case names in enum order.
std::string RolesText(const Entry& entry);
std::string DetailsText(const Entry& entry);

}  // namespace vardkedja::audit
