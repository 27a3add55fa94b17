// The chain through the use cases, on a real PostgreSQL.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/storage/test_fixture.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::CompleteForm;
using testing::Decider;
using testing::EkelidenSeat;
using testing::EkelidenStaff;
using testing::NovusDeputy;
using testing::NovusSeat;
using testing::NovusStaff;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

using domain::Outcome;
using domain::Step;

class ChainTest : public testing::Fixture {
 protected:
  absl::StatusOr<usecases::CaseView> Get(const Caller& caller, const std::string& id) {
    return usecases::GetReferral(*door_).Run(Call(caller), id);
  }

  usecases::CaseDecision Ask(const Caller& caller, const std::string& id) {
    const usecases::Asker asker{caller.unit, {caller.role}, "case_work", ""};
    auto answer = usecases::Authorize(*door_).Run(Call(caller), asker, {id});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->front();
  }

  void TellPlacement(const std::string& id, const std::string& facility,
                     const std::function<void(placement::v1::PlacementEvent&)>& fill) {
    placement::v1::PlacementEvent payload;
    payload.set_case_id(id);
    payload.set_facility_id(facility);
    payload.set_facility_unit_id(facility);
    fill(payload);
    Tell("told", payload.SerializeAsString(), id);
  }
};

TEST_F(ChainTest, ADraftIsItsOwnersAlone) {
  const std::string id = Draft();
  EXPECT_TRUE(Get(Worker(), id).ok());
  for (const Caller& caller : {OtherWorker(), EkelidenSeat(), EkelidenStaff()}) {
    EXPECT_EQ(Get(caller, id).status(), NotFound());
  }
}

TEST_F(ChainTest, SubmittingNeedsAGroundThatNamesTheBoard) {
  const std::string id = Draft();
  EXPECT_EQ(Reason(Step(Worker(), id, testing::Submit).status()), "NO_GROUND");
  Consent(id);
  const auto done = Step(Worker(), id, testing::Submit);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->referral.state, domain::State::kSubmitted);
  EXPECT_EQ(done->referral.case_number, "VK-2026-000001");
  EXPECT_EQ(Get(EkelidenSeat(), id)->referral.content.form.person.given_name, "Tove");
}

TEST_F(ChainTest, AnIncompleteFormIsRefusedWithAllViolationsAtOnce) {
  const auto made = usecases::CreateReferral(*door_).Run(Write(Worker()), {domain::Form{}, {}});
  ASSERT_TRUE(made.ok()) << made.status();
  const absl::Status refused = Step(Worker(), made->referral.referral_id, testing::Submit).status();
  const auto detail = GetErrorDetail(refused);
  ASSERT_TRUE(detail.has_value());
  std::set<std::string> fields;
  for (const FieldViolation& violation : detail->violations) {
    fields.insert(violation.field);
    EXPECT_FALSE(violation.sv.empty() || violation.en.empty());
  }
  EXPECT_EQ(fields, (std::set<std::string>{"form.person.identity_number", "form.person.given_name",
                                           "form.person.family_name", "form.person.legal_sex",
                                           "form.ground", "form.needs", "form.wishes_and_goals"}));
}

TEST_F(ChainTest, OnePersonPerIdentityNumber) {
  const auto first = Get(Worker(), DraftAbout("19900101-9802"));
  const auto second = Get(OtherWorker(), DraftAbout("199001019802", OtherWorker()));
  EXPECT_FALSE(first->referral.person_id.empty());
  EXPECT_EQ(first->referral.person_id, second->referral.person_id);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM person"), 1);
}

TEST_F(ChainTest, ManyConcurrentSubmitsOfOneRequestAreOne) {
  const std::string id = Draft();
  Consent(id);
  const std::string etag = Etag(id);
  const std::string request_id = NewUuidV4();
  std::atomic<int> submitted{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 25; ++n) {
        const auto done =
            usecases::TakeStep(*door_).Run(Call(Worker(), request_id), {id, etag}, testing::Submit);
        if (done.ok() && done->referral.state == domain::State::kSubmitted) ++submitted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(submitted, 200);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral_step WHERE action = 'submit'"), 1);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'submitted'"), 1);
}

