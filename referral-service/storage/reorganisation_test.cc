// Units merged and split, on a real PostgreSQL.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "lib/jobs/jobs.h"
#include "lib/status/status.h"
#include "referral-service/storage/postgres_reorganisations.h"
#include "referral-service/storage/postgres_reroutes.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/child_concerns.h"
#include "referral-service/usecases/life_events.h"
#include "referral-service/usecases/rerouting.h"
#include "vardkedja/referral/v1/events.pb.h"

namespace vardkedja::referral {
namespace {

using domain::ReorganisationKind;
using testing::Caller;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;
using usecases::ReorganisedCaseState;

constexpr const char* kFrom = "vaxjo-ifo1";
constexpr const char* kTo = "vaxjo-ifo2";

Caller FromDecider() { return {"vaxjo", kFrom, auth::Role::kDecider, "", "decider-2"}; }
Caller ToWorker() { return {"vaxjo", kTo, auth::Role::kSocialWorker, "", "worker-3"}; }

constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class ReorganisationTest : public testing::Fixture {
 protected:
  static domain::ReorganiseUnitRequest Merge() {
    domain::ReorganiseUnitRequest request;
    request.kind = ReorganisationKind::kUnitMerged;
    request.to_unit_id = kTo;
    request.effective_date = "2026-11-01";
    request.text = "Nämndens beslut om sammanslagning.";
    return request;
  }

  static domain::ReorganiseUnitRequest Split(std::vector<std::string> ids) {
    domain::ReorganiseUnitRequest request = Merge();
    request.kind = ReorganisationKind::kUnitSplit;
    request.referral_ids = std::move(ids);
    return request;
  }

  absl::StatusOr<domain::UnitReorganisation> Begin(const domain::ReorganiseUnitRequest& request,
                                                   const Caller& caller = FromDecider()) {
    auth::CallContext call = Write(caller);
    call.traceparent = kTraceparent;
    return units_.Begin(call, request);
  }

  // The job's runner as the service has it; `handler` may be one that crashes.
  std::unique_ptr<jobs::Runner> NewRunner(jobs::Handler handler = {}) {
    if (!handler) {
      handler = [this](pg::Transaction& tx, const jobs::Job& job) {
        return storage::ReorganiseBatch(*vault_, tx, job);
      };
    }
    jobs::RunnerOptions options;
    options.min_backoff = options.max_backoff = std::chrono::milliseconds(2);
    return std::make_unique<jobs::Runner>(
        *pool_, clock_,
        std::map<std::string, jobs::Handler, std::less<>>{
            {std::string(storage::kReorganisationJob), std::move(handler)}},
        options);
  }

  void RunToEnd() {
    const auto runner = NewRunner();
    for (int round = 0; round < 100; ++round) {
      const auto ran = runner->RunDue();
      ASSERT_TRUE(ran.ok()) << ran.status();
      if (*ran == 0) return;
    }
    FAIL() << "it does not end";
  }

  domain::UnitReorganisation Now(const std::string& id, const Caller& caller = FromDecider()) {
    const auto found = units_.Get(Call(caller), id);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : domain::UnitReorganisation();
  }

  std::string OwnerOf(const std::string& id) {
    return database_
        .Query("referral", "SELECT owner_unit_id FROM referral WHERE referral_id = $1::uuid",
               {id})[0]
        .Text("owner_unit_id");
  }

  // Every case that is said to be moved was moved once: owner, version, step, record, event and row
  // in the trail, one of each.
  void ExpectWhole(const std::string& reorganisation_id, int moved) {
    const pg::Params one = {reorganisation_id};
    EXPECT_EQ(Count("SELECT count(*) AS n FROM reorganised_case c JOIN referral r USING"
                    " (referral_id, version) WHERE c.reorganisation_id = $1::uuid"
                    " AND c.state = 'moved' AND r.owner_unit_id = 'vaxjo-ifo2'",
                    one),
              moved);
    EXPECT_EQ(Count("SELECT count(*) AS n FROM life_event WHERE reorganisation_id = $1::uuid", one),
              moved);
    EXPECT_EQ(Count("SELECT count(*) AS n FROM referral_step s JOIN reorganised_case c USING"
                    " (referral_id, version) WHERE c.reorganisation_id = $1::uuid"
                    " AND s.action = 'life_event' AND s.outcome = 'moved'"
                    " AND s.subject = 'decider-2'",
                    one),
              moved);
    EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'case_moved'"
                    " AND traceparent = $1",
                    {kTraceparent}),
              moved);
    EXPECT_EQ(Count("SELECT count(DISTINCT aggregate_id) AS n FROM event"
                    " WHERE type = 'case_moved'"),
              moved);
    EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE action = 'unit-reorganisation'"
                    " AND subject = 'decider-2' AND unit = 'vaxjo-ifo1' AND permitted"
                    " AND resource_id = $1",
                    one),
              moved);
  }

  static std::set<std::string> Rules(const absl::Status& status) {
    std::set<std::string> rules;
    const auto detail = GetErrorDetail(status);
    if (detail) {
      for (const FieldViolation& one : detail->violations) rules.insert(one.field + " " + one.rule);
    }
    return rules;
  }

  storage::PostgresReorganisations store_{*pool_, *vault_};
  storage::PostgresReroutes reroutes_{*pool_};
  usecases::Reorganisations units_{*door_, store_};
};

