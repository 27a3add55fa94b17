// The order of form and decision, and the extension of a decision.
#include <gtest/gtest.h>

#include "lib/status/status.h"
#include "referral-service/storage/test_fixture.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using domain::State;
using testing::Decider;
using testing::EkelidenSeat;
using testing::NovusStaff;
using testing::Reason;
using testing::Worker;

class FlowTest : public testing::Fixture {
 protected:
  // Field and rule of each violation.
  static std::set<std::pair<std::string, std::string>> Broken(const absl::Status& status) {
    std::set<std::pair<std::string, std::string>> pairs;
    const auto detail = GetErrorDetail(status);
    if (!detail) return pairs;
    for (const FieldViolation& violation : detail->violations) {
      pairs.emplace(violation.field, violation.rule);
    }
    return pairs;
  }

  void Order(const std::string& municipality, const std::string& from, const std::string& order) {
    ASSERT_TRUE(pool_
                    ->Write("INSERT INTO commission_order VALUES ($1, $2::date, $3)",
                            {municipality, from, order})
                    .ok());
  }

  absl::StatusOr<usecases::CaseView> Send(const std::string& id, const std::string& decided_on,
                                          const std::string& reason) {
    return Step(Worker(), id, [&](const domain::Step& step) {
      return domain::Submit(step, {decided_on, reason});
    });
  }

  v1::ReferralEvent Latest(const std::string& type) const {
    const pg::Result rows = database_.Query(
        "referral", "SELECT payload FROM event WHERE type = $1 ORDER BY event_id DESC LIMIT 1",
        {type});
    v1::ReferralEvent event;
    EXPECT_TRUE(event.ParseFromString(rows[0].Bytes("payload")));
    return event;
  }

  template <class Edit>
  void Placement(const std::string& id, const std::string& facility, Edit edit) {
    placement::v1::PlacementEvent event;
    event.set_case_id(id);
    event.set_facility_id(facility);
    event.set_facility_unit_id(facility);
    edit(event);
    Tell("told", event.SerializeAsString(), id);
  }
  void DecisionEnds(const std::string& id, const std::string& facility) {
    Placement(id, facility,
              [](auto& event) { event.mutable_dequeued()->set_reason_code("decision_ended"); });
  }

  void Bed(const std::string& bed, const std::string& facility, common::v1::BedKind kind,
           const std::string& operational_to) {
    placement::v1::PlacementEvent event;
    event.set_facility_id(facility);
    event.set_bed_kind(kind);
    event.mutable_bed_registered()->set_bed_id(bed);
    event.mutable_bed_registered()->set_operational_from("2025-01-01");
    event.mutable_bed_registered()->set_operational_to(operational_to);
    Tell("bed_registered", event.SerializeAsString(), bed);
  }

  static domain::ExtendRequest Extension(const std::string& to_date) {
    return {"", to_date, "SoL 11:1", "4.12", "worker-1", "Behöver mer tid."};
  }
  absl::StatusOr<usecases::CaseView> Extend(const std::string& id,
                                            const domain::ExtendRequest& request) {
    return Step(Decider(), id,
                [&](const domain::Step& step) { return domain::ExtendDecision(step, request); });
  }
};

TEST_F(FlowTest, TheFormComesFirstUnlessThereIsAReason) {
  const std::string id = Draft();
  Consent(id);
  using Pairs = std::set<std::pair<std::string, std::string>>;
  EXPECT_EQ(Broken(Send(id, "2026-11-20", "").status()),
            (Pairs{{"order_exception_reason", "ORDER"}}));
  EXPECT_EQ(Broken(Send(id, "2026-11-24", "x").status()),
            (Pairs{{"prior_decision_date", "IN_THE_FUTURE"}}));
  EXPECT_EQ(Broken(Send(id, "igår", "x").status()), (Pairs{{"prior_decision_date", "DATE"}}));
  EXPECT_EQ(Broken(Send(id, "", "x").status()),
            (Pairs{{"order_exception_reason", "CONTRADICTION"}}));
  const auto sent = Send(id, "2026-11-20", "Beslut togs i akut läge.");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->referral.content.notes.prior_decision_date, "2026-11-20");
  EXPECT_TRUE(Latest("submitted").submitted().exception());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral_step WHERE action = 'submit' AND exception"),
            1);
  const auto board = usecases::GetReferral(*door_).Run(Call(EkelidenSeat()), id);
  EXPECT_EQ(board->referral.content.notes.order_exception_reason, "Beslut togs i akut läge.");
}

TEST_F(FlowTest, AMunicipalityDecidesItsOrderFromADate) {
  Order("0764", "2026-11-01", "decision_first");
  Order("0764", "2026-12-01", "either");
  Order("0780", "2026-01-01", "either");
  std::string id = Draft();
  Consent(id);
  EXPECT_EQ(Reason(Send(id, "", "").status()), "FIELD_VIOLATIONS");
  const auto sent = Send(id, "2026-11-20", "");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_FALSE(Latest("submitted").submitted().exception());
  clock_.Advance(std::chrono::hours(24 * 8));
  id = Draft();
  Consent(id);
  EXPECT_TRUE(Send(id, "", "").ok());
}