TEST_F(ChainTest, AReusedRequestIdAndAStaleEtagAreRefused) {
  const std::string id = Draft();
  Consent(id);
  const std::string request_id = NewUuidV4();
  usecases::TakeStep take(*door_);
  ASSERT_TRUE(take.Run(Call(Worker(), request_id), {id, Etag(id)}, testing::Submit).ok());
  EXPECT_EQ(Reason(take.Run(Call(Worker(), request_id, "Test/Method", "other body"), {id, "1"},
                            testing::Submit)
                       .status()),
            "REQUEST_ID_REUSED");
  EXPECT_EQ(Reason(take.Run(Write(EkelidenSeat()), {id, "1"}, domain::Acknowledge).status()),
            "STALE_ETAG");
}

TEST_F(ChainTest, AnIllegalStepNamesStateAndAllowedActions) {
  const std::string id = Submitted();
  const auto detail = GetErrorDetail(Step(Worker(), id, testing::Submit).status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "ILLEGAL_STATE");
  EXPECT_EQ(detail->metadata.at("state"), "submitted");
  EXPECT_EQ(detail->metadata.at("allowed_actions"), "change_criteria,close,withdraw,hand_over");
}

TEST_F(ChainTest, TheProposingSeatAndItsDeputyCannotConfirm) {
  const std::string id = Submitted();
  ASSERT_TRUE(Step(NovusSeat(), id, domain::Acknowledge).ok());
  ASSERT_TRUE(Step(NovusSeat(), id, [](const domain::Step& step) {
                return domain::ProposeAssessment(step, {{"novus"}, {}, "", ""});
              }).ok());
  EXPECT_EQ(Reason(Step(NovusSeat(), id, domain::ConfirmAssessment).status()), "SAME_SEAT");
  EXPECT_EQ(Reason(Step(NovusDeputy(), id, domain::ConfirmAssessment).status()), "SAME_SEAT");
  EXPECT_TRUE(Step(EkelidenSeat(), id, domain::ConfirmAssessment).ok());
}

TEST_F(ChainTest, ADeputyIsRecordedAsDeputy) {
  const std::string id = Submitted();
  ASSERT_TRUE(Step(NovusDeputy(), id, domain::Acknowledge).ok());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral_step WHERE deputy AND seat = 'novus'"), 1);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE acting_for = 'novus'"
                  " AND details LIKE '%deputy%'"),
            1);
}

TEST_F(ChainTest, ARevokedConsentClosesTheDoorAtOnce) {
  const std::string id = Draft();
  const usecases::GroundView ground = Consent(id);
  ASSERT_TRUE(Step(Worker(), id, testing::Submit).ok());
  ASSERT_TRUE(Get(EkelidenSeat(), id).ok());
  EXPECT_TRUE(Ask(EkelidenSeat(), id).access.permitted);
  const auto ended =
      usecases::RevokeGround(*ground_door_).Run(Write(Worker()), ground.ground.ground_id, "1");
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_FALSE(ended->live);
  EXPECT_EQ(Get(EkelidenSeat(), id).status(), NotFound());
  EXPECT_FALSE(Ask(EkelidenSeat(), id).access.permitted);
  EXPECT_TRUE(Get(Worker(), id).ok());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'ground_ended'"), 1);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE NOT permitted"), 1);
}

TEST_F(ChainTest, AGroundExpiresByDateAndIsThenTold) {
  const std::string id = Submitted();
  clock_.Advance(std::chrono::hours(24 * 365));
  EXPECT_FALSE(Ask(EkelidenSeat(), id).access.permitted);
  jobs::Runner runner(*pool_, clock_,
                      {{std::string(storage::kGroundExpiryJob), storage::ExpireGround}});
  const auto ran = runner.RunDue();
  ASSERT_TRUE(ran.ok()) << ran.status();
  EXPECT_EQ(*ran, 1);
  const pg::Result rows =
      database_.Query("referral", "SELECT payload FROM event WHERE type = 'ground_ended'");
  ASSERT_EQ(rows.size(), 1);
  v1::ReferralEvent event;
  ASSERT_TRUE(event.ParseFromString(rows[0].Bytes("payload")));
  EXPECT_EQ(event.ground_ended().reason_code(), "expired");
  EXPECT_EQ(event.actor_unit_id(), "");
}

