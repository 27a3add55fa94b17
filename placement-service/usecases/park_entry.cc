#include <algorithm>
#include <functional>
#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::usecases {
namespace {

absl::Status Write(Session& session, const domain::QueueEntry& entry,
                   const domain::Facility& facility) {
  VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  VK_RETURN_IF_ERROR(session.CancelTimer(kParkEnd, entry.id.value));
  if (!entry.parking) {
    VK_RETURN_IF_ERROR(
        session.AddHistory(entry.id, {session.now(), "resumed", std::nullopt, std::nullopt}));
    session.Publish(domain::EntryEvent(entry, facility, domain::EntryResumed{}));
    return absl::OkStatus();
  }
  if (entry.parking->until) {
    VK_RETURN_IF_ERROR(
        session.SetTimer(kParkEnd, entry.id.value, StartOfDay(*entry.parking->until), ""));
  }
  VK_RETURN_IF_ERROR(
      session.AddHistory(entry.id, {session.now(), "parked", std::nullopt, std::nullopt,
                                    std::string(domain::Code(entry.parking->reason))}));
  session.Publish(domain::EntryEvent(entry, facility, domain::EntryParked{}));
  return absl::OkStatus();
}

absl::StatusOr<std::string> ParkIn(Session& session, const auth::CallContext& ctx,
                                   const ParkEntryCommand& command,
                                   const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                      session.LockEntry(command.entry_id));
  if (!entry) return absl::InternalError("a queue entry is missing");
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(entry->facility_id));
  if (!facility) return absl::InternalError("an entry's facility is missing");
  const unsigned parties = PartiesOf(ctx, entry->owner_unit, facility->unit);
  const auto changed = command.park ? domain::Park(*entry, parties, command.reason, command.until,
                                                   StockholmDate(session.now()))
                                    : domain::Resume(*entry, parties);
  if (!changed.ok()) return changed.status();
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, entry->version));
  VK_RETURN_IF_ERROR(Write(session, *changed, *facility));
  session.Audit(WriteEntry(ctx, entry->id.value, decision));
  return entry->id.value;
}

}  // namespace

absl::StatusOr<EntryAnswer> ReadEntry::Answer(const auth::CallContext& ctx,
                                              domain::QueueEntry entry) const {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Facility> facilities, store_.Facilities(ctx));
  EntryAnswer answer;
  for (const domain::Facility& facility : facilities) {
    if (facility.id != entry.facility_id) continue;
    answer.actions =
        domain::AvailableActions(entry, PartiesOf(ctx, entry.owner_unit, facility.unit));
  }
  if (entry.state == domain::EntryState::kWaiting) {
    VK_ASSIGN_OR_RETURN(const std::vector<domain::QueueRule> rules, store_.Rules(ctx));
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const domain::QueueRule& one) {
      return one.version == entry.rule_version;
    });
    if (rule == rules.end()) return absl::InternalError("an entry's rule version is missing");
    VK_ASSIGN_OR_RETURN(const auto before, store_.CountBefore(ctx, *rule, entry));
    int count = 0;
    for (const domain::BeforeCount& one : before) count += one.count;
    answer.position = std::min(count + 1, domain::kExactPositions + 1);
  }
  // A write is done whatever happens to its answer: without names rather than with an error.
  const auto descriptions = disclosure_.Describe(ctx, {entry.case_id.value});
  if (descriptions.ok()) {
    const auto who = descriptions->find(entry.case_id.value);
    if (who != descriptions->end()) answer.who = who->second;
  }
  answer.entry = std::move(entry);
  return answer;
}

absl::StatusOr<EntryAnswer> ReadEntry::Get(const auth::CallContext& ctx,
                                           const domain::EntryId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> entry, store_.FindEntry(ctx, id));
  const auto case_id = entry ? std::optional<std::string>(entry->case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, id.value));
  VK_RETURN_IF_ERROR(disclosure_.RecordRead(ctx, id.value, decision));
  return Answer(ctx, *std::move(entry));
}

absl::StatusOr<EntryAnswer> ReadEntry::AfterWrite(const auth::CallContext& ctx,
                                                  const domain::EntryId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<domain::QueueEntry> entry, store_.FindEntry(ctx, id));
  if (!entry) return absl::InternalError("a written queue entry is missing");
  return Answer(ctx, *std::move(entry));
}

absl::StatusOr<EntryAnswer> ParkEntry::Run(const auth::CallContext& ctx,
                                           const ParkEntryCommand& command) const {
  const ReadEntry reads(store_, disclosure_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store_.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::EntryId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> found,
                      store_.FindEntry(ctx, command.entry_id));
  const auto case_id = found ? std::optional<std::string>(found->case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, command.entry_id.value));
  VK_ASSIGN_OR_RETURN(const std::string id, store_.Commit(ctx, [&](Session& session) {
    return ParkIn(session, ctx, command, decision);
  }));
  return reads.AfterWrite(ctx, domain::EntryId(id));
}

absl::Status ResumeOnDate(Session& session, const domain::EntryId& id) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry, session.LockEntry(id));
  if (!entry || !entry->parking || !entry->parking->until ||
      StockholmDate(session.now()) < *entry->parking->until) {
    return absl::OkStatus();
  }
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(entry->facility_id));
  if (!facility) return absl::InternalError("an entry's facility is missing");
  VK_ASSIGN_OR_RETURN(const domain::QueueEntry resumed, domain::Resume(*entry, domain::kTimer));
  return Write(session, resumed, *facility);
}

}  // namespace vardkedja::placement::usecases
