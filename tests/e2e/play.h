// The moves that a story is made of: one function per thing that somebody does, each of them one or
// a few calls through the public gateway.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/stage.h"

namespace vardkedja::e2e {

// The people and systems that act.
namespace cast {
Actor AlvestaWorker();
Actor AlvestaDecider();
Actor VaxjoWorker(int unit);  // IFO 1 or 2
Actor VaxjoDecider(int unit);
Actor EkelidenSeat();
Actor NovusSeat();
Actor NovusDeputy();
Actor EkelidenStaff();
Actor NovusStaff();
Actor ClinicClinician();
Actor Statistician();
}  // namespace cast

// An identity number that belongs to nobody: the shape of the Tax Agency's test series, birth
// numbers 238 (female) and 239 (male) with a right check digit.
std::string TestIdentityNumber(Date born, int birth_number);

// Who the story is about: invented.
struct Person {
  std::string key;  // "A", how the accounts name the case
  std::string given_name;
  std::string family_name;
  std::string identity_number;
  bool woman = true;
  std::string municipality_code;
};

// One case as its owner knows it.
struct Case {
  Person person;
  Actor worker;
  Actor decider;
  std::string referral_id;
  std::string etag;
  std::string number;
  std::string ground_id;
  std::string ground_etag;
  std::string entry_id;
  std::string offer_id;
  std::string stay_id;
  std::string transfer_id;
};

struct FormFacts {
  bool child_perspective = false;
  bool lvm_investigation = false;
};

// The moves. Each takes the case's newest etag along and leaves the newest behind.
class Play {
 public:
  explicit Play(Stage& stage) : stage_(stage) {}

  Stage& stage() { return stage_; }

  // The way in.
  void Refer(Case& c, const FormFacts& facts);
  void ReferByRest(Case& c, const FormFacts& facts);
  void Consent(Case& c);
  void Submit(Case& c);
  void Revoke(Case& c);

  // The board.
  void Acknowledge(Case& c, const Actor& seat);
  void AskForMore(Case& c, const Actor& seat, std::string_view question);
  void Provide(Case& c, std::string_view answer);
  void Propose(Case& c, const Actor& seat, const std::vector<std::string>& path);
  void Confirm(Case& c, const Actor& seat);
  // No suitable place: one seat proposes it, the other declares it.
  void SendBack(Case& c, const Actor& proposer, const Actor& other);

  // Visit, answer, decision.
  void Visit(Case& c, const Actor& staff, std::string_view facility, bool needs_can_be_met);
  void WaiveVisit(Case& c, std::string_view reason);
  void Answer(Case& c, referral::v1::AnswerKind kind);
  void Decide(Case& c, std::string_view facility, int planned_in_days);
  // The written cost split, half on the owner and half on `other_unit`; all on the owner when
  // empty.
  void SplitCost(const Case& c, std::string_view other_unit);

  // The place.
  void AwaitQueued(Case& c, std::string_view facility);
  void AwaitOffer(Case& c);
  void OfferTo(Case& c, const Actor& staff, std::string_view bed);
  void Accept(Case& c, Date move_in);
  // Person, owner and facility agree on the placement.
  void Agree(const Case& c, const Actor& staff);
  void Enrol(Case& c, const Actor& staff);
  // The reason the enrolment was refused with; empty when it was not.
  std::string TryEnrol(const Case& c, const Actor& staff);
  placement::v1::PositionExplanation Explain(const Case& c, const Actor& reader);
  std::vector<std::string> QueueNumbers(const Actor& reader, std::string_view facility);

  // The stay and after.
  void WritePlan(Case& c, const Actor& staff, std::string_view facility);
  void PlanTransfer(Case& c, const Actor& staff, Date meeting, Date move);
  void ConfirmTransfer(Case& c, const Actor& staff);
  void CompleteTransfer(Case& c, const Actor& staff);
  void PlanHome(Case& c);
  // A coordinated individual plan: the facility asks, the person agrees, the owner calls by video
  // and writes it.
  void CoordinatePlan(const Case& c, const Actor& staff);
  void StartHomeSupport(Case& c, int part);
  void PlanDischarge(Case& c, const Actor& staff, Date leaves);
  void Discharge(Case& c, const Actor& staff);
  void Close(Case& c);

  // Beds.
  void CloseBeds(const Actor& staff, int first, int last);
  void ReopenBed(const Actor& staff, std::string_view bed);

  // The owner's inbox holds a derived message with that verb about the case.
  void AwaitMessage(const Case& c, std::string_view verb);

  referral::v1::Referral Read(const Case& c, const Actor& reader);
  referral::v1::ReferralState State(const Case& c);

 private:
  void Refresh(Case& c);
  referral::v1::CommissionForm Form(const Case& c, const FormFacts& facts);
  placement::v1::Offer OfferOf(const Case& c);
  placement::v1::EnrolRequest EnrolmentOf(const Case& c);
  placement::v1::Stay StayOf(const Case& c, const Actor& reader);
  placement::v1::Transfer TransferOf(const Case& c, const Actor& reader);

  Stage& stage_;
};

}  // namespace vardkedja::e2e
