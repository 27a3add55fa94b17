// Cost split, coordinated individual plan and outcomes, on a real PostgreSQL.
#include "referral-service/usecases/documents.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "referral-service/storage/test_fixture.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using testing::EkelidenSeat;
using testing::EkelidenStaff;
using testing::NovusStaff;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;
using usecases::DocumentKind;

class DocumentsTest : public testing::Fixture {
 protected:
  absl::StatusOr<usecases::StoredDocument> Put(const Caller& caller, const std::string& id,
                                               const std::string& etag, DocumentKind kind,
                                               const usecases::ReviseDocument& revise) {
    return documents_->Write(Write(caller), {id, etag}, kind, revise);
  }

  absl::StatusOr<usecases::StoredDocument> Split(const Caller& caller, const std::string& id,
                                                 const std::string& etag) {
    return Put(caller, id, etag, DocumentKind::kCostSplit,
               usecases::WriteCostSplit({{{"alvesta-authority", 5000}, {"ekeliden", 5000}},
                                         184'200,
                                         "2026-11-20",
                                         "Hemlig fördelning."},
                                        clock_.Now()));
  }

  bool AwaitsCostSplit(const Caller& caller, const std::string& id) {
    const usecases::Asker asker{caller.unit, {caller.role}, "case_work", ""};
    const auto answer = usecases::Authorize(*door_).Run(Call(caller), asker, {id});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->front().awaits_cost_split;
  }

  // The payloads of one type in the log.
  std::vector<v1::ReferralEvent> Published(const std::string& type) {
    std::vector<v1::ReferralEvent> events;
    const auto rows = database_.Query(
        "referral", "SELECT payload FROM event WHERE type = $1 ORDER BY recorded_at", {type});
    for (const pg::Row row : rows) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(row.Bytes("payload")));
    }
    return events;
  }

  void MoveIn(const std::string& id, const std::string& facility) {
    placement::v1::PlacementEvent payload;
    payload.set_case_id(id);
    payload.set_facility_id(facility);
    payload.set_facility_unit_id(facility);
    payload.mutable_enrolled()->set_move_in_date("2026-11-23");
    Tell("enrolled", payload.SerializeAsString(), id);
  }

  void Leave(const std::string& id, const std::string& facility) {
    placement::v1::PlacementEvent payload;
    payload.set_case_id(id);
    payload.set_facility_id(facility);
    payload.set_facility_unit_id(facility);
    payload.mutable_discharged();
    Tell("discharged", payload.SerializeAsString(), id);
  }

  static domain::OutcomeRequest OutcomeAt(domain::OutcomePoint point) {
    domain::OutcomeRequest request;
    request.point = point;
    request.outcome_date = "2026-11-23";
    request.codes = {1, 2, 1, 2};
    request.own_goals = "Egna mål.";
    request.self_rated_life = 6;
    return request;
  }
};

TEST_F(DocumentsTest, APlacementAwaitsItsCostSplitUnlessAcute) {
  const std::string id = Decided({"ekeliden"});
  EXPECT_TRUE(AwaitsCostSplit(EkelidenStaff(), id));
  EXPECT_FALSE(AwaitsCostSplit(OtherWorker(), id)) << "a denial tells nothing";
  const auto written = Split(Worker(), id, "0");
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->version, 1);
  EXPECT_FALSE(AwaitsCostSplit(EkelidenStaff(), id));
  const auto told = Published("cost_split_recorded");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].cost_split_recorded().unit_ids_size(), 2);

  const std::string acute = Decided({"novus"});
  ASSERT_TRUE(Put(Worker(), acute, "0", DocumentKind::kCostSplit,
                  usecases::DeclareAcute("", "Ingen säker bostad i natt.", clock_.Now()))
                  .ok());
  EXPECT_FALSE(AwaitsCostSplit(NovusStaff(), acute));
  const auto declared = Published("acute_placement_declared");
  ASSERT_EQ(declared.size(), 1U);
  EXPECT_EQ(declared[0].acute_placement_declared().placement_date(), "2026-11-23");
}

