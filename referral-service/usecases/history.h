// "Who has read this?": the audit trail of one case, for its owner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/desk.h"
#include "lib/audit/trail.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// The permitted rows of one unit that agree in rule, purpose and categories.
struct DisclosureRecord {
  std::int64_t first_position = 0;
  std::string organisation_id;
  std::string unit_id;
  std::string rule_id;
  std::string purpose;
  std::vector<std::string> categories;
  Instant first_at{};
  Instant last_at{};
  std::int64_t times = 0;
};

class HistoryStore {
 public:
  virtual ~HistoryStore() = default;

  // What other units than `owner_unit_id` received; those whose first row stands after a
  // position.
  virtual absl::StatusOr<std::vector<DisclosureRecord>> Disclosures(
      const auth::CallContext& context, std::string_view referral_id,
      std::string_view owner_unit_id, std::int64_t after, int limit) = 0;
};

class ListReads {
 public:
  ListReads(CaseDoor& door, audit::Trail& trail) : door_(door), trail_(trail) {}
  // NotFound() to others than the owner.
  absl::StatusOr<audit::TrailPage> Run(const auth::CallContext& context,
                                       const std::string& referral_id, const Page& page);

 private:
  CaseDoor& door_;
  audit::Trail& trail_;
};

struct DisclosurePage {
  std::vector<DisclosureRecord> disclosures;
  std::string next;
};

class ListDisclosures {
 public:
  ListDisclosures(CaseDoor& door, HistoryStore& history) : door_(door), history_(history) {}
  // NotFound() to others than the owner.
  absl::StatusOr<DisclosurePage> Run(const auth::CallContext& context,
                                     const std::string& referral_id, const Page& page);

 private:
  CaseDoor& door_;
  HistoryStore& history_;
};

// Enters the case as its owner; NotFound(), audited, for everyone else.
absl::StatusOr<SeenCase> EnterAsOwner(CaseDoor& door, const auth::CallContext& context,
                                      std::string_view referral_id);

}  // namespace vardkedja::referral::usecases
