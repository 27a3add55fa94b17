// What names a unit that was merged: nothing new does, what is written stays, and whatever is read
// or routed by the name is the successor's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/jobs/jobs.h"
#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"
#include "referral-service/storage/postgres_reorganisations.h"
#include "referral-service/storage/postgres_reroutes.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/child_concerns.h"
#include "referral-service/usecases/life_events.h"
#include "referral-service/usecases/rerouting.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using ::testing::ElementsAre;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;
using usecases::DocumentKind;
using usecases::PlanStore;

constexpr const char* kOwner = "alvesta-authority";
constexpr const char* kFrom = "vaxjo-ifo1";
constexpr const char* kTo = "vaxjo-ifo2";

Caller FromDecider() { return {"vaxjo", kFrom, auth::Role::kDecider, "", "decider-2"}; }
Caller ToWorker() { return {"vaxjo", kTo, auth::Role::kSocialWorker, "", "worker-3"}; }

TEST(MergedReferenceTest, ChainsEndWithWhoAnswersTodayAndNoChainIsACircle) {
  domain::Reference reference;
  EXPECT_EQ(reference.AnswersFor("a"), "a");
  reference.Merge("a", "b");
  reference.Merge("b", "c");
  EXPECT_EQ(reference.AnswersFor("a"), "c");
  EXPECT_THAT(reference.MergedAmong({"a", "c"}), ElementsAre(domain::MergedUnit{"a", "c"}));
  reference.Merge("c", "a");
  EXPECT_EQ(reference.AnswersFor("a"), "a") << "it goes on";
  EXPECT_EQ(reference.AnswersFor("b"), "a");
}

class MergedUnitsTest : public testing::Fixture {
 protected:
  void Merge() {
    domain::ReorganiseUnitRequest request;
    request.kind = domain::ReorganisationKind::kUnitMerged;
    request.to_unit_id = kTo;
    request.effective_date = "2026-11-01";
    request.text = "Nämndens beslut.";
    const auto begun =
        usecases::Reorganisations(open_, store_).Begin(Write(FromDecider()), request);
    ASSERT_TRUE(begun.ok()) << begun.status();
    jobs::Runner runner(*pool_, clock_,
                        std::map<std::string, jobs::Handler, std::less<>>{
                            {std::string(storage::kReorganisationJob),
                             [this](pg::Transaction& tx, const jobs::Job& job) {
                               return storage::ReorganiseBatch(*vault_, tx, job);
                             }}},
                        {});
    while (runner.RunDue().value_or(0) > 0) {
    }
    const auto ended =
        usecases::Reorganisations(open_, store_).Get(Call(FromDecider()), begun->reorganisation_id);
    ASSERT_TRUE(ended.ok() && ended->ended_at) << ended.status();
  }

  // A ground by which both units see the case.
  std::string Case() {
    const std::string id = Submitted();
    domain::NewGround ground;
    ground.kind = domain::GroundKind::kHarmTest;
    ground.text = "Prövad.";
    ground.recipient_unit_ids = {kFrom, kTo};
    ground.categories = {"plan"};
    EXPECT_TRUE(usecases::RecordGround(*ground_door_).Run(Write(Worker()), id, ground).ok());
    return id;
  }

  static usecases::ReviseDocument Split(const std::string& unit, Instant now) {
    return usecases::WriteCostSplit({{{kOwner, 5000}, {unit, 5000}}, 100, "2026-11-20", ""}, now);
  }

  static std::vector<domain::PartRequest> Parts(const std::string& unit) {
    return {{"", domain::HomeSupportKind::kHousing, unit, "SoL 11:1", "2026-12-24"}};
  }

  absl::StatusOr<domain::Plans> Support(const Caller& caller, const std::string& id,
                                        const std::string& etag,
                                        const usecases::RevisePlans& revise) {
    return usecases::WritePlans(open_, *plans_)
        .Run(Write(caller), {id, etag}, PlanStore::What::kHomeSupport, revise);
  }

  absl::StatusOr<usecases::StoredDocument> Put(const std::string& id, const std::string& etag,
                                               DocumentKind kind,
                                               const usecases::ReviseDocument& revise) {
    return papers_.Write(Write(Worker()), {id, etag}, kind, revise);
  }