TEST_F(ChainTest, DeniedAndMissingAreTheSameAndBothAudited) {
  const std::string id = Draft();
  const absl::Status denied = Get(OtherWorker(), id).status();
  const absl::Status missing = Get(OtherWorker(), NewUuidV4()).status();
  EXPECT_EQ(denied, missing);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE NOT permitted"), 2);
}

TEST_F(ChainTest, TheWholeWayToAPlaceAndOnToTheNext) {
  const std::string id = Decided({"ekeliden", "novus"});
  EXPECT_EQ(StateOf(id), "decided");
  EXPECT_FALSE(Ask(NovusStaff(), id).access.permitted) << "the next facility knows nothing yet";
  EXPECT_EQ(Ask(EkelidenStaff(), id).access.rule_id, "facility.assessed");
  MoveIn(id, "ekeliden");
  EXPECT_EQ(StateOf(id), "placed");
  EXPECT_EQ(Ask(EkelidenSeat(), id).access.categories, (std::set<std::string>{"placement"}));
  Grant(id, "novus");
  EXPECT_EQ(StateOf(id), "transfer_decided");
  EXPECT_EQ(Ask(NovusStaff(), id).access.rule_id, "facility.transfer");
  EXPECT_TRUE(Ask(EkelidenSeat(), id).access.categories.contains("needs"));
  TellPlacement(id, "ekeliden", [](auto& e) {
    e.mutable_transfer_planned()->set_to_facility_id("novus");
    e.mutable_transfer_planned()->set_to_facility_unit_id("novus");
  });
  EXPECT_EQ(StateOf(id), "transfer_planned");
  TellPlacement(id, "novus", [](auto& e) {
    e.mutable_transfer_done()->set_to_facility_id("novus");
    e.mutable_transfer_done()->set_to_facility_unit_id("novus");
    e.mutable_transfer_done()->set_move_date("2026-12-20");
  });
  EXPECT_EQ(StateOf(id), "placed");
  EXPECT_EQ(Ask(NovusStaff(), id).access.rule_id, "facility.placed");
  EXPECT_EQ(Ask(EkelidenStaff(), id).access.rule_id, "facility.own_stay_record");
  EXPECT_EQ(Get(EkelidenStaff(), id).status(), NotFound());
  TellPlacement(id, "novus", [](auto& e) { e.mutable_discharged(); });
  EXPECT_EQ(StateOf(id), "discharged");
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                return domain::Close(step, "executed");
              }).ok());
  EXPECT_EQ(StateOf(id), "closed");
}

TEST_F(ChainTest, WhoIsAtHomeInAnAlternatingStayIsStillPlaced) {
  const std::string id = Decided({"novus"});
  MoveIn(id, "novus");
  TellPlacement(id, "novus",
                [](auto& e) { e.mutable_went_home()->set_departure_date("2026-12-01"); });
  TellPlacement(id, "novus", [](auto& e) { e.mutable_return_overdue(); });
  EXPECT_EQ(StateOf(id), "placed") << "neither discharged nor moved: no retention clock begins";
  EXPECT_EQ(Ask(NovusStaff(), id).access.rule_id, "facility.placed");
  TellPlacement(id, "novus", [](auto& e) { e.mutable_returned_from_home(); });
  EXPECT_EQ(StateOf(id), "placed");
}

TEST_F(ChainTest, AStayOfAnotherPersonAndAGivenUpTransferTakeTheCaseBack) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  TellPlacement(id, "ekeliden",
                [](auto& e) { e.mutable_stay_corrected()->set_replacement_stay_id("another"); });
  EXPECT_EQ(StateOf(id), "placed") << "the same person on other days";
  TellPlacement(id, "ekeliden", [](auto& e) { e.mutable_stay_corrected(); });
  EXPECT_EQ(StateOf(id), "offered");
  EXPECT_EQ(Ask(EkelidenStaff(), id).access.rule_id, "facility.assessed") << "nobody lived there";
  MoveIn(id, "ekeliden");
  Grant(id, "novus");
  TellPlacement(id, "ekeliden", [](auto& e) {
    e.mutable_transfer_planned()->set_to_facility_id("novus");
    e.mutable_transfer_planned()->set_to_facility_unit_id("novus");
  });
  TellPlacement(id, "ekeliden", [](auto& e) { e.mutable_transfer_cancelled(); });
  EXPECT_EQ(StateOf(id), "transfer_decided");
}

