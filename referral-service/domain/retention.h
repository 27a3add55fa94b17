// How long a closed case is kept, and what must have happened before it is erased (domain.md, 5 and
// the retention rules of deploy/kronoberg).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "lib/time/time.h"
#include "referral-service/domain/reference.h"
#include "referral-service/domain/referral.h"

namespace vardkedja::referral::domain {

// What is recorded of a case's retention. `version` is its etag; 0 before the first.
struct Retention {
  std::string referral_id;
  std::int64_t version = 0;
  std::string hold_reason_code;
  std::optional<Instant> archived_at;
  std::string archive_reference;
  std::string archived_etag;  // content_etag of what the archive has
  std::optional<Instant> erased_at;
  std::string waiver_reason_code;
  // Of the case as it is, with its documents, which are written after the closing too. Not
  // recorded.
  std::string content_etag;

  bool operator==(const Retention&) const = default;
};

// The person's cases with the same owner, this one among them.
struct SameOwnerCases {
  std::optional<Instant> last_closed_at;
  bool renewed = false;  // another one is not closed
};

// Where the clock stands. The term runs from the closing of the person's last case with the owner,
// under the rule in force on the day that is asked.
struct RetentionClock {
  std::optional<Date> closed_on;  // this case
  int term_months = 0;
  std::optional<Date> earliest_erasure;  // none while the clock stands still
  std::string stopped_by;                // "open", "renewed" or empty

  bool operator==(const RetentionClock&) const = default;
};
// UNAVAILABLE reason REFERENCE_NOT_LOADED when no rule is in force.
absl::StatusOr<RetentionClock> RunClock(const Referral& referral, const SameOwnerCases& cases,
                                        const Reference& reference, Date today);

// Whether the archive has the case as it is.
bool IsArchived(const Retention& retention);

// Each takes what is recorded one version further. ILLEGAL_STATE (state "open" or "erased") unless
// the case is closed and not erased; all violations at once.
absl::StatusOr<Retention> PlaceHold(const Referral& referral, const Retention& retention,
                                    const std::string& reason_code, const RetentionRule& rule);
absl::StatusOr<Retention> ReleaseHold(const Referral& referral, const Retention& retention);
struct ArchiveReceipt {
  std::string exported_etag;
  std::string archive_reference;
};
absl::StatusOr<Retention> ConfirmArchive(const Referral& referral, const Retention& retention,
                                         const ArchiveReceipt& receipt, Instant now);
// FAILED_PRECONDITION reason RETENTION_RUNNING (metadata earliest_erasure_date or stopped_by),
// RETENTION_HELD, NOT_ARCHIVED.
absl::StatusOr<Retention> Erase(const Referral& referral, const Retention& retention,
                                const RetentionClock& clock, const std::string& waiver_reason_code,
                                const RetentionRule& rule, Instant now);

}  // namespace vardkedja::referral::domain
