#include "tests/simulation/region.h"

#include <algorithm>
#include <ostream>
#include <sstream>

#include "lib/id/uuid.h"
#include "placement-service/events/consume_referral.h"
#include "placement-service/events/timers.h"
#include "placement-service/storage/postgres_session.h"
#include "tests/simulation/periods.h"
#include "tests/simulation/picks.h"

namespace vardkedja::placement::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;

domain::Criteria CriteriaOf(std::uint32_t number) {
  return {number % 7 == 0, number % 5 == 0, number % 11 == 0, number % 13 == 0};
}

jobs::RunnerOptions AtOnce() {
  jobs::RunnerOptions options;
  options.min_backoff = options.max_backoff = std::chrono::milliseconds(0);
  return options;
}

// Does its work and is then lost with it, once.
jobs::Handler Losing(jobs::Handler handler, Crash& crash) {
  return [handler = std::move(handler), &crash](pg::Transaction& tx, const jobs::Job& job) {
    const absl::Status status = handler(tx, job);
    if (!status.ok() || std::exchange(crash, Crash::kNone) == Crash::kNone) return status;
    return absl::UnavailableError("the process died before the commit");
  };
}

std::map<std::string, jobs::Handler, std::less<>> LosingHandlers(Crash& crash) {
  auto handlers = events::TimerHandlers();
  for (auto& [kind, handler] : handlers) handler = Losing(handler, crash);
  return handlers;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Step& step) {
  return out << "{Deed(" << static_cast<int>(step.deed) << "), " << step.which << ", " << step.other
             << ", " << step.far << ", Crash(" << static_cast<int>(step.crash) << ")}";
}

const std::vector<Region::Kind>& Region::Kinds() {
  static const std::vector<Kind> kinds = {
      {Deed::kNewCase, 5, &Region::PlayReferral},
      {Deed::kDecideAgain, 8, &Region::PlayReferral},
      {Deed::kChangeCriteria, 3, &Region::PlayReferral},
      {Deed::kRecordGround, 3, &Region::PlayReferral},
      {Deed::kEndGround, 3, &Region::PlayReferral},
      {Deed::kCloseCase, 2, &Region::PlayReferral},
      {Deed::kMakeOffer, 14, &Region::PlayOffer},
      {Deed::kAccept, 12, &Region::PlayOffer},
      {Deed::kDecline, 4, &Region::PlayOffer},
      {Deed::kEnrol, 10, &Region::PlayStay},
      {Deed::kPlanTransfer, 8, &Region::PlayTransfer},
      {Deed::kConfirm, 16, &Region::PlayTransfer},
      {Deed::kComplete, 10, &Region::PlayTransfer},
      {Deed::kPlanDischarge, 3, &Region::PlayStay},
      {Deed::kDischarge, 5, &Region::PlayStay},
      {Deed::kCloseBed, 2, &Region::PlayBed},
      {Deed::kReopen, 2, &Region::PlayBed},
      {Deed::kPassTime, 7, &Region::PlayPassTime},
      {Deed::kHoldBed, 4, &Region::PlayHold},
      {Deed::kReleaseHold, 2, &Region::PlayHold},
      {Deed::kPark, 2, &Region::PlayParking},
      {Deed::kResume, 3, &Region::PlayParking},
      {Deed::kSell, 3, &Region::PlaySale},
      {Deed::kEndSale, 3, &Region::PlaySale},
      {Deed::kAddExtraPlace, 1, &Region::PlayExtraPlace},
      {Deed::kGoHome, 5, &Region::PlayGoHome},
      {Deed::kChangeReturn, 2, &Region::PlayHome},
      {Deed::kReturn, 5, &Region::PlayHome},
      {Deed::kDischargeFromHome, 1, &Region::PlayHome},
      {Deed::kGiveBack, 2, &Region::PlayReservation},
      {Deed::kChangeMoveIn, 4, &Region::PlayReservation},
      {Deed::kOfferPlace, 4, &Region::PlayOfferPlace},
      {Deed::kProposeOverride, 6, &Region::PlayOverride},
      {Deed::kSettleOverride, 6, &Region::PlaySettle},
      {Deed::kMoveBed, 4, &Region::PlayMoveBed},
      {Deed::kClearPlan, 1, &Region::PlayUndoDischarge},
      {Deed::kUndoDischarge, 4, &Region::PlayUndoDischarge},
      {Deed::kUndoTransfer, 3, &Region::PlayUndoTransfer},
      {Deed::kCorrectBed, 3, &Region::PlayCorrection},
      {Deed::kCorrectDates, 5, &Region::PlayCorrection},
      {Deed::kCorrectPerson, 1, &Region::PlayCorrection},
  };
  return kinds;
}