TEST_F(ReorganisationTest, AMergeMovesEveryCaseByALifeEventOfItsOwn) {
  const std::string open = SubmittedAbout("19890201-9804", OtherWorker());
  const std::string closed = Draft(OtherWorker());
  ASSERT_TRUE(Step(OtherWorker(), closed, domain::Withdraw).ok());
  const std::string other = Draft(Worker());
  const auto begun = Begin(Merge());
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->waiting, 2);
  EXPECT_FALSE(begun->ended_at);
  RunToEnd();
  const domain::UnitReorganisation done = Now(begun->reorganisation_id);
  EXPECT_TRUE(done.ended_at);
  EXPECT_EQ(done.moved, 2);
  EXPECT_EQ(done.refused, 0);
  EXPECT_EQ(done.waiting, 0);
  EXPECT_EQ(OwnerOf(other), "alvesta-authority");
  ExpectWhole(begun->reorganisation_id, 2);
  EXPECT_EQ(Reason(usecases::GetReferral(*door_).Run(Call(OtherWorker()), open).status()),
            "NOT_FOUND");
  const auto seen = usecases::GetReferral(*door_).Run(Call(ToWorker()), open);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->referral.content.form.person.given_name, "Tove") << "its content goes along";
  EXPECT_EQ(seen->referral.handler_subjects, std::set<std::string>{"worker-2"}) << "as they were";
  const auto list = usecases::ListLifeEvents(*door_, *life_events_).Run(Call(ToWorker()), open);
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->size(), 1U);
  EXPECT_EQ(list->at(0).reason_code, "unit_merged");
  EXPECT_EQ(list->at(0).former_unit_id, kFrom);
  EXPECT_EQ(list->at(0).text, "Nämndens beslut om sammanslagning.");
  EXPECT_EQ(FormatDate(*list->at(0).event_date), "2026-11-01");
  EXPECT_EQ(list->at(0).reorganisation_id, begun->reorganisation_id);
}

