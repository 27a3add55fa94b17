#include "referral-service/storage/postgres_history.h"

#include <string>
#include <utility>

#include "lib/audit/trail.h"
#include "lib/status/status.h"

namespace vardkedja::referral::storage {
namespace {

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

}  // namespace

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
    disclosure.categories = audit::SplitList(row.Text("categories"), '+');
    disclosure.first_at = row.Instant("first_at");
    disclosure.last_at = row.Instant("last_at");
    disclosure.times = row.Int("times");
    disclosures.push_back(std::move(disclosure));
  }
  return disclosures;
}

}  // namespace vardkedja::referral::storage
