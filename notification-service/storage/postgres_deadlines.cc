#include "notification-service/storage/postgres_deadlines.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/jobs/jobs.h"
#include "lib/status/status.h"

namespace vardkedja::notification::storage {
namespace {

#define DEADLINE_COLUMNS                                                            \
  "deadline_id, kind, subject_id, case_id, case_number, unit_id, due_date, state, " \
  "reminder_dates::text[] AS reminders"

constexpr std::string_view kList = "SELECT " DEADLINE_COLUMNS
                                   "  FROM deadline"
                                   " WHERE unit_id = $1"
                                   "   AND ($2::text = '' OR case_id = $2)"
                                   "   AND ($3::boolean OR state = 'open')"
                                   "   AND ($4::date IS NULL"
                                   "        OR (due_date, deadline_id) > ($4::date, $5::uuid))"
                                   " ORDER BY due_date, deadline_id LIMIT $6";

constexpr std::string_view kLoadRules = R"(
SELECT kind, valid_from, period_months, remind_days_after_start::text[] AS after_start,
       remind_days_before_end::text[] AS before_end
  FROM deadline_rule)";

constexpr std::string_view kOpen = R"(
INSERT INTO deadline (deadline_id, kind, subject_id, case_id, case_number, unit_id, due_date,
                      reminder_dates, state)
SELECT $1::uuid, $2, $3, $4, $5, $6, $7::date, $8::text[]::date[], 'open'
 WHERE NOT EXISTS (SELECT 1 FROM deadline_outcome WHERE kind = $2 AND subject_id = $3)
ON CONFLICT ON CONSTRAINT deadline_once_per_subject DO NOTHING
RETURNING deadline_id)";

constexpr std::string_view kRememberOutcome = R"(
INSERT INTO deadline_outcome (kind, subject_id, state) VALUES ($1, $2, $3)
ON CONFLICT (kind, subject_id) DO NOTHING)";

constexpr std::string_view kCloseSubject =
    "UPDATE deadline SET state = $3"
    " WHERE kind = $1 AND subject_id = $2 AND state = 'open' RETURNING " DEADLINE_COLUMNS;

constexpr std::string_view kReopen =
    "WITH ended AS (DELETE FROM deadline_outcome WHERE kind = $1 AND subject_id = $2"
    "               RETURNING state)"
    "UPDATE deadline SET state = 'open', unit_id = $3"
    " WHERE kind = $1 AND subject_id = $2 AND state IN (SELECT e.state FROM ended e)"
    " RETURNING " DEADLINE_COLUMNS;

constexpr std::string_view kCloseCase =
    "UPDATE deadline SET state = $4"
    " WHERE kind = $1 AND case_id = $2 AND subject_id <> $3 AND state = 'open'"
    " RETURNING " DEADLINE_COLUMNS;

constexpr std::string_view kCloseEarlier =
    "UPDATE deadline SET state = $3"
    "  FROM (SELECT case_id AS of_case, due_date AS before FROM deadline"
    "         WHERE kind = $1 AND subject_id = $2) AS later"
    " WHERE kind = $1 AND case_id = later.of_case AND due_date < later.before AND state = 'open'"
    " RETURNING " DEADLINE_COLUMNS;

constexpr std::string_view kLockOpen = "SELECT " DEADLINE_COLUMNS
                                       " FROM deadline"
                                       " WHERE deadline_id = $1::uuid AND state = 'open'"
                                       " FOR UPDATE";

std::vector<int> ToDays(const std::vector<std::string>& texts) {
  std::vector<int> days;
  for (const std::string& text : texts) days.push_back(std::stoi(text));
  return days;
}

absl::StatusOr<domain::Deadline> ToDeadline(const pg::Row& row) {
  const auto kind = domain::ParseDeadlineKind(row.Text("kind"));
  const auto state = domain::ParseDeadlineState(row.Text("state"));
  if (!kind || !state) return absl::InternalError("a stored deadline has an unknown code");
  domain::Deadline deadline{.deadline_id = row.Text("deadline_id"),
                            .kind = *kind,
                            .subject_id = row.Text("subject_id"),
                            .case_id = row.Text("case_id"),
                            .case_number = row.Text("case_number"),
                            .unit_id = row.Text("unit_id"),
                            .due = row.Date("due_date"),
                            .reminders = {},
                            .state = *state};
  for (const std::string& text : row.Texts("reminders")) {
    const std::optional<Date> day = ParseDate(text);
    if (!day) return absl::InternalError("a stored deadline has an unknown day");
    deadline.reminders.push_back(*day);
  }
  return deadline;
}

std::string JobKey(const domain::Deadline& deadline, Date day) {
  return deadline.deadline_id + "/" + FormatDate(day);
}

absl::Status ScheduleReminders(pg::Transaction& tx, const domain::Deadline& deadline, Date today) {
  for (size_t i = 0; i < deadline.reminders.size(); ++i) {
    const bool overtaken = i + 1 < deadline.reminders.size() && deadline.reminders[i + 1] <= today;
    if (overtaken) continue;
    const Date day = deadline.reminders[i];
    VK_RETURN_IF_ERROR(jobs::Enqueue(tx, {.kind = std::string(kReminderJob),
                                          .key = JobKey(deadline, day),
                                          .run_at = StartOfDay(day),
                                          .payload = FormatPayload({deadline.deadline_id, day})}));
  }
  return absl::OkStatus();
}