TEST_F(ReorganisationTest, TheEventIsTheOneOfACaseThatIsMovedByItself) {
  const std::string id = SubmittedAbout("19890201-9804", OtherWorker());
  const std::string twin = SubmittedAbout("19900101-9802", OtherWorker());
  const auto told = [this](const std::string& of) {
    const auto rows = database_.Query(
        "referral", "SELECT payload FROM event WHERE type = 'case_moved' AND aggregate_id = $1",
        {of});
    v1::ReferralEvent event;
    EXPECT_TRUE(rows.size() == 1 && event.ParseFromString(rows[0].Bytes("payload")));
    event.clear_case_id();
    event.clear_case_number();
    event.clear_person_id();
    return event;
  };
  const auto alone =
      usecases::TakeLifeEvent(*door_, *life_events_)
          .Run(Write(OtherWorker()), {twin, Etag(twin)}, [](const auto& step) {
            return domain::MoveCase(
                step, {domain::MoveReason::kUnitMerged, kTo, {"worker-2"}, "Överenskommet."});
          });
  ASSERT_TRUE(alone.ok()) << alone.status();
  ASSERT_TRUE(Begin(Merge()).ok());
  RunToEnd();
  EXPECT_EQ(told(id).SerializeAsString(), told(twin).SerializeAsString());
  EXPECT_EQ(told(id).case_moved().informed_unit_ids_size(), 3);
}

TEST_F(ReorganisationTest, ACrashAtAnyPlaceLosesAndDoublesNothing) {
  constexpr int kCases = 2 * storage::kReorganisationBatch + 3;
  for (int i = 0; i < kCases; ++i) Draft(OtherWorker());
  const auto begun = Begin(Merge());
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_EQ(NewRunner()->RunDue().value(), 1);
  EXPECT_EQ(Now(begun->reorganisation_id).moved, storage::kReorganisationBatch);
  EXPECT_EQ(Now(begun->reorganisation_id).waiting, kCases - storage::kReorganisationBatch);
  ExpectWhole(begun->reorganisation_id, storage::kReorganisationBatch);

  // Between two batches: a process took the next one and died, its lease runs out.
  database_.Query("referral",
                  "UPDATE job SET state = 'running', attempts = 1,"
                  " lease_until = clock_timestamp() - interval '1 second'"
                  " WHERE kind = 'unit-reorganisation' AND state = 'scheduled' RETURNING 1 AS one");
  // In a batch: everything was written, nothing committed.
  const auto crashing = NewRunner([this](pg::Transaction& tx, const jobs::Job& job) {
    EXPECT_TRUE(storage::ReorganiseBatch(*vault_, tx, job).ok());
    return absl::UnavailableError("the process died");
  });
  ASSERT_EQ(crashing->RunDue().value(), 1);
  EXPECT_EQ(crashing->stats().rescued, 1);
  ExpectWhole(begun->reorganisation_id, storage::kReorganisationBatch);
  EXPECT_EQ(Now(begun->reorganisation_id).moved, storage::kReorganisationBatch);

  std::this_thread::sleep_for(std::chrono::milliseconds(10));  // the back-off
  RunToEnd();
  const domain::UnitReorganisation done = Now(begun->reorganisation_id);
  EXPECT_TRUE(done.ended_at);
  EXPECT_EQ(done.moved, kCases);
  ExpectWhole(begun->reorganisation_id, kCases);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral WHERE owner_unit_id = 'vaxjo-ifo1'"), 0);
}

