#include "referral-service/domain/retention.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kLongestReference = 100;
constexpr std::string_view kReferenceCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:";

absl::Status CheckClosed(const Referral& referral, const Retention& retention) {
  const bool erased = retention.erased_at.has_value();
  if (referral.state == State::kClosed && !erased) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"state", erased ? "erased" : std::string(Name(referral.state))},
                     {"allowed_actions", ""}};
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   erased ? "The case is erased." : "The case is not closed.", std::move(detail));
}

void CheckCode(std::string_view field, const std::vector<std::string>& known,
               const std::string& code, std::vector<FieldViolation>& out) {
  if (std::find(known.begin(), known.end(), code) != known.end()) return;
  out.push_back(
      Violation(field, "UNKNOWN_CODE", "There is no such reason.", "Det finns inget sådant skäl."));
}

Retention Next(const Retention& retention) {
  Retention next = retention;
  next.version += 1;
  return next;
}

absl::Status NotYet(const RetentionClock& clock) {
  ErrorDetail detail;
  detail.reason = "RETENTION_RUNNING";
  if (clock.earliest_erasure) {
    detail.metadata["earliest_erasure_date"] = FormatDate(*clock.earliest_erasure);
  } else {
    detail.metadata["stopped_by"] = clock.stopped_by;
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, "The case is kept for longer.",
                   std::move(detail));
}

}  // namespace

absl::StatusOr<RetentionClock> RunClock(const Referral& referral, const SameOwnerCases& cases,
                                        const Reference& reference, Date today) {
  const RetentionRule* rule = reference.RetentionRuleOf(referral.owner_organisation_id, today);
  if (rule == nullptr) {
    return MakeError(absl::StatusCode::kUnavailable, "No retention rule is in force on the date.",
                     "REFERENCE_NOT_LOADED");
  }
  RetentionClock clock;
  clock.term_months = rule->months;
  if (referral.state != State::kClosed) {
    clock.stopped_by = "open";
    return clock;
  }
  clock.closed_on = StockholmDate(referral.state_since);
  if (cases.renewed) {
    clock.stopped_by = "renewed";
    return clock;
  }
  const Date last = StockholmDate(cases.last_closed_at.value_or(referral.state_since));
  clock.earliest_erasure = AddMonths(std::max(last, *clock.closed_on), rule->months);
  return clock;
}

bool IsArchived(const Retention& retention) {
  return retention.archived_at && retention.archived_etag == retention.content_etag;
}

absl::StatusOr<Retention> PlaceHold(const Referral& referral, const Retention& retention,
                                    const std::string& reason_code, const RetentionRule& rule) {
  VK_RETURN_IF_ERROR(CheckClosed(referral, retention));
  std::vector<FieldViolation> violations;
  CheckCode("reason_code", rule.hold_reasons, reason_code, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Retention held = Next(retention);
  held.hold_reason_code = reason_code;
  return held;
}

absl::StatusOr<Retention> ReleaseHold(const Referral& referral, const Retention& retention) {
  VK_RETURN_IF_ERROR(CheckClosed(referral, retention));
  if (retention.hold_reason_code.empty()) {
    ErrorDetail detail;
    detail.reason = "ILLEGAL_STATE";
    detail.metadata = {{"state", "not_held"}, {"allowed_actions", ""}};
    return MakeError(absl::StatusCode::kFailedPrecondition, "The case is not held.",
                     std::move(detail));
  }
  Retention released = Next(retention);
  released.hold_reason_code.clear();
  return released;
}

absl::StatusOr<Retention> ConfirmArchive(const Referral& referral, const Retention& retention,
                                         const ArchiveReceipt& receipt, Instant now) {
  VK_RETURN_IF_ERROR(CheckClosed(referral, retention));
  std::vector<FieldViolation> violations;
  if (receipt.exported_etag != retention.content_etag) {
    violations.push_back(Violation("exported_etag", "NOT_AS_IT_IS",
                                   "The case has changed since that version: export it again.",
                                   "Ärendet har ändrats sedan dess: exportera det på nytt."));
  }
  CheckText("archive_reference", receipt.archive_reference, true, kLongestReference, violations);
  if (receipt.archive_reference.find_first_not_of(kReferenceCharacters) != std::string::npos) {
    violations.push_back(Violation("archive_reference", "CHARACTERS",
                                   "A reference has letters, digits and - _ . / : alone.",
                                   "En referens består av bokstäver, siffror och - _ . / :"));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  Retention archived = Next(retention);
  archived.archived_at = now;
  archived.archive_reference = receipt.archive_reference;
  archived.archived_etag = retention.content_etag;
  return archived;
}

absl::StatusOr<Retention> Erase(const Referral& referral, const Retention& retention,
                                const RetentionClock& clock, const std::string& waiver_reason_code,
                                const RetentionRule& rule, Instant now) {
  VK_RETURN_IF_ERROR(CheckClosed(referral, retention));
  if (!clock.earliest_erasure || StockholmDate(now) < *clock.earliest_erasure) return NotYet(clock);
  if (!retention.hold_reason_code.empty()) {
    ErrorDetail detail;
    detail.reason = "RETENTION_HELD";
    detail.metadata["hold_reason_code"] = retention.hold_reason_code;
    return MakeError(absl::StatusCode::kFailedPrecondition, "The case is held against erasure.",
                     std::move(detail));
  }
  std::vector<FieldViolation> violations;
  const bool archived = IsArchived(retention);
  if (!waiver_reason_code.empty()) {
    CheckCode("waiver_reason_code", rule.waiver_reasons, waiver_reason_code, violations);
    if (archived) {
      violations.push_back(Violation("waiver_reason_code", "NOT_NEEDED",
                                     "The archive has the case: no waiver is needed.",
                                     "Ärendet är arkiverat: inget undantag behövs."));
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (!archived && waiver_reason_code.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "The archive has not confirmed the case as it is: export it, or say why not.",
                     "NOT_ARCHIVED");
  }
  Retention erased = Next(retention);
  erased.erased_at = now;
  erased.waiver_reason_code = waiver_reason_code;
  return erased;
}

}  // namespace vardkedja::referral::domain
