// The audit trail, for auditors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/read_referral.h"

namespace vardkedja::referral::usecases {

struct AuditRowQuery {
  std::string organisation_id;
  Instant from{};
  Instant to{};
  std::string unit_id;  // empty for any
  std::string case_id;  // empty for any
  std::optional<std::int64_t> before;
  int limit = 25;
};

// A row as stored, and when that was.
struct AuditRow {
  std::int64_t entry_id = 0;
  Instant at{};
  Instant recorded_at{};
  std::string organisation_id;
  std::string unit_id;
  std::vector<std::string> role_codes;
  std::string subject;
  std::string seat;
  std::string purpose;
  std::string case_id;
  std::string action;
  std::string resource_id;
  std::string rule_id;
  bool permitted = false;
  std::vector<std::string> details;
};

// Numbered as vardkedja.referral.v1.AuditFindingKind.
enum class AuditFindingKind {
  kRowRemoved = 1,
  kRowChanged = 2,
  kSealRemoved = 3,
  kUnsealed = 4,
  kEndRemoved = 5,
  kKeyMissing = 6,
};

struct AuditFinding {
  AuditFindingKind kind = AuditFindingKind::kRowRemoved;
  std::int64_t position = 0;
  std::int64_t entry_id = 0;

  bool operator==(const AuditFinding&) const = default;
};

struct AuditVerification {
  std::int64_t rows = 0;
  std::int64_t to_position = 0;
  bool end_reached = false;
  std::vector<AuditFinding> findings;
};

class AuditTrail {
 public:
  virtual ~AuditTrail() = default;

  // Newest first.
  virtual absl::StatusOr<std::vector<AuditRow>> Rows(const auth::CallContext& context,
                                                     const AuditRowQuery& query) = 0;
  virtual absl::StatusOr<AuditVerification> Verify(const auth::CallContext& context,
                                                   std::int64_t after_position,
                                                   std::int64_t rows) = 0;
};

struct AuditRowPage {
  std::vector<AuditRow> rows;
  std::string next;
};

struct AuditRowsRequest {
  std::string from_date;
  std::string to_date;
  std::string unit_id;
  std::string case_id;
  Page page;
};

// Both leave a row of their own before they answer.
class AuditDesk {
 public:
  AuditDesk(CaseDoor& door, AuditTrail& trail) : door_(door), trail_(trail) {}

  // What the caller's organisation did. INVALID_ARGUMENT with all violations at once.
  absl::StatusOr<AuditRowPage> List(const auth::CallContext& context,
                                    const AuditRowsRequest& request);
  // At most 50 000 seals a call.
  absl::StatusOr<AuditVerification> Verify(const auth::CallContext& context,
                                           std::int64_t after_position, int limit);

 private:
  CaseDoor& door_;
  AuditTrail& trail_;
};

}  // namespace vardkedja::referral::usecases
