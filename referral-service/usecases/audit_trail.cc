#include "referral-service/usecases/audit_trail.h"

#include <charconv>
#include <chrono>
#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/form_rules.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr std::chrono::days kLongestPeriod{31};
constexpr int kUsualSeals = 10'000;
constexpr int kMostSeals = 50'000;

std::optional<Date> ReadDate(std::string_view field, const std::string& text,
                             std::vector<FieldViolation>& out) {
  if (text.empty()) {
    out.push_back(domain::Required(field));
    return std::nullopt;
  }
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(domain::Violation(field, "DATE", "A date is written YYYY-MM-DD.",
                                    "Datum skrivs ÅÅÅÅ-MM-DD."));
  }
  return date;
}

absl::StatusOr<AuditRowQuery> QueryOf(const AuditRowsRequest& request) {
  std::vector<FieldViolation> violations;
  const auto from = ReadDate("from_date", request.from_date, violations);
  const auto to = ReadDate("to_date", request.to_date, violations);
  if (from && to && (*to <= *from || *to - *from > kLongestPeriod)) {
    violations.push_back(domain::Violation("to_date", "PERIOD", "A period has 1 to 31 days.",
                                           "En period har 1 till 31 dagar."));
  }
  if (!request.case_id.empty() && !IsUuid(request.case_id)) {
    violations.push_back(
        domain::Violation("case_id", "UUID", "Not a case id.", "Inte ett ärende-id."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  AuditRowQuery query;
  query.from = StartOfDay(*from);
  query.to = StartOfDay(*to);
  query.unit_id = request.unit_id;
  query.case_id = request.case_id;
  if (request.page.cursor.empty()) return query;
  std::int64_t before = 0;
  const std::string& cursor = request.page.cursor;
  const char* end = cursor.data() + cursor.size();
  const auto [stopped, error] = std::from_chars(cursor.data(), end, before);
  if (error != std::errc() || stopped != end || before < 1) return BadCursor();
  query.before = before;
  return query;
}

audit::Entry EntryOf(const auth::CallContext& context, std::string_view resource_id) {
  audit::Entry entry = audit::MakeEntry(context, resource_id);
  entry.rule_id = "auditor";
  entry.permitted = true;
  return entry;
}

}  // namespace

absl::StatusOr<AuditRowPage> AuditDesk::List(const auth::CallContext& context,
                                             const AuditRowsRequest& request) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(request.page.limit));
  VK_ASSIGN_OR_RETURN(AuditRowQuery query, QueryOf(request));
  query.organisation_id = context.principal.organisation;
  query.limit = limit + 1;
  AuditRowPage page;
  VK_ASSIGN_OR_RETURN(page.rows, trail_.Rows(context, query));
  if (page.rows.size() > static_cast<std::size_t>(limit)) {
    page.rows.pop_back();
    page.next = std::to_string(page.rows.back().entry_id);
  }
  audit::Entry entry = EntryOf(context, "audit-rows");
  // The owner of a case sees that an auditor looked at what was done about it.
  if (!request.case_id.empty()) entry.case_id = request.case_id;
  VK_RETURN_IF_ERROR(door_.audit().Record({std::move(entry)}, context.deadline));
  return page;
}

absl::StatusOr<AuditVerification> AuditDesk::Verify(const auth::CallContext& context,
                                                    std::int64_t after_position, int limit) {
  std::vector<FieldViolation> violations;
  if (after_position < 0) {
    violations.push_back(domain::Violation("after_position", "OUT_OF_RANGE",
                                           "A position is 0 or more.",
                                           "En position är 0 eller mer."));
  }
  if (limit < 0 || limit > kMostSeals) {
    violations.push_back(domain::Violation("limit", "OUT_OF_RANGE", "The limit is 1 to 50000.",
                                           "Gränsen är 1 till 50000."));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_ASSIGN_OR_RETURN(AuditVerification found,
                      trail_.Verify(context, after_position, limit == 0 ? kUsualSeals : limit));
  VK_RETURN_IF_ERROR(
      door_.audit().Record({EntryOf(context, "audit-verification")}, context.deadline));
  return found;
}

}  // namespace vardkedja::referral::usecases
