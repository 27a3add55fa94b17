#include "referral-service/storage/postgres_plans.h"

#include <string>
#include <utility>
#include <vector>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "referral-service/events/publish.h"
#include "referral-service/storage/postgres_cases.h"
#include "vardkedja/referral/v1/stored_content.pb.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kPlanClass = "plan";

// One row, also for a case without plans: the latest revision and the parts as parallel arrays.
constexpr std::string_view kFind = R"sql(
SELECT coalesce(p.version, 0) AS version, i.revision, i.facility_id, i.content_sealed,
       i.follow_up_date, i.recorded_at, h.part_ids, h.kinds, h.units, h.laws, h.starts, h.started
  FROM (SELECT $1::uuid AS referral_id) q
  LEFT JOIN plans p ON p.referral_id = q.referral_id
  LEFT JOIN LATERAL (
    SELECT x.revision, x.facility_id, x.content_sealed, x.follow_up_date, x.recorded_at
      FROM implementation_plan x WHERE x.referral_id = q.referral_id
     ORDER BY x.revision DESC LIMIT 1) i ON true
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(x.part_id::text ORDER BY x.place), '{}') AS part_ids,
           coalesce(array_agg(x.kind ORDER BY x.place), '{}') AS kinds,
           coalesce(array_agg(x.unit_id ORDER BY x.place), '{}') AS units,
           coalesce(array_agg(x.law_section ORDER BY x.place), '{}') AS laws,
           coalesce(array_agg(x.start_date::text ORDER BY x.place), '{}') AS starts,
           coalesce(array_agg(x.started::text ORDER BY x.place), '{}') AS started
      FROM home_support_part x WHERE x.referral_id = q.referral_id) h
)sql";

constexpr std::string_view kMove = R"sql(
INSERT INTO plans (referral_id, version) VALUES ($1::uuid, $2)
ON CONFLICT (referral_id) DO UPDATE SET version = excluded.version
WHERE plans.version = excluded.version - 1
)sql";

constexpr std::string_view kAddRevision = R"sql(
INSERT INTO implementation_plan (referral_id, revision, facility_id, content_sealed, follow_up_date,
                                 recorded_at)
VALUES ($1::uuid, $2, $3, $4, $5, $6)
)sql";

constexpr std::string_view kReplaceParts = R"sql(
WITH gone AS (DELETE FROM home_support_part WHERE referral_id = $1::uuid
               AND part_id <> ALL($2::uuid[]))
INSERT INTO home_support_part (part_id, referral_id, place, kind, unit_id, law_section, start_date,
                               started)
SELECT x.id, $1::uuid, x.place::integer, x.kind, x.unit, x.law, x.start::date, x.started::boolean
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       WITH ORDINALITY AS x (id, kind, unit, law, start, started, place)
ON CONFLICT (part_id) DO UPDATE SET place = excluded.place, kind = excluded.kind,
  unit_id = excluded.unit_id, law_section = excluded.law_section,
  start_date = excluded.start_date, started = excluded.started
)sql";

// The parts as they are now, whole: `home_support_part` keeps the last version alone.
constexpr std::string_view kAddVersion = R"sql(
INSERT INTO home_support_version (referral_id, version, part_ids, kinds, unit_ids, law_sections,
                                  start_dates, started, recorded_at, unit_id, subject)
VALUES ($1::uuid, $8, $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $9,
        $10, $11)
)sql";
constexpr std::string_view kVersions =
    "SELECT version, part_ids, kinds, unit_ids AS units, law_sections AS laws,"
    " start_dates AS starts, started, recorded_at, unit_id, subject FROM home_support_version"
    " WHERE referral_id = $1::uuid AND version > $2 ORDER BY version LIMIT $3";

std::string PlanTag(int revision) { return "referral.plan/" + std::to_string(revision); }

std::vector<domain::HomeSupportPart> PartsFrom(const pg::Row& row) {
  const auto ids = row.Texts("part_ids");
  const auto kinds = row.Texts("kinds");
  const auto units = row.Texts("units");
  const auto laws = row.Texts("laws");
  const auto starts = row.Texts("starts");
  const auto started = row.Texts("started");
  std::vector<domain::HomeSupportPart> parts(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    parts[i].part_id = ids[i];
    parts[i].kind =
        domain::ParseHomeSupportKind(kinds[i]).value_or(domain::HomeSupportKind::kUnspecified);
    parts[i].unit_id = units[i];
    parts[i].law_section = laws[i];
    parts[i].start_date = ParseDate(starts[i]).value_or(Date{});
    parts[i].started = started[i] == "true";
  }
  return parts;
}

