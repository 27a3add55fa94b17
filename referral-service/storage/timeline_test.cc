// What the timeline tells: what each entry is about, which fields were changed, and who did it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/postgres_meetings.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/attachments.h"
#include "referral-service/usecases/child_concerns.h"
#include "referral-service/usecases/life_events.h"
#include "referral-service/usecases/meetings.h"

namespace vardkedja::referral {
namespace {

using testing::Caller;
using ::testing::Contains;
using testing::EkelidenSeat;
using testing::EkelidenStaff;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::NovusDeputy;
using testing::Reason;
using testing::Worker;
using usecases::StepRecord;

class TimelineTest : public testing::Fixture {
 protected:
  std::vector<StepRecord> Timeline(const Caller& caller, const std::string& id) {
    const auto found =
        usecases::GetTimeline(*door_, *document_store_).Run(Call(caller), id, {100, ""});
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->steps : std::vector<StepRecord>();
  }

  // The last entry of an action or method.
  static StepRecord Last(const std::vector<StepRecord>& entries, const std::string& action) {
    StepRecord last;
    for (const StepRecord& entry : entries) {
      if (entry.action == action) last = entry;
    }
    EXPECT_EQ(last.action, action) << "is not told of";
    return last;
  }

  auth::CallContext As(const Caller& caller, const std::string& method) const {
    auth::CallContext call = Write(caller);
    call.method = method;
    return call;
  }

