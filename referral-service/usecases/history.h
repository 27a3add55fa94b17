// "Who has read this?": the audit trail of one case, for its owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

// One permitted row of the trail.
struct ReadRecord {
  std::int64_t position = 0;  // in the trail
  Instant at{};
  std::string organisation_id;
  std::string unit_id;
  std::vector<std::string> role_codes;
  std::string seat;
  std::string subject;
  std::string purpose;
  std::string action;
  std::string rule_id;
  std::vector<std::string> categories;
};

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

  // Rows before a position (all without one), newest first.
  virtual absl::StatusOr<std::vector<ReadRecord>> Reads(const auth::CallContext& context,
                                                        std::string_view referral_id,
                                                        std::optional<std::int64_t> before,
                                                        int limit) = 0;
  // Those of other units than `owner_unit_id` whose first row stands after a position.
  virtual absl::StatusOr<std::vector<DisclosureRecord>> Disclosures(
      const auth::CallContext& context, std::string_view referral_id,
      std::string_view owner_unit_id, std::int64_t after, int limit) = 0;
};

struct ReadPage {
  std::vector<ReadRecord> reads;
  std::string next;
};

class ListReads {
 public:
  ListReads(CaseDoor& door, HistoryStore& history) : door_(door), history_(history) {}
  // NotFound() to others than the owner. Subjects of other units than the owner are left out.
  absl::StatusOr<ReadPage> Run(const auth::CallContext& context, const std::string& referral_id,
                               const Page& page);

 private:
  CaseDoor& door_;
  HistoryStore& history_;
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

// A subject outside the owner's unit is another employer's to know; jobs and services have none.
bool MayKnowSubject(std::string_view unit_id, std::string_view subject,
                    std::string_view owner_unit_id);

// Enters the case as its owner; NotFound(), audited, for everyone else.
absl::StatusOr<SeenCase> EnterAsOwner(CaseDoor& door, const auth::CallContext& context,
                                      std::string_view referral_id);

}  // namespace vardkedja::referral::usecases
