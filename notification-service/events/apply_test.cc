// What events of the other services do here, on a real database.
#include "notification-service/events/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "notification-service/test_fixture.h"
#include "notification-service/usecases/list_deadlines.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::notification::events {
namespace {

using placement::v1::PlacementEvent;
using referral::v1::ReferralEvent;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kOwner[] = "alvesta-authority";

// One service's log, in memory.
class FakeLog final : public eventlog::EventSource {
 public:
  void Add(const std::string& type, const std::string& payload) {
    eventlog::v1::Event& event = *log_.add_events();
    event.set_seq(log_.events_size());
    event.set_event_id(NewUuidV7());
    event.set_aggregate_type("case");
    event.set_aggregate_id(kCase);
    event.set_version(log_.events_size());
    event.set_type(type);
    event.set_payload(payload);
    event.mutable_occurred_at()->set_seconds(1'772'352'000);  // 2026-03-01
    log_.set_head(log_.events_size());
  }

  absl::StatusOr<eventlog::v1::ReadResponse> Read(std::int64_t after, int,
                                                  std::chrono::milliseconds,
                                                  std::stop_token) override {
    eventlog::v1::ReadResponse answer;
    answer.set_head(log_.head());
    for (const eventlog::v1::Event& event : log_.events()) {
      if (event.seq() > after) *answer.add_events() = event;
    }
    return answer;
  }

 private:
  eventlog::v1::ReadResponse log_;
};

class ApplyTest : public ServiceTest {
 protected:
  ReferralEvent Referral() {
    ReferralEvent event;
    event.set_case_id(kCase);
    event.set_owner_unit_id(kOwner);
    event.set_case_number("VK-2026-000001");
    event.set_actor_unit_id(kOwner);
    return event;
  }

  PlacementEvent Placement(const std::string& decision_id) {
    PlacementEvent event;
    event.set_case_id(kCase);
    event.set_owner_unit_id(kOwner);
    event.set_case_number("VK-2026-000001");
    event.set_decision_id(decision_id);
    event.set_facility_id("novus");
    event.set_facility_unit_id("novus");
    event.set_actor_unit_id("novus");
    return event;
  }

  void AddDecision(const std::string& decision_id, const std::string& date,
                   const std::string& to_date) {
    ReferralEvent event = Referral();
    event.mutable_decision_made()->set_decision_id(decision_id);
    event.mutable_decision_made()->set_facility_id("novus");
    event.mutable_decision_made()->set_decision_date(date);
    event.mutable_decision_made()->set_to_date(to_date);
    referral_.Add("decision_made", event.SerializeAsString());
  }

  void AddEnrolled(const std::string& decision_id) {
    PlacementEvent event = Placement(decision_id);
    event.mutable_enrolled();
    placement_.Add("enrolled", event.SerializeAsString());
  }

  // It was another person who moved in.
  void AddUndone(const std::string& decision_id) {
    PlacementEvent event = Placement(decision_id);
    event.mutable_stay_corrected()->set_reason_code("wrong_person");
    placement_.Add("stay_corrected", event.SerializeAsString());
  }

  void ConsumeReferral() {
    eventlog::Consumer consumer(*pool_, {.name = "referral"}, referral_,
                                ReferralHandler(clock_, *vault_));
    const auto applied = consumer.Step(std::chrono::milliseconds(0));
    ASSERT_TRUE(applied.ok()) << applied.status();
    EXPECT_EQ(consumer.stats().parked, 0);
  }

  void ConsumePlacement() {
    eventlog::Consumer consumer(*pool_, {.name = "placement"}, placement_,
                                PlacementHandler(clock_));
    const auto applied = consumer.Step(std::chrono::milliseconds(0));
    ASSERT_TRUE(applied.ok()) << applied.status();
    EXPECT_EQ(consumer.stats().parked, 0);
  }