TEST_F(ChainTest, TheMoveInFollowsItsCorrectionAndNoOtherStays) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  Grant(id, "novus");
  const auto date = [&] {
    const auto rows = database_.Query(
        "referral", "SELECT move_in_date::text AS day FROM referral WHERE referral_id = $1::uuid",
        {id});
    return rows[0].Text("day");
  };
  const auto correct = [&](const std::string& facility, const std::string& former,
                           const std::string& right) {
    TellPlacement(id, facility, [&](auto& e) {
      e.mutable_stay_corrected()->set_replacement_stay_id("right");
      e.mutable_stay_corrected()->set_former_move_in_date(former);
      e.mutable_stay_corrected()->set_move_in_date(right);
    });
  };
  const std::string before = Etag(id);
  correct("ekeliden", "2026-11-24", "2026-11-24");  // another bed
  correct("ekeliden", "2026-11-25", "2026-11-26");  // the bed moved to
  correct("novus", "2026-11-24", "2026-11-20");     // lived at before
  correct("ekeliden", "", "2026-11-20");            // told by a former version
  EXPECT_EQ(Etag(id), before) << "nothing happened to the case";
  EXPECT_EQ(date(), "2026-11-24");
  correct("ekeliden", "2026-11-24", "2026-11-20");
  EXPECT_EQ(date(), "2026-11-20");
  EXPECT_EQ(StateOf(id), "transfer_decided");
  const auto seen = usecases::GetReferral(*door_).Run(Call(Worker()), id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(FormatDate(*seen->referral.whereabouts.move_in_date), "2026-11-20");
  const auto timeline =
      usecases::GetTimeline(*door_, *document_store_).Run(Call(Worker()), id, {100, ""});
  ASSERT_TRUE(timeline.ok()) << timeline.status();
  const auto told = std::find_if(timeline->steps.begin(), timeline->steps.end(),
                                 [](const auto& one) { return one.action == "stay_corrected"; });
  ASSERT_NE(told, timeline->steps.end());
  EXPECT_EQ(told->changed_fields, std::vector<std::string>{"placement"});
  EXPECT_EQ(told->from, told->to);
}

TEST_F(ChainTest, WhoIsDischargedBeforeTheMoveIsEnrolledOnThePlaceThatWasGranted) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  TellPlacement(id, "ekeliden", [](auto& e) { e.mutable_discharged(); });
  TellPlacement(id, "ekeliden",
                [](auto& e) { e.mutable_discharge_undone()->set_move_in_date("2026-12-01"); });
  EXPECT_EQ(StateOf(id), "placed") << "the discharge was a mistake";
  EXPECT_EQ(Ask(EkelidenStaff(), id).access.rule_id, "facility.placed");
  Grant(id, "novus");
  TellPlacement(id, "ekeliden", [](auto& e) { e.mutable_discharged(); });
  EXPECT_EQ(StateOf(id), "discharged");
  EXPECT_EQ(Ask(NovusStaff(), id).access.rule_id, "facility.transfer");
  TellPlacement(id, "novus", [](auto& e) { e.mutable_offer_accepted(); });
  EXPECT_EQ(Ask(NovusStaff(), id).access.rule_id, "facility.transfer");
  MoveIn(id, "novus");
  EXPECT_EQ(StateOf(id), "placed");
  EXPECT_EQ(Ask(NovusStaff(), id).access.rule_id, "facility.placed");
  TellPlacement(id, "novus", [](auto& e) { e.mutable_discharged(); });
  EXPECT_EQ(Ask(NovusStaff(), id).access.rule_id, "facility.own_stay_record");
}

TEST_F(ChainTest, WhoIsDischargedWithoutAGrantedTransferIsNotAwaitedAnywhere) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  TellPlacement(id, "ekeliden", [](auto& e) { e.mutable_discharged(); });
  EXPECT_FALSE(Ask(NovusStaff(), id).access.permitted);
  EXPECT_EQ(Ask(EkelidenStaff(), id).access.rule_id, "facility.own_stay_record");
}

