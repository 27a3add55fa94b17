#include <utility>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/holding.h"

namespace vardkedja::placement::usecases {
namespace {

// The seat decides, not the facility's staff: a held bed is one that the queue does not get.
absl::Status RequireOwnSeat(const auth::CallContext& ctx, const domain::Facility& facility) {
  const domain::Seat seat = SeatOf(ctx);
  VK_RETURN_IF_ERROR(domain::RequireSeat(seat));
  return seat.id == facility.id.value ? absl::OkStatus() : domain::UnitNotYours();
}

audit::Entry SeatEntry(const auth::CallContext& ctx, const domain::HoldId& id) {
  audit::Entry entry = audit::MakeEntry(ctx, id.value);
  entry.rule_id = "own_seat";
  entry.permitted = true;
  return entry;
}

HoldAnswer Answer(const auth::CallContext& ctx, HoldRecord record) {
  HoldAnswer answer;
  answer.empty_days = domain::EmptyDays(record.hold, StockholmDate(ctx.now));
  if (RequireOwnSeat(ctx, record.facility).ok()) {
    answer.actions = domain::AllowedActions(domain::HoldTable(), record.hold.state, domain::kBoard);
  }
  answer.record = std::move(record);
  return answer;
}

// The bed's version moves too: what hangs on the bed has changed.
absl::Status WriteEnd(Session& session, const HoldRecord& record, const domain::Hold& ended) {
  domain::Bed bed = record.bed;
  ++bed.version;
  VK_RETURN_IF_ERROR(session.ChangeBed(bed));
  VK_RETURN_IF_ERROR(session.ChangeHold(ended));
  VK_RETURN_IF_ERROR(session.CancelTimer(kHoldExpiry, ended.id.value));
  session.Publish(domain::HoldEvent(ended, bed, record.facility));
  return absl::OkStatus();
}

absl::StatusOr<std::string> HoldIn(Session& session, const auth::CallContext& ctx,
                                   const HoldBedCommand& command) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> record, session.LockBed(command.bed_id));
  if (!record) return NotFound();
  VK_RETURN_IF_ERROR(RequireOwnSeat(ctx, record->facility));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->bed.version));
  domain::HoldPlan plan = command.plan;
  plan.from = command.from.value_or(StockholmDate(session.now()));
  VK_ASSIGN_OR_RETURN(const domain::Hold hold,
                      domain::MakeHold(domain::HoldId(NewUuidV7()), record->calendar, plan,
                                       SeatOf(ctx), session.now()));
  domain::Bed bed = record->bed;
  ++bed.version;
  VK_RETURN_IF_ERROR(session.ChangeBed(bed));
  VK_RETURN_IF_ERROR(session.AddHold(hold));
  VK_RETURN_IF_ERROR(
      session.SetTimer(kHoldExpiry, hold.id.value, StartOfDay(hold.to), bed.id.value));
  session.Publish(domain::HoldEvent(hold, bed, record->facility));
  session.Audit(SeatEntry(ctx, hold.id));
  return hold.id.value;
}

absl::StatusOr<std::string> ReleaseIn(Session& session, const auth::CallContext& ctx,
                                      const ReleaseHoldCommand& command,
                                      const domain::BedId& bed_id) {
  VK_RETURN_IF_ERROR(session.LockBed(bed_id).status());
  VK_ASSIGN_OR_RETURN(const std::optional<HoldRecord> record, session.LockHold(command.hold_id));
  if (!record) return absl::InternalError("a hold is missing");
  VK_RETURN_IF_ERROR(RequireOwnSeat(ctx, record->facility));
  VK_ASSIGN_OR_RETURN(const domain::Hold hold,
                      domain::Release(record->hold, domain::kBoard, session.now()));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->hold.version));
  VK_RETURN_IF_ERROR(WriteEnd(session, *record, hold));
  session.Audit(SeatEntry(ctx, hold.id));
  return hold.id.value;
}

}  // namespace

absl::StatusOr<HoldAnswer> ReadHolds::Get(const auth::CallContext& ctx,
                                          const domain::HoldId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<HoldRecord> record, store_.FindHold(ctx, id));
  if (!record) return NotFound();
  return Answer(ctx, *std::move(record));
}

absl::StatusOr<ReadHolds::Page> ReadHolds::List(const auth::CallContext& ctx,
                                                const HoldPage& page) const {
  VK_RETURN_IF_ERROR(CheckFacilityKnown(store_, ctx, page.facility_id));
  VK_ASSIGN_OR_RETURN(std::vector<HoldRecord> records, store_.ListHolds(ctx, page));
  Page answer;
  if (static_cast<int>(records.size()) == page.limit) answer.next = records.back().hold.id.value;
  for (HoldRecord& record : records) answer.holds.push_back(Answer(ctx, std::move(record)));
  return answer;
}

absl::StatusOr<HoldAnswer> HoldBed::Run(const auth::CallContext& ctx,
                                        const HoldBedCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return HoldIn(session, ctx, command); }));
  }
  return ReadHolds(store_).Get(ctx, domain::HoldId(*id));
}

absl::StatusOr<HoldAnswer> ReleaseHold::Run(const auth::CallContext& ctx,
                                            const ReleaseHoldCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(const std::optional<HoldRecord> found,
                        store_.FindHold(ctx, command.hold_id));
    if (!found) return NotFound();
    VK_ASSIGN_OR_RETURN(id, store_.Commit(ctx, [&](Session& session) {
      return ReleaseIn(session, ctx, command, found->hold.bed_id);
    }));
  }
  return ReadHolds(store_).Get(ctx, domain::HoldId(*id));
}

absl::Status ExpireHold(Session& session, const domain::HoldId& id, const domain::BedId& bed_id) {
  VK_RETURN_IF_ERROR(session.LockBed(bed_id).status());
  VK_ASSIGN_OR_RETURN(const std::optional<HoldRecord> record, session.LockHold(id));
  if (!record || record->hold.state != domain::HoldState::kHeld) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const domain::Hold hold, domain::Expire(record->hold, session.now()));
  return WriteEnd(session, *record, hold);
}

absl::Status UseHolds(Session& session, BedRecord& bed, Date from) {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::HoldId> live, session.LiveHolds(bed.bed.id, from));
  for (const domain::HoldId& id : live) {
    VK_ASSIGN_OR_RETURN(const std::optional<HoldRecord> record, session.LockHold(id));
    if (!record) return absl::InternalError("a hold is missing");
    VK_ASSIGN_OR_RETURN(const domain::Hold used, domain::Use(record->hold, session.now()));
    VK_RETURN_IF_ERROR(WriteEnd(session, *record, used));
  }
  bed.calendar.holds.clear();
  return absl::OkStatus();
}

}  // namespace vardkedja::placement::usecases
