#include "placement-service/events/bed_changes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/status/status.h"
#include "vardkedja/placement/v1/events.pb.h"

namespace vardkedja::placement::events {
namespace {

using PlacementCase = v1::PlacementEvent::EventCase;

constexpr int kPage = 100;
// Commits that overlap stand in the log by commit, and may have happened the other way round. What
// was known after one is what was known after all before it, so the latest instant counts; that of
// so many events back is enough, since no commit overlaps with more.
constexpr int kOverlap = 200;

// Those that never change what is free or taken. Whatever is not named here does, or might.
bool TouchesNoBed(PlacementCase happening) {
  switch (happening) {
    case PlacementCase::kQueued:
    case PlacementCase::kQueueAlert:
    case PlacementCase::kOfferExpiring:
    case PlacementCase::kOverrideProposed:
    case PlacementCase::kEntryParked:
    case PlacementCase::kEntryResumed:
    case PlacementCase::kIncidentRecorded:
    case PlacementCase::kAbsenceCorrected:
    case PlacementCase::kAgreementRecorded:
    case PlacementCase::kContactPlanned:
    case PlacementCase::kReturnOverdue:
    case PlacementCase::kMoveInOverdue:
    case PlacementCase::kCarePeriodBegan:
    case PlacementCase::kPlacementReconsidered:
      return true;
    default:
      return false;
  }
}

Instant InstantOf(const google::protobuf::Timestamp& time) {
  return Instant(std::chrono::seconds(time.seconds()) +
                 std::chrono::microseconds(time.nanos() / 1000));
}

// Empty when the event does not say them all.
std::set<domain::FacilityId> FacilitiesOf(const v1::PlacementEvent& payload) {
  switch (payload.event_case()) {
    case PlacementCase::kTransferCancelled:  // gives a place of the other facility back
    case PlacementCase::kStayCorrected:
    case PlacementCase::EVENT_NOT_SET:
      return {};
    case PlacementCase::kTransferDone:
      return {domain::FacilityId(payload.facility_id()),
              domain::FacilityId(payload.transfer_done().from_facility_id())};
    default:
      return {domain::FacilityId(payload.facility_id())};
  }
}

}  // namespace

absl::StatusOr<usecases::ChangePage> LoggedBedChanges::After(
    std::int64_t sequence, std::chrono::steady_clock::time_point deadline) {
  // The log only grows, so what was read of it stays true.
  if (last_ && last_->after == sequence && last_->page.position > sequence) return last_->page;
  const bool goes_on = last_ && last_->page.position == sequence;
  const std::int64_t from = goes_on ? sequence : std::max<std::int64_t>(0, sequence - kOverlap);
  VK_ASSIGN_OR_RETURN(const eventlog::v1::ReadResponse read,
                      reader_.Read(from, kOverlap + kPage, deadline));
  Page next;
  next.after = sequence;
  next.last = goes_on ? last_->last : Instant{};
  next.page.at = next.last;
  next.page.position = sequence;
  next.page.head = read.head();
  for (const eventlog::v1::Event& event : read.events()) {
    next.last = std::max(next.last, InstantOf(event.occurred_at()));
    if (event.seq() <= sequence) {
      next.page.at = next.last;
      continue;
    }
    next.page.position = event.seq();
    v1::PlacementEvent payload;
    if (!payload.ParseFromString(event.payload())) {
      return absl::InternalError("an event of this service's own log does not parse");
    }
    if (TouchesNoBed(payload.event_case())) continue;
    next.page.changes.push_back({event.seq(), next.last, FacilitiesOf(payload)});
  }
  last_ = std::move(next);
  return last_->page;
}

absl::StatusOr<std::int64_t> LoggedBedChanges::Head(
    std::chrono::steady_clock::time_point deadline) {
  VK_ASSIGN_OR_RETURN(const eventlog::v1::ReadResponse read, reader_.Read(0, 1, deadline));
  return read.head();
}

}  // namespace vardkedja::placement::events
