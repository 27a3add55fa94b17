#include "placement-service/usecases/care_periods.h"

#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"

namespace vardkedja::placement::usecases {
namespace {

using domain::CarePeriodAction;
using domain::CarePeriodKind;

absl::StatusOr<std::optional<domain::CarePeriod>> CloseOpen(Session& session,
                                                            const domain::EntryId& entry,
                                                            CarePeriodAction action) {
  VK_ASSIGN_OR_RETURN(std::optional<domain::CarePeriod> open, session.LockOpenCarePeriod(entry));
  if (open) VK_RETURN_IF_ERROR(session.ChangeCarePeriod(domain::Close(*open, action)));
  return open;
}

// None is open.
absl::Status Begin(Session& session, const domain::QueueEntry& entry,
                   const domain::Facility& facility, const domain::StayId& stay,
                   CarePeriodKind kind, Date start) {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::CarePeriodRule> rules, session.CarePeriodRules());
  const std::optional<domain::CarePeriodRule> rule = domain::RuleInForce(rules, kind, start);
  if (!rule) return absl::OkStatus();
  const domain::CarePeriod period =
      domain::BeginPeriod(domain::CarePeriodId(NewUuidV7()), entry.id, stay, *rule, start);
  VK_RETURN_IF_ERROR(session.AddCarePeriod(period));
  session.Publish(
      domain::CarePeriodEvent(period, entry, facility, domain::CarePeriodBegan{period}));
  return absl::OkStatus();
}

// Begins in place of the one that is open and locked.
absl::Status Replace(Session& session, const domain::CarePeriod& open,
                     const domain::QueueEntry& entry, const domain::Facility& facility,
                     const domain::StayId& stay, CarePeriodKind kind, Date start) {
  VK_RETURN_IF_ERROR(session.ChangeCarePeriod(domain::Close(open, CarePeriodAction::kReplace)));
  return Begin(session, entry, facility, stay, kind, start);
}

CarePeriodAnswer Answer(const auth::CallContext& ctx, CarePeriodRecord record) {
  CarePeriodAnswer answer;
  answer.actions = AvailableActions(ctx, record);
  answer.record = std::move(record);
  return answer;
}

absl::StatusOr<std::string> ReconsiderIn(Session& session, const auth::CallContext& ctx,
                                         const RecordReconsiderationCommand& command,
                                         const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<CarePeriodRecord> record,
                      session.LockCarePeriod(command.id));
  if (!record) return absl::InternalError("a care period is missing");
  const unsigned parties = PartiesOf(ctx, record->entry.owner_unit, record->facility.unit);
  const Date today = StockholmDate(session.now());
  const Date date = command.date.value_or(today);
  VK_ASSIGN_OR_RETURN(
      const domain::CarePeriod done,
      domain::Reconsider(record->period, parties,
                         {date, domain::UnitId(ctx.acting_unit), ctx.principal.subject,
                          command.outcome, command.reason, session.now()},
                         today));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->period.version));
  VK_RETURN_IF_ERROR(session.ChangeCarePeriod(done));
  session.Publish(domain::CarePeriodEvent(done, record->entry, record->facility,
                                          domain::PlacementReconsidered{done}));
  VK_RETURN_IF_ERROR(Begin(session, record->entry, record->facility, done.stay_id,
                           CarePeriodKind::kReconsideration, date));
  session.Audit(WriteEntry(ctx, done.id.value, decision));
  return done.id.value;
}

}  // namespace

std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const CarePeriodRecord& record) {
  const unsigned parties = PartiesOf(ctx, record.entry.owner_unit, record.facility.unit);
  return domain::AvailableActions(record.period, parties);
}

absl::Status BeginCarePeriod(Session& session, const domain::QueueEntry& entry,
                             const domain::Facility& facility, const domain::Stay& stay) {
  VK_RETURN_IF_ERROR(CloseOpen(session, entry.id, CarePeriodAction::kReplace).status());
  return Begin(session, entry, facility, stay.id, domain::PeriodKindOf(entry.facts.criteria),
               stay.move_in);
}

absl::Status MoveCarePeriod(Session& session, const domain::Stay& from,
                            const domain::QueueEntry& entry, const domain::Facility& facility,
                            const domain::Stay& to) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::CarePeriod> left,
                      CloseOpen(session, from.entry_id, CarePeriodAction::kReplace));
  const CarePeriodKind kind = domain::PeriodKindOf(entry.facts.criteria);
  const bool goes_on = left && left->kind == kind && kind == CarePeriodKind::kLvm;
  return Begin(session, entry, facility, to.id, kind, goes_on ? left->start : to.move_in);
}

absl::Status EndCarePeriod(Session& session, const domain::EntryId& entry) {
  return CloseOpen(session, entry, CarePeriodAction::kEnd).status();
}