TEST_F(ChainTest, AReservationThatEndsTakesTheCaseBackToItsDecision) {
  const std::string id = Decided({"novus"});
  TellPlacement(id, "novus", [](auto& e) { e.mutable_offer_made(); });
  TellPlacement(id, "novus", [](auto& e) { e.mutable_offer_accepted(); });
  EXPECT_EQ(StateOf(id), "offered");
  TellPlacement(id, "novus", [](auto& e) { e.mutable_reservation_changed(); });
  EXPECT_EQ(StateOf(id), "offered");
  TellPlacement(id, "novus", [](auto& e) { e.mutable_reservation_ended(); });
  EXPECT_EQ(StateOf(id), "decided");
}

TEST_F(ChainTest, TheDecisionEventCarriesDatesAndProposerAndDeciderAreApart) {
  const std::string id = Decided({"novus"});
  const pg::Result rows =
      database_.Query("referral", "SELECT payload FROM event WHERE type = 'decision_made'");
  ASSERT_EQ(rows.size(), 1);
  v1::ReferralEvent event;
  ASSERT_TRUE(event.ParseFromString(rows[0].Bytes("payload")));
  EXPECT_EQ(event.decision_made().decision_date(), "2026-11-23");
  EXPECT_EQ(event.decision_made().to_date(), "2027-05-22");
  EXPECT_EQ(event.decision_made().law_section(), "SoL 11:1");
  EXPECT_FALSE(event.decision_made().transfer());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM decision WHERE proposer_subject = 'worker-1'"
                  " AND decider_subject = 'decider-1' AND delegation_point = '4.12'"),
            1);
}

TEST_F(ChainTest, ALawThatIsNoLongerInForceIsRefused) {
  const std::string id = Assessed({"novus"});
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                return domain::RecordStudyVisit(step, {domain::VisitOutcome::kWaived, false, "x"});
              }).ok());
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                return domain::RecordAnswer(step, {Outcome::kYes, ""});
              }).ok());
  const auto refused = Step(Worker(), id, [](const domain::Step& step) {
    domain::ProposeDecisionRequest request;
    request.facility_id = "novus";
    request.law_section = "SoL 4:1";
    request.to_date = "2027-03-01";
    return domain::ProposeDecision(step, request);
  });
  const auto detail = GetErrorDetail(refused.status());
  ASSERT_TRUE(detail.has_value());
  ASSERT_EQ(detail->violations.size(), 1U);
  EXPECT_EQ(detail->violations[0].field, "law_section");
  EXPECT_EQ(detail->violations[0].rule, "NOT_IN_FORCE");
}

TEST_F(ChainTest, NothingPersonalIsStoredInTheClearOrPublished) {
  const std::string id = Decided({"novus"});
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral WHERE position('Tove'::bytea IN"
                  " content_sealed) > 0 OR position('Tove'::bytea IN name_sealed) > 0"),
            0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE position('Tove'::bytea IN payload) > 0"
                  " OR position('900101-9802'::bytea IN payload) > 0"
                  " OR position('9001019802'::bytea IN payload) > 0"),
            0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM person WHERE identity_index LIKE '%9001019802%'"), 0);
}

TEST_F(ChainTest, WorklistsArePagedAndShowOnlyWhatMayBeSeen) {
  std::set<std::string> mine;
  for (int i = 0; i < 5; ++i) mine.insert(Submitted());
  Draft(OtherWorker());
  std::set<std::string> listed;
  usecases::ListRequest request;
  request.page.limit = 2;
  int pages = 0;
  do {
    const auto list = usecases::ListReferrals(*door_, *index_).Run(Call(EkelidenSeat()), request);
    ASSERT_TRUE(list.ok()) << list.status();
    for (const usecases::CaseLine& line : list->lines) {
      EXPECT_TRUE(listed.insert(line.referral.referral_id).second);
      EXPECT_EQ(line.display_name, "Tove Påhittad");
    }
    request.page.cursor = list->next;
    ++pages;
  } while (!request.page.cursor.empty());
  EXPECT_EQ(listed, mine);
  EXPECT_EQ(pages, 3);
  request.page.cursor = "nonsense";
  EXPECT_EQ(
      Reason(usecases::ListReferrals(*door_, *index_).Run(Call(EkelidenSeat()), request).status()),
      "FIELD_VIOLATIONS");
}

