// Corrections on PostgreSQL: of leave, interruptions and incidents.
#include <algorithm>

#include "placement-service/storage/record_fixture.h"

namespace vardkedja::placement {
namespace {

using domain::AbsenceCorrectionReason;
using domain::AbsenceKind;
using domain::IncidentCorrectionReason;
using domain::StayAction;
using std::chrono::days;

class RecordCorrectionTest : public RecordFixture {};

TEST_F(RecordCorrectionTest, AbsencesLieWithinTheRightStay) {
  ASSERT_TRUE(Change(StayAction::kBeginLeave, Today() - days(10)).ok());
  ASSERT_TRUE(Change(StayAction::kEndLeave, Today() - days(8)).ok());
  ASSERT_TRUE(Move("novus-02", Today() - days(2)).ok());
  const auto refused = CorrectMoveIn(Today() - days(9));
  EXPECT_EQ(ReasonOf(refused.status()), "ABSENCE_OUTSIDE_STAY");
  EXPECT_EQ(GetErrorDetail(refused.status())->metadata.at("from_date"), Text(Today() - days(10)));
  EXPECT_TRUE(CorrectMoveIn(Today() - days(8)).ok());
}

TEST_F(RecordCorrectionTest, LeaveIsCorrectedAndWhatWasRecordedStaysVisible) {
  const Date from = Today() - days(10);
  ASSERT_TRUE(Change(StayAction::kBeginLeave, from).ok());
  ASSERT_TRUE(Change(StayAction::kEndLeave, Today() - days(6)).ok());
  const auto leave = AbsenceKind::kLeave;
  EXPECT_EQ(FieldOf(CorrectAbsence(AbsenceKind::kInterruption, from,
                                   AbsenceCorrectionReason::kNotHappened)
                        .status()),
            "from_date UNKNOWN");
  EXPECT_EQ(FieldOf(CorrectAbsence(leave, from, AbsenceCorrectionReason::kWrongDate).status()),
            "right_from_date REQUIRED");
  EXPECT_EQ(
      FieldOf(CorrectAbsence(leave, from, AbsenceCorrectionReason::kNotHappened, Today()).status()),
      "right_from_date CONTRADICTION");
  EXPECT_EQ(FieldOf(CorrectAbsence(leave, from, AbsenceCorrectionReason::kWrongDate,
                                   stay_.move_in - days(1))
                        .status()),
            "right_from_date RANGE");
  const auto dated = CorrectAbsence(leave, from, AbsenceCorrectionReason::kWrongDate,
                                    from + days(1), from + days(2));
  ASSERT_TRUE(dated.ok()) << dated.status();
  EXPECT_EQ(dated->record.leave_days, 1);
  const auto away = CorrectAbsence(leave, from + days(1), AbsenceCorrectionReason::kNotEnded);
  ASSERT_TRUE(away.ok()) << away.status();
  EXPECT_EQ(away->record.leave_days, 9);
  EXPECT_EQ(stay_.absence, (domain::Absence{leave, from + days(1)}));
  const auto other = CorrectAbsence(leave, from + days(1), AbsenceCorrectionReason::kWrongKind);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->record.leave_days, 0);
  EXPECT_EQ(stay_.absence->kind, AbsenceKind::kInterruption);
  ASSERT_TRUE(CorrectAbsence(AbsenceKind::kInterruption, from + days(1),
                             AbsenceCorrectionReason::kNotHappened)
                  .ok());
  EXPECT_FALSE(stay_.absence.has_value());
  const auto history = History();
  EXPECT_EQ(history.size(), 11u);
  EXPECT_EQ(history[3], "leave_corrected " + Text(from) + " wrong_date");
  EXPECT_EQ(history[4], "leave_begun " + Text(from + days(1)) + " ");
  EXPECT_EQ(history[10], "interruption_corrected " + Text(from + days(1)) + " not_happened");
  const pg::Result kept = database_.Query(
      "placement", "SELECT 1 AS one FROM stay_absence WHERE correction_reason > 0", {});
  EXPECT_EQ(kept.size(), 4u);
}

TEST_F(RecordCorrectionTest, ACorrectedAbsenceIsToldAndOverlapsNoOther) {
  const Date from = Today() - days(10);
  ASSERT_TRUE(Change(StayAction::kInterrupt, from).ok());
  ASSERT_TRUE(Change(StayAction::kResume, from + days(2)).ok());
  ASSERT_TRUE(Change(StayAction::kBeginLeave, from + days(4)).ok());
  const auto interruption = AbsenceKind::kInterruption;
  EXPECT_EQ(
      ReasonOf(CorrectAbsence(interruption, from, AbsenceCorrectionReason::kNotEnded).status()),
      "ABSENCE_OVERLAPS");
  EXPECT_EQ(ReasonOf(CorrectAbsence(interruption, from, AbsenceCorrectionReason::kWrongDate, {},
                                    from + days(5))
                         .status()),
            "ABSENCE_OVERLAPS");
  EXPECT_EQ(FieldOf(CorrectAbsence(AbsenceKind::kLeave, from + days(4),
                                   AbsenceCorrectionReason::kWrongDate, {}, Today())
                        .status()),
            "right_to_date CONTRADICTION");
  ASSERT_TRUE(
      CorrectAbsence(interruption, from, AbsenceCorrectionReason::kWrongDate, from + days(1)).ok());
  const auto events = Events("absence_corrected");
  ASSERT_EQ(events.size(), 1u);
  const auto& told = events[0].absence_corrected();
  EXPECT_EQ(told.kind_code(), "interruption");
  EXPECT_EQ(told.from_date(), Text(from));
  EXPECT_EQ(told.right_from_date(), Text(from + days(1)));
  EXPECT_EQ(told.right_to_date(), Text(from + days(2)));
  EXPECT_EQ(told.reason_code(), "wrong_date");
  EXPECT_FALSE(told.goes_on());
  // One that ended with the stay still does, and is corrected after it.
  ASSERT_TRUE(
      usecases::DischargePerson(stays_)
          .Run(Writing("novus"), {stay_.id, Etag(), Today(), domain::DischargeReason::kOwnWish, {}})
          .ok());
  stay_ = Read(stay_.id);
  ASSERT_TRUE(CorrectAbsence(AbsenceKind::kLeave, from + days(4),
                             AbsenceCorrectionReason::kWrongDate, from + days(5))
                  .ok());
  EXPECT_EQ(Events("absence_corrected")[1].absence_corrected().right_to_date(), "");
  EXPECT_FALSE(Events("absence_corrected")[1].absence_corrected().goes_on());
  EXPECT_FALSE(stay_.absence.has_value());
}

TEST_F(RecordCorrectionTest, AnIncidentIsCorrectedInTheHistory) {
  const domain::Incident wrong{domain::IncidentKind::kDrugTest, Today(),
                               domain::TestResult::kPositive, domain::Consequence::kConversation};
  const auto recorded = Keep(usecases::RecordStayIncident(stays_).Run(
      Writing("novus"), {stay_.id, Etag(), Today(), wrong}));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  domain::Incident right = wrong;
  right.result = domain::TestResult::kNegative;
  right.date = Today() + days(1);
  const auto content = IncidentCorrectionReason::kWrongContent;
  EXPECT_EQ(FieldOf(CorrectIncident(1, content, right).status()), "ordinal UNKNOWN");
  EXPECT_EQ(FieldOf(CorrectIncident(2, content).status()), "reason CONTRADICTION");
  EXPECT_EQ(FieldOf(CorrectIncident(2, content, right).status()), "date RANGE");
  right.date = Today() - days(1);
  ASSERT_TRUE(CorrectIncident(2, content, right).ok());
  EXPECT_EQ(FieldOf(CorrectIncident(2, content, right).status()), "ordinal ALREADY_CORRECTED");
  const auto facts = *usecases::ReadStayHistory(stays_, As(person_.owner), stay_.id);
  ASSERT_EQ(facts.size(), 4u);
  EXPECT_EQ(facts[2].kind, "incident_corrected");
  EXPECT_EQ(facts[2].corrects, 2);
  EXPECT_EQ(facts[2].code, "wrong_content");
  EXPECT_EQ(facts[3].ordinal, 4);
  EXPECT_EQ(facts[3].code, "negative");
  EXPECT_EQ(History("placement-board").size(), 1u) << "content is for facility and owner";
  const auto undone = CorrectIncident(4, IncidentCorrectionReason::kNotHappened);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(std::ranges::count(undone->actions, "CorrectIncident"), 0);
  EXPECT_EQ(Events("incident_recorded").size(), 3u);
}

}  // namespace
}  // namespace vardkedja::placement