TEST_F(ReorganisationTest, ACaseThatCannotBeMovedStaysAndIsListedWithTheReason) {
  const std::string moves = Draft(OtherWorker());
  const std::string same_person = DraftAbout("19890201-9804", OtherWorker());
  ASSERT_FALSE(DraftAbout("19890201-9804", ToWorker()).empty());
  const std::string is_protected = Draft(OtherWorker());
  const auto protect =
      usecases::TakeLifeEvent(*door_, *life_events_)
          .Run(Write(OtherWorker()), {is_protected, Etag(is_protected)},
               [](const auto& step) { return domain::SetProtection(step, true, "Markering."); });
  ASSERT_TRUE(protect.ok()) << protect.status();
  const std::string full = Draft(OtherWorker());
  database_.Query("referral",
                  "INSERT INTO life_event (life_event_id, referral_id, version, kind, reason_code,"
                  " unit_id, subject, former_unit_id, content_sealed, recorded_at)"
                  " SELECT gen_random_uuid(), $1::uuid, 1000 + n, 'protection_set', 'set',"
                  " 'vaxjo-ifo1', 'worker-2', '', '', now() FROM generate_series(1, 100) n",
                  {full});
  const auto begun = Begin(Merge());
  ASSERT_TRUE(begun.ok()) << begun.status();
  RunToEnd();
  const domain::UnitReorganisation done = Now(begun->reorganisation_id);
  EXPECT_EQ(done.moved, 1);
  EXPECT_EQ(done.refused, 3);
  const auto page = units_.Cases(Call(FromDecider()), {begun->reorganisation_id}, {});
  ASSERT_TRUE(page.ok()) << page.status();
  std::map<std::string, std::string> reasons;
  for (const auto& one : page->cases) reasons[one.referral_id] = one.reason_code;
  EXPECT_EQ(reasons, (std::map<std::string, std::string>{{moves, ""},
                                                         {same_person, "REFERRAL_EXISTS"},
                                                         {is_protected, "NAMED_HANDLERS_ONLY"},
                                                         {full, "TOO_MANY_LIFE_EVENTS"}}));
  EXPECT_EQ(OwnerOf(same_person), kFrom);
  EXPECT_EQ(OwnerOf(moves), kTo);
  const auto received = units_.Cases(Call(ToWorker()), {begun->reorganisation_id}, {});
  ASSERT_TRUE(received.ok()) << received.status();
  ASSERT_EQ(received->cases.size(), 1U) << "what stays is not the receiver's to know";
  EXPECT_EQ(received->cases[0].referral_id, moves);
  EXPECT_EQ(received->cases[0].etag, Etag(moves));
  const auto refused = units_.Cases(Call(ToWorker()),
                                    {begun->reorganisation_id, ReorganisedCaseState::kRefused}, {});
  EXPECT_TRUE(refused.ok() && refused->cases.empty());
}

TEST_F(ReorganisationTest, ANamedHandlerMovesAProtectedIdentity) {
  const std::string id = Draft(OtherWorker());
  ASSERT_TRUE(
      usecases::TakeLifeEvent(*door_, *life_events_)
          .Run(Write(OtherWorker()), {id, Etag(id)},
               [](const auto& step) { return domain::SetProtection(step, true, "Markering."); })
          .ok());
  const Caller handler = {"vaxjo", kFrom, auth::Role::kDecider, "", "worker-2"};
  const auto begun = Begin(Merge(), handler);
  ASSERT_TRUE(begun.ok()) << begun.status();
  RunToEnd();
  EXPECT_EQ(OwnerOf(id), kTo);
  const auto seen = usecases::GetReferral(*door_).Run(Call(ToWorker()), id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->referral.content.form.person.given_name, "") << "not for all of the new unit";
}

TEST_F(ReorganisationTest, ASplitTakesTheNamedCasesOnly) {
  const std::string first = Draft(OtherWorker());
  const std::string second = Draft(OtherWorker());
  const std::string stays = Draft(OtherWorker());
  domain::ReorganiseUnitRequest request = Split({second, first});
  request.handler_subjects = {"worker-3"};
  const auto begun = Begin(request);
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->waiting, 2);
  // One of them leaves before its turn.
  ASSERT_TRUE(usecases::TakeLifeEvent(*door_, *life_events_)
                  .Run(Write(OtherWorker()), {first, Etag(first)},
                       [](const auto& step) {
                         return domain::MoveCase(step, {domain::MoveReason::kMovedMunicipality,
                                                        "alvesta-authority",
                                                        {"worker-1"},
                                                        "Flyttat."});
                       })
                  .ok());
  RunToEnd();
  EXPECT_EQ(OwnerOf(second), kTo);
  EXPECT_EQ(OwnerOf(first), "alvesta-authority");
  EXPECT_EQ(OwnerOf(stays), kFrom);
  const auto seen = usecases::GetReferral(*door_).Run(Call(ToWorker()), second);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->referral.handler_subjects, std::set<std::string>{"worker-3"});
  usecases::Page page{1, ""};
  const auto one = units_.Cases(Call(FromDecider()), {begun->reorganisation_id}, page);
  ASSERT_TRUE(one.ok() && one->cases.size() == 1U) << one.status();
  EXPECT_EQ(one->cases[0].referral_id, second) << "as they were named";
  page.cursor = one->next;
  const auto two = units_.Cases(Call(FromDecider()), {begun->reorganisation_id}, page);
  ASSERT_TRUE(two.ok() && two->cases.size() == 1U) << two.status();
  EXPECT_EQ(two->cases[0].reason_code, "CASE_LEFT");
  EXPECT_EQ(two->next, "");
}

