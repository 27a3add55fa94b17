// Several cases about one person, and many callers at once: one wins, the others are told so.
#include <gtest/gtest.h>

#include <barrier>
#include <mutex>
#include <thread>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using testing::EkelidenSeat;
using testing::NovusSeat;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

constexpr char kNumber[] = "19900101-9802";
constexpr int kCallers = 200;

class DuplicatesTest : public testing::Fixture {
 protected:
  // Runs `call` in 200 threads that start together; counts the outcomes by reason, "" for OK.
  std::map<std::string, int> Together(const std::function<absl::Status(int)>& call) {
    std::map<std::string, int> outcomes;
    std::mutex mutex;
    std::barrier start(kCallers);
    std::vector<std::thread> threads;
    for (int i = 0; i < kCallers; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        const absl::Status status = call(i);
        const std::lock_guard lock(mutex);
        ++outcomes[status.ok() ? "" : Reason(status)];
      });
    }
    for (std::thread& thread : threads) thread.join();
    return outcomes;
  }

  // Up to a proposal that the other seat may confirm.
  std::string Proposed(const testing::Caller& owner) {
    const std::string id = SubmittedAbout(kNumber, owner);
    EXPECT_TRUE(Step(EkelidenSeat(), id, domain::Acknowledge).ok());
    EXPECT_TRUE(Step(EkelidenSeat(), id, [](const domain::Step& step) {
                  return domain::ProposeAssessment(step, {{"novus"}, {}, "", ""});
                }).ok());
    return id;
  }

  absl::StatusOr<usecases::CaseView> Resolve(const testing::Caller& caller, const std::string& id,
                                             const std::string& kept,
                                             const std::string& text = "Ett annat går vidare.") {
    return usecases::ResolveDuplicate(*door_).Run(Write(caller), {id, Etag(id)}, kept, text);
  }
};

TEST_F(DuplicatesTest, ASecondOneByTheSameUnitNamesTheFirst) {
  const std::string first = DraftAbout(kNumber);
  domain::Form form = testing::CompleteForm();
  const auto second = usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}});
  const auto detail = GetErrorDetail(second.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(detail->reason, "REFERRAL_EXISTS");
  EXPECT_EQ(detail->metadata.at("referral_id"), first);
  EXPECT_EQ(detail->metadata.at("case_number"), "VK-2026-000001");

  // Also when the number comes later, and no longer once the first is closed.
  form.person.identity_number.clear();
  const auto unnumbered = usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}});
  ASSERT_TRUE(unnumbered.ok()) << unnumbered.status();
  const auto number = [&] {
    return Step(Worker(), unnumbered->referral.referral_id, [](const domain::Step& step) {
      return domain::Update(step, {testing::CompleteForm(), {"person"}});
    });
  };
  EXPECT_EQ(Reason(number().status()), "REFERRAL_EXISTS");
  ASSERT_TRUE(Step(Worker(), first, domain::Withdraw).ok());
  EXPECT_TRUE(number().ok());
}

TEST_F(DuplicatesTest, AProtectedOneIsNamedToItsHandlersOnly) {
  domain::Form form = testing::CompleteForm();
  form.person.protected_identity = true;
  ASSERT_TRUE(usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}}).ok());
  testing::Caller colleague = Worker();
  colleague.subject = "worker-9";
  const auto detail =
      GetErrorDetail(usecases::CreateReferral(*door_).Run(Write(colleague), {form, {}}).status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "REFERRAL_EXISTS");
  EXPECT_TRUE(detail->metadata.empty());
}

TEST_F(DuplicatesTest, ByAnotherUnitItSucceedsAndTheBoardResolvesIt) {
  const std::string kept = SubmittedAbout(kNumber, Worker());
  const std::string yields = SubmittedAbout(kNumber, OtherWorker());
  usecases::ListDuplicates list(*door_, *index_);
  const auto others = list.Run(Call(EkelidenSeat()), yields);
  ASSERT_TRUE(others.ok()) << others.status();
  ASSERT_EQ(others->size(), 1U);
  EXPECT_EQ(others->at(0).referral.referral_id, kept);
  EXPECT_EQ(list.Run(Call(OtherWorker()), yields).status(), NotFound()) << "not for an owner";

  const auto done = Resolve(EkelidenSeat(), yields, kept);
  ASSERT_TRUE(done.ok()) << done.status();
  const auto owner = usecases::GetReferral(*door_).Run(Call(OtherWorker()), yields);
  EXPECT_EQ(owner->referral.state, domain::State::kSentBack);
  EXPECT_EQ(owner->referral.assessment.no_suitable_place_reason_code, "duplicate");
  EXPECT_EQ(owner->referral.content.notes.assessment_text, "Ett annat går vidare.");
  EXPECT_EQ(usecases::GetReferral(*door_).Run(Call(OtherWorker()), kept).status(), NotFound());
  EXPECT_EQ(StateOf(kept), "submitted");
}

