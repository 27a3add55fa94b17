// A small region played twice at once: in placement-service, on a real PostgreSQL, and in the plain
// model. Every step is judged at once; processes "die" before or after a commit and are asked
// again.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "placement-service/storage/test_fixture.h"
#include "tests/simulation/model.h"

namespace vardkedja::placement::simulation {

inline constexpr char kOwner[] = "alvesta-authority";
inline constexpr char kBoard[] = "placement-board";

enum class Crash { kNone, kBeforeCommit, kAfterCommit };

enum class Deed {
  kNewCase,
  kDecideAgain,
  kChangeCriteria,
  kRecordGround,
  kEndGround,
  kCloseCase,
  kMakeOffer,
  kAccept,
  kDecline,
  kEnrol,
  kPlanTransfer,
  kConfirm,
  kComplete,
  kPlanDischarge,
  kDischarge,
  kCloseBed,
  kReopen,
  kPassTime,
  kHoldBed,
  kReleaseHold,
  kPark,
  kResume,
  kSell,
  kEndSale,
  kAddExtraPlace,
  kGoHome,
  kChangeReturn,
  kReturn,
  kDischargeFromHome,
  kGiveBack,
  kChangeMoveIn,
  kOfferPlace,
  kProposeOverride,
  kSettleOverride,
  kMoveBed,
  kClearPlan,
  kUndoDischarge,
  kUndoTransfer,
  kCorrectBed,
  kCorrectDates,
  kCorrectPerson,
};

// One command. The numbers are read as "which one" and "how far", so that any of them makes sense
// in any history and a failing history can be made shorter.
struct Step {
  Deed deed = Deed::kPassTime;
  std::uint32_t which = 0;
  std::uint32_t other = 0;
  std::uint32_t far = 0;
  Crash crash = Crash::kNone;
};
std::ostream& operator<<(std::ostream& out, const Step& step);

// Loses a commit or its answer on demand.
class CrashingStore final : public storage::PostgresStore {
 public:
  using PostgresStore::PostgresStore;
  absl::StatusOr<std::string> Commit(const auth::CallContext& ctx, const Body& body) override;
  void CrashNext(Crash crash) { next_ = crash; }

 private:
  Crash next_ = Crash::kNone;
};

class Region final : public PlacementFixture {
 public:
  Region();
  void TestBody() override {}

  // A step of a plausible day, and any step at all. The same number generator gives the same steps.
  static Step RandomStep(std::mt19937& random);

  // "" or what is wrong.
  std::string Play(const Step& step);
  // How often each command had which answer.
  using Said = std::map<std::string, std::map<std::string, int>>;
  const Said& said() const { return said_; }
  // What must hold at any moment, looked up in the database; "" or what is wrong.
  std::string CheckInvariants();

 private:
  // What the model said at some past instants, for questions as of them.
  struct Memory {
    Instant at{};
    std::map<std::string, int> counts;
    std::map<std::string, int> positions;
  };

  // Asks as a client does: the same request again when the answer did not come.
  std::string Ask(const std::string& unit,
                  const std::function<absl::Status(const auth::CallContext&)>& call,
                  std::optional<std::string> seat = std::nullopt);
  void Tell(const referral::v1::ReferralEvent& event, Crash crash);
  absl::Status ConsumeOnce(const referral::v1::ReferralEvent& event, bool lose);
  void PassTime(Instant to);
  void RunTimers();
  void LearnIds();
  std::string LearnId(const std::string& sql, const pg::Params& params);
  std::string LearnStayId(const Stay& stay);
  std::vector<std::string> FactsOfService();
  std::string CompareFacts();
  std::string CompareAvailability();
  std::string CompareCounts(const usecases::AvailabilityAnswer& answer,
                            const std::map<std::string, int>& due) const;
  std::map<std::string, int> CountsOfModel() const;
  std::string CompareMemories();
  std::string ComparePositions(const Memory& memory);

  // A kind of step, how often it happens, and what plays it.
  struct Kind {
    Deed deed;
    unsigned weight;
    std::string (Region::*play)(const Step&);
  };
  static const std::vector<Kind>& Kinds();

  // Each plays one kind of step on both sides; "" or what is wrong.
  std::string PlayReferral(const Step& step);
  std::string PlayOffer(const Step& step);
  std::string PlayStay(const Step& step);
  std::string PlayTransfer(const Step& step);
  std::string PlayBed(const Step& step);
  std::string PlayHold(const Step& step);
  std::string PlayParking(const Step& step);
  std::string PlaySale(const Step& step);
  std::string PlayExtraPlace(const Step& step);
  std::string PlayGoHome(const Step& step);
  std::string PlayHome(const Step& step);
  std::string PlayReservation(const Step& step);
  std::string PlayPassTime(const Step& step);
  std::string PlayOfferPlace(const Step& step);
  std::string PlayOverride(const Step& step);
  std::string PlaySettle(const Step& step);
  std::string PlayMoveBed(const Step& step);
  std::string PlayUndoDischarge(const Step& step);
  std::string PlayUndoTransfer(const Step& step);
  std::string PlayCorrection(const Step& step);
  void NewCaseOrDecision(const Step& step);
  void Decide(int person_case, const Step& step);
  void PlayGround(const Step& step);

  // One that goes on, or any at all one time in eight; -1 when there is none.
  int PickStay(const Step& step, bool external = false) const;
  // One that waits; one time in two of somebody who is to move on.
  int PickEntry(const Step& step) const;
  int PickRecord(const Step& step) const;
  int PickBedNear(const Step& step, int bed) const;
  // A stay and the accepted offer that its person is to move on to.
  std::optional<std::pair<int, int>> FindMovingOn() const;
  std::string Differ(std::string_view what, const std::string& model, const std::string& service);

  CrashingStore crashing_;
  usecases::StayPorts stay_ports_;
  jobs::Runner timers_;
  Crash timer_crash_ = Crash::kNone;
  Model model_;
  std::vector<PlayedCase> played_;
  std::size_t decisions_ = 0;
  int grounds_ = 0;
  std::vector<std::string> missing_;
  Said said_;
  std::vector<Memory> memories_;
};

}  // namespace vardkedja::placement::simulation