TEST_F(ReorganisationTest, AllFaultsAreToldAtOnce) {
  const std::string foreign = Draft(Worker());
  const std::string own = Draft(OtherWorker());
  EXPECT_EQ(Rules(Begin(Split({foreign, own, own, "x"})).status()),
            (std::set<std::string>{"referral_ids[0] UNKNOWN_CASE", "referral_ids[2] DUPLICATE",
                                   "referral_ids[3] UNKNOWN_CASE"}));
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE NOT permitted AND resource_id = $1",
                  {foreign}),
            1);
  domain::ReorganiseUnitRequest wrong = Merge();
  wrong.referral_ids = {own};
  wrong.to_unit_id = "alvesta-authority";
  wrong.effective_date = "2026-11-24";
  wrong.handler_subjects = {"", "19900101-9802"};
  wrong.text = "";
  EXPECT_EQ(Rules(Begin(wrong).status()),
            (std::set<std::string>{"referral_ids CONTRADICTION", "to_unit_id CONTRADICTION",
                                   "effective_date IN_THE_FUTURE", "handler_subjects REQUIRED",
                                   "handler_subjects NOT_OPAQUE", "text REQUIRED"}));
  for (const char* unit : {"ekeliden", "placement-board", "nowhere", ""}) {
    domain::ReorganiseUnitRequest to = Merge();
    to.to_unit_id = unit;
    EXPECT_EQ(Rules(Begin(to).status()), std::set<std::string>{"to_unit_id NOT_A_MUNICIPAL_UNIT"})
        << unit;
  }
  EXPECT_TRUE(Rules(Begin({}).status()).contains("kind REQUIRED"));
  EXPECT_EQ(Rules(Begin(Split({})).status()), std::set<std::string>{"referral_ids OUT_OF_RANGE"});
  const std::vector<std::string> many(domain::kMostSplitCases + 1, own);
  EXPECT_EQ(Rules(Begin(Split(many)).status()), std::set<std::string>{"referral_ids OUT_OF_RANGE"});
  EXPECT_EQ(Count("SELECT count(*) AS n FROM unit_reorganisation"), 0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM job WHERE kind = 'unit-reorganisation'"), 0);
}

TEST_F(ReorganisationTest, ARepeatedRequestIsOneAndASecondOneWaits) {
  Draft(OtherWorker());
  const auth::CallContext call = Write(FromDecider());
  const auto begun = units_.Begin(call, Merge());
  ASSERT_TRUE(begun.ok()) << begun.status();
  const auto again = units_.Begin(call, Merge());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->reorganisation_id, begun->reorganisation_id);
  const absl::Status second = Begin(Merge()).status();
  EXPECT_EQ(Reason(second), "REORGANISATION_OPEN");
  EXPECT_EQ(GetErrorDetail(second)->metadata["reorganisation_id"], begun->reorganisation_id);
  RunToEnd();
  const auto later = units_.Begin(call, Merge());
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_TRUE(later->ended_at) << "told as it is now";
  EXPECT_TRUE(Begin(Merge()).ok()) << "a new one, about what came since";
}