TEST_F(DocumentsTest, TheCostSplitIsForThePrincipalsAlone) {
  const std::string id = Decided({"ekeliden", "novus"});
  const auto read = [&](const Caller& caller) {
    return documents_->Read(Call(caller), id, DocumentKind::kCostSplit);
  };
  EXPECT_TRUE(read(Worker()).ok());
  EXPECT_EQ(Reason(read(EkelidenStaff()).status()), "NOT_FOUND") << "carries no share yet";
  ASSERT_TRUE(Split(Worker(), id, "0").ok());
  EXPECT_TRUE(read(EkelidenStaff()).ok());
  EXPECT_EQ(Reason(read(EkelidenSeat()).status()), "NOT_FOUND") << "sees the case, pays nothing";
  EXPECT_EQ(Reason(read(NovusStaff()).status()), "NOT_FOUND");
  EXPECT_EQ(Reason(Split(EkelidenStaff(), id, "1").status()), "ROLE_NOT_ALLOWED");
  // The view for the person's meeting is another document.
  const auto plan = documents_->Read(Call(EkelidenStaff()), id, DocumentKind::kCoordinatedPlan);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(std::holds_alternative<domain::CoordinatedPlan>(plan->content));
}

TEST_F(DocumentsTest, EveryVersionIsKeptEncryptedAndAStaleOneIsRefused) {
  const std::string id = Decided({"ekeliden"});
  ASSERT_TRUE(Split(Worker(), id, "0").ok());
  EXPECT_EQ(Reason(Split(Worker(), id, "0").status()), "STALE_ETAG");
  ASSERT_TRUE(Split(Worker(), id, "1").ok());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM case_document WHERE kind = 'cost_split'"), 2);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM case_document"
                  " WHERE position('Hemlig'::bytea IN content_sealed) > 0"),
            0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE position('Hemlig'::bytea IN payload) > 0"),
            0);
  const auto read = documents_->Read(Call(Worker()), id, DocumentKind::kCostSplit);
  ASSERT_TRUE(read.ok()) << read.status();
  const auto& split = std::get<domain::CostSplit>(read->content);
  EXPECT_EQ(split.written->text, "Hemlig fördelning.");
  EXPECT_EQ(split.written->revision, 2);
  EXPECT_EQ(split.written->shares[1], (domain::CostShare{"ekeliden", 5000}));
  const absl::Status changed =
      pool_->Write("UPDATE case_document SET version = 9 WHERE version = 1").status();
  EXPECT_EQ(pg::SqlState(changed), "42501") << "history is appended to";
}

TEST_F(DocumentsTest, ARepeatedRequestIsAnsweredAndWritesNothing) {
  const std::string id = Decided({"ekeliden"});
  const auth::CallContext call = Write(Worker());
  const auto revise = usecases::DeclareAcute("", "Skäl.", clock_.Now());
  for (int i = 0; i < 2; ++i) {
    const auto done = documents_->Write(call, {id, "0"}, DocumentKind::kCostSplit, revise);
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_EQ(done->version, 1);
  }
  EXPECT_EQ(Count("SELECT count(*) AS n FROM case_document"), 1);
}

TEST_F(DocumentsTest, TheOwnersFeedTellsOfEachVersionAndNotWhatItSays) {
  const std::string id = Decided({"ekeliden"});
  const auto documents = [&] {
    const auto feed = usecases::ListChanges(*door_, *index_).Run(Call(Worker()), {});
    EXPECT_TRUE(feed.ok()) << feed.status();
    return std::count_if(feed->changes.begin(), feed->changes.end(),
                         [](const auto& change) { return change.what == "document"; });
  };
  EXPECT_EQ(documents(), 0);
  ASSERT_TRUE(Split(Worker(), id, "0").ok());
  ASSERT_TRUE(Split(Worker(), id, "1").ok());
  EXPECT_EQ(documents(), 2);
}

TEST_F(DocumentsTest, DraftsAndClosedCasesTakeNone) {
  const std::string draft = Draft();
  EXPECT_EQ(Reason(Split(Worker(), draft, "0").status()), "ILLEGAL_STATE");
  const std::string closed = Submitted();
  ASSERT_TRUE(Step(Worker(), closed, domain::Withdraw).ok());
  EXPECT_EQ(Reason(Split(Worker(), closed, "0").status()), "ILLEGAL_STATE");
}

