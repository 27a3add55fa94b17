// Plays moves between beds, and corrections of what was recorded and was not so.
#include "placement-service/usecases/stay_life.h"
#include "tests/simulation/periods.h"
#include "tests/simulation/picks.h"
#include "tests/simulation/region.h"

namespace vardkedja::placement::simulation {

using std::chrono::days;

// Mostly another of the same facility.
int Region::PickBedNear(const Step& step, int bed) const {
  int found = Pick(step.other, model_.beds.size());
  for (std::size_t i = 0; step.other % 8 != 0 && i < model_.beds.size(); ++i) {
    if (found != bed && model_.beds[At(found)].facility == model_.beds[At(bed)].facility) break;
    found = (found + 1) % static_cast<int>(model_.beds.size());
  }
  return found;
}

std::string Region::PlayMoveBed(const Step& step) {
  const int index = PickStay(step);
  if (index < 0) return "";
  const Stay& stay = model_.stays[At(index)];
  const int bed = PickBedNear(step, stay.bed);
  const Date date = Today() - Shift(step.far, 5) + days(step.far % 40 == 1 ? 1 : 0);
  const usecases::MoveBedCommand command{domain::StayId(stay.id), std::to_string(stay.version),
                                         domain::BedId(model_.beds[At(bed)].id), date};
  crashing_.CrashNext(step.crash);
  const std::string said =
      Ask(model_.beds[At(stay.bed)].facility, [&](const auth::CallContext& ctx) {
        return usecases::MoveToBed(stay_ports_).Run(ctx, command).status();
      });
  return Differ("MoveBed", model_.MoveBed(index, bed, date), said);
}

// Of all stays, those that are over too.
int Region::PickRecord(const Step& step) const {
  std::vector<int> fitting;
  for (int i = 0; i < static_cast<int>(model_.stays.size()); ++i) {
    if (model_.stays[At(i)].entry >= 0) fitting.push_back(i);
  }
  if (fitting.empty()) return -1;
  // The newest ones mostly: around the others little happens.
  const std::size_t newest = step.which % 8 == 0 ? fitting.size() : 6;
  const int back = Pick(step.which / 8, std::min(fitting.size(), newest));
  return fitting[fitting.size() - 1 - At(back)];
}

std::string Region::PlayUndoDischarge(const Step& step) {
  const int index = PickRecord(step);
  if (index < 0) return "";
  const Stay& stay = model_.stays[At(index)];
  const usecases::StayCommand command{domain::StayId(stay.id), std::to_string(stay.version)};
  const std::string& facility = model_.beds[At(stay.bed)].facility;
  crashing_.CrashNext(step.crash);
  if (step.deed == Deed::kClearPlan) {
    const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
      return usecases::ClearStayDischarge(stay_ports_).Run(ctx, command).status();
    });
    return Differ("ClearPlannedDischarge", model_.ClearPlan(index), said);
  }
  const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
    return usecases::UndoStayDischarge(stay_ports_).Run(ctx, command).status();
  });
  return Differ("UndoDischarge", model_.UndoDischarge(index), said);
}

std::string Region::PlayUndoTransfer(const Step& step) {
  const int index = PickIn(model_.transfers, "done", step);
  if (index < 0) return "";
  const Transfer& transfer = model_.transfers[At(index)];
  const std::string unit = step.far % 2 == 0 ? "ekeliden" : "novus";
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(unit, [&](const auth::CallContext& ctx) {
    return usecases::UndoStayTransfer(stay_ports_)
        .Run(ctx, {domain::TransferId(transfer.id), std::to_string(transfer.version)})
        .status();
  });
  return Differ("UndoTransfer", model_.UndoTransfer(index, unit), said);
}

std::string Region::PlayCorrection(const Step& step) {
  const int index = PickRecord(step);
  if (index < 0) return "";
  const Stay& stay = model_.stays[At(index)];
  usecases::CorrectStayCommand command{domain::StayId(stay.id), std::to_string(stay.version), {}};
  const std::string facility = model_.beds[At(stay.bed)].facility;
  const int bed = PickBedNear(step, stay.bed);
  domain::Correction& correction = command.correction;
  if (step.deed == Deed::kCorrectBed) {
    correction.reason = domain::CorrectionReason::kWrongBed;
    correction.bed = domain::BedId(model_.beds[At(bed)].id);
  } else if (step.deed == Deed::kCorrectDates) {
    correction.reason = domain::CorrectionReason::kWrongDate;
    const auto shifted = [](Date date, std::uint32_t by) {
      return date + days(static_cast<int>(by % 9) - 4);
    };
    if (step.other % 3 != 0) correction.move_in = shifted(stay.in, step.far);
    if (step.other % 3 != 1 && stay.out) correction.departure = shifted(*stay.out, step.far / 9);
  } else {
    correction.reason = domain::CorrectionReason::kWrongPerson;
  }
  crashing_.CrashNext(step.crash);
  const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
    return usecases::CorrectStayRecord(stay_ports_).Run(ctx, command).status();
  });
  switch (step.deed) {
    case Deed::kCorrectBed:
      return Differ("a wrong bed", model_.CorrectBed(index, bed), said);
    case Deed::kCorrectDates:
      return Differ("a wrong date",
                    model_.CorrectDates(index, correction.move_in, correction.departure), said);
    default:
      return Differ("a wrong person", model_.CorrectPerson(index), said);
  }
}

}  // namespace vardkedja::placement::simulation
