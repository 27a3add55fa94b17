// A misdirected case goes to another unit, and is somebody's at every moment.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/storage/postgres_reroutes.h"
#include "referral-service/storage/test_fixture.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using domain::RerouteState;
using testing::Caller;
using testing::Decider;
using testing::EkelidenSeat;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

Caller Third() {
  return {"vaxjo", "vaxjo-child-family", auth::Role::kSocialWorker, "", "worker-3"};
}

class ReroutingTest : public testing::Fixture {
 protected:
  absl::StatusOr<domain::Reroute> HandOver(const std::string& id, const Caller& caller = Worker(),
                                           const domain::HandOverRequest& request = {
                                               "vaxjo-ifo1", "wrong_municipality"}) {
    return rerouting_.HandOver(Write(caller), {id, Etag(id)}, request);
  }

  void AllowAll(const std::string& id, const std::string& unit) {
    domain::NewGround request;
    request.kind = domain::GroundKind::kHarmTest;
    request.text = "Prövad.";
    request.recipient_unit_ids = {unit};
    const std::set<std::string> all = domain::AllCategories();
    request.categories = {all.begin(), all.end()};
    const auto made = usecases::RecordGround(*ground_door_).Run(Write(Worker()), id, request);
    ASSERT_TRUE(made.ok()) << made.status();
  }

  std::string Owner(const std::string& id) const {
    return database_
        .Query("referral",
               "SELECT owner_unit_id || ' ' || owner_organisation_id || ' ' || municipality_code ||"
               " ' ' || array_to_string(handler_subjects, '+') AS owner FROM referral"
               " WHERE referral_id = $1::uuid",
               {id})[0]
        .Text("owner");
  }

  v1::ReferralEvent LastEvent(const std::string& id) const {
    v1::ReferralEvent event;
    event.ParseFromString(database_
                              .Query("referral",
                                     "SELECT payload FROM event WHERE aggregate_id = $1"
                                     " ORDER BY version DESC LIMIT 1",
                                     {id})[0]
                              .Bytes("payload"));
    return event;
  }

  std::vector<std::string> Broken(const absl::Status& status) {
    std::vector<std::string> broken;
    const auto detail = GetErrorDetail(status);
    if (!detail) return broken;
    for (const auto& violation : detail->violations) {
      broken.push_back(violation.field + " " + violation.rule);
    }
    return broken;
  }

  static usecases::RerouteQuery Sent() {
    usecases::RerouteQuery query;
    query.sent = true;
    return query;
  }
  static usecases::RerouteQuery OpenOnly() {
    usecases::RerouteQuery query;
    query.open_only = true;
    return query;
  }

  storage::PostgresReroutes store_{*pool_};
  usecases::Rerouting rerouting_{*door_, store_};
};

constexpr char kAlvesta[] = "alvesta-authority alvesta 0764 worker-1";

TEST_F(ReroutingTest, TheSenderOwnsItUntilTheReceiverTakesItOver) {
  const std::string id = Submitted();
  const auto begun = HandOver(id);
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->state, RerouteState::kOpen);
  EXPECT_EQ(FormatDate(begun->respond_by), "2026-11-26");
  EXPECT_EQ(Owner(id), kAlvesta);
  EXPECT_EQ(StateOf(id), "submitted") << "the case goes on while the hand-over waits";
  EXPECT_EQ(LastEvent(id).handed_over().to_unit_id(), "vaxjo-ifo1");
  EXPECT_TRUE(usecases::GetReferral(*door_).Run(Call(Worker()), id).ok());

  EXPECT_EQ(Reason(rerouting_.TakeOver(Write(OtherWorker()), begun->reroute_id, "1").status()),
            "NO_GROUND");
  AllowAll(id, "vaxjo-ifo1");
  const auto call = Write(OtherWorker());
  const auto taken = rerouting_.TakeOver(call, begun->reroute_id, "1");
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->state, RerouteState::kTakenOver);
  EXPECT_EQ(taken->version, 2);
  EXPECT_EQ(Owner(id), "vaxjo-ifo1 vaxjo 0780 worker-2");
  EXPECT_EQ(StateOf(id), "submitted");
  EXPECT_EQ(*rerouting_.TakeOver(call, begun->reroute_id, "1"), *taken) << "a repeated request";

  const v1::ReferralEvent event = LastEvent(id);
  EXPECT_EQ(event.owner_unit_id(), "vaxjo-ifo1");
  EXPECT_EQ(event.municipality_code(), "0780");
  EXPECT_EQ(event.taken_over().former_owner_unit_id(), "alvesta-authority");
  EXPECT_TRUE(event.taken_over().submitted());
  EXPECT_TRUE(usecases::GetReferral(*door_).Run(Call(OtherWorker()), id).ok());
  EXPECT_EQ(usecases::GetReferral(*door_).Run(Call(Worker()), id).status(), NotFound());
  EXPECT_TRUE(rerouting_.Get(Call(Worker()), begun->reroute_id).ok()) << "its own act it may see";
  EXPECT_EQ(Count("SELECT count(*) AS n FROM job WHERE kind = 'reroute-expiry'"
                  " AND state = 'scheduled'"),
            0);
}