TEST_F(ReorganisationTest, ACaseMadeWhileItRunsGoesAlong) {
  for (int i = 0; i < storage::kReorganisationBatch; ++i) Draft(OtherWorker());
  const auto begun = Begin(Merge());
  ASSERT_TRUE(begun.ok()) << begun.status();
  ASSERT_EQ(NewRunner()->RunDue().value(), 1);
  const std::string late = Draft(OtherWorker());
  RunToEnd();
  EXPECT_EQ(OwnerOf(late), kTo);
  EXPECT_EQ(Now(begun->reorganisation_id).moved, storage::kReorganisationBatch + 1);
}

TEST_F(ReorganisationTest, ItIsShownToItsTwoUnitsAlone) {
  const auto begun = Begin(Merge());
  ASSERT_TRUE(begun.ok()) << begun.status();
  const std::string id = begun->reorganisation_id;
  EXPECT_EQ(Now(id, ToWorker()).text, "Nämndens beslut om sammanslagning.");
  EXPECT_EQ(Count("SELECT count(*) AS n FROM unit_reorganisation WHERE"
                  " position('beslut'::bytea IN text_sealed) > 0"),
            0);
  EXPECT_EQ(Reason(units_.Get(Call(Worker()), id).status()), "NOT_FOUND");
  EXPECT_EQ(Reason(units_.Cases(Call(Worker()), {id}, {}).status()), "NOT_FOUND");
  EXPECT_EQ(Reason(units_.Get(Call(FromDecider()), "x").status()), "NOT_FOUND");
  EXPECT_EQ(
      Count("SELECT count(*) AS n FROM audit_entry WHERE NOT permitted AND resource_id = $1", {id}),
      2);
}

TEST_F(ReorganisationTest, TheDatabaseRefusesHalfAMoveAndASecondOne) {
  const std::string id = Draft(OtherWorker());
  const auto begun = Begin(Split({id}));
  ASSERT_TRUE(begun.ok()) << begun.status();
  const auto mark = [&](const char* state, const char* reason, std::optional<int> version) {
    return pg::ViolatedConstraint(
        pool_
            ->Write("UPDATE reorganised_case SET state = $2, reason_code = $3, version = $4"
                    " WHERE referral_id = $1::uuid",
                    {id, state, reason, version})
            .status());
  };
  EXPECT_EQ(mark("moved", "", 2), "reorganised_case_moved") << "no life event";
  EXPECT_EQ(mark("moved", "", std::nullopt), "reorganised_case_moved_whole");
  EXPECT_EQ(mark("refused", "", std::nullopt), "reorganised_case_refused_with_reason");
  RunToEnd();
  EXPECT_EQ(mark("refused", "CASE_LEFT", std::nullopt), "reorganised_case_once");
}

// What waits for an answer, or must be answered for, is never left with a unit that is no more.
class MergeTest : public ReorganisationTest {
 protected:
  std::string HandOver(const std::string& id, const Caller& from, const std::string& to) {
    const auto begun = usecases::Rerouting(*door_, reroutes_)
                           .HandOver(Write(from), {id, Etag(id)}, {to, "wrong_unit"});
    EXPECT_TRUE(begun.ok()) << begun.status();
    return begun.ok() ? begun->reroute_id : std::string();
  }

  domain::UnitReorganisation Merged() {
    const auto begun = Begin(Merge());
    EXPECT_TRUE(begun.ok()) << begun.status();
    RunToEnd();
    return Now(begun->reorganisation_id);
  }

  domain::Reroute RerouteOf(const std::string& id) {
    const auto found = usecases::Rerouting(*door_, reroutes_).Get(Call(ToWorker()), id);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : domain::Reroute();
  }

  v1::ReferralEvent LastOf(const std::string& id, const std::string& type) {
    const auto rows = database_.Query("referral",
                                      "SELECT payload FROM event WHERE aggregate_id = $1"
                                      " AND type = $2 ORDER BY version DESC LIMIT 1",
                                      {id, type});
    v1::ReferralEvent event;
    EXPECT_TRUE(!rows.empty() && event.ParseFromString(rows[0].Bytes("payload"))) << type;
    return event;
  }
};

