#include "lib/audit/desk.h"

#include <charconv>
#include <chrono>
#include <utility>

#include "lib/audit/entry.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"

namespace vardkedja::audit {
namespace {

using Violations = std::vector<FieldViolation>;

constexpr std::chrono::days kLongestPeriod{31};
constexpr int kUsualRows = 25;
constexpr int kMostRows = 100;
constexpr int kUsualSeals = 10'000;
constexpr int kMostSeals = 50'000;
// What referral-service says of the unit that owns a case.
constexpr std::string_view kOwnerRule = "owner";

std::optional<Date> ReadDate(std::string_view field, const std::string& text, Violations& out) {
  if (text.empty()) {
    out.push_back({std::string(field), "REQUIRED", "Required.", "Måste anges."});
    return std::nullopt;
  }
  const auto date = ParseDate(text);
  if (!date) {
    out.push_back(
        {std::string(field), "DATE", "A date is written YYYY-MM-DD.", "Datum skrivs ÅÅÅÅ-MM-DD."});
  }
  return date;
}

TrailPart ReadPage(const PageRequest& page, Violations& out) {
  TrailPart part;
  part.limit = page.limit == 0 ? kUsualRows : page.limit;
  if (part.limit < 1 || part.limit > kMostRows) {
    out.push_back({"limit", "OUT_OF_RANGE", "The limit is 1 to 100.", "Gränsen är 1 till 100."});
  }
  if (page.cursor.empty()) return part;
  std::int64_t before = 0;
  const char* end = page.cursor.data() + page.cursor.size();
  const auto [stopped, error] = std::from_chars(page.cursor.data(), end, before);
  if (error != std::errc() || stopped != end || before < 1) {
    out.push_back({"cursor", "CURSOR", "Not a cursor of this list.",
                   "Inte en giltig markör för denna lista."});
  }
  part.before = before;
  return part;
}

absl::StatusOr<TrailQuery> QueryOf(const AuditRowsRequest& request) {
  Violations violations;
  const auto from = ReadDate("from_date", request.from_date, violations);
  const auto to = ReadDate("to_date", request.to_date, violations);
  if (from && to && (*to <= *from || *to - *from > kLongestPeriod)) {
    violations.push_back(
        {"to_date", "PERIOD", "A period has 1 to 31 days.", "En period har 1 till 31 dagar."});
  }
  if (!request.case_id.empty() && !IsUuid(request.case_id)) {
    violations.push_back({"case_id", "UUID", "Not a case id.", "Inte ett ärende-id."});
  }
  TrailQuery query;
  query.part = ReadPage(request.page, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  query.from = StartOfDay(*from);
  query.to = StartOfDay(*to);
  query.unit_id = request.unit_id;
  query.case_id = request.case_id;
  return query;
}

// `rows` were asked for with one more than the page has.
TrailPage PageOf(std::vector<TrailRow> rows, int limit) {
  TrailPage page{std::move(rows), ""};
  if (page.rows.size() > static_cast<std::size_t>(limit)) {
    page.rows.resize(static_cast<std::size_t>(limit));
    page.next = std::to_string(page.rows.back().entry_id);
  }
  return page;
}

Entry EntryOf(const auth::CallContext& context, std::string_view resource_id,
              std::string_view rule_id, bool permitted) {
  Entry entry = MakeEntry(context, resource_id);
  entry.rule_id = rule_id;
  entry.permitted = permitted;
  return entry;
}

}  // namespace

absl::StatusOr<TrailPage> AuditorDesk::List(const auth::CallContext& context,
                                            const AuditRowsRequest& request) {
  VK_ASSIGN_OR_RETURN(TrailQuery query, QueryOf(request));
  query.organisation_id = context.principal.organisation;
  const int limit = query.part.limit++;
  VK_ASSIGN_OR_RETURN(std::vector<TrailRow> rows, trail_.Rows(context, query));
  Entry entry = EntryOf(context, "audit-rows", "auditor", true);
  // The owner of a case sees that an auditor looked at what was done about it.
  if (!request.case_id.empty()) entry.case_id = request.case_id;
  VK_RETURN_IF_ERROR(read_audit_.Record({std::move(entry)}, context.deadline));
  return PageOf(std::move(rows), limit);
}

absl::StatusOr<Verification> AuditorDesk::Verify(const auth::CallContext& context,
                                                 std::int64_t after_position, int limit) {
  Violations violations;
  if (after_position < 0) {
    violations.push_back({"after_position", "OUT_OF_RANGE", "A position is 0 or more.",
                          "En position är 0 eller mer."});
  }
  if (limit < 0 || limit > kMostSeals) {
    violations.push_back(
        {"limit", "OUT_OF_RANGE", "The limit is 1 to 50000.", "Gränsen är 1 till 50000."});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  VK_ASSIGN_OR_RETURN(Verification found,
                      trail_.Verify(context, after_position, limit == 0 ? kUsualSeals : limit));
  VK_RETURN_IF_ERROR(read_audit_.Record({EntryOf(context, "audit-verification", "auditor", true)},
                                        context.deadline));
  return found;
}

absl::StatusOr<TrailPart> CheckPage(const PageRequest& page) {
  Violations violations;
  const TrailPart part = ReadPage(page, violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return part;
}

bool MayKnowSubject(std::string_view unit_id, std::string_view subject,
                    std::string_view owner_unit_id) {
  return unit_id == owner_unit_id || subject.starts_with("system:");
}

absl::StatusOr<std::vector<TrailRow>> RowsForOwner(Trail& trail, const auth::CallContext& context,
                                                   std::string_view case_id,
                                                   const TrailPart& part) {
  VK_ASSIGN_OR_RETURN(std::vector<TrailRow> rows, trail.RowsOfCase(context, case_id, part));
  for (TrailRow& row : rows) {
    if (!MayKnowSubject(row.unit_id, row.subject, context.acting_unit)) row.subject.clear();
  }
  return rows;
}

absl::StatusOr<TrailPage> ReadsForOwner(Trail& trail, const auth::CallContext& context,
                                        std::string_view case_id, TrailPart part) {
  const int limit = part.limit++;
  VK_ASSIGN_OR_RETURN(std::vector<TrailRow> rows, RowsForOwner(trail, context, case_id, part));
  return PageOf(std::move(rows), limit);
}

absl::StatusOr<TrailPage> CaseReads::List(const auth::CallContext& context,
                                          const std::string& case_id, const PageRequest& page) {
  VK_ASSIGN_OR_RETURN(const TrailPart part, CheckPage(page));
  // What is not a UUID names nothing and could be anything, so it is not written down.
  const bool named = IsUuid(case_id);
  bool owner = false;
  if (named) {
    const auto decision = auth::RequireAccess(access_, context, case_id, "");
    if (!decision.ok() && !absl::IsNotFound(decision.status())) return decision.status();
    owner = decision.ok() && decision->rule_id == kOwnerRule;
  }
  TrailPage answer;
  if (owner) {
    VK_ASSIGN_OR_RETURN(answer, ReadsForOwner(trail_, context, case_id, part));
  }
  Entry entry = EntryOf(context, named ? case_id : "invalid", owner ? kOwnerRule : "deny", owner);
  if (named) entry.case_id = case_id;
  VK_RETURN_IF_ERROR(read_audit_.Record({std::move(entry)}, context.deadline));
  if (!owner) return NotFound();
  return answer;
}

}  // namespace vardkedja::audit