  std::vector<v1::ReferralEvent> Published(const std::string& type) {
    std::vector<v1::ReferralEvent> events;
    const auto rows = database_.Query(
        "referral", "SELECT payload FROM event WHERE type = $1 ORDER BY recorded_at", {type});
    for (const pg::Row row : rows) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(row.Bytes("payload")));
    }
    return events;
  }

  // The fields that name the merged unit, each with who answers in its place.
  static std::set<std::string> Merged(const absl::Status& status) {
    std::set<std::string> fields;
    const auto detail = GetErrorDetail(status);
    for (const FieldViolation& one : detail ? detail->violations : std::vector<FieldViolation>()) {
      EXPECT_EQ(one.rule, "UNIT_MERGED") << one.field;
      EXPECT_NE(one.en.find(kTo), std::string::npos) << one.en;
      EXPECT_NE(one.sv.find(kTo), std::string::npos) << one.sv;
      fields.insert(one.field);
    }
    return fields;
  }

  storage::PostgresReorganisations store_{*pool_, *vault_};
  storage::PostgresReroutes reroutes_{*pool_};
  storage::PostgresReference fresh_{*pool_, std::chrono::milliseconds(0)};
  usecases::CaseDoor open_{*cases_, fresh_, *auditor_};
  usecases::Documents papers_{open_, *document_store_};
};

TEST_F(MergedUnitsTest, NothingNewNamesAUnitThatWasMerged) {
  const std::string id = Case();
  const std::string other = Draft();
  Merge();
  const Instant now = clock_.Now();
  const auto refused = [&](DocumentKind kind, const usecases::ReviseDocument& revise) {
    return Merged(Put(id, "0", kind, revise).status());
  };
  using Fields = std::set<std::string>;
  EXPECT_EQ(refused(DocumentKind::kCostSplit, Split(kFrom, now)), Fields{"shares[1].unit_id"});
  EXPECT_EQ(
      refused(DocumentKind::kCoordinatedPlan,
              usecases::AssessPlanNeed(
                  {domain::PlanAskedBy::kPerson, "Flera insatser.", {"clinic-region-vaxjo", kFrom}},
                  now)),
      Fields{"party_unit_ids[1]"});
  EXPECT_EQ(
      Merged(Support(Worker(), id, "0", usecases::ReplaceHomeSupport(Parts(kFrom), clock_.Now()))
                 .status()),
      Fields{"parts[0].unit_id"});
  EXPECT_EQ(Merged(usecases::Rerouting(open_, reroutes_)
                       .HandOver(Write(Worker()), {other, Etag(other)}, {kFrom, "wrong_unit"})
                       .status()),
            Fields{"to_unit_id"});
  EXPECT_EQ(Merged(usecases::TakeLifeEvent(open_, *life_events_)
                       .Run(Write(Worker()), {other, Etag(other)},
                            [](const domain::Step& step) {
                              return domain::MoveCase(step, {domain::MoveReason::kMovedMunicipality,
                                                             kFrom,
                                                             {"worker-2"},
                                                             "Flytt."});
                            })
                       .status()),
            Fields{"to_unit_id"});
  domain::NewGround ground;
  ground.kind = domain::GroundKind::kConsent;
  ground.consent_form = domain::ConsentForm::kWritten;
  ground.recipient_unit_ids = {kFrom};
  ground.categories = {"plan"};
  usecases::GroundDoor grounds(open_, *grounds_);
  EXPECT_EQ(Merged(usecases::RecordGround(grounds).Run(Write(Worker()), other, ground).status()),
            Fields{"recipient_unit_ids"});
  EXPECT_TRUE(Put(id, "0", DocumentKind::kCostSplit, Split(kTo, now)).ok()) << "the successor does";
}

TEST_F(MergedUnitsTest, AConcernAboutAChildGoesAtOnceToWhoAnswersToday) {
  const std::string id = Case();
  Merge();
  const auto sent =
      usecases::ReportChildConcern(open_, *concerns_).Run(Write(Worker()), id, kFrom, "Oro.");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->concern.recipient_unit_id, kTo);
}

TEST_F(MergedUnitsTest, ACostSplitStaysAsWrittenAndIsTheSuccessorsToRead) {
  const std::string id = Case();
  ASSERT_TRUE(Put(id, "0", DocumentKind::kCostSplit, Split(kFrom, clock_.Now())).ok());
  const auto read = [&](const Caller& caller) {
    return papers_.Read(Call(caller), id, DocumentKind::kCostSplit);
  };
  EXPECT_TRUE(read(OtherWorker()).ok());
  EXPECT_EQ(Reason(read(ToWorker()).status()), "NOT_FOUND");
  EXPECT_TRUE(read(Worker())->merged_units.empty());
  Merge();
  const auto seen = read(ToWorker());
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(std::get<domain::CostSplit>(seen->content).written->shares[1].unit_id, kFrom);
  EXPECT_THAT(seen->merged_units, ElementsAre(domain::MergedUnit{kFrom, kTo}));
  EXPECT_EQ(Reason(read(OtherWorker()).status()), "NOT_FOUND") << "it answers for nothing more";
}

