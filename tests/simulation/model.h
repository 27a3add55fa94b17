// What placement-service should do, said as plainly as possible: lists, loops and comparisons, no
// locks, no keys, no database. The simulation plays every command here and against the service; the
// two must give the same answers and end in the same state.
//
// Each command returns "OK" or the reason of the refusal, and changes nothing when it refuses.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "placement-service/domain/values.h"

namespace vardkedja::placement::simulation {

using MaybeDate = std::optional<Date>;

struct Closure {
  std::string id;
  Date from{};
  MaybeDate to;
};

struct Bed {
  std::string id;
  std::string facility;
  domain::BedKind kind = domain::BedKind::kRegular;
  std::vector<Closure> closures;
  int version = 1;
  bool extra = false;  // above the ordinary places
  Date from{};         // there since
};

struct Entry {
  std::string id;
  int person_case = 0;
  std::string facility;
  domain::BedKind kind = domain::BedKind::kRegular;
  domain::Criteria criteria;
  Date decided{};
  Instant submitted{};
  MaybeDate covered_to;
  std::string state = "waiting";  // waiting, reserved, placed, left
  std::string left_reason;
  std::set<std::string> units_without_ground;
  bool passed = false;
  int open_offer = -1;
  bool parked = false;
  MaybeDate parked_until;
};

struct Offer {
  std::string id;
  int entry = 0;
  int bed = 0;
  // open, accepted, declined, expired, withdrawn, consumed, given_back
  std::string state = "open";
  Date from{};
  Instant deadline{};
  MaybeDate move_in;      // reserved from
  MaybeDate reserved_to;  // the end of the decision when it was accepted
  int version = 1;        // counted until it is declined, withdrawn or given back
  int passed_over = 0;    // so many could be offered the bed and stood before: by an override
};

// Out of the queue's order.
struct Override {
  std::string id;
  int entry = 0;
  int bed = 0;
  Date from{};
  std::string state = "proposed";  // proposed, confirmed, rejected
  std::string seat{};              // that proposed it
};

struct Stay {
  std::string id;
  int entry = 0;  // -1: sold to a purchaser outside the chain
  int bed = 0;
  int offer = -1;  // that it came from
  Date in{};
  MaybeDate out;
  std::string ended_by;  // discharge, move, home, transfer
  MaybeDate planned_out;
  int transfer = -1;  // the live one
  int before = -1;    // that it goes on from, after a move or a time at home
  int corrects = -1;  // that was wrong
  bool gone = false;  // corrected: nobody's, in no bed
  int version = 1;
};

struct Transfer {
  std::string id;
  int stay = 0;
  int to = -1;  // the stay that it began, when it is done
  int offer = 0;
  std::string state = "planned";  // planned, confirmed, done, cancelled
  std::string from_facility;
  Date move{};
  bool by_from = false;
  bool by_to = false;
  int version = 1;
};

// A bed held empty, also when it is over.
struct Hold {
  std::string id;
  int bed = 0;
  Date from{};
  Date to{};
  std::string state = "held";  // held, released, expired, used
};

// A time at home in an alternating stay.
struct Home {
  std::string id;
  int stay = 0;                   // the one that ended
  int bed = 0;                    // reserved for the return
  std::string state = "at_home";  // at_home, returned, ended, corrected
  Date from{};
  Date back{};
  MaybeDate reserved_to;
  int to = -1;  // the stay after it
  MaybeDate ended{};
  int version = 1;
};

struct Ground {
  std::set<std::string> units;
  bool ended = false;
};

struct Case {
  std::string id;
  std::string number;
  std::string person;
  std::map<std::string, Ground> grounds;
  bool closed = false;
};

struct Decision {
  int person_case = 0;
  std::string facility;
  domain::BedKind kind = domain::BedKind::kRegular;
  domain::Criteria criteria;
  Date date{};
  MaybeDate to;
};

class Model {
 public:
  // What referral-service tells. A decision returns the entry it made, -1 when it made none.
  int Decide(const Decision& decision, Instant submitted);
  void ChangeCriteria(int person_case, const domain::Criteria& criteria);
  void RecordGround(int person_case, const std::string& ground, const std::set<std::string>& units);
  void EndGround(int person_case, const std::string& ground);
  void CloseCase(int person_case, const std::string& reason);

  // What units do.
  std::string MakeOffer(int bed, Date from);
  std::string OfferPlace(int entry, Date by);
  // A bed of -1: whichever is free first, by the date.
  std::string ProposeOverride(int entry, int bed, Date from, const std::string& seat);
  std::string Settle(int override_index, bool confirm, const std::string& seat);
  std::string Accept(int offer, Date move_in);
  std::string Decline(int offer, bool bed_usable);
  std::string GiveBack(int offer, bool bed_usable);
  std::string ChangeMoveIn(int offer, Date move_in, int bed);
  std::string Enrol(int offer, Date move_in);
  std::string PlanTransfer(int stay, int offer, Date meeting, Date move);
  std::string Confirm(int transfer, const std::string& unit);
  std::string Complete(int transfer, Date move);
  std::string PlanDischarge(int stay, Date planned);
  std::string ClearPlan(int stay);
  std::string Discharge(int stay, Date departure);
  std::string MoveBed(int stay, int bed, Date date);
  std::string CloseBed(int bed, Date from, MaybeDate to);
  std::string Reopen(int bed, int closure, Date open);

