// The steps of a case, and what else was written of it, as rows of the timeline.
#include <string>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/storage/postgres_cases.h"
#include "referral-service/usecases/written.h"

namespace vardkedja::referral::storage {
namespace {

#define COLUMNS                                                                            \
  "version, action, from_state, to_state, at, unit_id, subject, role_codes, seat, deputy," \
  " exception, resource"
#define STEP_COLUMNS                                    \
  COLUMNS                                               \
  ", coalesce(changed_fields, '{}') AS changed_fields," \
  " changed_fields IS NOT NULL AS changes_known"

constexpr std::string_view kSteps = "SELECT " STEP_COLUMNS
                                    " FROM referral_step WHERE referral_id = $1::uuid"
                                    " AND version > $2 ORDER BY version LIMIT $3";

// Of the trail only the rows of writes that say what they are about, and by whom it is known.
constexpr std::string_view kTimeline =
    "SELECT kind, number, " COLUMNS
    ", changed_fields, changes_known, details FROM ("
    " SELECT 0 AS kind, version AS number, " STEP_COLUMNS
    ", '' AS details"
    "   FROM referral_step WHERE referral_id = $1::uuid AND at >= $2"
    " UNION ALL SELECT 1, id, 0, action, '', '', at, unit, subject, string_to_array(roles, ','),"
    "   coalesce(acting_for, ''), details ~ '(^|,)deputy(,|$)', false, '', '{}', true, details"
    "   FROM audit_entry WHERE case_id = $1::uuid::text AND permitted AND at >= $2"
    "    AND (substring(details FROM '(?:^|,)about=([a-z]+):') = ANY($5::text[])"
    // As a cost split was noted before its principals were told.
    "     OR ('principals' = ANY($5::text[])"
    "         AND details ~ '(^|,)about=owner:[^,]*/cost-split(,|$)'))"
    ") AS done WHERE (at, kind, number) > ($2, $3, $4) ORDER BY at, kind, number LIMIT $6";
#undef STEP_COLUMNS
#undef COLUMNS

usecases::StepRecord StepFrom(const pg::Row& row) {
  usecases::StepRecord step;
  step.version = row.Int("version");
  step.action = row.Text("action");
  step.from = domain::ParseState(row.Text("from_state"));
  step.to = domain::ParseState(row.Text("to_state"));
  step.at = row.Instant("at");
  step.unit_id = row.Text("unit_id");
  step.subject = row.Text("subject");
  step.role_codes = row.Texts("role_codes");
  step.seat = row.Text("seat");
  step.deputy = row.Bool("deputy");
  step.exception = row.Bool("exception");
  step.resource = row.Text("resource");
  step.changed_fields = row.Texts("changed_fields");
  step.changes_known = row.Bool("changes_known");
  return step;
}

}  // namespace

absl::StatusOr<std::vector<usecases::StepRecord>> PostgresCases::Steps(
    const auth::CallContext& context, std::string_view referral_id, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kSteps, {referral_id, after, limit}, context.deadline));
  std::vector<usecases::StepRecord> steps;
  for (const pg::Row row : rows) steps.push_back(StepFrom(row));
  return steps;
}

absl::StatusOr<std::vector<usecases::StepRecord>> PostgresCases::Timeline(
    const auth::CallContext& context, const usecases::TimelineQuery& query) {
  const usecases::TimelinePosition& after = query.after;
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kTimeline,
                                 {query.referral_id, after.at, after.step ? 0 : 1, after.number,
                                  query.categories, query.limit},
                                 context.deadline));
  std::vector<usecases::StepRecord> done;
  for (const pg::Row row : rows) {
    usecases::StepRecord one = StepFrom(row);
    if (row.Int("kind") != 0) {
      one.audit_row = row.Int("number");
      usecases::Written written = usecases::WrittenIn(row.Text("details"));
      one.resource = std::move(written.resource);
      one.changed_fields = std::move(written.changed_fields);
    }
    done.push_back(std::move(one));
  }
  return done;
}

}  // namespace vardkedja::referral::storage