  // Runs what is due until nothing is.
  void RunJobs() {
    jobs::Runner runner(*pool_, clock_, {{std::string(storage::kReminderJob), Remind}});
    for (int round = 0; round < 10; ++round) {
      const auto ran = runner.RunDue();
      ASSERT_TRUE(ran.ok()) << ran.status();
      if (*ran == 0) return;
    }
    FAIL() << "jobs never end";
  }

  // "recipient template state", ordered.
  std::vector<std::string> Messages(const std::string& kind) const {
    std::vector<std::string> found;
    for (const pg::Row row :
         database_.Query("notification",
                         "SELECT recipient_unit_id || ' ' || template_code || ' ' || state AS text "
                         "FROM message WHERE kind = '" +
                             kind + "' ORDER BY 1")) {
      found.push_back(row.Text("text"));
    }
    return found;
  }

  std::string Deadlines() const {
    return Value(
        "SELECT string_agg(kind || ' ' || subject_id || ' ' || due_date || ' ' || state, ', ' "
        "ORDER BY kind, subject_id) FROM deadline");
  }

  FakeLog referral_;
  FakeLog placement_;
};

TEST_F(ApplyTest, EachRecipientGetsItsMessageDelivered) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  ConsumeReferral();
  EXPECT_THAT(Messages("DERIVED"), ElementsAre("novus decision_made ACCEPTED",
                                               "placement-board decision_made ACCEPTED"));
  EXPECT_EQ(Value("SELECT string_agg(DISTINCT case_number || sent_by || delivered_by, ' ') "
                  "FROM message"),
            "VK-2026-000001systemsystem");
  EXPECT_EQ(Value("SELECT count(*) FROM message WHERE sent_at = '2026-03-01T08:00:00Z'"), "2");
}

TEST_F(ApplyTest, TheDeadlinesOfACaseThatIsTakenOverRemindItsNewOwner) {
  ReferralEvent event = Referral();
  event.mutable_ground_recorded()->set_ground_id("g-1");
  event.mutable_ground_recorded()->set_to_date("2026-09-01");
  referral_.Add("ground_recorded", event.SerializeAsString());
  event = Referral();
  event.set_owner_unit_id("vaxjo-ifo1");
  event.set_actor_unit_id("vaxjo-ifo1");
  event.mutable_taken_over()->set_former_owner_unit_id(kOwner);
  event.mutable_taken_over()->set_submitted(true);
  referral_.Add("taken_over", event.SerializeAsString());
  ConsumeReferral();
  EXPECT_EQ(Value("SELECT string_agg(unit_id, ' ') FROM deadline"), "vaxjo-ifo1");
  EXPECT_THAT(Messages("DERIVED"), ElementsAre("alvesta-authority taken_over ACCEPTED",
                                               "placement-board owner_changed ACCEPTED"));
}

TEST_F(ApplyTest, WhatTheMessagesOfAnErasedCaseSayGoesDark) {
  std::vector<domain::Message> messages;
  for (const char* case_id : {kCase, kOtherCase}) {
    domain::Message message;
    message.message_id = NewUuidV7();
    message.conversation_id = message.message_id;
    message.kind = domain::MessageKind::kFreeText;
    message.sender_unit_id = kOwner;
    message.recipient_unit_id = "novus";
    message.case_id = case_id;
    message.sealed_content = content_->Seal(message, {"Rubrik", "Text", "", ""}).value();
    ASSERT_TRUE(
        pool_
            ->Write("INSERT INTO message (message_id, conversation_id, kind, state,"
                    " sender_unit_id, recipient_unit_id, case_id, sealed_content, sent_at,"
                    " sent_by, version) VALUES ($1::uuid, $1::uuid, 'FREE_TEXT', 'NEW', $2,"
                    " 'novus', $3, $4, now(), 'x', 1)",
                    {message.message_id, kOwner, case_id, pg::Bytes{message.sealed_content}})
            .ok());
    messages.push_back(std::move(message));
  }
  ReferralEvent event = Referral();
  event.mutable_erased();
  referral_.Add("erased", event.SerializeAsString());
  ConsumeReferral();
  const auto opened = content_->Open(messages);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_FALSE(opened->at(0).has_value());
  EXPECT_TRUE(opened->at(1).has_value()) << "another case keeps its messages";
  EXPECT_EQ(Value("SELECT count(*) FROM message WHERE sealed_content = ''"), "1");
  EXPECT_THAT(Messages("DERIVED"), IsEmpty());
  EXPECT_EQ(vault_->ReplayLedger().value(), std::vector<std::string>{kCase});
}

TEST_F(ApplyTest, ReplayFromTheBeginningRepeatsNothing) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  ConsumeReferral();
  const std::string before =
      Value("SELECT string_agg(m::text, ';' ORDER BY message_id) FROM message AS m");
  const std::string jobs = Value("SELECT count(*) FROM job");
  ASSERT_TRUE(
      pool_
          ->InTransaction(
              {}, [](pg::Transaction& tx) { return eventlog::ResetPosition(tx, "referral"); })
          .ok());
  ConsumeReferral();
  EXPECT_EQ(Value("SELECT string_agg(m::text, ';' ORDER BY message_id) FROM message AS m"), before);
  EXPECT_EQ(Value("SELECT count(*) FROM job"), jobs);
}