absl::Status ReopenCarePeriod(Session& session, const domain::Stay& stay,
                              const domain::Facility& facility) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::CarePeriod> last,
                      session.LastCarePeriod(stay.entry_id));
  const bool was_closed = last && (last->state == domain::CarePeriodState::kEnded ||
                                   last->state == domain::CarePeriodState::kReplaced);
  if (!was_closed) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                      session.FindEntry(stay.entry_id));
  if (!entry) return absl::InternalError("a stay's entry is missing");
  return Begin(session, *entry, facility, stay.id, last->kind, last->start);
}

absl::Status MoveStartOfCarePeriod(Session& session, const domain::Facility& facility,
                                   const domain::Stay& wrong, const domain::Stay& right) {
  if (right.move_in == wrong.move_in) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::optional<domain::CarePeriod> open,
                      session.LockOpenCarePeriod(wrong.entry_id));
  if (!open || open->start != wrong.move_in) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                      session.FindEntry(wrong.entry_id));
  if (!entry) return absl::InternalError("a stay's entry is missing");
  return Replace(session, *open, *entry, facility, right.id, open->kind, right.move_in);
}

absl::Status ChangeGroundOfCarePeriod(Session& session, const domain::QueueEntry& entry,
                                      const domain::Facility& facility,
                                      const domain::Criteria& criteria, Date from) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::CarePeriod> open,
                      session.LockOpenCarePeriod(entry.id));
  const CarePeriodKind kind = domain::PeriodKindOf(criteria);
  if (!open || open->kind == kind) return absl::OkStatus();
  return Replace(session, *open, entry, facility, open->stay_id, kind, from);
}

absl::StatusOr<int> SeedCarePeriodRules(Session& session,
                                        const std::vector<domain::CarePeriodRule>& rules) {
  int added = 0;
  for (const domain::CarePeriodRule& rule : rules) {
    VK_ASSIGN_OR_RETURN(const bool is_new, session.AddCarePeriodRule(rule));
    added += static_cast<int>(is_new);
  }
  if (added == 0) return added;
  VK_ASSIGN_OR_RETURN(const std::vector<UnwatchedStay> stays, session.UnwatchedStays());
  for (const UnwatchedStay& one : stays) {
    VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                        session.LockEntry(one.entry));
    if (!entry) return absl::InternalError("a stay's entry is missing");
    VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                        session.FindFacility(entry->facility_id));
    if (!facility) return absl::InternalError("an entry's facility is missing");
    VK_RETURN_IF_ERROR(Begin(session, *entry, *facility, one.stay,
                             domain::PeriodKindOf(entry->facts.criteria), one.move_in));
  }
  return added;
}

absl::StatusOr<std::vector<CarePeriodAnswer>> ReadCarePeriods::List(
    const auth::CallContext& ctx, const domain::StayId& id) const {
  VK_ASSIGN_OR_RETURN(const Admitted<StayRecord> admitted, AdmitToStay(ports_, ctx, id));
  VK_ASSIGN_OR_RETURN(std::vector<CarePeriodRecord> records,
                      ports_.store.ListCarePeriods(ctx, admitted.record.stay.entry_id));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, id.value, admitted.decision));
  std::vector<CarePeriodAnswer> answers;
  for (CarePeriodRecord& record : records) answers.push_back(Answer(ctx, std::move(record)));
  return answers;
}

absl::StatusOr<CarePeriodAnswer> ReadCarePeriods::Get(const auth::CallContext& ctx,
                                                      const domain::CarePeriodId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<CarePeriodRecord> record, ports_.store.FindCarePeriod(ctx, id));
  const auto case_id =
      record ? std::optional<std::string>(record->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      ports_.disclosure.Require(ctx, case_id, id.value));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, id.value, decision));
  return Answer(ctx, *std::move(record));
}

absl::StatusOr<CarePeriodAnswer> ReadCarePeriods::AfterWrite(const auth::CallContext& ctx,
                                                             const std::string& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<CarePeriodRecord> record,
                      ports_.store.FindCarePeriod(ctx, domain::CarePeriodId(id)));
  if (!record) return absl::InternalError("a written care period is missing");
  return Answer(ctx, *std::move(record));
}

absl::StatusOr<CarePeriodAnswer> RecordReconsideration::Run(
    const auth::CallContext& ctx, const RecordReconsiderationCommand& command) const {
  const ReadCarePeriods reads(ports_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::CarePeriodId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<CarePeriodRecord> found,
                      ports_.store.FindCarePeriod(ctx, command.id));
  const auto case_id =
      found ? std::optional<std::string>(found->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      ports_.disclosure.Require(ctx, case_id, command.id.value));
  VK_ASSIGN_OR_RETURN(const std::string id, ports_.store.Commit(ctx, [&](Session& session) {
    return ReconsiderIn(session, ctx, command, decision);
  }));
  return reads.AfterWrite(ctx, id);
}

}  // namespace vardkedja::placement::usecases
