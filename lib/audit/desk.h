// Who may ask an audit trail what: an auditor about what its own organisation did, the owner of a
// case about who has read it. To ask is a row in the same trail, durable before the answer leaves.
// All classes are thread-safe; what they are made of outlives them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/read_audit.h"
#include "lib/audit/trail.h"
#include "lib/auth/call_context.h"
#include "lib/auth/case_access.h"

namespace vardkedja::audit {

// What a page is asked for with: 1 to 100 rows, 0 means 25; the cursor of the page before.
struct PageRequest {
  int limit = 0;
  std::string cursor;
};

struct TrailPage {
  std::vector<TrailRow> rows;
  std::string next;  // cursor of the next page; empty on the last
};

struct AuditRowsRequest {
  std::string from_date;
  std::string to_date;
  std::string unit_id;
  std::string case_id;
  PageRequest page;
};

// For the role auditor; the access rules of the methods let nobody else in.
class AuditorDesk {
 public:
  AuditorDesk(Trail& trail, ReadAudit& read_audit) : trail_(trail), read_audit_(read_audit) {}

  // What the caller's organisation did in 1 to 31 days. FIELD_VIOLATIONS with all at once.
  absl::StatusOr<TrailPage> List(const auth::CallContext& context, const AuditRowsRequest& request);
  // Walks 1 to 50 000 seals, 0 means 10 000. FIELD_VIOLATIONS.
  absl::StatusOr<Verification> Verify(const auth::CallContext& context, std::int64_t after_position,
                                      int limit);

 private:
  Trail& trail_;
  ReadAudit& read_audit_;
};

// FIELD_VIOLATIONS.
absl::StatusOr<TrailPart> CheckPage(const PageRequest& page);
// A subject outside the owner's unit is another employer's to know; jobs and services have none.
bool MayKnowSubject(std::string_view unit_id, std::string_view subject,
                    std::string_view owner_unit_id);
// Who has read or written a case, for a caller that was let in as its owner and leaves a row for
// that; without the subjects that it may not know.
absl::StatusOr<std::vector<TrailRow>> RowsForOwner(Trail& trail, const auth::CallContext& context,
                                                   std::string_view case_id, const TrailPart& part);
// The same as a page.
absl::StatusOr<TrailPage> ReadsForOwner(Trail& trail, const auth::CallContext& context,
                                        std::string_view case_id, TrailPart part);

// The same where referral-service is asked who owns the case.
class CaseReads {
 public:
  CaseReads(auth::CaseAccess& access, Trail& trail, ReadAudit& read_audit)
      : access_(access), trail_(trail), read_audit_(read_audit) {}

  // NotFound(), after a row, for everyone but the owner.
  absl::StatusOr<TrailPage> List(const auth::CallContext& context, const std::string& case_id,
                                 const PageRequest& page);

 private:
  auth::CaseAccess& access_;
  Trail& trail_;
  ReadAudit& read_audit_;
};

}  // namespace vardkedja::audit
