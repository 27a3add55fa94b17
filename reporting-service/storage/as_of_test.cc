// The same instant gives the same numbers for ever.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>

#include "lib/status/status.h"
#include "reporting-service/events/consume_placement.h"
#include "reporting-service/events/story_fixture.h"

namespace vardkedja::reporting {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;

class AsOfTest : public StoryFixture {
 protected:
  AsOfTest() {
    Reference();
    At(MakeDate(2026, 2, 1));
    Submit("a");
    Decide("a", "novus");
    Queue("a", "novus");
    Consume();
  }
  std::int64_t Placed(std::optional<Instant> as_of) {
    auto request = Year<v1::GetQueueReportRequest>();
    if (as_of) *request.mutable_as_of() = ToTimestamp(*as_of);
    return Must(handlers_.Queue(Call(auth::Role::kBoardMember), request)).total().placed();
  }
};

TEST_F(AsOfTest, DefaultsToNowAndIsEchoedWithItsPositions) {
  const auto report =
      Must(handlers_.Queue(Call(auth::Role::kBoardMember), Year<v1::GetQueueReportRequest>()));
  EXPECT_EQ(report.header().as_of().seconds(),
            std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count());
  ASSERT_EQ(report.header().positions_size(), 3);
  EXPECT_EQ(report.header().positions(0).source(), "referral");
  EXPECT_EQ(report.header().positions(0).seq(), 2);
  EXPECT_EQ(report.header().positions(1).seq(), 5);
  EXPECT_TRUE(report.header().preliminary());
}

TEST_F(AsOfTest, LaterEventsChangeTheLaterNumbersOnly) {
  const Instant before = now();
  const std::string then = AllReports(before);
  At(MakeDate(2026, 2, 10));
  Enrol("a", "novus");
  Consume();
  EXPECT_EQ(Placed(std::nullopt), 1);
  EXPECT_EQ(Placed(before), 0);
  EXPECT_EQ(AllReports(before), then);
  EXPECT_NE(AllReports(std::nullopt), then);
}

TEST_F(AsOfTest, WhatArrivesLateIsKnownLate) {
  At(MakeDate(2026, 2, 10));
  Enrol("a", "novus");
  // A report is made before the event is read.
  At(MakeDate(2026, 2, 11));
  const Instant before = now();
  const std::string then = AllReports(before);
  Consume();
  EXPECT_EQ(AllReports(before), then);
  EXPECT_EQ(Placed(before), 0);
  EXPECT_EQ(Placed(before + microseconds(1)), 1);
}

TEST_F(AsOfTest, AnInstantInThePastSeesThePast) {
  At(MakeDate(2026, 2, 10));
  Enrol("a", "novus");
  At(MakeDate(2026, 3, 1));
  Discharge("a", "novus");
  Consume();
  EXPECT_EQ(Placed(StartOfDay(MakeDate(2026, 2, 9))), 0);
  EXPECT_EQ(Placed(StartOfDay(MakeDate(2026, 2, 11))), 1);
}

TEST_F(AsOfTest, BeyondTheWatermarkIsRefusedAndNamesIt) {
  auto request = Year<v1::GetQueueReportRequest>();
  *request.mutable_as_of() = ToTimestamp(now() + microseconds(1));
  const auto report = handlers_.Queue(Call(auth::Role::kBoardMember), request);
  ASSERT_EQ(report.status().code(), absl::StatusCode::kOutOfRange);
  const auto detail = GetErrorDetail(report.status());
  EXPECT_EQ(detail->reason, "AS_OF_BEYOND_WATERMARK");
  EXPECT_EQ(detail->metadata.at("watermark"), FormatInstant(now()));
}

TEST_F(AsOfTest, AClockThatWasTurnedBackStillSeesEverything) {
  At(MakeDate(2026, 2, 10));
  Enrol("a", "novus");
  Consume();
  At(MakeDate(2026, 2, 5));
  EXPECT_EQ(Placed(std::nullopt), 1);
}

// What lib/eventlog does with a parked event once a newer binary knows it.
TEST_F(AsOfTest, AParkedEventThatIsAppliedLateLeavesEarlierReportsAlone) {
  At(MakeDate(2026, 2, 10));
  Enrol("a", "novus");
  At(MakeDate(2026, 2, 11));
  placement::v1::PlacementEvent other;
  other.set_facility_id("ekeliden");
  other.mutable_facility_registered()->set_name("Ekeliden");
  Append(other);
  const auto& log = logs_["placement"].events();
  const auto apply = [&](std::int64_t seq) {
    const absl::Status status = pool_->InTransaction({}, [&](pg::Transaction& tx) {
      return events::ConsumePlacement(tx, log[static_cast<std::size_t>(seq) - 1]);
    });
    EXPECT_TRUE(status.ok()) << status;
  };
  const auto enrolled = static_cast<std::int64_t>(log.size()) - 1;
  apply(enrolled + 1);  // the enrolment itself was parked
  const Instant before = now();
  const std::string then = AllReports(before);
  apply(enrolled);
  EXPECT_EQ(AllReports(before), then);
  At(MakeDate(2026, 2, 12));
  Append(other);
  apply(enrolled + 2);
  EXPECT_EQ(Placed(std::nullopt), 1);
  EXPECT_EQ(AllReports(before), then);
}

// Events, late events, reports and rebuilds in random order: no answer ever changes.
TEST_F(AsOfTest, NoAnswerEverChangesWhateverHappens) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::minstd_rand random(seed);
  const auto pick = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  std::map<Instant, std::string> answers;
  std::vector<std::string> waiting, placed;
  Date today = MakeDate(2026, 2, 2);
  for (int step = 0; step < 60; ++step) {
    At(today, pick(24));
    const std::string name = "n" + std::to_string(step);
    switch (pick(6)) {
      case 0:
      case 1:
        Submit(name, pick(2) == 0 ? "0764" : "0780");
        Decide(name, "novus");
        Queue(name, "novus");
        waiting.push_back(name);
        break;
      case 2:
        if (waiting.empty()) break;
        Enrol(waiting.back(), "novus");
        placed.push_back(waiting.back());
        waiting.pop_back();
        break;
      case 3:
        if (placed.empty()) break;
        Discharge(placed.back(), "novus");
        placed.pop_back();
        break;
      case 4:
        today += days(pick(9));
        At(today, 23);
        break;
      default:
        answers.emplace(now(), AllReports(now()));
        break;
    }
    if (pick(3) == 0) Consume();
  }
  Consume();
  EXPECT_EQ(Parked(), 0);
  for (const auto& [as_of, answer] : answers) EXPECT_EQ(AllReports(as_of), answer);
}

}  // namespace
}  // namespace vardkedja::reporting