  void Plan(const Caller& caller, const std::string& id, const std::string& etag,
            const std::string& goals) {
    const auto done =
        usecases::WritePlans(*door_, *plans_)
            .Run(As(caller, "PlanService/RecordImplementationPlan"), {id, etag},
                 usecases::PlanStore::What::kImplementationPlan,
                 usecases::RevisePlan({"ekeliden", goals, "Samtal", "2026-12-24"}, clock_.Now()));
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void Split(const std::string& id, const std::string& other = "ekeliden",
             const std::string& etag = "0") {
    const auto done = documents_->Write(
        As(Worker(), "CostSplitService/RecordCostSplit"), {id, etag},
        usecases::DocumentKind::kCostSplit,
        usecases::WriteCostSplit(
            {{{"alvesta-authority", 5000}, {other, 5000}}, 184'200, "2026-11-20", "Hälften."},
            clock_.Now()));
    ASSERT_TRUE(done.ok()) << done.status();
  }

  std::string File(const std::string& id, const std::string& category) {
    domain::Attachment announced;
    announced.file_name = "fil.txt";
    announced.category = category;
    announced.byte_size = 2;
    const auto begun = attachments_.Begin(Write(Worker()), id, announced);
    EXPECT_TRUE(begun.ok()) << begun.status();
    EXPECT_TRUE(attachments_.Append(Write(Worker()), begun->attachment_id, 0, "ok").ok());
    EXPECT_TRUE(
        attachments_
            .Complete(As(Worker(), "AttachmentService/CompleteAttachment"), begun->attachment_id)
            .ok());
    return begun->attachment_id;
  }

  storage::PostgresAttachments files_{*pool_, *vault_};
  usecases::Attachments attachments_{*door_, files_};
};

TEST_F(TimelineTest, AStepTellsWhatItIsAboutWhichFieldsAndWho) {
  const std::string id = Decided({"ekeliden"});
  const auto entries = Timeline(Worker(), id);
  const StepRecord created = Last(entries, "create");
  EXPECT_EQ(created.resource, "referrals/" + id + "/forms/1");
  EXPECT_THAT(created.changed_fields, Contains("form.person.identity_number"));
  EXPECT_EQ(created.subject, "worker-1");
  EXPECT_THAT(created.role_codes, ElementsAre("social_worker"));
  EXPECT_TRUE(created.changes_known);
  const StepRecord proposed = Last(entries, "propose_assessment");
  EXPECT_EQ(proposed.resource, "referrals/" + id);
  EXPECT_THAT(proposed.changed_fields, ElementsAre("assessment", "assessment.text"));
  EXPECT_EQ(proposed.subject, "") << "whom another employer has at work";
  EXPECT_THAT(proposed.role_codes, ElementsAre("board_member"));
  EXPECT_EQ(proposed.seat, "ekeliden");
  const StepRecord visit = Last(entries, "record_study_visit");
  EXPECT_THAT(visit.resource, ::testing::StartsWith("referrals/" + id + "/study-visits/"));
  EXPECT_THAT(visit.changed_fields, ElementsAre("study_visits", "study_visits.reason"));
  const StepRecord decided = Last(entries, "make_decision");
  EXPECT_THAT(decided.resource, ::testing::StartsWith("referrals/" + id + "/decisions/"));
  EXPECT_THAT(decided.changed_fields, ElementsAre("decisions"));
  EXPECT_THAT(decided.role_codes, ElementsAre("decider"));
}

TEST_F(TimelineTest, ADeputyIsToldAsSuchForItsSeat) {
  const std::string id = Submitted();
  ASSERT_TRUE(Step(NovusDeputy(), id, domain::Acknowledge).ok());
  const StepRecord told = Last(Timeline(EkelidenSeat(), id), "acknowledge");
  EXPECT_TRUE(told.deputy);
  EXPECT_EQ(told.seat, "novus");
  EXPECT_EQ(told.unit_id, "placement-board");
  EXPECT_THAT(told.role_codes, ElementsAre("board_deputy"));
  EXPECT_THAT(told.changed_fields, IsEmpty());
  EXPECT_TRUE(told.changes_known);
}

TEST_F(TimelineTest, EverythingThatBelongsToTheCaseIsToldOnce) {
  const std::string id = Decided({"ekeliden"});
  clock_.Advance(std::chrono::minutes(1));
  MoveIn(id, "ekeliden");
  clock_.Advance(std::chrono::minutes(1));
  Plan(EkelidenStaff(), id, "0", "Ett mål");
  Plan(EkelidenStaff(), id, "1", "Ett annat mål");
  Split(id);
  const std::string file = File(id, "plan");
  const auto concern = usecases::ReportChildConcern(*door_, *concerns_)
                           .Run(As(EkelidenStaff(), "ChildrenService/ReportChildConcern"), id,
                                "vaxjo-child-family", "Oro.");
  ASSERT_TRUE(concern.ok()) << concern.status();
  const auto grounds = usecases::ListGrounds(*ground_door_).Run(Call(Worker()), id);
  const std::string ground = grounds->at(0).ground.ground_id;
  ASSERT_TRUE(usecases::RevokeGround(*ground_door_)
                  .Run(As(Worker(), "GroundService/RevokeGround"), ground, "1")
                  .ok());

  const auto entries = Timeline(Worker(), id);
  const StepRecord plan = Last(entries, "PlanService/RecordImplementationPlan");
  EXPECT_EQ(plan.resource, "referrals/" + id + "/plans");
  EXPECT_THAT(plan.changed_fields, ElementsAre("implementation_plan.goals"));
  EXPECT_EQ(plan.unit_id, "ekeliden");
  EXPECT_EQ(plan.subject, "");
  EXPECT_FALSE(plan.from.has_value());
  EXPECT_EQ(plan.version, 0);
  EXPECT_EQ(Last(entries, "CostSplitService/RecordCostSplit").resource,
            "referrals/" + id + "/cost-split");
  EXPECT_EQ(Last(entries, "AttachmentService/CompleteAttachment").resource, "attachments/" + file);
  EXPECT_EQ(Last(entries, "ChildrenService/ReportChildConcern").resource,
            "child-concerns/" + concern->concern.concern_id);
  const StepRecord revoked = Last(entries, "GroundService/RevokeGround");
  EXPECT_EQ(revoked.resource, "grounds/" + ground);
  EXPECT_THAT(revoked.changed_fields, ElementsAre("live", "end_reason_code", "end_time"));
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(),
                          [](const auto& one) { return one.resource.ends_with("/plans"); }),
            2);
  EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(),
                             [](const auto& a, const auto& b) { return a.at < b.at; }));
}