Step Region::RandomStep(std::mt19937& random) {
  unsigned all = 0;
  for (const Kind& kind : Kinds()) all += kind.weight;
  unsigned point = static_cast<unsigned>(random() % all);
  auto kind = Kinds().begin();
  while (point >= kind->weight) point -= kind++->weight;
  Step step;
  step.deed = kind->deed;
  step.which = static_cast<std::uint32_t>(random());
  step.other = static_cast<std::uint32_t>(random());
  step.far = static_cast<std::uint32_t>(random());
  const unsigned crash = static_cast<unsigned>(random() % 10);
  if (crash < 2) step.crash = crash == 0 ? Crash::kBeforeCommit : Crash::kAfterCommit;
  return step;
}

absl::StatusOr<std::string> CrashingStore::Commit(const auth::CallContext& ctx, const Body& body) {
  const Crash crash = std::exchange(next_, Crash::kNone);
  if (crash == Crash::kNone) return PostgresStore::Commit(ctx, body);
  if (crash == Crash::kAfterCommit) {
    static_cast<void>(PostgresStore::Commit(ctx, body));
  } else {
    const Body lost = [&](usecases::Session& session) -> absl::StatusOr<std::string> {
      const auto id = body(session);
      if (!id.ok()) return id;
      return absl::CancelledError("the process died before the commit");
    };
    static_cast<void>(PostgresStore::Commit(ctx, lost));
  }
  return absl::UnavailableError("no answer");
}

Region::Region()
    : crashing_(*pool_),
      stay_ports_{crashing_, disclosure_},
      timers_(*pool_, clock_, LosingHandlers(timer_crash_), AtOnce()) {
  model_.now = clock_.Now();
  const auto add = [&](const char* id, const char* facility, domain::BedKind kind) {
    model_.beds.push_back({id, facility, kind, {}, 1});
  };
  add("ekeliden-01", "ekeliden", domain::BedKind::kRegular);
  add("ekeliden-02", "ekeliden", domain::BedKind::kRegular);
  add("novus-01", "novus", domain::BedKind::kRegular);
  add("novus-02", "novus", domain::BedKind::kRegular);
  add("novus-insluss-01", "novus", domain::BedKind::kIntake);
}

std::string Region::Differ(std::string_view what, const std::string& model,
                           const std::string& service) {
  ++said_[std::string(what)][model];
  if (model == service) return "";
  return std::string(what) + ": the model says " + model + ", the service " + service;
}

std::string Region::Ask(const std::string& unit,
                        const std::function<absl::Status(const auth::CallContext&)>& call,
                        std::optional<std::string> seat) {
  const auth::CallContext ctx = Writing(unit, std::move(seat));
  absl::Status status = call(ctx);
  if (absl::IsUnavailable(status)) status = call(ctx);
  return ReasonOf(status);
}

absl::Status Region::ConsumeOnce(const referral::v1::ReferralEvent& event, bool lose) {
  eventlog::v1::Event log;
  const auto* oneof = event.GetDescriptor()->FindOneofByName("event");
  log.set_type(event.GetReflection()->GetOneofFieldDescriptor(event, oneof)->name());
  log.set_payload(event.SerializeAsString());
  return pool_->InTransaction({}, [&](pg::Transaction& tx) {
    const absl::Status status = storage::RunInSession(
        tx, {clock_.Now(), "", ""},
        [&](usecases::Session& session) { return events::ConsumeReferral(session, log); });
    return lose && status.ok() ? absl::CancelledError("the process died before the commit")
                               : status;
  });
}