TEST_F(DuplicatesTest, WhatCannotBeResolved) {
  const std::string one = SubmittedAbout(kNumber, Worker());
  const std::string two = SubmittedAbout(kNumber, OtherWorker());
  const std::string stranger = SubmittedAbout("R1111111", Worker());
  const auto rule = [&](const std::string& kept, const std::string& text = "x") {
    const auto detail = GetErrorDetail(Resolve(EkelidenSeat(), one, kept, text).status());
    return detail && !detail->violations.empty() ? detail->violations.back().rule : std::string();
  };
  EXPECT_EQ(rule(one), "SAME_CASE");
  EXPECT_EQ(rule(stranger), "OTHER_PERSON");
  EXPECT_EQ(rule(two, " "), "REQUIRED");
  EXPECT_EQ(Resolve(EkelidenSeat(), one, DraftAbout("R7654321")).status(), NotFound());
  EXPECT_EQ(Reason(Resolve(Worker(), one, two).status()), "ROLE_NOT_ALLOWED");
  testing::Caller seatless = EkelidenSeat();
  seatless.seat.clear();
  EXPECT_EQ(Reason(Resolve(seatless, one, two).status()), "NO_SEAT");
  ASSERT_TRUE(Resolve(NovusSeat(), two, one).ok());
  EXPECT_EQ(rule(two), "NOT_OPEN");
}

TEST_F(DuplicatesTest, OneLiveCasePerPersonFromTheAssessmentOn) {
  const std::string one = Proposed(Worker());
  const std::string two = Proposed(OtherWorker());
  const auto outcomes = Together([&](int i) {
    const std::string& id = i % 2 == 0 ? one : two;
    return usecases::TakeStep(*door_)
        .Run(Write(NovusSeat()), {id, "4"}, domain::ConfirmAssessment)
        .status();
  });
  EXPECT_EQ(outcomes.at(""), 1);
  EXPECT_EQ(outcomes.at("STALE_ETAG"), kCallers / 2 - 1);
  EXPECT_EQ(outcomes.at("LIVE_CASE_EXISTS"), kCallers / 2);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral WHERE state = 'assessed'"), 1);
}

TEST_F(DuplicatesTest, ManyReferralsOfOnePersonAreOne) {
  std::mutex mutex;
  std::set<std::string> named;
  const auto outcomes = Together([&](int) {
    const auto made =
        usecases::CreateReferral(*door_).Run(Write(Worker()), {testing::CompleteForm(), {}});
    const auto detail = GetErrorDetail(made.status());
    const std::lock_guard lock(mutex);
    named.insert(made.ok() ? made->referral.referral_id
                 : detail  ? detail->metadata.at("referral_id")
                           : "nothing");
    return made.status();
  });
  EXPECT_EQ(outcomes, (std::map<std::string, int>{{"", 1}, {"REFERRAL_EXISTS", kCallers - 1}}));
  EXPECT_EQ(named.size(), 1U) << "the losers are told who won";
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral"), 1);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM person"), 1);
}

TEST_F(DuplicatesTest, ManySubmitsWithOneEtagAreOne) {
  const std::string id = Draft();
  Consent(id);
  const auto outcomes = Together([&](int) {
    return usecases::TakeStep(*door_).Run(Write(Worker()), {id, "1"}, testing::Submit).status();
  });
  EXPECT_EQ(outcomes, (std::map<std::string, int>{{"", 1}, {"STALE_ETAG", kCallers - 1}}));
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'submitted'"), 1);
}

TEST_F(DuplicatesTest, ManySubmitsOfOneRequestIdAreOneAndAllAreAnswered) {
  const std::string id = Draft();
  Consent(id);
  const std::string request_id = NewUuidV4();
  const auto outcomes = Together([&](int) {
    return usecases::TakeStep(*door_)
        .Run(Call(Worker(), request_id), {id, "1"}, testing::Submit)
        .status();
  });
  EXPECT_EQ(outcomes, (std::map<std::string, int>{{"", kCallers}}));
  EXPECT_EQ(Count("SELECT count(*) AS n FROM referral_step WHERE action = 'submit'"), 1);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM event WHERE type = 'submitted'"), 1);
}

}  // namespace
}  // namespace vardkedja::referral