TEST_F(FlowTest, ADecisionIsExtendedByANewOneForTheSameFacility) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  clock_.Advance(std::chrono::hours(24 * 30));
  const auto extended = Extend(id, Extension("2027-08-01"));
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_EQ(extended->referral.state, State::kPlaced);
  ASSERT_EQ(extended->referral.decisions.size(), 2U);
  const domain::Decision& decision = extended->referral.decisions[1];
  EXPECT_EQ(decision.facility_id, "ekeliden");
  EXPECT_EQ(FormatDate(*decision.decision_date), "2026-12-23");
  EXPECT_EQ(FormatDate(decision.to_date), "2027-08-01");
  EXPECT_EQ(decision.proposer_subject, "worker-1");
  EXPECT_EQ(decision.decider_subject, "decider-1");
  const v1::ReferralEvent event = Latest("decision_made");
  EXPECT_TRUE(event.decision_made().extension());
  EXPECT_FALSE(event.decision_made().transfer());
}

TEST_F(FlowTest, AnExtensionLeavesAnOpenTransferAsItIs) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  Grant(id, "novus");
  ASSERT_TRUE(Extend(id, Extension("2027-08-01")).ok());
  EXPECT_EQ(StateOf(id), "transfer_decided");
  EXPECT_TRUE(usecases::GetReferral(*door_).Run(Call(NovusStaff()), id).ok())
      << "the next facility still sees the case";
}

TEST_F(FlowTest, WhatWaitsIsExtendedBeforeItsDecisionEnds) {
  const std::string id = Decided({"ekeliden"});
  ASSERT_TRUE(Extend(id, Extension("2027-08-01")).ok());
  EXPECT_EQ(StateOf(id), "decided");
  const v1::DecisionMade made = Latest("decision_made").decision_made();
  EXPECT_EQ(made.facility_id(), "ekeliden");
  EXPECT_TRUE(made.extension()) << "the first one's clock goes on";
  EXPECT_FALSE(made.former_decision_id().empty());
  EXPECT_FALSE(made.transfer());
  Placement(id, "ekeliden", [](auto& event) { event.mutable_offer_made(); });
  ASSERT_TRUE(Extend(id, Extension("2027-09-01")).ok());
  EXPECT_EQ(StateOf(id), "offered");
}

TEST_F(FlowTest, ADecisionThatEndedWhileWaitingIsFollowedByANewOne) {
  const std::string id = Decided({"ekeliden"});
  clock_.Advance(std::chrono::hours(24 * 180));
  DecisionEnds(id, "ekeliden");
  EXPECT_EQ(StateOf(id), "decision_ended");
  const auto renewed = Extend(id, Extension("2027-09-01"));
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_EQ(StateOf(id), "decided");
  EXPECT_EQ(FormatDate(*renewed->referral.decisions[1].decision_date), "2027-05-22");
  const v1::DecisionMade made = Latest("decision_made").decision_made();
  EXPECT_FALSE(made.extension()) << "it has a clock of its own";
  EXPECT_EQ(made.former_decision_id(), renewed->referral.decisions[0].decision_id);
  DecisionEnds(id, "ekeliden");
  EXPECT_EQ(StateOf(id), "decided") << "told late: the new decision holds";
}

TEST_F(FlowTest, ADecisionThatEndedWhileWaitingCanBeClosedAndNeverQueuesByItself) {
  const std::string id = Decided({"ekeliden"});
  Placement(id, "ekeliden", [](auto& event) { event.mutable_offer_made(); });
  clock_.Advance(std::chrono::hours(24 * 180));
  DecisionEnds(id, "ekeliden");
  Placement(id, "ekeliden",
            [](auto& event) { event.mutable_dequeued()->set_reason_code("ground_ended"); });
  EXPECT_EQ(StateOf(id), "decision_ended");
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                return domain::Close(step, "other_solution");
              }).ok());
}

TEST_F(FlowTest, ATransfersDecisionIsExtendedWhileItWaitsAndMadeAnewWhenItHasEnded) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  Grant(id, "novus");
  domain::ExtendRequest request = Extension("2027-08-01");
  request.facility_id = "novus";
  const auto extended = Extend(id, request);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_TRUE(extended->referral.decisions.back().transfer);
  EXPECT_TRUE(Latest("decision_made").decision_made().transfer());
  EXPECT_EQ(StateOf(id), "transfer_decided");
  clock_.Advance(std::chrono::hours(24 * 260));
  DecisionEnds(id, "novus");
  EXPECT_EQ(StateOf(id), "placed");
  Grant(id, "novus");
  EXPECT_EQ(StateOf(id), "transfer_decided");
  EXPECT_EQ(Latest("decision_made").decision_made().former_decision_id(),
            extended->referral.decisions.back().decision_id);
}