TEST_F(ApplyTest, AUnitThatCannotBeReachedGetsAVisibleFailure) {
  ReferralEvent event = Referral();
  event.mutable_home_support_recorded()->add_parts()->set_unit_id("ljungby-social-services");
  event.mutable_home_support_recorded()->add_parts()->set_unit_id("unknown-unit");
  referral_.Add("home_support_recorded", event.SerializeAsString());
  ConsumeReferral();
  EXPECT_THAT(Messages("DERIVED"),
              ElementsAre("ljungby-social-services home_support_recorded MESSAGE_EXCHANGE_ERROR",
                          "unknown-unit home_support_recorded MESSAGE_EXCHANGE_ERROR"));
}

TEST_F(ApplyTest, AnUnknownTypeIsParkedAndLosesNothingBefore) {
  AddDecision("d-1", "2026-03-01", "");
  referral_.Add("case_split", Referral().SerializeAsString());
  eventlog::Consumer consumer(*pool_, {.name = "referral"}, referral_,
                              ReferralHandler(clock_, *vault_));
  // The first step commits what came before, the second parks.
  ASSERT_TRUE(consumer.Step(std::chrono::milliseconds(0)).ok());
  ASSERT_TRUE(consumer.Step(std::chrono::milliseconds(0)).ok());
  EXPECT_EQ(consumer.stats().parked, 1);
  EXPECT_THAT(Messages("DERIVED"), SizeIs(2));
}

TEST_F(ApplyTest, TheExecutionClockRemindsOnDay60And80And90UntilExecuted) {
  AddDecision("d-1", "2026-03-01", "");
  ConsumeReferral();
  EXPECT_EQ(Deadlines(), "execution d-1 2026-06-01 open");
  clock_.Set(*ParseInstant("2026-04-29T20:00:00Z"));  // day 59 in Stockholm
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), IsEmpty());
  clock_.Set(*ParseInstant("2026-04-29T22:30:00Z"));  // day 60 in Stockholm
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), ElementsAre("alvesta-authority execution_reminder ACCEPTED"));
  clock_.Set(*ParseInstant("2026-05-21T12:00:00Z"));
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), SizeIs(2));
  AddEnrolled("d-1");
  ConsumePlacement();
  EXPECT_EQ(Deadlines(), "execution d-1 2026-06-01 met");
  clock_.Set(*ParseInstant("2026-07-01T12:00:00Z"));
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), SizeIs(2));
}