TEST_F(ReroutingTest, AReceiverWithoutAGroundSeesNumberSenderAndReasonAlone) {
  const std::string id = Submitted();
  const auto begun = HandOver(id);
  const auto seen = rerouting_.Get(Call(OtherWorker()), begun->reroute_id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(*seen, *begun);
  EXPECT_EQ(usecases::GetReferral(*door_).Run(Call(OtherWorker()), id).status(), NotFound());
  EXPECT_EQ(
      usecases::GetTimeline(*door_, *document_store_).Run(Call(OtherWorker()), id, {}).status(),
      NotFound());
  const auto list = usecases::ListReferrals(*door_, *index_).Run(Call(OtherWorker()), {});
  EXPECT_TRUE(list->lines.empty());
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE case_id = $1 AND unit = 'vaxjo-ifo1'"
                  " AND rule_id = 'reroute.party' AND permitted AND details = ''",
                  {id}),
            1);
}

TEST_F(ReroutingTest, ItIsTheTwoUnitsAlone) {
  const auto begun = HandOver(Submitted());
  for (const Caller& caller : {Third(), EkelidenSeat()}) {
    EXPECT_EQ(rerouting_.Get(Call(caller), begun->reroute_id).status(), NotFound());
    EXPECT_EQ(rerouting_.Get(Call(caller), NewUuidV7()).status(), NotFound());
    EXPECT_EQ(rerouting_.TakeOver(Write(caller), begun->reroute_id, "1").status(), NotFound());
    EXPECT_TRUE(rerouting_.List(Call(caller), {}, {})->reroutes.empty());
  }
  EXPECT_EQ(Reason(rerouting_.TakeOver(Write(Worker()), begun->reroute_id, "1").status()),
            "ROLE_NOT_ALLOWED");
  EXPECT_EQ(Reason(rerouting_.Withdraw(Write(OtherWorker()), begun->reroute_id, "1").status()),
            "ROLE_NOT_ALLOWED");
  Caller decider = Decider();
  decider.unit = "vaxjo-ifo1";
  EXPECT_EQ(Reason(rerouting_.Decline(Write(decider), begun->reroute_id, "1", "other").status()),
            "ROLE_NOT_ALLOWED");
  auth::CallContext purposeless = Call(OtherWorker());
  purposeless.purpose = "nyfikenhet";
  EXPECT_EQ(rerouting_.Get(purposeless, begun->reroute_id).status(), NotFound());
}

