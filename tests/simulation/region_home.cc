// Plays held beds, parking, places sold outside the chain, extra places and alternating stays.
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/external_stays.h"
#include "placement-service/usecases/facilities.h"
#include "placement-service/usecases/holding.h"
#include "tests/simulation/periods.h"
#include "tests/simulation/picks.h"
#include "tests/simulation/region.h"

namespace vardkedja::placement::simulation {

using std::chrono::days;

namespace {

constexpr std::size_t kMostBeds = 8;

}  // namespace

std::string Region::PlayHold(const Step& step) {
  if (step.deed == Deed::kReleaseHold) {
    const int index = PickIn(model_.holds, "held", step);
    if (index < 0) return "";
    const Hold& hold = model_.holds[At(index)];
    crashing_.CrashNext(step.crash);
    const std::string said = Ask(
        kBoard,
        [&](const auth::CallContext& ctx) {
          return usecases::ReleaseHold(crashing_).Run(ctx, {domain::HoldId(hold.id), "1"}).status();
        },
        model_.beds[At(hold.bed)].facility);
    return Differ("ReleaseHold", model_.Release(index), said);
  }
  const int index = Pick(step.which, model_.beds.size());
  const Bed& bed = model_.beds[At(index)];
  const Date from = Today() + Shift(step.far, 12) - days(step.far % 30 == 7 ? 1 : 0);
  const Date to = from + days(static_cast<int>(step.other % 24));
  usecases::HoldBedCommand command{domain::BedId(bed.id), std::to_string(bed.version), from, {}};
  command.plan.to = to;
  command.plan.expected = from;
  command.plan.reason = domain::HoldReason::kSection27Announced;
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(
      kBoard,
      [&](const auth::CallContext& ctx) {
        return usecases::HoldBed(crashing_).Run(ctx, command).status();
      },
      bed.facility);
  return Differ("HoldBed", model_.HoldBed(index, from, to), said);
}

std::string Region::PlayParking(const Step& step) {
  const int index = PickIn(model_.entries, "waiting", step);
  if (index < 0) return "";
  const std::string& id = model_.entries[At(index)].id;
  usecases::ParkEntryCommand command;
  command.entry_id = domain::EntryId(id);
  command.park = step.deed == Deed::kPark;
  command.etag = LearnId("SELECT version::text AS id FROM queue_entry WHERE entry_id = $1", {id});
  command.reason = domain::ParkReason::kInHospital;
  if (step.far % 4 != 0) command.until = Today() + days(static_cast<int>(step.far % 30));
  crashing_.CrashNext(step.crash);
  const std::string said = Ask("alvesta-authority", [&](const auth::CallContext& ctx) {
    return usecases::ParkEntry(crashing_, disclosure_).Run(ctx, command).status();
  });
  return command.park ? Differ("ParkEntry", model_.Park(index, command.until), said)
                      : Differ("ResumeEntry", model_.Resume(index), said);
}

std::string Region::PlaySale(const Step& step) {
  if (step.deed == Deed::kEndSale) {
    const int index = PickStay(step, /*external=*/true);
    if (index < 0) return "";
    const Stay& stay = model_.stays[At(index)];
    const Date out = Today() - Shift(step.far, 8) + days(step.far % 40 == 1 ? 1 : 0);
    crashing_.CrashNext(step.crash);
    const std::string said =
        Ask(model_.beds[At(stay.bed)].facility, [&](const auth::CallContext& ctx) {
          return usecases::EndExternalStay(crashing_)
              .Run(ctx, {domain::StayId(stay.id), std::to_string(stay.version), out})
              .status();
        });
    return Differ("EndExternalStay", model_.EndSale(index, out), said);
  }
  const int index = Pick(step.which, model_.beds.size());
  const Bed& bed = model_.beds[At(index)];
  const Date from = Today() - Shift(step.far, 10) + days(step.far % 40 == 1 ? 1 : 0);
  MaybeDate until;
  if (step.other % 4 != 0) until = from + days(static_cast<int>(step.other % 30));
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(bed.facility, [&](const auth::CallContext& ctx) {
    return usecases::BeginExternalStay(crashing_)
        .Run(ctx, {domain::BedId(bed.id), {"kalmar", "K-1", 250'000}, from, until})
        .status();
  });
  return Differ("BeginExternalStay", model_.Sell(index, from, until), said);
}

std::string Region::PlayExtraPlace(const Step& step) {
  if (model_.beds.size() >= kMostBeds) return "";
  Bed bed;
  bed.facility = step.which % 2 == 0 ? "ekeliden" : "novus";
  bed.id = bed.facility + "-extra-" + std::to_string(model_.beds.size());
  bed.extra = true;
  bed.from = Today() - Shift(step.far, 5);
  domain::Bed added;
  added.id = domain::BedId(bed.id);
  added.facility_id = domain::FacilityId(bed.facility);
  added.extra = true;
  added.operational = {bed.from, std::nullopt};
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(bed.facility, [&](const auth::CallContext& ctx) {
    return usecases::AddBedToFacility(crashing_).Run(ctx, added).status();
  });
  model_.AddExtraPlace(bed);
  return Differ("AddBed", "OK", said);
}

std::string Region::PlayGoHome(const Step& step) {
  const int index = PickStay(step);
  if (index < 0) return "";
  const Stay& stay = model_.stays[At(index)];
  const Date from = Today() - Shift(step.far, 4) + days(step.far % 40 == 1 ? 1 : 0);
  const Date back = Today() + days(static_cast<int>(step.other % 21));
  const int bed = step.other % 3 != 0 ? stay.bed : Pick(step.far, model_.beds.size());
  crashing_.CrashNext(step.crash);
  const std::string said =
      Ask(model_.beds[At(stay.bed)].facility, [&](const auth::CallContext& ctx) {
        return usecases::GoHomeForATime(stay_ports_)
            .Run(ctx, {domain::StayId(stay.id), std::to_string(stay.version), from, back,
                       domain::BedId(model_.beds[At(bed)].id)})
            .status();
      });
  return Differ("GoHome", model_.GoHome(index, from, back, bed), said);
}

std::string Region::PlayReservation(const Step& step) {
  const int index = PickIn(model_.offers, "accepted", step);
  if (index < 0) return "";
  const Offer& offer = model_.offers[At(index)];
  const domain::OfferId id(offer.id);
  const std::string etag = std::to_string(offer.version);
  const std::string facility = model_.beds[At(offer.bed)].facility;
  crashing_.CrashNext(step.crash);
  if (step.deed == Deed::kGiveBack) {
    const bool usable = step.far % 4 != 0;
    const auto reason =
        usable ? domain::DeclineReason::kDate : domain::DeclineReason::kBedNotUsable;
    const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
      return usecases::GiveBackOffer(crashing_, disclosure_)
          .Run(ctx, {id, etag, domain::DeclinedBy::kFacility, reason})
          .status();
    });
    return Differ("GiveBackOffer", model_.GiveBack(index, usable), said);
  }
  const Date move_in = Today() + days(static_cast<int>(step.far % 36) - 1);
  const int bed = step.far % 2 == 0 ? offer.bed : Pick(step.far / 2, model_.beds.size());
  const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
    return usecases::ChangeMoveIn(crashing_, disclosure_)
        .Run(ctx, {id, etag, move_in, domain::BedId(model_.beds[At(bed)].id)})
        .status();
  });
  return Differ("ChangeMoveIn", model_.ChangeMoveIn(index, move_in, bed), said);
}