  std::string HoldBed(int bed, Date from, Date to);
  std::string Release(int hold);
  std::string Park(int entry, MaybeDate until);
  std::string Resume(int entry);
  void AddExtraPlace(const Bed& bed);
  std::string Sell(int bed, Date from, MaybeDate until);
  std::string EndSale(int stay, Date departure);
  std::string GoHome(int stay, Date from, Date back, int bed);
  std::string ChangeReturn(int home, Date back, int bed);
  std::string Return(int home, Date date);
  std::string DischargeFromHome(int home, Date date);

  // What was recorded and was not so.
  std::string UndoDischarge(int stay);
  std::string UndoTransfer(int transfer, const std::string& unit);
  std::string CorrectBed(int stay, int bed);
  std::string CorrectDates(int stay, MaybeDate in, MaybeDate out);
  std::string CorrectPerson(int stay);

  // The next moment at which a timer changes something, and what it changes then.
  std::optional<Instant> NextDeadline() const;
  void ExpireDue();

  // How a bed counts on a date: occupied, closed, reserved, held, offered or free.
  std::string StateOf(int bed, Date date) const;
  // Everything that must be equal, one fact a line, sorted.
  std::vector<std::string> Facts() const;
  // Of everyone who waits, by entry id.
  std::map<std::string, int> Positions() const;

  Instant now{};
  std::vector<Bed> beds;
  std::vector<Case> cases;
  std::vector<Entry> entries;
  std::vector<Offer> offers;
  std::vector<Stay> stays;
  std::vector<Transfer> transfers;
  std::vector<Hold> holds;
  std::vector<Home> homes;
  std::vector<Override> overrides;

 private:
  Date Today() const { return StockholmDate(now); }
  bool IsClosed(int bed, Date date) const;
  bool DateCountsElsewhere(const Stay& stay) const;  // of one that stands in `stays`
  Date EndOfStay(const Stay& stay) const;            // the far future when it has none
  // Apart from one stay, one return and one offer.
  std::string WhyNotOfferable(int bed, Date from, int but_stay = -1, int but_home = -1,
                              int but_offer = -1) const;
  // Offered, reserved or held.
  std::string WhyPromised(int bed, Date from, int but_home, int but_offer) const;
  std::string WhyNotFree(int bed, Date from, MaybeDate to) const;
  // Another of the same case, facility and kind waits or is reserved.
  bool IsReplaced(const Entry& entry) const;
  bool HadOffer(int entry, int bed) const;
  bool CanBeOffered(const Entry& entry) const;
  int CountEligibleBefore(int entry, int bed, Date from) const;
  // A bed of the entry's queue and the date from which it is free, or why there is none.
  struct Place {
    std::string why_not;
    int bed = -1;
    Date from{};
  };
  Place ChoosePlace(int entry, Date by) const;
  std::string WhyNotForOverride(int entry, int bed, Date from) const;
  bool IsEligible(int entry, int bed, Date from) const;
  // Apart from one stay: nobody else's in the bed, and no other of the person.
  std::string WhyNotLivable(const Stay& stay, int but_stay = -1) const;
  std::string WhyNotToGoOn(int stay) const;
  void GoOn(int stay);
  // The stay directly before or after one; -1 when there is none.
  struct Neighbour {
    int stay = -1;
    bool near = true;  // no time at home lies between
  };
  Neighbour Before(int stay) const;
  Neighbour After(int stay) const;
  std::string WhyNotDates(int stay, MaybeDate in, MaybeDate out) const;
  // The stays as they were and as they should have been, oldest first.
  using Right = std::pair<int, Stay>;
  std::string Replace(std::vector<Right> rights);
  void Relink(int wrong, int right);
  void TakeAway(int stay);
  std::vector<int> PartsOf(int offer) const;
  std::string TakeBack(int offer);
  std::string Restore(int offer);
  // Every reservation of an offer or a return, apart from one of each.
  struct Reserved {
    int bed = 0;
    int entry = 0;
    Date from{};
    MaybeDate to;
  };
  std::vector<Reserved> Reservations(int but_home = -1, int but_offer = -1) const;
  std::string WhyNotReservable(int bed, int entry, Date from, MaybeDate to, int but_home,
                               int but_offer = -1) const;
  std::string CheckMoveInDate(const Offer& offer, Date move_in) const;
  // A transfer that was to use the offer comes to nothing.
  void CancelTransferOn(int offer);
  std::string CheckReturn(const Stay& stay, int bed, Date from, Date back) const;
  bool StandsBefore(const Entry& a, const Entry& b) const;
  int FirstEligible(int bed, Date from) const;
  bool PersonLivesIn(const std::string& person, Date from, MaybeDate to, int but_stay) const;
  std::string CheckMoveIn(const Offer& offer, Date move_in, int ending_stay) const;
  void MoveIn(int offer, Date move_in);
  void Offered(int entry, int bed, Date from);
  void NextFor(const Offer& ended);
  void Leave(int entry, const std::string& reason);
  const std::string& PersonOf(const Entry& entry) const;
};

}  // namespace vardkedja::placement::simulation