TEST_F(ReroutingTest, DeclinedAndWithdrawnItIsTheSendersAsBefore) {
  const std::string id = Submitted();
  auto begun = HandOver(id);
  EXPECT_EQ(Broken(rerouting_.Decline(Write(OtherWorker()), begun->reroute_id, "1", "x").status()),
            std::vector<std::string>{"reason_code UNKNOWN_CODE"});
  const auto declined =
      rerouting_.Decline(Write(OtherWorker()), begun->reroute_id, "1", "not_ours");
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_EQ(declined->decline_reason_code, "not_ours");
  EXPECT_EQ(Owner(id), kAlvesta);
  EXPECT_EQ(LastEvent(id).hand_over_ended().outcome_code(), "declined");
  EXPECT_EQ(Reason(rerouting_.TakeOver(Write(OtherWorker()), begun->reroute_id, "2").status()),
            "ILLEGAL_STATE");
  EXPECT_EQ(
      Reason(rerouting_.Decline(Write(OtherWorker()), begun->reroute_id, "1", "other").status()),
      "STALE_ETAG");

  begun = HandOver(id);
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_TRUE(rerouting_.Withdraw(Write(Worker()), begun->reroute_id, "1").ok());
  EXPECT_EQ(LastEvent(id).hand_over_ended().outcome_code(), "withdrawn");
  EXPECT_EQ(Owner(id), kAlvesta);
  const auto sent = rerouting_.List(Call(Decider()), Sent(), {1, ""});
  ASSERT_TRUE(sent.ok()) << sent.status();
  ASSERT_EQ(sent->reroutes.size(), 1U);
  EXPECT_EQ(sent->reroutes[0].state, RerouteState::kWithdrawn);
  const auto older = rerouting_.List(Call(Decider()), Sent(), {1, sent->next});
  EXPECT_EQ(older->reroutes.at(0).state, RerouteState::kDeclined);
  EXPECT_EQ(older->next, "");
  EXPECT_TRUE(rerouting_.List(Call(OtherWorker()), OpenOnly(), {})->reroutes.empty());
}

TEST_F(ReroutingTest, UnansweredItIsTheSendersOnTheDayAfterWhateverTheTimer) {
  const std::string id = Submitted();
  AllowAll(id, "vaxjo-ifo1");
  const auto begun = HandOver(id);
  clock_.Set(ParseInstant("2026-11-26T22:59:00Z").value());
  EXPECT_EQ(Reason(rerouting_.Withdraw(Write(Worker()), begun->reroute_id, "9").status()),
            "STALE_ETAG");
  clock_.Set(ParseInstant("2026-11-26T23:00:00Z").value());
  const absl::Status late =
      rerouting_.TakeOver(Write(OtherWorker()), begun->reroute_id, "1").status();
  EXPECT_EQ(Reason(late), "ILLEGAL_STATE");
  EXPECT_EQ(GetErrorDetail(late)->metadata["state"], "expired");
  jobs::Runner runner(*pool_, clock_,
                      {{std::string(storage::kRerouteExpiryJob), storage::ExpireReroute}});
  EXPECT_EQ(runner.RunDue().value(), 1);
  EXPECT_EQ(rerouting_.Get(Call(Worker()), begun->reroute_id)->state, RerouteState::kExpired);
  EXPECT_EQ(LastEvent(id).hand_over_ended().outcome_code(), "expired");
  EXPECT_EQ(LastEvent(id).actor_unit_id(), "") << "so that both units are told";
  EXPECT_EQ(Owner(id), kAlvesta);
  EXPECT_TRUE(HandOver(id).ok()) << "it may be handed over again";
}

TEST_F(ReroutingTest, WhileItWaitsTheCaseNeitherClosesNorGoesElsewhere) {
  const std::string id = Submitted();
  const auto open_to = [&] {
    return usecases::GetAvailableActions(*door_).Run(Call(Worker()), id)->actions;
  };
  const std::vector<domain::Action> before = open_to();
  EXPECT_EQ(std::count(before.begin(), before.end(), domain::Action::kHandOver), 1);
  const auto begun = HandOver(id);
  EXPECT_EQ(open_to(), std::vector<domain::Action>{domain::Action::kChangeCriteria});
  EXPECT_EQ(Reason(HandOver(id, Worker(), {"vaxjo-child-family", "other"}).status()),
            "REROUTE_OPEN");
  EXPECT_EQ(Reason(Step(Worker(), id, domain::Withdraw).status()), "REROUTE_OPEN");
  EXPECT_FALSE(pool_->Write("UPDATE referral SET owner_unit_id = 'vaxjo-ifo1'").ok());
  EXPECT_FALSE(pool_->Write("UPDATE reroute SET state = 'declined'").ok());
  EXPECT_FALSE(pool_->Write("DELETE FROM reroute").ok());
  ASSERT_TRUE(rerouting_.Withdraw(Write(Worker()), begun->reroute_id, "1").ok());
  EXPECT_FALSE(pool_->Write("UPDATE reroute SET state = 'open', ended_at = NULL").ok());
  EXPECT_TRUE(Step(Worker(), id, domain::Withdraw).ok());
  EXPECT_EQ(Reason(HandOver(id).status()), "ILLEGAL_STATE");
}

