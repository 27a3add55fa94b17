// Every state x action x party of every machine, against a list written out by hand.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "lib/status/status.h"
#include "placement-service/domain/alternation.h"
#include "placement-service/domain/care_period.h"
#include "placement-service/domain/hold.h"
#include "placement-service/domain/offer.h"
#include "placement-service/domain/queue_entry.h"
#include "placement-service/domain/queue_override.h"
#include "placement-service/domain/stay.h"
#include "placement-service/domain/transfer.h"

namespace vardkedja::placement::domain {
namespace {

const std::vector<unsigned> kParties = {kOwner,        kBoard, kFacility,
                                        kNextFacility, kTimer, kConsequence};

std::string PartyName(unsigned party) {
  switch (party) {
    case kOwner:
      return "owner";
    case kBoard:
      return "board";
    case kFacility:
      return "facility";
    case kNextFacility:
      return "next";
    case kTimer:
      return "timer";
    default:
      return "consequence";
  }
}

// "open AcceptOffer owner -> accepted" for all that is allowed.
template <class State, class Action>
std::set<std::string> Allowed(std::span<const Transition<State, Action>> table,
                              const std::vector<State>& states,
                              const std::vector<Action>& actions) {
  std::set<std::string> allowed;
  for (const State state : states) {
    for (const Action action : actions) {
      for (const unsigned party : kParties) {
        const auto next = Step(table, "thing", state, action, party);
        if (next.ok()) {
          allowed.insert(std::string(Name(state)) + " " + std::string(Name(action)) + " " +
                         PartyName(party) + " -> " + std::string(Name(*next)));
          continue;
        }
        const auto detail = GetErrorDetail(next.status());
        EXPECT_TRUE(detail->reason == "ILLEGAL_STATE" || detail->reason == "UNIT_NOT_YOURS");
        if (detail->reason == "ILLEGAL_STATE") {
          EXPECT_EQ(detail->metadata.at("state"), Name(state));
          EXPECT_TRUE(detail->metadata.contains("allowed_actions"));
        }
      }
    }
  }
  return allowed;
}

TEST(StateTablesTest, Offer) {
  const auto allowed = Allowed<OfferState, OfferAction>(
      OfferTable(),
      {OfferState::kOpen, OfferState::kAccepted, OfferState::kDeclined, OfferState::kExpired,
       OfferState::kWithdrawn, OfferState::kConsumed, OfferState::kGivenBack},
      {OfferAction::kAccept, OfferAction::kDecline, OfferAction::kExpire, OfferAction::kWithdraw,
       OfferAction::kEnrol, OfferAction::kCompleteTransfer, OfferAction::kRestore,
       OfferAction::kGiveBack, OfferAction::kChangeMoveIn});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "open AcceptOffer owner -> accepted",
                         "open DeclineOffer owner -> declined",
                         "open DeclineOffer facility -> declined",
                         "open Expire timer -> expired",
                         "open Withdraw consequence -> withdrawn",
                         "accepted Enrol facility -> consumed",
                         "accepted CompleteTransfer facility -> consumed",
                         "accepted CompleteTransfer next -> consumed",
                         "accepted GiveBackOffer owner -> given_back",
                         "accepted GiveBackOffer facility -> given_back",
                         "accepted ChangeMoveIn owner -> accepted",
                         "accepted ChangeMoveIn facility -> accepted",
                         "accepted Withdraw consequence -> withdrawn",
                         "consumed Restore consequence -> accepted",
                     }));
}

TEST(StateTablesTest, QueueEntry) {
  const auto allowed = Allowed<EntryState, EntryAction>(
      EntryTable(),
      {EntryState::kWaiting, EntryState::kReserved, EntryState::kPlaced, EntryState::kLeft},
      {EntryAction::kReserve, EntryAction::kPlace, EntryAction::kLeave, EntryAction::kReturn,
       EntryAction::kPark, EntryAction::kResume, EntryAction::kGiveBack, EntryAction::kRestore});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "waiting Reserve owner -> reserved",
                         "waiting Leave consequence -> left",
                         "waiting ParkEntry owner -> waiting",
                         "waiting ParkEntry board -> waiting",
                         "waiting ResumeEntry owner -> waiting",
                         "waiting ResumeEntry board -> waiting",
                         "waiting ResumeEntry timer -> waiting",
                         "reserved Place facility -> placed",
                         "reserved Place next -> placed",
                         "reserved Leave consequence -> left",
                         "reserved GiveBack consequence -> waiting",
                         "placed Restore consequence -> reserved",
                         "left Return consequence -> waiting",
                     }));
}

TEST(StateTablesTest, QueueOverride) {
  const auto allowed = Allowed<OverrideState, OverrideAction>(
      OverrideTable(),
      {OverrideState::kProposed, OverrideState::kConfirmed, OverrideState::kRejected},
      {OverrideAction::kConfirm, OverrideAction::kReject});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "proposed ConfirmOverride board -> confirmed",
                         "proposed RejectOverride board -> rejected",
                     }));
}

TEST(StateTablesTest, Hold) {
  const auto allowed = Allowed<HoldState, HoldAction>(
      HoldTable(), {HoldState::kHeld, HoldState::kReleased, HoldState::kExpired, HoldState::kUsed},
      {HoldAction::kRelease, HoldAction::kExpire, HoldAction::kUse});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "held ReleaseHold board -> released",
                         "held Expire timer -> expired",
                         "held Use consequence -> used",
                     }));
}