TEST_F(MergeTest, AHandOverThatTheUnitSentGoesAlongWithItsCase) {
  const std::string id = SubmittedAbout("R7654321", OtherWorker());
  const std::string reroute = HandOver(id, OtherWorker(), "alvesta-authority");
  EXPECT_EQ(Merged().refused, 0);
  EXPECT_EQ(OwnerOf(id), kTo);
  const domain::Reroute sent = RerouteOf(reroute);
  EXPECT_EQ(sent.state, domain::RerouteState::kOpen);
  EXPECT_EQ(sent.from_unit_id, kTo);
  EXPECT_EQ(sent.version, 2);
  const auto declined =
      usecases::Rerouting(*door_, reroutes_).Decline(Write(Worker()), reroute, "2", "not_ours");
  ASSERT_TRUE(declined.ok()) << "its receiver answers as before: " << declined.status();
  EXPECT_EQ(OwnerOf(id), kTo);
}

TEST_F(MergeTest, AHandOverToTheReceiverOfTheMergeEndsAndTheCaseIsTheReceivers) {
  const std::string id = SubmittedAbout("R7654321", OtherWorker());
  const std::string reroute = HandOver(id, OtherWorker(), kTo);
  EXPECT_EQ(Merged().moved, 1);
  EXPECT_EQ(OwnerOf(id), kTo);
  EXPECT_EQ(RerouteOf(reroute).state, domain::RerouteState::kWithdrawn);
  EXPECT_EQ(LastOf(id, "hand_over_ended").hand_over_ended().outcome_code(), "withdrawn");
  EXPECT_EQ(LastOf(id, "case_moved").owner_unit_id(), kTo);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM job WHERE kind = 'reroute-expiry'"
                  " AND state = 'scheduled'"),
            0);
}

TEST_F(MergeTest, AHandOverThatTheUnitReceivedWaitsForTheReceiverAndDisclosesNothing) {
  const std::string id = SubmittedAbout("R7654321", Worker());
  const std::string reroute = HandOver(id, Worker(), kFrom);
  const std::string own = SubmittedAbout("R7654322", ToWorker());
  const std::string back = HandOver(own, ToWorker(), kFrom);
  const domain::UnitReorganisation done = Merged();
  EXPECT_EQ(done.hand_overs, 1);
  EXPECT_EQ(OwnerOf(id), "alvesta-authority") << "its sender's until it is taken over";
  const domain::Reroute waits = RerouteOf(reroute);
  EXPECT_EQ(waits.to_unit_id, kTo);
  EXPECT_EQ(waits.state, domain::RerouteState::kOpen);
  EXPECT_EQ(LastOf(id, "handed_over").handed_over().to_unit_id(), kTo);
  EXPECT_EQ(Reason(usecases::GetReferral(*door_).Run(Call(ToWorker()), id).status()), "NOT_FOUND");
  EXPECT_EQ(Reason(usecases::Rerouting(*door_, reroutes_)
                       .TakeOver(Write(ToWorker()), reroute, "2")
                       .status()),
            "NO_GROUND");
  EXPECT_EQ(RerouteOf(back).state, domain::RerouteState::kWithdrawn) << "both are one unit now";
  EXPECT_EQ(OwnerOf(own), kTo);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM reroute WHERE state = 'open'"
                  " AND 'vaxjo-ifo1' IN (from_unit_id, to_unit_id)"),
            0);
}

