// Deadlines in PostgreSQL, and the jobs that remind of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/pg/pool.h"
#include "notification-service/usecases/ports.h"

namespace vardkedja::notification::storage {

// The kind of the jobs; their payload is ReminderPayload.
inline constexpr std::string_view kReminderJob = "deadline-reminder";

// Thread-safe; `pool` outlives it.
class PostgresDeadlines final : public usecases::DeadlineReader {
 public:
  explicit PostgresDeadlines(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::vector<domain::Deadline>> List(const usecases::DeadlineQuery& query,
                                                     usecases::CallDeadline deadline) override;

 private:
  pg::Pool& pool_;
};

absl::StatusOr<std::vector<domain::DeadlineRule>> LoadDeadlineRules(pg::Transaction& tx);

// Opens a deadline and schedules its reminders, unless it was opened before or has ended already.
// Of the reminders whose day has passed by `today`, only the last is given.
absl::Status OpenDeadline(pg::Transaction& tx, const domain::Deadline& deadline, Date today);

// The period of one decision or ground has ended, whether its start is known yet or not.
absl::Status CloseDeadline(pg::Transaction& tx, domain::DeadlineKind kind,
                           std::string_view subject_id, domain::DeadlineState outcome);

// The period goes on as if it had never ended, for this unit; nothing when it did not end by itself
// (with the case, or by a new decision). Reminders as in OpenDeadline; one that was given already
// is not given again.
absl::Status ReopenDeadline(pg::Transaction& tx, domain::DeadlineKind kind,
                            std::string_view subject_id, std::string_view unit_id, Date today);

// All open deadlines of this kind of the case, except that of `except_subject_id` unless empty.
absl::Status CloseDeadlinesOfCase(pg::Transaction& tx, domain::DeadlineKind kind,
                                  std::string_view case_id, std::string_view except_subject_id,
                                  domain::DeadlineState outcome);

// All open deadlines of this kind of the same case that are due before that of the subject.
absl::Status CloseEarlierDeadlines(pg::Transaction& tx, domain::DeadlineKind kind,
                                   std::string_view subject_id, domain::DeadlineState outcome);

// What is open of the case reminds this unit from now on.
absl::Status MoveDeadlinesOfCase(pg::Transaction& tx, std::string_view case_id,
                                 std::string_view unit_id);

// What a reminder's job carries, as text: which deadline, which of its days.
struct ReminderPayload {
  std::string deadline_id;
  Date day{};

  bool operator==(const ReminderPayload&) const = default;
};
std::string FormatPayload(const ReminderPayload& payload);
std::optional<ReminderPayload> ParsePayload(std::string_view text);

// The deadline, locked, if it is still open.
absl::StatusOr<std::optional<domain::Deadline>> LockOpenDeadline(pg::Transaction& tx,
                                                                 std::string_view deadline_id);

}  // namespace vardkedja::notification::storage