TEST(StateTablesTest, Stay) {
  const auto allowed = Allowed<StayState, StayAction>(
      StayTable(), {StayState::kActive, StayState::kEnded, StayState::kCorrected},
      {StayAction::kPlanTransfer, StayAction::kPlanDischarge, StayAction::kDischarge,
       StayAction::kCompleteTransfer, StayAction::kBeginLeave, StayAction::kEndLeave,
       StayAction::kInterrupt, StayAction::kResume, StayAction::kMoveBed,
       StayAction::kRecordIncident, StayAction::kCorrect, StayAction::kGoHome,
       StayAction::kClearPlannedDischarge, StayAction::kUndoDischarge, StayAction::kUndoTransfer,
       StayAction::kCorrectAbsence, StayAction::kCorrectIncident});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "active PlanTransfer owner -> active",
                         "active PlanTransfer facility -> active",
                         "active PlanDischarge facility -> active",
                         "active ClearPlannedDischarge facility -> active",
                         "ended UndoDischarge facility -> active",
                         "ended UndoTransfer facility -> active",
                         "ended UndoTransfer next -> active",
                         "active BeginLeave facility -> active",
                         "active EndLeave facility -> active",
                         "active InterruptStay facility -> active",
                         "active ResumeStay facility -> active",
                         "active MoveBed facility -> ended",
                         "active GoHome facility -> ended",
                         "active RecordIncident facility -> active",
                         "active CorrectStay facility -> corrected",
                         "ended CorrectStay facility -> corrected",
                         "active CorrectAbsence facility -> active",
                         "ended CorrectAbsence facility -> ended",
                         "active CorrectIncident facility -> active",
                         "ended CorrectIncident facility -> ended",
                         "corrected CorrectIncident facility -> corrected",
                         "active Discharge facility -> ended",
                         "active CompleteTransfer facility -> ended",
                         "active CompleteTransfer next -> ended",
                     }));
}

TEST(StateTablesTest, CarePeriod) {
  const auto allowed = Allowed<CarePeriodState, CarePeriodAction>(
      CarePeriodTable(),
      {CarePeriodState::kOpen, CarePeriodState::kReconsidered, CarePeriodState::kReplaced,
       CarePeriodState::kEnded},
      {CarePeriodAction::kReconsider, CarePeriodAction::kReplace, CarePeriodAction::kEnd});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "open RecordReconsideration owner -> reconsidered",
                         "open Replace consequence -> replaced",
                         "open End consequence -> ended",
                     }));
}

TEST(StateTablesTest, Alternation) {
  const auto allowed = Allowed<AlternationState, AlternationAction>(
      AlternationTable(),
      {AlternationState::kAtHome, AlternationState::kReturned, AlternationState::kEnded,
       AlternationState::kCorrected},
      {AlternationAction::kChangeReturn, AlternationAction::kReturn, AlternationAction::kDischarge,
       AlternationAction::kCorrect});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "at_home ChangeReturn facility -> at_home",
                         "at_home ReturnFromHome facility -> returned",
                         "at_home DischargeFromHome facility -> ended",
                         "at_home CorrectStay consequence -> corrected",
                         "returned CorrectStay consequence -> corrected",
                         "ended CorrectStay consequence -> corrected",
                     }));
}

TEST(StateTablesTest, Transfer) {
  const auto allowed = Allowed<TransferState, TransferAction>(
      TransferTable(),
      {TransferState::kPlanned, TransferState::kConfirmed, TransferState::kDone,
       TransferState::kCancelled},
      {TransferAction::kPlan, TransferAction::kConfirm, TransferAction::kComplete,
       TransferAction::kCancel, TransferAction::kUndo});
  EXPECT_EQ(allowed, (std::set<std::string>{
                         "planned PlanTransfer owner -> planned",
                         "planned PlanTransfer facility -> planned",
                         "planned ConfirmTransfer facility -> confirmed",
                         "planned ConfirmTransfer next -> confirmed",
                         "planned CancelTransfer owner -> cancelled",
                         "planned CancelTransfer facility -> cancelled",
                         "planned CancelTransfer next -> cancelled",
                         "planned CancelTransfer consequence -> cancelled",
                         "confirmed PlanTransfer owner -> planned",
                         "confirmed PlanTransfer facility -> planned",
                         "confirmed CompleteTransfer facility -> done",
                         "confirmed CompleteTransfer next -> done",
                         "confirmed CancelTransfer owner -> cancelled",
                         "confirmed CancelTransfer facility -> cancelled",
                         "confirmed CancelTransfer next -> cancelled",
                         "confirmed CancelTransfer consequence -> cancelled",
                         "done UndoTransfer facility -> cancelled",
                         "done UndoTransfer next -> cancelled",
                     }));
}

TEST(StateTablesTest, AnErrorNamesStateAndWhatIsAllowedNow) {
  const auto status =
      Step(OfferTable(), "offer", OfferState::kAccepted, OfferAction::kDecline, kFacility).status();
  const auto detail = GetErrorDetail(status);
  EXPECT_EQ(detail->reason, "ILLEGAL_STATE");
  EXPECT_EQ(detail->metadata.at("state"), "accepted");
  EXPECT_EQ(detail->metadata.at("allowed_actions"),
            "Enrol,CompleteTransfer,GiveBackOffer,ChangeMoveIn");
}

}  // namespace
}  // namespace vardkedja::placement::domain
