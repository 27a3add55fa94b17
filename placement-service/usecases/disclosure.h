// The gate before every disclosure: referral-service is asked at each one, nothing is remembered,
// no answer is a denial, and a denied resource cannot be told from a missing one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/audit/entry.h"
#include "lib/audit/read_audit.h"
#include "lib/auth/call_context.h"
#include "lib/auth/case_access.h"
#include "placement-service/domain/seat.h"
#include "placement-service/domain/values.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

// The rule of referral-service's access policy by which a facility sees its own record of a stay
// alone.
inline constexpr std::string_view kOwnStayRecordRule = "facility.own_stay_record";

// Thread-safe.
class Disclosure {
 public:
  // Both outlive it.
  Disclosure(auth::CaseAccess& access, audit::ReadAudit& audit) : access_(access), audit_(audit) {}

  // One resource, about `case_id`; nothing when there is no such resource. Both a denial and a
  // missing one ask once, leave an audit row and are NotFound(). A permission is for the caller to
  // record: with the commit, or by RecordRead.
  absl::StatusOr<auth::AccessDecision> Require(const auth::CallContext& ctx,
                                               const std::optional<std::string>& case_id,
                                               const std::string& resource_id) const;

  // Durable before it returns.
  absl::Status RecordRead(const auth::CallContext& ctx, const std::string& resource_id,
                          const auth::AccessDecision& decision) const;
  absl::Status RecordReads(
      const auth::CallContext& ctx,
      const std::vector<std::pair<std::string, auth::AccessDecision>>& reads) const;

  // The permitted ones of these cases (repeats allowed, at most 1000 different ones).
  using Decisions = std::map<std::string, auth::AccessDecision, std::less<>>;
  absl::StatusOr<Decisions> Permitted(const auth::CallContext& ctx,
                                      const std::vector<std::string>& case_ids) const;
  // How they are shown; only cases that may be described.
  using Descriptions = std::map<std::string, auth::CaseDescription, std::less<>>;
  absl::StatusOr<Descriptions> Describe(const auth::CallContext& ctx,
                                        const std::vector<std::string>& case_ids) const;

 private:
  auth::CaseAccess& access_;
  audit::ReadAudit& audit_;
};

// The audit row of a permitted write; goes into the commit.
audit::Entry WriteEntry(const auth::CallContext& ctx, const std::string& resource_id,
                        const auth::AccessDecision& decision);

// As which parties the acting unit acts. An IT system registers for its own facility: it answers
// for no owner and sits on no board, whatever its token says.
unsigned PartiesOf(const auth::CallContext& ctx, const domain::UnitId& owner,
                   const domain::UnitId& facility);
Scope ScopeOf(const auth::CallContext& ctx);
// The seat of the board that the acting unit speaks for; empty unless it is the board and the token
// has one, and of an IT system.
domain::Seat SeatOf(const auth::CallContext& ctx);

// Resource versions as clients see them.
std::string Etag(std::int64_t version);
// ABORTED, STALE_ETAG, unless the client saw this version.
// ABORTED, STALE_ETAG.
absl::Status StaleEtag();
absl::Status CheckEtag(const std::string& etag, std::int64_t version);

}  // namespace vardkedja::placement::usecases