TEST_F(FlowTest, TheKindOfPlaceIsOneThatTheFacilityHasAndTheBoardAssessed) {
  const auto assess = [&](domain::BedKind kind) {
    const std::string id = Submitted();
    EXPECT_TRUE(Step(EkelidenSeat(), id, domain::Acknowledge).ok());
    return Step(EkelidenSeat(), id,
                [&](const domain::Step& step) {
                  return domain::ProposeAssessment(step, {{"ekeliden"}, kind, "Bedömning.", ""});
                })
        .status();
  };
  Bed("ekeliden-01", "ekeliden", common::v1::BED_KIND_REGULAR, "");
  Bed("ekeliden-02", "ekeliden", common::v1::BED_KIND_STEP_OUT, "2026-11-23");
  Bed("novus-01", "novus", common::v1::BED_KIND_INTAKE, "");
  using Pairs = std::set<std::pair<std::string, std::string>>;
  EXPECT_EQ(Broken(assess(domain::BedKind::kIntake)), (Pairs{{"bed_kind", "NOT_AT_FACILITY"}}));
  EXPECT_EQ(Broken(assess(domain::BedKind::kStepOut)), (Pairs{{"bed_kind", "NOT_AT_FACILITY"}}))
      << "out of use from today on";
  EXPECT_TRUE(assess(domain::BedKind::kUnspecified).ok());
  const std::string id = Answered({"ekeliden", "novus"});
  const auto propose = [&](const std::string& facility, domain::BedKind kind) {
    return Step(Worker(), id,
                [&](const domain::Step& step) {
                  return domain::ProposeDecision(
                      step, {facility, kind, "SoL 11:1", "2027-03-01", "", ""});
                })
        .status();
  };
  EXPECT_EQ(Broken(propose("ekeliden", domain::BedKind::kStepOut)),
            (Pairs{{"bed_kind", "NOT_ASSESSED"}}));
  Grant(id, "ekeliden");
  MoveIn(id, "ekeliden");
  EXPECT_EQ(Broken(propose("novus", domain::BedKind::kUnspecified)),
            (Pairs{{"bed_kind", "NOT_AT_FACILITY"}}));
  EXPECT_TRUE(propose("novus", domain::BedKind::kIntake).ok());
}

TEST_F(FlowTest, AVisitIsRecordedFromItsDayOn) {
  const std::string id = Assessed({"ekeliden"});
  const Instant day = clock_.Now() + std::chrono::hours(48);
  ASSERT_TRUE(Step(Worker(), id, [&](const domain::Step& step) {
                return domain::BookStudyVisit(step, {"ekeliden", day});
              }).ok());
  const auto record = [&](domain::VisitOutcome outcome) {
    return Step(testing::EkelidenStaff(), id,
                [&](const domain::Step& step) {
                  return domain::RecordStudyVisit(
                      step, {outcome, outcome == domain::VisitOutcome::kDone, ""});
                })
        .status();
  };
  using Pairs = std::set<std::pair<std::string, std::string>>;
  EXPECT_EQ(Broken(record(domain::VisitOutcome::kDone)), (Pairs{{"outcome", "NOT_YET"}}));
  EXPECT_EQ(Broken(record(domain::VisitOutcome::kNoShow)), (Pairs{{"outcome", "NOT_YET"}}));
  clock_.Advance(std::chrono::hours(46));
  EXPECT_TRUE(record(domain::VisitOutcome::kDone).ok()) << "the day, if not the hour";
}

TEST_F(FlowTest, WhatIsNoExtension) {
  EXPECT_EQ(Reason(Extend(Assessed({"ekeliden"}), Extension("2027-08-01")).status()),
            "ILLEGAL_STATE");
  const std::string id = Decided({"ekeliden"});
  MoveIn(id, "ekeliden");
  using Pairs = std::set<std::pair<std::string, std::string>>;
  EXPECT_EQ(Broken(Extend(id, Extension("2027-05-22")).status()), (Pairs{{"to_date", "ORDER"}}))
      << "the present period ends then";
  domain::ExtendRequest elsewhere = Extension("2027-08-01");
  elsewhere.facility_id = "novus";
  EXPECT_EQ(Broken(Extend(id, elsewhere).status()), (Pairs{{"facility_id", "NOT_DECIDED"}}));
  EXPECT_EQ(Broken(Extend(id, {}).status()), (Pairs{{"to_date", "REQUIRED"},
                                                    {"law_section", "NOT_IN_FORCE"},
                                                    {"delegation_point", "REQUIRED"},
                                                    {"motivation", "REQUIRED"}}));
  EXPECT_EQ(Reason(Step(Worker(), id,
                        [](const domain::Step& step) {
                          return domain::ExtendDecision(step, Extension("2027-08-01"));
                        })
                       .status()),
            "ROLE_NOT_ALLOWED");
}

}  // namespace
}  // namespace vardkedja::referral