TEST_F(ReroutingTest, AllThatIsWrongIsToldAtOnce) {
  const std::string id = Submitted();
  using Names = std::vector<std::string>;
  EXPECT_EQ(Broken(HandOver(id, Worker(), {"", ""}).status()),
            (Names{"to_unit_id REQUIRED", "reason_code REQUIRED"}));
  EXPECT_EQ(Broken(HandOver(id, Worker(), {"nowhere", "bad"}).status()),
            (Names{"to_unit_id UNKNOWN_UNIT", "reason_code UNKNOWN_CODE"}));
  EXPECT_EQ(Broken(HandOver(id, Worker(), {"alvesta-authority", "other"}).status()),
            Names{"to_unit_id SAME_UNIT"});
  for (const char* unit :
       {"ekeliden", "placement-board", "clinic-region-vaxjo", "ljungby-social-services"}) {
    EXPECT_EQ(Broken(HandOver(id, Worker(), {unit, "other"}).status()),
              Names{"to_unit_id NOT_MUNICIPAL"});
  }
  EXPECT_EQ(Reason(HandOver(id, EkelidenSeat()).status()), "ROLE_NOT_ALLOWED");
  EXPECT_EQ(HandOver(id, Third()).status(), NotFound());
  EXPECT_EQ(Reason(rerouting_.HandOver(Write(Worker()), {id, "77"}, {}).status()), "STALE_ETAG");
}

TEST_F(ReroutingTest, ADecisionStaysWithItsOwner) {
  const std::string id = Assessed({"ekeliden"});
  EXPECT_EQ(Reason(HandOver(id).status()), "ILLEGAL_STATE");
  const std::string early = Submitted();
  AllowAll(early, "vaxjo-ifo1");
  const auto begun = HandOver(early);
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_TRUE(pool_
                  ->Write("UPDATE referral SET state = 'decided', proposed_by_seat = 'novus',"
                          " confirmed_by_seat = 'ekeliden', path_facility_ids = '{novus}',"
                          " path_unit_ids = '{novus}' WHERE referral_id = $1::uuid",
                          {early})
                  .ok());
  EXPECT_EQ(Reason(rerouting_.TakeOver(Write(OtherWorker()), begun->reroute_id, "1").status()),
            "ILLEGAL_STATE");
  EXPECT_TRUE(rerouting_.Decline(Write(OtherWorker()), begun->reroute_id, "1", "other").ok());
}

TEST_F(ReroutingTest, AReceiverWithAnOpenCaseAboutThePersonIsToldWhich) {
  const std::string id = Submitted();
  AllowAll(id, "vaxjo-ifo1");
  const std::string theirs =
      SubmittedAbout(testing::CompleteForm().person.identity_number, OtherWorker());
  const auto begun = HandOver(id);
  const absl::Status refused =
      rerouting_.TakeOver(Write(OtherWorker()), begun->reroute_id, "1").status();
  EXPECT_EQ(Reason(refused), "REFERRAL_EXISTS");
  EXPECT_EQ(GetErrorDetail(refused)->metadata["referral_id"], theirs);
  EXPECT_EQ(Owner(id), kAlvesta);
  EXPECT_EQ(rerouting_.Get(Call(Worker()), begun->reroute_id)->state, RerouteState::kOpen);
}

TEST_F(ReroutingTest, OfManyAtOnceOneWins) {
  const std::string id = Submitted();
  const std::string etag = Etag(id);
  std::atomic<int> won = 0;
  std::atomic<int> told = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 20; ++i) {
    callers.emplace_back([&, i] {
      const auto done = rerouting_.HandOver(
          Write(Worker()), {id, etag}, {i % 2 == 0 ? "vaxjo-ifo1" : "vaxjo-child-family", "other"});
      won += done.ok() ? 1 : 0;
      const std::string reason = done.ok() ? "" : Reason(done.status());
      told += reason == "STALE_ETAG" || reason == "REROUTE_OPEN" ? 1 : 0;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(told, 19);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM reroute WHERE state = 'open'"), 1);
}

}  // namespace
}  // namespace vardkedja::referral
