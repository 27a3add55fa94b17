// Plays places offered to one person, by the queue's order or out of it.
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/overrides.h"
#include "tests/simulation/periods.h"
#include "tests/simulation/picks.h"
#include "tests/simulation/region.h"

namespace vardkedja::placement::simulation {

using std::chrono::days;

namespace {

constexpr char kSeats[2][10] = {"novus", "ekeliden"};

}  // namespace

std::string Region::PlayOfferPlace(const Step& step) {
  const int index = PickEntry(step);
  if (index < 0) return "";
  const Entry& entry = model_.entries[At(index)];
  const Date by = Today() + Shift(step.far, 95) - days(step.far % 50 == 7 ? 1 : 0);
  const usecases::OfferPlaceCommand command{
      domain::EntryId(entry.id), entry.facility == "novus" ? "supported_housing" : "hvb", by};
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(kBoard, [&](const auth::CallContext& ctx) {
    return usecases::OfferPlace(crashing_, disclosure_).Run(ctx, command).status();
  });
  return Differ("OfferPlace", model_.OfferPlace(index, by), said);
}

std::string Region::PlayOverride(const Step& step) {
  const int index = PickEntry(step);
  if (index < 0) return "";
  const Entry& entry = model_.entries[At(index)];
  // Mostly a bed of the entry's queue, and one time in three none that is named.
  int bed = step.far % 3 == 0 ? -1 : Pick(step.far / 3, model_.beds.size());
  for (int i = 0; bed >= 0 && step.far % 8 != 0 && i < static_cast<int>(model_.beds.size()); ++i) {
    const int next = Pick(step.far / 3 + static_cast<std::uint32_t>(i), model_.beds.size());
    const Bed& one = model_.beds[At(next)];
    if (one.facility != entry.facility || one.kind != entry.kind) continue;
    bed = next;
    break;
  }
  const Date from = Today() + Shift(step.other / 16, 20) - days(step.other % 50 == 7 ? 1 : 0);
  usecases::ProposeOverrideCommand command;
  command.entry_id = domain::EntryId(entry.id);
  if (bed >= 0) command.bed_id = domain::BedId(model_.beds[At(bed)].id);
  command.available_from = from;
  command.reason = domain::OverrideReason::kIndividualAssessment;
  const std::string seat = kSeats[step.far % 2];
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(
      kBoard,
      [&](const auth::CallContext& ctx) {
        return usecases::ProposeQueueOverride(crashing_, disclosure_).Run(ctx, command).status();
      },
      seat);
  return Differ("ProposeOverride", model_.ProposeOverride(index, bed, from, seat), said);
}

std::string Region::PlaySettle(const Step& step) {
  const int index = PickIn(model_.overrides, "proposed", step);
  if (index < 0) return "";
  const Override& proposal = model_.overrides[At(index)];
  const bool confirm = step.far % 4 != 0;
  const bool same_seat = step.which / 8 % 4 == 0;
  const std::string seat = kSeats[(proposal.seat == kSeats[0]) == same_seat ? 0 : 1];
  const usecases::SettleOverrideCommand command{
      domain::OverrideId(proposal.id), "1",
      confirm ? domain::OverrideAction::kConfirm : domain::OverrideAction::kReject};
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(
      kBoard,
      [&](const auth::CallContext& ctx) {
        return usecases::SettleQueueOverride(crashing_, disclosure_).Run(ctx, command).status();
      },
      seat);
  return Differ(confirm ? "ConfirmOverride" : "RejectOverride", model_.Settle(index, confirm, seat),
                said);
}

}  // namespace vardkedja::placement::simulation