TEST_F(TimelineTest, OthersAreToldNoMoreThanTheySee) {
  const std::string id = Decided({"ekeliden"});
  MoveIn(id, "ekeliden");
  Split(id, "novus");
  File(id, "children");
  Plan(Worker(), id, "0", "Ett mål");
  const auto entries = Timeline(EkelidenStaff(), id);
  EXPECT_EQ(Last(entries, "PlanService/RecordImplementationPlan").unit_id, "alvesta-authority");
  for (const StepRecord& entry : entries) {
    EXPECT_NE(entry.action, "CostSplitService/RecordCostSplit");
    EXPECT_NE(entry.action, "AttachmentService/CompleteAttachment") << "a file about the children";
    EXPECT_THAT(entry.resource, Not(::testing::StartsWith("grounds/")));
    EXPECT_THAT(entry.changed_fields, Not(Contains("handler_subjects")));
  }
  const StepRecord draft = Last(entries, "create");
  EXPECT_THAT(draft.changed_fields, IsEmpty()) << "a draft is its owner's";
  EXPECT_FALSE(draft.changes_known);
}

TEST_F(TimelineTest, ACostSplitIsToldToThoseWhoMayReadIt) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  const std::string method = "CostSplitService/RecordCostSplit";
  const auto told = [&](const Caller& caller) {
    const auto entries = Timeline(caller, id);
    return std::count_if(entries.begin(), entries.end(),
                         [&](const auto& one) { return one.action == method; });
  };
  Split(id);
  EXPECT_EQ(told(Worker()), 1);
  EXPECT_EQ(told(EkelidenStaff()), 1);
  EXPECT_EQ(told(EkelidenSeat()), 0) << "sees the case, pays nothing";
  EXPECT_EQ(Last(Timeline(EkelidenStaff(), id), method).resource,
            "referrals/" + id + "/cost-split");
  // As it was noted before the principals were told.
  database_.Query(
      "referral",
      "INSERT INTO audit_entry (at, organisation, unit, roles, subject, purpose,"
      " case_id, action, resource_id, rule_id, permitted, call_id, details) SELECT at,"
      " organisation, unit, roles, subject, purpose, case_id, action, resource_id,"
      " rule_id, permitted, call_id, replace(details, 'about=principals', 'about=owner')"
      " FROM audit_entry WHERE action = $1 AND details LIKE '%about=principals%'"
      " RETURNING 1 AS one",
      {method});
  EXPECT_EQ(told(Worker()), 2);
  EXPECT_EQ(told(EkelidenStaff()), 2);
  EXPECT_EQ(told(EkelidenSeat()), 0);
  Split(id, "novus", "1");
  EXPECT_EQ(told(EkelidenStaff()), 0) << "who no longer pays no longer reads";
  EXPECT_EQ(told(Worker()), 3);
}

TEST_F(TimelineTest, TheBoardsMeetingIsToldToOwnerAndBoard) {
  const std::string id = Decided({"ekeliden"});
  clock_.Advance(std::chrono::minutes(1));
  MoveIn(id, "ekeliden");
  const std::string waits = Submitted();
  storage::PostgresMeetings store(*pool_, *vault_);
  domain::NewMeeting meeting;
  meeting.date = "2026-11-23";
  meeting.form = domain::MeetingForm::kVideo;
  meeting.attendance = {{"ekeliden", false}, {"novus", true}};
  meeting.items = {{id, ""}, {waits, "Gicks igenom."}};
  const std::string method = "MeetingService/RecordMeeting";
  const auto made =
      usecases::BoardMeetings(*door_, store).Record(As(EkelidenSeat(), method), meeting);
  ASSERT_TRUE(made.ok()) << made.status();
  const StepRecord told = Last(Timeline(Worker(), waits), method);
  EXPECT_EQ(told.resource, "board-meetings/" + made->meeting_id);
  EXPECT_THAT(told.changed_fields, ElementsAre("items.text"));
  EXPECT_EQ(told.unit_id, "placement-board");
  EXPECT_EQ(told.seat, "ekeliden");
  EXPECT_EQ(told.subject, "");
  EXPECT_EQ(Last(Timeline(EkelidenSeat(), waits), method).resource, told.resource);
  EXPECT_THAT(Last(Timeline(Worker(), id), method).changed_fields, IsEmpty());
  for (const Caller& caller : {EkelidenStaff(), EkelidenSeat()}) {
    for (const StepRecord& entry : Timeline(caller, id)) EXPECT_NE(entry.action, method);
  }
}

