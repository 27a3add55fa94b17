#include "referral-service/storage/postgres_history.h"

#include <string>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kReads = R"sql(
SELECT id, at, organisation, unit, roles, coalesce(acting_for, '') AS seat, subject, purpose,
       action, rule_id, details
  FROM audit_entry
 WHERE case_id = $1 AND permitted AND ($2::bigint IS NULL OR id < $2::bigint)
 ORDER BY id DESC LIMIT $3
)sql";

constexpr std::string_view kDisclosures = R"sql(
SELECT min(id) AS first_id, organisation, unit, rule_id, purpose,
       coalesce(substring(details FROM 'categories=([a-z+]*)'), '') AS categories,
       min(at) AS first_at, max(at) AS last_at, count(*) AS times
  FROM audit_entry
 WHERE case_id = $1 AND permitted AND unit <> $2 AND unit <> ''
 GROUP BY organisation, unit, rule_id, purpose, 6
HAVING min(id) > $3
 ORDER BY min(id) LIMIT $4
)sql";

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (end != 0) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

// The categories among the details of a row, "categories=identity+needs,deputy".
std::vector<std::string> CategoriesOf(const std::string& details) {
  constexpr std::string_view kKey = "categories=";
  for (const std::string& detail : Split(details, ',')) {
    if (detail.starts_with(kKey)) return Split(std::string_view(detail).substr(kKey.size()), '+');
  }
  return {};
}

}  // namespace

absl::StatusOr<std::vector<usecases::ReadRecord>> PostgresHistory::Reads(
    const auth::CallContext& context, std::string_view referral_id,
    std::optional<std::int64_t> before, int limit) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kReads, {referral_id, before, limit}, context.deadline));
  std::vector<usecases::ReadRecord> reads;
  for (const pg::Row row : rows) {
    usecases::ReadRecord read;
    read.position = row.Int("id");
    read.at = row.Instant("at");
    read.organisation_id = row.Text("organisation");
    read.unit_id = row.Text("unit");
    read.role_codes = Split(row.Text("roles"), ',');
    read.seat = row.Text("seat");
    read.subject = row.Text("subject");
    read.purpose = row.Text("purpose");
    read.action = row.Text("action");
    read.rule_id = row.Text("rule_id");
    read.categories = CategoriesOf(row.Text("details"));
    reads.push_back(std::move(read));
  }
  return reads;
}

absl::StatusOr<std::vector<usecases::DisclosureRecord>> PostgresHistory::Disclosures(
    const auth::CallContext& context, std::string_view referral_id, std::string_view owner_unit_id,
    std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kDisclosures, {referral_id, owner_unit_id, after, limit}, context.deadline));
  std::vector<usecases::DisclosureRecord> disclosures;
  for (const pg::Row row : rows) {
    usecases::DisclosureRecord disclosure;
    disclosure.first_position = row.Int("first_id");
    disclosure.organisation_id = row.Text("organisation");
    disclosure.unit_id = row.Text("unit");
    disclosure.rule_id = row.Text("rule_id");
    disclosure.purpose = row.Text("purpose");
    disclosure.categories = Split(row.Text("categories"), '+');
    disclosure.first_at = row.Instant("first_at");
    disclosure.last_at = row.Instant("last_at");
    disclosure.times = row.Int("times");
    disclosures.push_back(std::move(disclosure));
  }
  return disclosures;
}

}  // namespace vardkedja::referral::storage