TEST_F(ChainTest, PlansAreRevisedStartedAndGuarded) {
  const std::string id = Decided({"ekeliden"});
  MoveIn(id, "ekeliden");
  usecases::WritePlans write(*door_, *plans_);
  const auto plan =
      write.Run(Write(EkelidenStaff()), {id, "0"}, usecases::PlanStore::What::kImplementationPlan,
                usecases::RevisePlan({"ekeliden", "Mål", "Vad", "2026-12-24"}, clock_.Now()));
  ASSERT_TRUE(plan.ok()) << plan.status();
  domain::PartRequest part{"", domain::HomeSupportKind::kHousing, "alvesta-authority", "SoL 11:1",
                           "2026-12-24"};
  const auto home = write.Run(Write(Worker()), {id, "1"}, usecases::PlanStore::What::kHomeSupport,
                              usecases::ReplaceHomeSupport({part}, clock_.Now()));
  ASSERT_TRUE(home.ok()) << home.status();
  EXPECT_EQ(
      Reason(write
                 .Run(Write(EkelidenStaff()), {id, "2"}, usecases::PlanStore::What::kHomeSupport,
                      usecases::ReplaceHomeSupport({part}, clock_.Now()))
                 .status()),
      "ROLE_NOT_ALLOWED");
  const auto started =
      write.Run(Write(Worker()), {id, "2"}, usecases::PlanStore::What::kHomeSupport,
                usecases::StartPart(home->home_support[0].part_id, "", clock_.Now()));
  ASSERT_TRUE(started.ok()) << started.status();
  const auto read = usecases::GetPlans(*door_, *plans_).Run(Call(EkelidenStaff()), id);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->version, 3);
  EXPECT_EQ(read->implementation_plan->goals, "Mål");
  EXPECT_TRUE(read->home_support[0].started);
  EXPECT_EQ(FormatDate(read->home_support[0].start_date), "2026-11-23");
}

TEST_F(ChainTest, AProtectedIdentityIsShownToNamedHandlersOnly) {
  domain::Form form = CompleteForm();
  form.person.protected_identity = true;
  const auto made = usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}});
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string id = made->referral.referral_id;
  Consent(id);
  ASSERT_TRUE(Step(Worker(), id, testing::Submit).ok());
  EXPECT_EQ(Get(Worker(), id)->referral.content.form.person.given_name, "Tove");
  for (const Caller& caller : {Decider(), EkelidenSeat()}) {
    const auto seen = Get(caller, id);
    ASSERT_TRUE(seen.ok()) << seen.status();
    EXPECT_EQ(seen->referral.content.form.person.given_name, "");
    EXPECT_EQ(seen->referral.municipality_code, "");
    EXPECT_TRUE(seen->referral.content.form.person.protected_identity);
  }
  const auto list = usecases::ListReferrals(*door_, *index_).Run(Call(Worker()), {});
  EXPECT_EQ(list->lines.at(0).display_name, "");
}

TEST_F(ChainTest, DescribeNamesOnlyWhatTheAskerMaySee) {
  const std::string id = Submitted();
  const std::string draft = Draft();
  const usecases::Asker board{"placement-board", {auth::Role::kBoardMember}, "case_work", "head-1"};
  const auto names =
      usecases::Describe(*door_).Run(Call(EkelidenSeat()), board, {id, draft, "no-id"});
  ASSERT_TRUE(names.ok()) << names.status();
  ASSERT_EQ(names->size(), 1U);
  EXPECT_EQ(names->at(0).display_name, "Tove Påhittad");
}

TEST_F(ChainTest, TheDatabaseRefusesAStepOutsideTheTable) {
  const std::string id = Draft();
  const absl::Status refused =
      pool_
          ->Write(
              "INSERT INTO referral_step (referral_id, version, action, outcome, from_state,"
              " to_state, at, unit_id, subject, seat, deputy, exception) VALUES ($1::uuid, 9,"
              " 'submit', '', 'draft', 'placed', now(), '', '', '', false, false)",
              {id})
          .status();
  EXPECT_EQ(pg::ViolatedConstraint(refused), "referral_step_known");
  const absl::Status same_seat =
      pool_
          ->Write(
              "UPDATE referral SET proposed_by_seat = 'novus', confirmed_by_seat = 'novus'"
              " WHERE referral_id = $1::uuid",
              {id})
          .status();
  EXPECT_EQ(pg::ViolatedConstraint(same_seat), "referral_two_seats");
}

}  // namespace
}  // namespace vardkedja::referral