void Region::Tell(const referral::v1::ReferralEvent& event, Crash crash) {
  if (crash == Crash::kBeforeCommit) static_cast<void>(ConsumeOnce(event, true));
  absl::Status status = ConsumeOnce(event, false);
  if (status.ok() && crash == Crash::kAfterCommit) status = ConsumeOnce(event, false);
  if (!status.ok()) missing_.push_back("an event was refused: " + status.ToString());
}

void Region::RunTimers() {
  for (int round = 0; round < 50; ++round) {
    const auto run = timers_.RunDue();
    if (!run.ok()) missing_.push_back("timers: " + run.status().ToString());
    if (!run.ok() || *run == 0) return;
  }
  missing_.push_back("timers do not come to an end");
}

void Region::PassTime(Instant to) {
  while (const std::optional<Instant> next = model_.NextDeadline()) {
    if (*next > to) break;
    clock_.Set(*next);
    model_.now = *next;
    RunTimers();
    model_.ExpireDue();
    LearnIds();
  }
  clock_.Set(to);
  model_.now = to;
  RunTimers();
}

std::string Region::Play(const Step& step) {
  PassTime(model_.now + std::chrono::seconds(1));
  const auto kind = std::find_if(Kinds().begin(), Kinds().end(),
                                 [&](const Kind& one) { return one.deed == step.deed; });
  std::string problem = (this->*kind->play)(step);
  crashing_.CrashNext(Crash::kNone);
  LearnIds();
  PassTime(model_.now);  // what is due at once, as when the decision of a restored offer has ended
  if (problem.empty()) problem = CompareFacts();
  for (const std::string& missing : missing_) problem += "\n" + missing;
  missing_.clear();
  return problem;
}

std::string Region::PlayPassTime(const Step& step) {
  timer_crash_ = step.crash;
  PassTime(model_.now + hours(1 + step.far % (24 * 12)));
  timer_crash_ = Crash::kNone;
  return "";
}

std::string Region::PlayReferral(const Step& step) {
  if (step.deed == Deed::kNewCase || step.deed == Deed::kDecideAgain || played_.empty()) {
    NewCaseOrDecision(step);
    return "";
  }
  if (step.deed == Deed::kRecordGround || step.deed == Deed::kEndGround) {
    PlayGround(step);
    return "";
  }
  const int index = Pick(step.which, played_.size());
  auto event = EventOf(played_[At(index)]);
  if (step.deed == Deed::kCloseCase) {
    const std::string reason = std::array{"withdrawn", "case_closed", "deceased"}[step.far % 3];
    if (reason == "deceased") {
      event.mutable_person_died()->set_death_date(FormatDate(Today()));
    } else {
      event.mutable_closed()->set_reason_code(reason);
    }
    Tell(event, step.crash);
    model_.CloseCase(index, reason);
    return "";
  }
  const domain::Criteria criteria = CriteriaOf(step.far);
  auto* changed = event.mutable_criteria_changed()->mutable_criteria();
  changed->set_lvm_investigation(criteria.lvm_investigation);
  changed->set_child_perspective(criteria.child_perspective);
  changed->set_lvm_section_27(criteria.lvm_section_27);
  changed->set_external_placement(criteria.external_placement);
  Tell(event, step.crash);
  model_.ChangeCriteria(index, criteria);
  return "";
}

void Region::NewCaseOrDecision(const Step& step) {
  if (step.deed == Deed::kDecideAgain && !played_.empty()) {
    // Half of them of somebody who lives somewhere and is to move on.
    const int stay = step.far % 2 == 0 ? PickStay(step) : -1;
    const int index = stay < 0 ? Pick(step.which, played_.size())
                               : model_.entries[At(model_.stays[At(stay)].entry)].person_case;
    if (!model_.cases[At(index)].closed) Decide(index, step);
    return;
  }
  PlayedCase played = NewCase(kOwner);
  // Now and then another case of someone who has one already.
  if (step.far % 6 == 0 && !played_.empty()) {
    played.person_id = played_[At(Pick(step.other, played_.size()))].person_id;
  }
  played_.push_back(played);
  model_.cases.push_back({played.case_id, played.number, played.person_id, {}, false});
  Decide(static_cast<int>(played_.size()) - 1, step);
}

