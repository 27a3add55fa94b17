// The record of the board's meetings.
#include <gtest/gtest.h>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/storage/postgres_meetings.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using testing::EkelidenSeat;
using testing::NovusDeputy;
using testing::Reason;

class MeetingsTest : public testing::Fixture {
 protected:
  static domain::NewMeeting Meeting(const std::vector<std::string>& cases) {
    domain::NewMeeting meeting;
    meeting.date = "2026-11-23";
    meeting.form = domain::MeetingForm::kVideo;
    meeting.attendance = {{"ekeliden", false}, {"novus", true}};
    for (const std::string& id : cases) meeting.items.push_back({id, "Gicks igenom."});
    return meeting;
  }

  std::set<std::string> Broken(const domain::NewMeeting& meeting) {
    std::set<std::string> broken;
    const auto detail = GetErrorDetail(meetings_.Record(Write(EkelidenSeat()), meeting).status());
    if (!detail) return broken;
    for (const FieldViolation& violation : detail->violations) {
      broken.insert(violation.field + " " + violation.rule);
    }
    return broken;
  }

  storage::PostgresMeetings store_{*pool_, *vault_};
  usecases::BoardMeetings meetings_{*door_, store_};
};

TEST_F(MeetingsTest, IsRecordedOnceAndReadWithWhatMayBeSeen) {
  const std::string open = Submitted();
  const std::string other = Draft();
  const auto ground = Consent(other);
  ASSERT_TRUE(Step(testing::Worker(), other, testing::Submit).ok());
  const auto call = Write(EkelidenSeat());
  const auto made = meetings_.Record(call, Meeting({open, other}));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(meetings_.Record(call, Meeting({open, other}))->meeting_id, made->meeting_id);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM board_meeting"), 1);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM board_meeting_item"
                  " WHERE position('Gicks'::bytea IN text_sealed) > 0"),
            0);

  auto read = meetings_.Get(Call(NovusDeputy()), made->meeting_id);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, *made);
  EXPECT_EQ(read->items[1].text, "Gicks igenom.");
  ASSERT_TRUE(usecases::RevokeGround(*ground_door_)
                  .Run(Write(testing::Worker()), ground.ground.ground_id, "1")
                  .ok());
  read = meetings_.Get(Call(NovusDeputy()), made->meeting_id);
  ASSERT_EQ(read->items.size(), 1U) << "a revoked consent closes the record's item as well";
  EXPECT_EQ(read->item_count, 2);
}

TEST_F(MeetingsTest, AllThatIsWrongIsToldAtOnce) {
  EXPECT_EQ(Broken({}), (std::set<std::string>{"meeting_date REQUIRED", "form REQUIRED",
                                               "attendance REQUIRED"}));
  domain::NewMeeting meeting = Meeting({});
  meeting.date = "2026-11-24";
  meeting.attendance = {{"ekeliden", false}, {"ekeliden", true}, {"okänd", false}};
  meeting.items = {{"a", ""}, {"a", ""}};
  EXPECT_EQ(
      Broken(meeting),
      (std::set<std::string>{"meeting_date IN_THE_FUTURE", "attendance[1].seat REPEATED",
                             "attendance[2].seat UNKNOWN_SEAT", "items[1].referral_id REPEATED"}));
  meeting = Meeting({Draft(), NewUuidV4()});
  meeting.corrects_meeting_id = NewUuidV7();
  EXPECT_EQ(Broken(meeting), (std::set<std::string>{"corrects_meeting_id UNKNOWN_MEETING",
                                                    "items[0].referral_id UNKNOWN_CASE",
                                                    "items[1].referral_id UNKNOWN_CASE"}));
}

TEST_F(MeetingsTest, NewestFirstAndCorrectedByANewOne) {
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    domain::NewMeeting meeting = Meeting({});
    if (i == 2) meeting.corrects_meeting_id = ids[0];
    ids.push_back(meetings_.Record(Write(EkelidenSeat()), meeting)->meeting_id);
  }
  const auto first = meetings_.List(Call(EkelidenSeat()), {2, ""});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->meetings.size(), 2U);
  EXPECT_EQ(first->meetings[0].meeting_id, ids[2]);
  EXPECT_EQ(first->meetings[0].corrects_meeting_id, ids[0]);
  const auto second = meetings_.List(Call(EkelidenSeat()), {2, first->next});
  ASSERT_EQ(second->meetings.size(), 1U);
  EXPECT_EQ(second->meetings[0].meeting_id, ids[0]);
  EXPECT_EQ(second->next, "");
  EXPECT_FALSE(pool_->Write("UPDATE board_meeting SET form = 1").ok());
}

TEST_F(MeetingsTest, ForTheBoardAloneAndBySeat) {
  testing::Caller elsewhere = EkelidenSeat();
  elsewhere.unit = "ekeliden";
  EXPECT_EQ(meetings_.Record(Write(elsewhere), Meeting({})).status(), NotFound());
  EXPECT_EQ(meetings_.List(Call(elsewhere), {}).status(), NotFound());
  testing::Caller seatless = EkelidenSeat();
  seatless.seat.clear();
  EXPECT_EQ(Reason(meetings_.Record(Write(seatless), Meeting({})).status()), "NO_SEAT");
  EXPECT_EQ(meetings_.Get(Call(EkelidenSeat()), NewUuidV7()).status(), NotFound());
}

}  // namespace
}  // namespace vardkedja::referral