std::string Region::PlayHome(const Step& step) {
  const int index = PickIn(model_.homes, "at_home", step);
  if (index < 0) return "";
  const Home& home = model_.homes[At(index)];
  const domain::AlternationId id(home.id);
  const std::string etag = std::to_string(home.version);
  const std::string facility = model_.beds[At(home.bed)].facility;
  crashing_.CrashNext(step.crash);
  if (step.deed == Deed::kChangeReturn) {
    const Date back = Today() + days(static_cast<int>(step.far % 30) - 1);
    const int bed = step.far % 2 == 0 ? home.bed : Pick(step.far / 2, model_.beds.size());
    const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
      return usecases::ChangePlannedReturn(stay_ports_)
          .Run(ctx, {id, etag, back, domain::BedId(model_.beds[At(bed)].id)})
          .status();
    });
    return Differ("ChangeReturn", model_.ChangeReturn(index, back, bed), said);
  }
  const Date date = Today() - Shift(step.far, 4) + days(step.far % 40 == 1 ? 1 : 0);
  if (step.deed == Deed::kReturn) {
    const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
      return usecases::ReturnToFacility(stay_ports_).Run(ctx, {id, etag, date}).status();
    });
    return Differ("ReturnFromHome", model_.Return(index, date), said);
  }
  const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
    return usecases::DischargeAtHome(stay_ports_)
        .Run(ctx, {id, etag, date, domain::DischargeReason::kOwnWish, {}})
        .status();
  });
  return Differ("DischargeFromHome", model_.DischargeFromHome(index, date), said);
}

}  // namespace vardkedja::placement::simulation