pg::Params PartParams(const domain::Plans& plans) {
  std::vector<std::string> ids;
  std::vector<std::string> kinds;
  std::vector<std::string> units;
  std::vector<std::string> laws;
  std::vector<std::string> starts;
  std::vector<std::string> started;
  for (const domain::HomeSupportPart& part : plans.home_support) {
    ids.push_back(part.part_id);
    kinds.emplace_back(domain::Name(part.kind));
    units.push_back(part.unit_id);
    laws.push_back(part.law_section);
    starts.push_back(FormatDate(part.start_date));
    started.emplace_back(part.started ? "true" : "false");
  }
  return {plans.case_id, ids, kinds, units, laws, starts, started};
}

}  // namespace

absl::StatusOr<domain::ImplementationPlan> OpenPlan(vault::Vault& vault,
                                                    std::string_view referral_id,
                                                    const pg::Row& row) {
  domain::ImplementationPlan plan;
  plan.facility_id = row.Text("facility_id");
  plan.revision = static_cast<int>(row.Int("revision"));
  plan.follow_up_date = row.Date("follow_up_date");
  plan.recorded_at = row.Instant("recorded_at");
  VK_ASSIGN_OR_RETURN(
      const std::string bytes,
      vault.Open(referral_id, kPlanClass, PlanTag(plan.revision), row.Bytes("content_sealed")));
  v1::StoredPlan content;
  if (!content.ParseFromString(bytes)) {
    return absl::DataLossError("the stored plan is no StoredPlan");
  }
  plan.goals = content.goals();
  plan.activities = content.activities();
  return plan;
}

absl::StatusOr<domain::Plans> PostgresPlans::Find(const auth::CallContext& context,
                                                  std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {referral_id}, context.deadline));
  const pg::Row row = rows[0];
  domain::Plans plans;
  plans.case_id = referral_id;
  plans.version = row.Int("version");
  plans.home_support = PartsFrom(row);
  if (row.IsNull("revision")) return plans;
  VK_ASSIGN_OR_RETURN(plans.implementation_plan, OpenPlan(vault_, referral_id, row));
  return plans;
}

absl::Status PostgresPlans::Save(const domain::Referral& referral, const domain::Plans& plans,
                                 What what, const usecases::WriteTail& tail) {
  const events::Envelope envelope{tail.actor.unit_id, tail.context.now, tail.context.traceparent};
  const bool plan_changed = what == What::kImplementationPlan;
  std::string_view sql = kReplaceParts;
  pg::Params params;
  if (plan_changed) {
    const domain::ImplementationPlan& plan = *plans.implementation_plan;
    v1::StoredPlan content;
    content.set_goals(plan.goals);
    content.set_activities(plan.activities);
    VK_ASSIGN_OR_RETURN(std::string sealed,
                        vault_.Seal(plans.case_id, kPlanClass, PlanTag(plan.revision),
                                    content.SerializeAsString()));
    sql = kAddRevision;
    params = {plans.case_id,     plan.revision,       plan.facility_id,
              pg::Bytes{sealed}, plan.follow_up_date, plan.recorded_at};
  } else {
    params = PartParams(plans);
  }
  const commit::Write write =
      MakeWrite(tail, {plans.case_id, std::to_string(plans.version)},
                {plan_changed ? events::PlanRecorded(referral, plans, envelope)
                              : events::HomeSupportRecorded(referral, plans, envelope)});
  return pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_ASSIGN_OR_RETURN(const pg::Result moved,
                            tx.Execute(kMove, {plans.case_id, plans.version}));
        if (moved.affected() == 0) return commit::StaleEtag();
        VK_RETURN_IF_ERROR(tx.Execute(sql, params).status());
        if (!plan_changed) {
          pg::Params version = params;
          version.Append({plans.version, tail.context.now, tail.actor.unit_id, tail.actor.subject});
          VK_RETURN_IF_ERROR(tx.Execute(kAddVersion, version).status());
        }
        return commit::Append(tx, write);
      });
}

absl::StatusOr<std::vector<usecases::HomeSupportVersion>> HomeSupportVersions(
    pg::Pool& pool, std::string_view referral_id, std::int64_t after, int limit,
    pg::Deadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool.Read(kVersions, {referral_id, after, limit}, deadline));
  std::vector<usecases::HomeSupportVersion> versions;
  for (const pg::Row row : rows) {
    versions.push_back({{row.Int("version"), row.OptionalInstant("recorded_at"),
                         row.Text("unit_id"), row.Text("subject")},
                        PartsFrom(row)});
  }
  return versions;
}

}  // namespace vardkedja::referral::storage