absl::Status CancelReminders(pg::Transaction& tx, const pg::Result& closed) {
  for (const pg::Row row : closed) {
    VK_ASSIGN_OR_RETURN(const domain::Deadline deadline, ToDeadline(row));
    for (const Date day : deadline.reminders) {
      VK_RETURN_IF_ERROR(jobs::Cancel(tx, kReminderJob, JobKey(deadline, day)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<domain::Deadline>> PostgresDeadlines::List(
    const usecases::DeadlineQuery& query, usecases::CallDeadline deadline) {
  pg::Params params = {query.unit_id, query.case_id, query.include_closed};
  params.Add(query.after ? std::optional(query.after->due) : std::nullopt);
  params.Add(query.after ? std::optional(query.after->deadline_id) : std::nullopt);
  params.Add(query.limit);
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kList, params, deadline));
  std::vector<domain::Deadline> deadlines;
  for (const pg::Row row : rows) {
    VK_ASSIGN_OR_RETURN(domain::Deadline found, ToDeadline(row));
    deadlines.push_back(std::move(found));
  }
  return deadlines;
}

absl::StatusOr<std::vector<domain::DeadlineRule>> LoadDeadlineRules(pg::Transaction& tx) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kLoadRules));
  std::vector<domain::DeadlineRule> rules;
  for (const pg::Row row : rows) {
    const auto kind = domain::ParseDeadlineKind(row.Text("kind"));
    if (!kind) return absl::InternalError("a stored deadline rule has an unknown code");
    rules.push_back(
        {.kind = *kind,
         .valid_from = row.Date("valid_from"),
         .period_months = static_cast<int>(row.OptionalInt("period_months").value_or(0)),
         .remind_days_after_start = ToDays(row.Texts("after_start")),
         .remind_days_before_end = ToDays(row.Texts("before_end"))});
  }
  return rules;
}

absl::Status OpenDeadline(pg::Transaction& tx, const domain::Deadline& deadline, Date today) {
  std::vector<std::string> days;
  for (const Date day : deadline.reminders) days.push_back(FormatDate(day));
  VK_ASSIGN_OR_RETURN(
      const pg::Result opened,
      tx.Execute(kOpen,
                 {deadline.deadline_id, domain::Code(deadline.kind), deadline.subject_id,
                  deadline.case_id, deadline.case_number, deadline.unit_id, deadline.due, days}));
  if (opened.empty()) return absl::OkStatus();
  return ScheduleReminders(tx, deadline, today);
}

absl::Status ReopenDeadline(pg::Transaction& tx, domain::DeadlineKind kind,
                            std::string_view subject_id, std::string_view unit_id, Date today) {
  VK_ASSIGN_OR_RETURN(const pg::Result opened,
                      tx.Execute(kReopen, {domain::Code(kind), subject_id, unit_id}));
  for (const pg::Row row : opened) {
    VK_ASSIGN_OR_RETURN(const domain::Deadline deadline, ToDeadline(row));
    VK_RETURN_IF_ERROR(ScheduleReminders(tx, deadline, today));
  }
  return absl::OkStatus();
}

absl::Status CloseDeadline(pg::Transaction& tx, domain::DeadlineKind kind,
                           std::string_view subject_id, domain::DeadlineState outcome) {
  const pg::Params params = {domain::Code(kind), subject_id, domain::Code(outcome)};
  VK_RETURN_IF_ERROR(tx.Execute(kRememberOutcome, params).status());
  VK_ASSIGN_OR_RETURN(const pg::Result closed, tx.Execute(kCloseSubject, params));
  return CancelReminders(tx, closed);
}

absl::Status CloseDeadlinesOfCase(pg::Transaction& tx, domain::DeadlineKind kind,
                                  std::string_view case_id, std::string_view except_subject_id,
                                  domain::DeadlineState outcome) {
  VK_ASSIGN_OR_RETURN(const pg::Result closed,
                      tx.Execute(kCloseCase, {domain::Code(kind), case_id, except_subject_id,
                                              domain::Code(outcome)}));
  return CancelReminders(tx, closed);
}

absl::Status CloseEarlierDeadlines(pg::Transaction& tx, domain::DeadlineKind kind,
                                   std::string_view subject_id, domain::DeadlineState outcome) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result closed,
      tx.Execute(kCloseEarlier, {domain::Code(kind), subject_id, domain::Code(outcome)}));
  return CancelReminders(tx, closed);
}

absl::Status MoveDeadlinesOfCase(pg::Transaction& tx, std::string_view case_id,
                                 std::string_view unit_id) {
  return tx
      .Execute("UPDATE deadline SET unit_id = $2 WHERE case_id = $1 AND state = 'open'",
               {case_id, unit_id})
      .status();
}

std::string FormatPayload(const ReminderPayload& payload) {
  return payload.deadline_id + " " + FormatDate(payload.day);
}

std::optional<ReminderPayload> ParsePayload(std::string_view text) {
  const size_t at = text.find(' ');
  if (at == std::string_view::npos || !IsUuid(text.substr(0, at))) return std::nullopt;
  const std::optional<Date> day = ParseDate(text.substr(at + 1));
  if (!day) return std::nullopt;
  return ReminderPayload{std::string(text.substr(0, at)), *day};
}

absl::StatusOr<std::optional<domain::Deadline>> LockOpenDeadline(pg::Transaction& tx,
                                                                 std::string_view deadline_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kLockOpen, {deadline_id}));
  if (rows.empty()) return std::nullopt;
  VK_ASSIGN_OR_RETURN(domain::Deadline deadline, ToDeadline(rows[0]));
  return deadline;
}

}  // namespace vardkedja::notification::storage