void Region::Decide(int person_case, const Step& step) {
  const Bed& bed = model_.beds[At(Pick(step.other, model_.beds.size()))];
  Decision decision;
  decision.person_case = person_case;
  decision.facility = bed.facility;
  decision.kind = bed.kind;
  decision.criteria = CriteriaOf(step.far);
  decision.date = Today() - Shift(step.which / 5, 40);
  if (step.far % 9 != 0) decision.to = decision.date + days(20 + static_cast<int>(step.far % 160));

  auto event = EventOf(played_[At(person_case)]);
  auto* made = event.mutable_decision_made();
  made->set_decision_id(NewUuidV7());
  made->set_facility_id(decision.facility);
  made->set_bed_kind(static_cast<common::v1::BedKind>(decision.kind));
  made->set_decision_date(FormatDate(decision.date));
  if (decision.to) made->set_to_date(FormatDate(*decision.to));
  const auto submitted = std::chrono::floor<std::chrono::seconds>(StartOfDay(decision.date));
  made->mutable_submitted_at()->set_seconds(submitted.time_since_epoch().count());
  made->mutable_criteria()->set_lvm_investigation(decision.criteria.lvm_investigation);
  made->mutable_criteria()->set_child_perspective(decision.criteria.child_perspective);
  made->mutable_criteria()->set_lvm_section_27(decision.criteria.lvm_section_27);
  made->mutable_criteria()->set_external_placement(decision.criteria.external_placement);
  Tell(event, step.crash);
  model_.Decide(decision, submitted);
  ++decisions_;
}

void Region::PlayGround(const Step& step) {
  const int index = Pick(step.which, played_.size());
  const Case& owner = model_.cases[At(index)];
  auto event = EventOf(played_[At(index)]);
  if (step.deed == Deed::kEndGround && !owner.grounds.empty()) {
    auto ground = owner.grounds.begin();
    std::advance(ground, Pick(step.other, owner.grounds.size()));
    const std::string id = ground->first;
    event.mutable_ground_ended()->set_ground_id(id);
    for (const std::string& unit : ground->second.units) {
      event.mutable_ground_ended()->add_recipient_unit_ids(unit);
    }
    Tell(event, step.crash);
    model_.EndGround(index, id);
    return;
  }
  std::set<std::string> units;
  if (step.far % 3 != 0) units.insert(kBoard);
  if (step.far % 3 != 1) units.insert(step.other % 2 == 0 ? "novus" : "ekeliden");
  const std::string id = "ground-" + std::to_string(++grounds_);
  event.mutable_ground_recorded()->set_ground_id(id);
  for (const std::string& unit : units) {
    event.mutable_ground_recorded()->add_recipient_unit_ids(unit);
  }
  Tell(event, step.crash);
  model_.RecordGround(index, id, units);
}

int Region::PickStay(const Step& step, bool external) const {
  std::vector<int> fitting;
  for (int i = 0; i < static_cast<int>(model_.stays.size()); ++i) {
    if (model_.stays[At(i)].gone || (model_.stays[At(i)].entry < 0) != external) continue;
    if (step.which % 8 == 0 || !model_.stays[At(i)].out) fitting.push_back(i);
  }
  return fitting.empty() ? -1 : fitting[At(Pick(step.which / 8, fitting.size()))];
}

std::string Region::PlayOffer(const Step& step) {
  if (step.deed == Deed::kMakeOffer) {
    const int bed = Pick(step.which, model_.beds.size());
    const Date from = Today() + Shift(step.far, 30) - days(step.far % 50 == 7 ? 1 : 0);
    crashing_.CrashNext(step.crash);
    const std::string said = Ask(kBoard, [&](const auth::CallContext& ctx) {
      return usecases::MakeOffer(crashing_, disclosure_)
          .Run(ctx, {domain::BedId(model_.beds[At(bed)].id), from})
          .status();
    });
    return Differ("MakeOffer", model_.MakeOffer(bed, from), said);
  }
  const int offer = PickIn(model_.offers, "open", step);
  if (offer < 0) return "";
  const domain::OfferId id(model_.offers[At(offer)].id);
  crashing_.CrashNext(step.crash);
  if (step.deed == Deed::kAccept) {
    const Date move_in = std::max(model_.offers[At(offer)].from, Today()) + Shift(step.far, 20) -
                         days(step.far % 20 == 1 ? 1 : 0);
    const std::string said = Ask(kOwner, [&](const auth::CallContext& ctx) {
      return usecases::AcceptOffer(crashing_, disclosure_).Run(ctx, {id, "1", move_in}).status();
    });
    return Differ("AcceptOffer", model_.Accept(offer, move_in), said);
  }
  const bool usable = step.far % 4 != 0;
  const auto reason = usable ? domain::DeclineReason::kDate : domain::DeclineReason::kBedNotUsable;
  const std::string said = Ask(kOwner, [&](const auth::CallContext& ctx) {
    return usecases::DeclineOffer(crashing_, disclosure_)
        .Run(ctx, {id, "1", domain::DeclinedBy::kOwner, reason})
        .status();
  });
  return Differ("DeclineOffer", model_.Decline(offer, usable), said);
}

