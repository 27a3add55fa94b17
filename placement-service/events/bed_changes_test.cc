// Availability as it changes, on a real log: what is told once, in which order, and after how long
// an absence.
#include "placement-service/events/bed_changes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <thread>

#include "lib/eventlog/sequencer.h"
#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/watch_availability.h"

namespace vardkedja::placement {
namespace {

using std::chrono::hours;
using usecases::AvailabilityUpdate;
using usecases::AvailabilityWatch;
using usecases::UpdateKind;

class WatchAvailabilityTest : public PlacementFixture {
 protected:
  WatchAvailabilityTest()
      : reader_(*pool_),
        changes_(reader_),
        board_(store_, changes_),
        sequencer_(Options(), heads_) {
    sequencer_.Start();
  }
  ~WatchAvailabilityTest() override { sequencer_.Stop(); }

  eventlog::SequencerOptions Options() const {
    eventlog::SequencerOptions options;
    options.dsn = database_.RuntimeDsn("placement");
    options.schema = "placement";
    return options;
  }

  // Waits until all that was committed has its place in the log.
  std::int64_t Sequenced() {
    sequencer_.Wake();
    for (;;) {
      const auto rows =
          pool_->Read("SELECT count(*) AS n, count(seq) AS placed FROM event", {}, pg::kNoDeadline);
      EXPECT_TRUE(rows.ok()) << rows.status();
      if ((*rows)[0].Int("n") == (*rows)[0].Int("placed")) return (*rows)[0].Int("n");
      std::this_thread::yield();
    }
  }

  // Everything there is to tell, page by page.
  std::vector<AvailabilityUpdate> Told(AvailabilityWatch& watch) {
    Sequenced();
    std::vector<AvailabilityUpdate> all;
    bool more = true;
    while (more) {
      auto step = watch.Step(As("novus"), /*grown=*/true);
      EXPECT_TRUE(step.ok()) << step.status();
      if (!step.ok()) break;
      std::move(step->updates.begin(), step->updates.end(), std::back_inserter(all));
      more = step->more;
    }
    return all;
  }
  std::string Refused(std::int64_t after, const char* facility = "novus") {
    AvailabilityWatch watch(board_, {domain::FacilityId(facility), {}, after});
    return ReasonOf(watch.Step(As("novus"), true).status());
  }

  // Shuts a bed for a week from today.
  void Shut(const std::string& unit, const std::string& bed) {
    Advance(std::chrono::seconds(1));
    const auto shut =
        usecases::CloseBed(store_).Run(Writing(unit), {domain::BedId(bed),
                                                       "1",
                                                       {Today(), Today() + std::chrono::days(7)},
                                                       domain::ClosureReason::kRepair});
    ASSERT_TRUE(shut.ok()) << shut.status();
  }

  static domain::DayCount Regular(const AvailabilityUpdate& update, const std::string& facility) {
    for (const domain::DayCount& day : update.facilities) {
      if (day.facility_id.value == facility && day.bed_kind == domain::BedKind::kRegular) {
        return day;
      }
    }
    ADD_FAILURE() << facility << " is not in the update";
    return {};
  }

  eventlog::Reader reader_;
  eventlog::HeadWatch heads_;
  events::LoggedBedChanges changes_;
  usecases::AvailabilityBoard board_;
  eventlog::Sequencer sequencer_;
};

TEST_F(WatchAvailabilityTest, BeginsWithASnapshotAndTellsEachChangeOnce) {
  const std::int64_t head = Sequenced();
  AvailabilityWatch watch(board_, {});
  auto told = Told(watch);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, UpdateKind::kSnapshot);
  EXPECT_EQ(told[0].sequence, head);
  EXPECT_EQ(Regular(told[0], "novus").free, 2);
  EXPECT_FALSE(told[0].facilities[0].care_level.empty());

  Shut("novus", "novus-01");
  told = Told(watch);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, UpdateKind::kChange);
  EXPECT_EQ(told[0].sequence, head + 1);
  EXPECT_EQ(Regular(told[0], "novus").free, 1);
  EXPECT_EQ(Regular(told[0], "novus").closed, 1);
  for (const auto& day : told[0].facilities) EXPECT_EQ(day.facility_id.value, "novus");
  EXPECT_TRUE(Told(watch).empty());
}

TEST_F(WatchAvailabilityTest, WhatHappenedMeanwhileIsToldInItsOrderAndAsItWas) {
  AvailabilityWatch first(board_, {domain::FacilityId("novus"), {}, 0});
  const std::int64_t left_at = Told(first).back().sequence;
  Shut("novus", "novus-01");
  Shut("ekeliden", "ekeliden-01");
  Shut("novus", "novus-02");
  AvailabilityWatch again(board_, {domain::FacilityId("novus"), {}, left_at});
  const auto told = Told(again);
  ASSERT_EQ(told.size(), 2U) << "the other facility's is not asked for";
  EXPECT_EQ(told[0].sequence, left_at + 1);
  EXPECT_EQ(Regular(told[0], "novus").free, 1);
  EXPECT_EQ(told[1].sequence, left_at + 3);
  EXPECT_EQ(Regular(told[1], "novus").free, 0);
  // Who stayed heard the same.
  const auto live = Told(first);
  ASSERT_EQ(live.size(), 2U);
  EXPECT_EQ(live[0].sequence, told[0].sequence);
  EXPECT_EQ(live[1].as_of, told[1].as_of);
  // And who comes back once more, from the first of the two, hears the second alone.
  AvailabilityWatch later(board_, {domain::FacilityId("novus"), {}, left_at + 1});
  const auto rest = Told(later);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].sequence, left_at + 3);
}