TEST_F(ApplyTest, TheExecutionClockGoesOnWhenTheMoveInTurnsOutToBeAnotherPersons) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  ConsumeReferral();
  clock_.Set(*ParseInstant("2026-05-01T12:00:00Z"));
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), SizeIs(1));  // day 60
  AddEnrolled("d-1");
  AddUndone("d-1");
  ConsumePlacement();
  EXPECT_EQ(Deadlines(), "decision_period d-1 2026-09-01 open, execution d-1 2026-06-01 open");
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), SizeIs(1)) << "what was told is not told again";
  clock_.Set(*ParseInstant("2026-06-01T12:00:00Z"));
  RunJobs();
  EXPECT_EQ(Messages("REMINDER"),
            std::vector<std::string>(3, "alvesta-authority execution_reminder ACCEPTED"));
  AddEnrolled("d-1");
  ConsumePlacement();
  EXPECT_EQ(Deadlines(), "decision_period d-1 2026-09-01 open, execution d-1 2026-06-01 met");
}

TEST_F(ApplyTest, AnUndoneDepartureWatchesTheDecisionsPeriodAgain) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  ConsumeReferral();
  AddEnrolled("d-1");
  PlacementEvent left = Placement("d-1");
  left.mutable_discharged();
  placement_.Add("discharged", left.SerializeAsString());
  ConsumePlacement();
  EXPECT_EQ(Deadlines(), "decision_period d-1 2026-09-01 cancelled, execution d-1 2026-06-01 met");
  AddUndone("d-1");
  ConsumePlacement();
  EXPECT_EQ(Deadlines(), "decision_period d-1 2026-09-01 open, execution d-1 2026-06-01 open");
}

TEST_F(ApplyTest, AnUndoneStayDoesNotReopenWhatEndedOtherwise) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  AddDecision("d-2", "2026-08-01", "2027-02-01");
  ConsumeReferral();
  AddEnrolled("d-1");
  AddUndone("d-1");
  ConsumePlacement();
  EXPECT_EQ(Deadlines(),
            "decision_period d-1 2026-09-01 met, decision_period d-2 2027-02-01 open, "
            "execution d-1 2026-06-01 open, execution d-2 2026-11-01 open");
}

TEST_F(ApplyTest, TheClockOfADecisionThatEndedStopsAtTheMoveInOnTheNextAndNotTheClockOfATransfer) {
  AddDecision("d-1", "2026-03-01", "");
  AddDecision("d-2", "2026-04-10", "");
  AddDecision("d-3", "2026-06-20", "");
  ConsumeReferral();
  AddEnrolled("d-2");
  ConsumePlacement();
  EXPECT_EQ(Deadlines(),
            "execution d-1 2026-06-01 met, execution d-2 2026-07-10 met, "
            "execution d-3 2026-09-20 open");
}

// The logs are read independently: the end may be known before the start.
TEST_F(ApplyTest, AnExecutionKnownBeforeItsDecisionOpensNoClock) {
  AddEnrolled("d-1");
  ConsumePlacement();
  AddDecision("d-1", "2026-03-01", "");
  ConsumeReferral();
  EXPECT_EQ(Deadlines(), "");
  clock_.Set(*ParseInstant("2026-07-01T12:00:00Z"));
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), IsEmpty());
}

TEST_F(ApplyTest, ALateConsumerRemindsOnceNotThrice) {
  clock_.Set(*ParseInstant("2026-07-01T12:00:00Z"));
  AddDecision("d-1", "2026-03-01", "");
  ConsumeReferral();
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), SizeIs(1));
}

TEST_F(ApplyTest, ANewDecisionReplacesThePeriodOfTheEarlierOne) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  AddDecision("d-2", "2026-08-01", "2027-02-01");
  ConsumeReferral();
  EXPECT_EQ(Deadlines(),
            "decision_period d-1 2026-09-01 met, decision_period d-2 2027-02-01 open, "
            "execution d-1 2026-06-01 open, execution d-2 2026-11-01 open");
}