TEST_F(MergeTest, ConcernsAboutChildrenHaveSomebodyWhoAnswersForThem) {
  const std::string id = SubmittedAbout("R7654321", Worker());
  const int many = storage::kReorganisationBatch + 3;
  std::string concern;
  for (int i = 0; i < many; ++i) {
    const auto sent =
        usecases::ReportChildConcern(*door_, *concerns_).Run(Write(Worker()), id, kFrom, "Oro.");
    ASSERT_TRUE(sent.ok()) << sent.status();
    concern = sent->concern.concern_id;
  }
  usecases::GetChildConcern get(*door_, *concerns_);
  EXPECT_EQ(Reason(get.Run(Call(ToWorker()), concern).status()), "NOT_FOUND");
  const domain::UnitReorganisation done = Merged();
  EXPECT_TRUE(done.ended_at.has_value());
  EXPECT_EQ(done.concerns, many);
  const auto read = get.Run(Call(ToWorker()), concern);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->content.text, "Oro.");
  EXPECT_EQ(Reason(get.Run(Call(FromDecider()), concern).status()), "NOT_FOUND");
  EXPECT_EQ(Count("SELECT count(*) AS n FROM child_concern_passed WHERE from_unit_id ="
                  " 'vaxjo-ifo1' AND to_unit_id = 'vaxjo-ifo2'"),
            many);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM audit_entry WHERE action = 'unit-reorganisation'"
                  " AND rule_id = 'child_concern.recipient'"),
            many);
}

TEST_F(MergeTest, AGroundNamesWhomItNamesAndNobodyElse) {
  const std::string id = SubmittedAbout("R7654321", Worker());
  domain::NewGround ground;
  ground.kind = domain::GroundKind::kConsent;
  ground.consent_form = domain::ConsentForm::kWritten;
  ground.recipient_unit_ids = {kFrom};
  ground.categories = {"identity", "needs"};
  ASSERT_TRUE(usecases::RecordGround(*ground_door_).Run(Write(Worker()), id, ground).ok());
  const std::string own = SubmittedAbout("R7654322", OtherWorker());
  EXPECT_TRUE(usecases::GetReferral(*door_).Run(Call(OtherWorker()), id).ok());
  EXPECT_EQ(Merged().left_grounds, 1);
  EXPECT_EQ(Reason(usecases::GetReferral(*door_).Run(Call(ToWorker()), id).status()), "NOT_FOUND");
  const auto grounds = usecases::ListGrounds(*ground_door_).Run(Call(ToWorker()), own);
  ASSERT_TRUE(grounds.ok()) << grounds.status();
  EXPECT_EQ(grounds->size(), 1U) << "what the case rests on follows the case";
}

TEST_F(MergeTest, OnlySocialServicesAnswerForWhatWasReportedAboutChildren) {
  database_.Query("referral", "UPDATE unit SET kind_code = 'clinic' WHERE unit_id = 'vaxjo-ifo2'");
  EXPECT_EQ(Rules(Begin(Merge()).status()),
            std::set<std::string>{"to_unit_id NOT_SOCIAL_SERVICES"});
}

TEST_F(MergeTest, TheDatabaseChangesPartiesAndRecipientsWithTheirUnitsAlone) {
  const std::string id = SubmittedAbout("R7654321", Worker());
  HandOver(id, Worker(), kFrom);
  ASSERT_TRUE(usecases::ReportChildConcern(*door_, *concerns_)
                  .Run(Write(Worker()), id, kFrom, "Oro.")
                  .ok());
  const auto refused = [&](const char* sql) {
    return pg::ViolatedConstraint(pool_->Write(sql).status());
  };
  EXPECT_EQ(refused("UPDATE reroute SET to_unit_id = 'vaxjo-ifo2', version = version + 1"),
            "reroute_parties");
  EXPECT_EQ(refused("UPDATE reroute SET from_unit_id = 'vaxjo-ifo2', version = version + 1"),
            "reroute_parties");
  EXPECT_EQ(refused("UPDATE child_concern SET recipient_unit_id = 'vaxjo-ifo2'"),
            "child_concern_recipient");
  EXPECT_EQ(refused("UPDATE referral SET owner_unit_id = 'vaxjo-ifo2' WHERE EXISTS (SELECT FROM"
                    " reroute x WHERE x.referral_id = referral.referral_id)"),
            "referral_reroute_open");
}

}  // namespace
}  // namespace vardkedja::referral
