#include "notification-service/events/apply.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "notification-service/domain/message.h"
#include "notification-service/storage/postgres_deadlines.h"
#include "notification-service/storage/postgres_directory.h"
#include "notification-service/storage/postgres_messages.h"

namespace vardkedja::notification::events {
namespace {

// A message of the suite itself; delivered at once, or kept as a failed exchange when the unit has
// no inbox here.
absl::Status Send(pg::Transaction& tx, domain::Message message, Instant now) {
  const domain::Fact by_system{.time = now, .subject = std::string(domain::kSystemSubject)};
  message.message_id = NewUuidV7();
  message.conversation_id = message.message_id;
  message.sent = by_system;
  VK_ASSIGN_OR_RETURN(const bool reachable, storage::IsReachable(tx, message.recipient_unit_id));
  VK_RETURN_IF_ERROR(reachable ? domain::Deliver(message, by_system)
                               : domain::FailForGood(message));
  return storage::InsertDerived(tx, message).status();
}

absl::Status Start(pg::Transaction& tx, const PeriodStarts& period, const Impact& impact,
                   Instant now) {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::DeadlineRule> rules,
                      storage::LoadDeadlineRules(tx));
  const std::optional<domain::DeadlineRule> rule =
      domain::RuleInForce(rules, period.kind, period.start);
  // No rule in force on that day: nothing is watched, by configuration.
  if (!rule) return absl::OkStatus();
  const std::optional<domain::Schedule> schedule =
      domain::MakeSchedule(*rule, period.start, period.end);
  if (!schedule) return absl::OkStatus();
  return storage::OpenDeadline(tx,
                               {.deadline_id = NewUuidV7(),
                                .kind = period.kind,
                                .subject_id = period.subject_id,
                                .case_id = impact.case_id,
                                .case_number = impact.case_number,
                                .unit_id = impact.owner_unit_id,
                                .due = schedule->due,
                                .reminders = schedule->reminders,
                                .state = domain::DeadlineState::kOpen},
                               StockholmDate(now));
}

absl::Status Change(pg::Transaction& tx, const DeadlineChange& change, const Impact& impact,
                    Instant now) {
  if (const auto* starts = std::get_if<PeriodStarts>(&change)) {
    return Start(tx, *starts, impact, now);
  }
  if (const auto* ends = std::get_if<PeriodEnds>(&change)) {
    return storage::CloseDeadline(tx, ends->kind, ends->subject_id, ends->outcome);
  }
  if (const auto* reopens = std::get_if<PeriodReopens>(&change)) {
    return storage::ReopenDeadline(tx, reopens->kind, reopens->subject_id, impact.owner_unit_id,
                                   StockholmDate(now));
  }
  if (const auto* earlier = std::get_if<EarlierPeriodsEnd>(&change)) {
    return storage::CloseEarlierDeadlines(tx, earlier->kind, earlier->subject_id, earlier->outcome);
  }
  if (std::holds_alternative<CaseOwnerChanges>(change)) {
    return storage::MoveDeadlinesOfCase(tx, impact.case_id, impact.owner_unit_id);
  }
  const auto& all = std::get<CasePeriodsEnd>(change);
  return storage::CloseDeadlinesOfCase(tx, all.kind, impact.case_id, all.except_subject_id,
                                       all.outcome);
}

}  // namespace

absl::Status ApplyImpact(pg::Transaction& tx, std::string_view event_id, Impact impact,
                         Instant now) {
  if (!impact.facility_id.empty()) {
    VK_ASSIGN_OR_RETURN(const std::string unit, storage::FacilityUnit(tx, impact.facility_id));
    // A facility without a unit stands as itself, so that the failed message shows which it was.
    impact.facts.units[domain::Recipient::kFacility] = {unit.empty() ? impact.facility_id : unit};
  }
  for (const domain::PlannedMessage& planned : domain::PlanMessages(impact.facts)) {
    domain::Message message;
    message.kind = domain::MessageKind::kDerived;
    message.recipient_unit_id = planned.recipient_unit_id;
    message.template_code = planned.template_code;
    message.source_event_id = std::string(event_id);
    message.case_id = impact.case_id;
    message.case_number = impact.case_number;
    VK_RETURN_IF_ERROR(Send(tx, std::move(message), now));
  }
  for (const DeadlineChange& change : impact.deadlines) {
    VK_RETURN_IF_ERROR(Change(tx, change, impact, now));
  }
  return absl::OkStatus();
}

eventlog::Handler ReferralHandler(const Clock& clock, vault::Vault& vault) {
  return [&clock, &vault](pg::Transaction& tx, const eventlog::v1::Event& event) -> absl::Status {
    VK_ASSIGN_OR_RETURN(Impact impact, ReadReferralEvent(event));
    if (impact.erased) {
      VK_RETURN_IF_ERROR(storage::EmptyMessages(tx, {impact.case_id}));
      VK_RETURN_IF_ERROR(vault.Erase(impact.case_id, "case_erased"));
    }
    return ApplyImpact(tx, event.event_id(), std::move(impact), clock.Now());
  };
}

eventlog::Handler PlacementHandler(const Clock& clock) {
  return [&clock](pg::Transaction& tx, const eventlog::v1::Event& event) -> absl::Status {
    VK_ASSIGN_OR_RETURN(Impact impact, ReadPlacementEvent(event));
    return ApplyImpact(tx, event.event_id(), std::move(impact), clock.Now());
  };
}

absl::Status Remind(pg::Transaction& tx, const jobs::Job& job) {
  const std::optional<storage::ReminderPayload> payload = storage::ParsePayload(job.payload);
  if (!payload) return absl::InternalError("a reminder's payload does not parse");
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Deadline> deadline,
                      storage::LockOpenDeadline(tx, payload->deadline_id));
  if (!deadline) return absl::OkStatus();
  domain::Message message;
  message.kind = domain::MessageKind::kReminder;
  message.recipient_unit_id = deadline->unit_id;
  message.template_code = std::string(domain::ReminderTemplate(deadline->kind));
  message.source_event_id = "deadline/" + deadline->deadline_id + "/" + FormatDate(payload->day);
  message.case_id = deadline->case_id;
  message.case_number = deadline->case_number;
  return Send(tx, std::move(message), job.now);
}

}  // namespace vardkedja::notification::events