TEST_F(ApplyTest, AClosedCaseRemindsNoMore) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  ReferralEvent recorded = Referral();
  recorded.mutable_ground_recorded()->set_ground_id("g-1");
  recorded.mutable_ground_recorded()->set_to_date("2027-03-01");
  referral_.Add("ground_recorded", recorded.SerializeAsString());
  ReferralEvent closed = Referral();
  closed.mutable_closed()->set_reason_code("other_solution");
  referral_.Add("closed", closed.SerializeAsString());
  ConsumeReferral();
  EXPECT_EQ(Value("SELECT string_agg(DISTINCT state, ' ') FROM deadline"), "cancelled");
  EXPECT_EQ(Value("SELECT count(*) FROM deadline"), "3");
  clock_.Set(*ParseInstant("2028-01-01T12:00:00Z"));
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), IsEmpty());
}

TEST_F(ApplyTest, AnAcutePlacementRemindsOfItsCostSplitUntilThatIsWritten) {
  ReferralEvent acute = Referral();
  acute.mutable_acute_placement_declared()->set_placement_date("2026-03-01");
  referral_.Add("acute_placement_declared", acute.SerializeAsString());
  ConsumeReferral();
  EXPECT_EQ(Deadlines(), "cost_split " + std::string(kCase) + " 2026-05-01 open");
  clock_.Set(*ParseInstant("2026-04-18T12:00:00Z"));
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), SizeIs(1));
  ReferralEvent written = Referral();
  written.mutable_cost_split_recorded()->add_unit_ids("ekeliden");
  referral_.Add("cost_split_recorded", written.SerializeAsString());
  ConsumeReferral();
  EXPECT_EQ(Deadlines(), "cost_split " + std::string(kCase) + " 2026-05-01 met");
  clock_.Set(*ParseInstant("2026-06-01T12:00:00Z"));
  RunJobs();
  EXPECT_THAT(Messages("REMINDER"), SizeIs(1));
}

TEST_F(ApplyTest, ACaseThatMovedRemindsItsNewOwner) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  ReferralEvent moved = Referral();
  moved.set_owner_unit_id("vaxjo-ifo1");
  moved.mutable_case_moved()->set_former_unit_id(kOwner);
  referral_.Add("case_moved", moved.SerializeAsString());
  ConsumeReferral();
  EXPECT_EQ(Value("SELECT string_agg(DISTINCT unit_id, ' ') FROM deadline"), "vaxjo-ifo1");
}

TEST_F(ApplyTest, AUnitListsItsOwnDeadlinesAndTheListIsAudited) {
  AddDecision("d-1", "2026-03-01", "2026-09-01");
  ConsumeReferral();
  const usecases::ListDeadlines list(*deadlines_, read_audit_);
  const auto first = list.Run(Call(kOwner), {.case_id = "", .limit = 1, .cursor = ""});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_THAT(first->deadlines, SizeIs(1));
  EXPECT_EQ(first->deadlines[0].kind, domain::DeadlineKind::kExecution);
  EXPECT_EQ(first->deadlines[0].case_number, "VK-2026-000001");
  EXPECT_THAT(read_audit_.Take(), SizeIs(1));
  const auto second = list.Run(Call(kOwner), {.case_id = kCase, .limit = 1, .cursor = first->next});
  ASSERT_TRUE(second.ok());
  ASSERT_THAT(second->deadlines, SizeIs(1));
  EXPECT_EQ(second->deadlines[0].kind, domain::DeadlineKind::kDecisionPeriod);
  EXPECT_EQ(second->next, "");
  EXPECT_THAT(list.Run(Call("novus"), {.case_id = kCase, .cursor = ""})->deadlines, IsEmpty());
  read_audit_.SetDown(true);
  EXPECT_FALSE(list.Run(Call(kOwner), {.case_id = "", .cursor = ""}).ok());
}

}  // namespace
}  // namespace vardkedja::notification::events