std::string Region::PlayStay(const Step& step) {
  if (step.deed == Deed::kEnrol) {
    const int offer = PickIn(model_.offers, "accepted", step);
    if (offer < 0) return "";
    const Date move_in = Today() - Shift(step.far, 6) + days(step.far % 40 == 1 ? 1 : 0);
    const std::string facility = model_.beds[At(model_.offers[At(offer)].bed)].facility;
    crashing_.CrashNext(step.crash);
    const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
      return usecases::EnrolPerson(stay_ports_)
          .Run(ctx, {domain::OfferId(model_.offers[At(offer)].id),
                     std::to_string(model_.offers[At(offer)].version), move_in,
                     domain::ExceptionReason::kAcuteNeed})
          .status();
    });
    return Differ("Enrol", model_.Enrol(offer, move_in), said);
  }
  const int index = PickStay(step);
  if (index < 0) return "";
  const Stay& stay = model_.stays[At(index)];
  const std::string facility = model_.beds[At(stay.bed)].facility;
  const domain::StayId id(stay.id);
  const std::string etag = std::to_string(stay.version);
  crashing_.CrashNext(step.crash);
  if (step.deed == Deed::kPlanDischarge) {
    const Date planned = Today() + days(static_cast<int>(step.far % 40) - 1);
    const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
      return usecases::PlanStayDischarge(stay_ports_)
          .Run(ctx, {id, etag, planned, domain::ExceptionReason::kPersonsWish})
          .status();
    });
    return Differ("PlanDischarge", model_.PlanDischarge(index, planned), said);
  }
  const Date departure = Today() - Shift(step.far, 8) + days(step.far % 40 == 1 ? 1 : 0);
  const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
    return usecases::DischargePerson(stay_ports_)
        .Run(ctx, {id, etag, departure, domain::DischargeReason::kCompleted, {}})
        .status();
  });
  return Differ("Discharge", model_.Discharge(index, departure), said);
}

std::optional<std::pair<int, int>> Region::FindMovingOn() const {
  const auto case_of = [&](int entry) { return model_.entries[At(entry)].person_case; };
  for (int i = 0; i < static_cast<int>(model_.offers.size()); ++i) {
    if (model_.offers[At(i)].state != "accepted") continue;
    for (int k = 0; k < static_cast<int>(model_.stays.size()); ++k) {
      const Stay& one = model_.stays[At(k)];
      if (one.entry < 0 || one.out) continue;
      if (case_of(one.entry) == case_of(model_.offers[At(i)].entry)) return std::pair(k, i);
    }
  }
  return std::nullopt;
}

int Region::PickEntry(const Step& step) const {
  std::vector<int> moving_on;
  for (int i = 0; i < static_cast<int>(model_.entries.size()); ++i) {
    const Entry& entry = model_.entries[At(i)];
    const bool lives = std::any_of(model_.stays.begin(), model_.stays.end(), [&](const Stay& stay) {
      return stay.entry >= 0 && !stay.out &&
             model_.entries[At(stay.entry)].person_case == entry.person_case;
    });
    if (entry.state == "waiting" && lives) moving_on.push_back(i);
  }
  if (moving_on.empty() || step.which % 2 == 0) return PickIn(model_.entries, "waiting", step);
  return moving_on[At(Pick(step.other, moving_on.size()))];
}