TEST_F(WatchAvailabilityTest, AllThatAStayDoesToItsBedIsHeard) {
  AvailabilityWatch watch(board_, {domain::FacilityId("novus"), domain::BedKind::kRegular, 0});
  Told(watch);
  PlayedCase person = NewCase();
  Decide(person, "novus", Today());
  Advance(hours(1));
  const auto offer = MakeOffer("novus-01");
  auto told = Told(watch);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(Regular(told.back(), "novus").offered, 1);
  Advance(hours(1));
  ASSERT_TRUE(Accept(offer.record.offer.id, Today()).ok());
  told = Told(watch);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(Regular(told[0], "novus").reserved, 1);
  Advance(hours(1));
  Enrol(offer.record.offer.id, "novus");
  told = Told(watch);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(Regular(told.back(), "novus").occupied, 1);
}

TEST_F(WatchAvailabilityTest, WhatEndsUpHeardIsWhatHolds) {
  AvailabilityWatch watch(board_, {});
  Told(watch);
  PlayedCase person = NewCase();
  PlaceIn(person, "novus", "novus-01");
  Shut("ekeliden", "ekeliden-02");
  std::map<std::string, domain::DayCount> heard;
  for (const auto& update : Told(watch)) {
    for (const auto& day : update.facilities) {
      if (day.bed_kind == domain::BedKind::kRegular) {
        heard[day.facility_id.value] = day;
      }
    }
  }
  for (const char* facility : {"novus", "ekeliden"}) {
    const auto now = usecases::ReadBeds(store_).Availability(
        As("novus"), {domain::FacilityId(facility), domain::BedKind::kRegular, {}, {}, {}});
    ASSERT_TRUE(now.ok());
    EXPECT_EQ(heard[facility].free, now->days.at(0).free) << facility;
    EXPECT_EQ(heard[facility].occupied, now->days.at(0).occupied) << facility;
    EXPECT_EQ(heard[facility].closed, now->days.at(0).closed) << facility;
  }
}

TEST_F(WatchAvailabilityTest, ANewDayIsASnapshotAndSilenceAHeartbeat) {
  AvailabilityWatch watch(board_, {});
  const auto begun = Told(watch);
  Advance(std::chrono::seconds(29));
  EXPECT_TRUE(watch.Step(As("novus"), false)->updates.empty());
  Advance(std::chrono::seconds(1));
  auto step = watch.Step(As("novus"), false);
  ASSERT_EQ(step->updates.size(), 1U);
  EXPECT_EQ(step->updates[0].kind, UpdateKind::kHeartbeat);
  EXPECT_EQ(step->updates[0].sequence, begun[0].sequence);
  EXPECT_TRUE(step->updates[0].facilities.empty());
  Advance(std::chrono::days(1));
  step = watch.Step(As("novus"), false);
  ASSERT_EQ(step->updates.size(), 1U);
  EXPECT_EQ(step->updates[0].kind, UpdateKind::kSnapshot);
  EXPECT_EQ(Regular(step->updates[0], "novus").date, Today());
  // Who comes back on another day than it left hears all anew; on the same day that nothing has
  // changed.
  AvailabilityWatch same(board_, {{}, {}, Sequenced()});
  Shut("novus", "novus-01");
  EXPECT_EQ(Told(same).back().kind, UpdateKind::kChange);
  AvailabilityWatch back(board_, {{}, {}, Sequenced()});
  const auto told = Told(back);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, UpdateKind::kHeartbeat) << "the first item comes at once";
}

TEST_F(WatchAvailabilityTest, RefusesPlacesThatTheLogDoesNotHave) {
  const std::int64_t head = Sequenced();
  EXPECT_EQ(Refused(head), "OK");
  EXPECT_EQ(Refused(head + 1), "SEQUENCE_UNKNOWN");
  EXPECT_EQ(Refused(0, "nowhere"), "NOT_FOUND");
  ASSERT_TRUE(
      pool_
          ->InTransaction({},
                          [](pg::Transaction& tx) {
                            return tx
                                .Execute(
                                    "INSERT INTO event (ordinal, event_id, aggregate_type,"
                                    " aggregate_id, version, type, payload, occurred_at,"
                                    " traceparent) SELECT 1, gen_random_uuid(), 'filler', n,"
                                    " 1, 'queue_alert', '\\xca0100'::bytea, now(), ''"
                                    " FROM generate_series(1, 10001) n",
                                    {})
                                .status();
                          })
          .ok());
  Sequenced();
  EXPECT_EQ(Refused(head), "SEQUENCE_UNKNOWN") << "too far back";
  EXPECT_EQ(Refused(head + 9'500), "OK");
}

}  // namespace
}  // namespace vardkedja::placement