TEST_F(DocumentsTest, APlanIsNeededAgreedCalledWrittenAndFollowedUp) {
  const std::string id = Decided({"ekeliden"});
  MoveIn(id, "ekeliden");
  const Instant now = clock_.Now();
  const auto put = [&](const Caller& caller, const std::string& etag,
                       const usecases::ReviseDocument& revise) {
    const auto done = Put(caller, id, etag, DocumentKind::kCoordinatedPlan, revise);
    EXPECT_TRUE(done.ok()) << done.status();
  };
  // The facility's principal assesses; the municipality is bound.
  put(EkelidenStaff(), "0",
      usecases::AssessPlanNeed(
          {domain::PlanAskedBy::kPerson, "Flera insatser.", {"alvesta-authority"}}, now));
  put(Worker(), "1", usecases::RecordPlanAgreement(true, "Muntligt.", now));
  domain::MeetingRequest meeting;
  meeting.meeting_time = now + std::chrono::hours(48);
  meeting.form = domain::PlanMeetingForm::kVideo;
  meeting.video_link = "https://video.alvesta.example/rum/42";
  meeting.invited_unit_ids = {"clinic-region-vaxjo"};
  put(Worker(), "2", usecases::CallPlanMeeting(meeting, now));
  put(EkelidenStaff(), "3",
      usecases::WritePlanContent({"\"Jag vill hem.\"",
                                  {{"Boendestöd.", "alvesta-authority", ""}},
                                  "",
                                  "alvesta-authority",
                                  "2027-01-15"},
                                 now));
  put(Worker(), "4", usecases::FollowUpPlan({"", "Bra.", ""}, now));
  const auto read = documents_->Read(Call(EkelidenStaff()), id, DocumentKind::kCoordinatedPlan);
  ASSERT_TRUE(read.ok()) << read.status();
  const auto& plan = std::get<domain::CoordinatedPlan>(read->content);
  EXPECT_EQ(read->version, 5);
  EXPECT_EQ(plan.need->unit_id, "ekeliden");
  EXPECT_EQ(plan.content->goals, "\"Jag vill hem.\"");
  EXPECT_EQ(plan.meetings[0].meeting_time, *meeting.meeting_time);
  EXPECT_EQ(plan.follow_ups.size(), 1U);
  const auto needed = Published("coordinated_plan_needed");
  ASSERT_EQ(needed.size(), 1U);
  EXPECT_EQ(needed[0].coordinated_plan_needed().party_unit_ids_size(), 2);
  const auto called = Published("coordinated_plan_called");
  ASSERT_EQ(called.size(), 1U);
  EXPECT_EQ(called[0].coordinated_plan_called().invited_unit_ids_size(), 3);
  EXPECT_EQ(Published("coordinated_plan_recorded").size(), 1U);
}

TEST_F(DocumentsTest, OutcomesFollowTheStay) {
  const std::string id = Decided({"ekeliden"});
  const auto record = [&](const Caller& caller, const std::string& etag,
                          domain::OutcomePoint point) {
    return Put(caller, id, etag, DocumentKind::kOutcomes,
               usecases::RecordOutcome(OutcomeAt(point), clock_.Now()));
  };
  EXPECT_EQ(Reason(record(Worker(), "0", domain::OutcomePoint::kStart).status()), "ILLEGAL_STATE");
  MoveIn(id, "ekeliden");
  ASSERT_TRUE(record(EkelidenStaff(), "0", domain::OutcomePoint::kStart).ok());
  EXPECT_EQ(Reason(record(Worker(), "1", domain::OutcomePoint::kStart).status()), "ILLEGAL_STATE");
  EXPECT_EQ(Reason(record(Worker(), "1", domain::OutcomePoint::kDeparture).status()),
            "ILLEGAL_STATE");
  Leave(id, "ekeliden");
  ASSERT_TRUE(record(Worker(), "1", domain::OutcomePoint::kDeparture).ok());
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                return domain::Close(step, "executed");
              }).ok());
  const auto later = record(Worker(), "2", domain::OutcomePoint::kLater);
  ASSERT_TRUE(later.ok()) << "outcomes go on after the closing: " << later.status();
  EXPECT_EQ(std::get<domain::Outcomes>(later->content).outcomes.size(), 3U);
  EXPECT_EQ(Reason(Put(Worker(), id, "3", DocumentKind::kOutcomes,
                       usecases::RecordIndividualFollowUp("", "Bra.", clock_.Now()))
                       .status()),
            "ILLEGAL_STATE")
      << "lived at one facility only";
  const auto told = Published("outcome_recorded");
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].outcome_recorded().point_code(), "start");
  EXPECT_EQ(told[0].outcome_recorded().self_rated_life(), 6);
  EXPECT_FALSE(told[0].outcome_recorded().has_inpatient_days());
}

TEST_F(DocumentsTest, WhoLivedAtBothIsFollowedUp) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  Leave(id, "ekeliden");
  MoveIn(id, "novus");
  const auto done = Put(NovusStaff(), id, "0", DocumentKind::kOutcomes,
                        usecases::RecordIndividualFollowUp("2026-11-22", "Trivs.", clock_.Now()));
  ASSERT_TRUE(done.ok()) << done.status();
  const auto& outcomes = std::get<domain::Outcomes>(done->content);
  EXPECT_EQ(outcomes.individual_follow_ups.at(0).text, "Trivs.");
}

}  // namespace
}  // namespace vardkedja::referral