std::string Region::PlayTransfer(const Step& step) {
  if (step.deed == Deed::kPlanTransfer) {
    // Mostly somebody who is to move on, if there is anybody.
    const auto moving_on = step.other % 8 != 0 ? FindMovingOn() : std::nullopt;
    const auto pair =
        moving_on.value_or(std::pair(PickStay(step), PickIn(model_.offers, "accepted", step)));
    const int stay = pair.first;
    const int offer = pair.second;
    if (stay < 0 || offer < 0) return "";
    const Date move = Today() + days(static_cast<int>(step.far % 12) - 1);
    const Date meeting = Today() + Shift(step.far, 9);
    const std::string facility = model_.beds[At(model_.stays[At(stay)].bed)].facility;
    const usecases::PlanTransferCommand command{
        domain::StayId(model_.stays[At(stay)].id),
        std::to_string(model_.stays[At(stay)].version),
        domain::OfferId(model_.offers[At(offer)].id),
        {meeting, move, domain::ExceptionReason::kPersonsWish}};
    crashing_.CrashNext(step.crash);
    const std::string said = Ask(facility, [&](const auth::CallContext& ctx) {
      return usecases::PlanStayTransfer(stay_ports_).Run(ctx, command).status();
    });
    return Differ("PlanTransfer", model_.PlanTransfer(stay, offer, meeting, move), said);
  }
  const int index =
      PickIn(model_.transfers, step.deed == Deed::kConfirm ? "planned" : "confirmed", step);
  if (index < 0) return "";
  const Transfer& transfer = model_.transfers[At(index)];
  const domain::TransferId id(transfer.id);
  const std::string etag = std::to_string(transfer.version);
  const std::string unit = step.far % 2 == 0 ? "ekeliden" : "novus";
  crashing_.CrashNext(step.crash);
  if (step.deed == Deed::kConfirm) {
    const std::string said = Ask(unit, [&](const auth::CallContext& ctx) {
      return usecases::ConfirmStayTransfer(stay_ports_).Run(ctx, {id, etag}).status();
    });
    return Differ("ConfirmTransfer", model_.Confirm(index, unit), said);
  }
  const std::string to = model_.beds[At(model_.offers[At(transfer.offer)].bed)].facility;
  const Date move = Today() - Shift(step.far, 5);
  const std::string said = Ask(to, [&](const auth::CallContext& ctx) {
    return usecases::CompleteStayTransfer(stay_ports_)
        .Run(ctx, {id, etag, move, domain::ExceptionReason::kAcuteNeed})
        .status();
  });
  return Differ("CompleteTransfer", model_.Complete(index, move), said);
}

std::string Region::PlayBed(const Step& step) {
  const int index = Pick(step.which, model_.beds.size());
  const Bed& bed = model_.beds[At(index)];
  const std::string etag = std::to_string(bed.version);
  crashing_.CrashNext(step.crash);
  if (step.deed == Deed::kReopen && !bed.closures.empty()) {
    const int back = Pick(step.other, std::min<std::size_t>(bed.closures.size(), 2));
    const int closure = static_cast<int>(bed.closures.size()) - 1 - back;
    const Date open = Today() + Shift(step.far, 10) - days(step.far % 20 == 1 ? 1 : 0);
    const std::string said = Ask(bed.facility, [&](const auth::CallContext& ctx) {
      return usecases::ReopenBed(crashing_)
          .Run(ctx,
               {domain::BedId(bed.id), etag, domain::ClosureId(bed.closures[At(closure)].id), open})
          .status();
    });
    return Differ("ReopenBed", model_.Reopen(index, closure, open), said);
  }
  const Date from = Today() + days(static_cast<int>(step.far % 30) - 5);
  MaybeDate to;
  if (step.other % 5 != 0) to = from + days(step.other % 14);
  const std::string said = Ask(bed.facility, [&](const auth::CallContext& ctx) {
    return usecases::CloseBed(crashing_)
        .Run(ctx, {domain::BedId(bed.id), etag, {from, to}, domain::ClosureReason::kRepair})
        .status();
  });
  return Differ("CloseBed", model_.CloseBed(index, from, to), said);
}

}  // namespace vardkedja::placement::simulation