TEST_F(TimelineTest, AFieldOfACategoryThatIsNotSeenIsNotTold) {
  const std::string id = Submitted();
  ASSERT_TRUE(Step(EkelidenSeat(), id, domain::Acknowledge).ok());
  ASSERT_TRUE(Step(EkelidenSeat(), id, [](const domain::Step& step) {
                return domain::RequestInformation(step, "Barn?");
              }).ok());
  ASSERT_TRUE(Step(Worker(), id, [](const domain::Step& step) {
                domain::Form form = step.referral.content.form;
                form.children.count = 2;
                form.earlier_interventions = "Öppenvård.";
                return domain::Update(step, {form, {"children", "earlier_interventions"}});
              }).ok());
  EXPECT_THAT(Last(Timeline(Worker(), id), "update").changed_fields,
              ElementsAre("form.earlier_interventions", "form.children"));
  EXPECT_THAT(Last(Timeline(EkelidenSeat(), id), "update").changed_fields,
              ElementsAre("form.earlier_interventions"));
}

TEST_F(TimelineTest, AMoveTellsTheNewOwnerAndNotWhomTheFormerHadAtWork) {
  const std::string id = Submitted();
  clock_.Advance(std::chrono::minutes(1));
  const auto moved =
      usecases::TakeLifeEvent(*door_, *life_events_)
          .Run(Write(Worker()), {id, Etag(id)}, [](const domain::Step& step) {
            return domain::MoveCase(
                step,
                {domain::MoveReason::kMovedMunicipality, "vaxjo-ifo1", {"worker-2"}, "Flytt."});
          });
  ASSERT_TRUE(moved.ok()) << moved.status();
  const auto entries = Timeline(testing::OtherWorker(), id);
  const StepRecord told = Last(entries, "life_event");
  EXPECT_EQ(told.resource, "referrals/" + id + "/life-events/" + moved->life_event_id);
  EXPECT_THAT(told.changed_fields,
              ElementsAre("owner_unit_id", "municipality_code", "handler_subjects"));
  EXPECT_EQ(told.unit_id, "alvesta-authority");
  EXPECT_EQ(told.subject, "");
  EXPECT_EQ(Last(entries, "create").subject, "");
}

TEST_F(TimelineTest, PagesHaveNoGapAndNoRepeat) {
  const std::string id = Decided({"ekeliden"});
  Split(id);
  const auto all = Timeline(Worker(), id);
  std::vector<std::pair<std::int64_t, std::int64_t>> wanted;
  for (const auto& one : all) wanted.emplace_back(one.version, one.audit_row);
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  std::string cursor;
  do {
    const auto page =
        usecases::GetTimeline(*door_, *document_store_).Run(Call(Worker()), id, {2, cursor});
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& one : page->steps) found.emplace_back(one.version, one.audit_row);
    cursor = page->next;
  } while (!cursor.empty());
  EXPECT_EQ(found, wanted);
  for (const char* bad : {"x", "1", "1.0", "1.2.3", "-1.0.1", "1.0.1.", "1.0.1.1", "1..1"}) {
    EXPECT_EQ(Reason(usecases::GetTimeline(*door_, *document_store_)
                         .Run(Call(Worker()), id, {2, bad})
                         .status()),
              "FIELD_VIOLATIONS")
        << bad;
  }
}

TEST_F(TimelineTest, ARepeatedCallIsToldOnce) {
  const std::string id = Submitted();
  auth::CallContext call = As(Worker(), "GroundService/RevokeGround");
  const auto grounds = usecases::ListGrounds(*ground_door_).Run(Call(Worker()), id);
  for (int i = 0; i < 2; ++i) {
    const auto done =
        usecases::RevokeGround(*ground_door_).Run(call, grounds->at(0).ground.ground_id, "1");
    ASSERT_TRUE(done.ok()) << done.status();
  }
  const auto entries = Timeline(Worker(), id);
  EXPECT_EQ(
      std::count_if(entries.begin(), entries.end(),
                    [](const auto& one) { return one.action == "GroundService/RevokeGround"; }),
      1);
}

}  // namespace
}  // namespace vardkedja::referral