TEST_F(MergedUnitsTest, HomeSupportIsTheSuccessorsToStartAndTold) {
  const std::string id = Case();
  const auto written =
      Support(Worker(), id, "0", usecases::ReplaceHomeSupport(Parts(kFrom), clock_.Now()));
  ASSERT_TRUE(written.ok()) << written.status();
  const std::string part = written->home_support.at(0).part_id;
  const auto start = usecases::StartPart(part, "", clock_.Now());
  EXPECT_EQ(Reason(Support(ToWorker(), id, "1", start).status()), "ROLE_NOT_ALLOWED");
  Merge();
  EXPECT_EQ(Reason(Support(OtherWorker(), id, "1", start).status()), "ROLE_NOT_ALLOWED");
  const auto started = Support(ToWorker(), id, "1", start);
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_EQ(started->home_support.at(0).unit_id, kFrom) << "as it was written";
  EXPECT_THAT(started->merged_units, ElementsAre(domain::MergedUnit{kFrom, kTo}));
  EXPECT_EQ(rpc::ToProto(*started).merged_units(0).successor_unit_id(), kTo);
  const auto told = Published("home_support_recorded");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].home_support_recorded().parts(0).unit_id(), kFrom);
  EXPECT_EQ(told[1].home_support_recorded().parts(0).unit_id(), kTo);
}

TEST_F(MergedUnitsTest, APlansNewsGoToTheSuccessorOfAParty) {
  const std::string id = Case();
  constexpr auto kPlan = DocumentKind::kCoordinatedPlan;
  const Instant now = clock_.Now();
  const std::string clinic = "clinic-region-vaxjo";
  ASSERT_TRUE(Put(id, "0", kPlan,
                  usecases::AssessPlanNeed(
                      {domain::PlanAskedBy::kPerson, "Flera insatser.", {kFrom, clinic}}, now))
                  .ok());
  ASSERT_TRUE(Put(id, "1", kPlan, usecases::RecordPlanAgreement(true, "Muntligt.", now)).ok());
  Merge();
  const auto written =
      Put(id, "2", kPlan,
          usecases::WritePlanContent(
              {"\"Hem.\"", {{"Boendestöd.", kOwner, ""}}, "", kOwner, "2027-01-15"}, now));
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_TRUE(std::get<domain::CoordinatedPlan>(written->content).party_unit_ids.contains(kFrom));
  EXPECT_THAT(written->merged_units, ElementsAre(domain::MergedUnit{kFrom, kTo}));
  const auto told = Published("coordinated_plan_recorded");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0].coordinated_plan_recorded().party_unit_ids(),
              ::testing::UnorderedElementsAre(kOwner, kTo, clinic));
}

TEST_F(MergedUnitsTest, TheOwnerIsToldOfEachLiveGroundThatNamesTheUnitOnce) {
  constexpr int kCases = storage::kReorganisationBatch + 2;
  std::string id;
  for (int i = 0; i < kCases; ++i) id = Case();
  const std::string receivers = SubmittedAbout("R7654322", ToWorker());
  domain::NewGround ground;
  ground.kind = domain::GroundKind::kHarmTest;
  ground.text = "Prövad.";
  ground.recipient_unit_ids = {kFrom};
  ground.categories = {"plan"};
  ASSERT_TRUE(usecases::RecordGround(*ground_door_).Run(Write(ToWorker()), receivers, ground).ok());
  Merge();
  const auto told = Published("ground_recipient_merged");
  ASSERT_EQ(told.size(), static_cast<std::size_t>(kCases)) << "and none of the receiver's own case";
  std::set<std::string> grounds;
  for (const v1::ReferralEvent& event : told) {
    EXPECT_EQ(event.owner_unit_id(), kOwner);
    EXPECT_EQ(event.ground_recipient_merged().unit_id(), kFrom);
    EXPECT_EQ(event.ground_recipient_merged().successor_unit_id(), kTo);
    grounds.insert(event.ground_recipient_merged().ground_id());
  }
  EXPECT_EQ(grounds.size(), static_cast<std::size_t>(kCases));
  Merge();
  EXPECT_EQ(Published("ground_recipient_merged").size(), static_cast<std::size_t>(kCases))
      << "a merge that is asked for again tells nothing twice";

  const auto timeline =
      usecases::GetTimeline(open_, *document_store_).Run(Call(Worker()), id, {100, ""});
  ASSERT_TRUE(timeline.ok()) << timeline.status();
  EXPECT_EQ(timeline->steps.back().action, "unit-reorganisation");
  EXPECT_THAT(timeline->steps.back().resource, ::testing::StartsWith("grounds/"));
  const auto feed = usecases::ListChanges(open_, *index_).Run(Call(Worker()), {1000, ""});
  ASSERT_TRUE(feed.ok()) << feed.status();
  EXPECT_EQ(feed->changes.back().what, "ground");
  EXPECT_EQ(pg::ViolatedConstraint(
                pool_
                    ->Write("INSERT INTO merged_recipient SELECT gen_random_uuid(), ground_id,"
                            " referral_id, reorganisation_id, from_unit_id, to_unit_id, told_at"
                            " FROM merged_recipient LIMIT 1")
                    .status()),
            "merged_recipient_once");
}

}  // namespace
}  // namespace vardkedja::referral
