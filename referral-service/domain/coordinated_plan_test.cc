#include "referral-service/domain/coordinated_plan.h"

#include <gtest/gtest.h>

namespace vardkedja::referral::domain {
namespace {

const Instant kNow = ParseInstant("2026-11-23T09:00:00Z").value();
const PlanAuthor kOwner{"alvesta-authority", "alvesta", kNow};
const PlanAuthor kFacility{"ekeliden", "region-kronoberg", kNow};

Reference Known() {
  Reference reference;
  for (const auto& [unit, organisation] : {std::pair{"alvesta-authority", "alvesta"},
                                           {"alvesta-housing", "alvesta"},
                                           {"vaxjo-ifo1", "vaxjo"},
                                           {"ekeliden", "region-kronoberg"},
                                           {"clinic-region-vaxjo", "region-kronoberg"}}) {
    reference.unit_ids.insert(unit);
    reference.units[unit] = {unit, organisation, UnitKind::kOther, ""};
  }
  reference.organisations = {{"alvesta", {"alvesta", "0764", true}},
                             {"vaxjo", {"vaxjo", "0780", true}},
                             {"region-kronoberg", {"region-kronoberg", "", true}}};
  reference.video_hosts = {
      {"alvesta", "video.alvesta.example", MakeDate(2024, 1, 1), {}},
      {"alvesta", "old.alvesta.example", MakeDate(2024, 1, 1), MakeDate(2025, 1, 1)},
      {"region-kronoberg", "video.region.example", MakeDate(2024, 1, 1), {}}};
  return reference;
}

std::set<std::string> Rules(const absl::Status& status) {
  std::set<std::string> rules;
  const auto detail = GetErrorDetail(status);
  if (!detail) return {status.ToString().empty() ? "" : "no detail"};
  for (const FieldViolation& one : detail->violations) rules.insert(one.field + " " + one.rule);
  return rules;
}

std::string StateIn(const absl::Status& status) {
  return GetErrorDetail(status)->metadata["state"];
}

CoordinatedPlan Needed() {
  return *AssessNeed({}, {PlanAskedBy::kPrincipal, "Flera insatser.", {"clinic-region-vaxjo"}},
                     Known(), kOwner);
}

CoordinatedPlan Agreed() { return *RecordAgreement(Needed(), true, "Muntligt vid mötet.", kOwner); }

MeetingRequest Video() {
  MeetingRequest request;
  request.meeting_time = kNow + std::chrono::hours(24);
  request.form = PlanMeetingForm::kVideo;
  request.video_link = "https://video.alvesta.example/rum/42";
  return request;
}

PlanContentRequest Content() {
  return {"\"Jag vill bo kvar hemma.\"",
          {{"Boendestöd två gånger i veckan.", "alvesta-housing", "2026-12-01"}},
          "Brodern skjutsar.",
          "alvesta-authority",
          "2027-01-15"};
}

TEST(CoordinatedPlanTest, OnePrincipalsNeedBindsBothAndCannotBeTakenBack) {
  const CoordinatedPlan plan = Needed();
  EXPECT_EQ(plan.party_unit_ids,
            (std::set<std::string>{"alvesta-authority", "clinic-region-vaxjo"}));
  EXPECT_EQ(plan.need->organisation_id, "alvesta");
  EXPECT_EQ(StateIn(AssessNeed(plan, {PlanAskedBy::kPrincipal, "Nej.", {"alvesta-authority"}},
                               Known(), kFacility)
                        .status()),
            "needed");
}

TEST(CoordinatedPlanTest, ANeedNamesAUnitOfTheOtherPrincipal) {
  const auto own =
      AssessNeed({}, {PlanAskedBy::kPerson, "Ja.", {"alvesta-housing"}}, Known(), kOwner);
  EXPECT_EQ(Rules(own.status()), std::set<std::string>{"party_unit_ids OTHER_PRINCIPAL"});
  const auto municipal =
      AssessNeed({}, {PlanAskedBy::kPerson, "Ja.", {"vaxjo-ifo1"}}, Known(), kOwner);
  EXPECT_EQ(Rules(municipal.status()), std::set<std::string>{"party_unit_ids OTHER_PRINCIPAL"});
  EXPECT_TRUE(
      AssessNeed({}, {PlanAskedBy::kPerson, "Ja.", {"vaxjo-ifo1"}}, Known(), kFacility).ok());
  const auto nothing =
      AssessNeed({}, {PlanAskedBy::kUnspecified, "", {"nowhere"}}, Known(), kOwner);
  EXPECT_EQ(Rules(nothing.status()), (std::set<std::string>{"asked_by REQUIRED", "reason REQUIRED",
                                                            "party_unit_ids[0] UNKNOWN_UNIT",
                                                            "party_unit_ids OTHER_PRINCIPAL"}));
}

TEST(CoordinatedPlanTest, NothingIsCalledOrWrittenWithoutNeedAndAgreement) {
  EXPECT_EQ(StateIn(RecordAgreement({}, true, "Ja.", kOwner).status()), "not_needed");
  EXPECT_EQ(StateIn(CallMeeting({}, Video(), "m", Known(), kOwner).status()), "not_needed");
  EXPECT_EQ(StateIn(CallMeeting(Needed(), Video(), "m", Known(), kOwner).status()), "not_agreed");
  const CoordinatedPlan refused = *RecordAgreement(Needed(), false, "Vill inte.", kOwner);
  EXPECT_EQ(StateIn(WriteContent(refused, Content(), Known(), kOwner).status()), "not_agreed");
  const CoordinatedPlan anew = *RecordAgreement(refused, true, "Ändrade sig.", kOwner);
  EXPECT_TRUE(WriteContent(anew, Content(), Known(), kOwner).ok());
  EXPECT_EQ(StateIn(FollowUp(anew, {"", "Bra.", ""}, kOwner).status()), "not_written");
}

TEST(CoordinatedPlanTest, AVideoLinkLeadsToTheCallingOrganisation) {
  EXPECT_TRUE(CallMeeting(Agreed(), Video(), "m", Known(), kOwner).ok());
  for (const char* link :
       {"https://video.region.example/rum", "http://video.alvesta.example/rum",
        "https://old.alvesta.example/rum", "https://video.alvesta.example.other/rum",
        "https://video.alvesta.example@other.example/rum", "https://video.alvesta.example:8443/rum",
        "https://VIDEO.alvesta.example/", "https://", "rum"}) {
    MeetingRequest request = Video();
    request.video_link = link;
    EXPECT_EQ(Rules(CallMeeting(Agreed(), request, "m", Known(), kOwner).status()),
              std::set<std::string>{"video_link NOT_OWN_HOST"})
        << link;
  }
  EXPECT_FALSE(CallMeeting(Agreed(), Video(), "m", Known(), kFacility).ok());
}

TEST(CoordinatedPlanTest, AMeetingHasTimeFormAndWhatTheFormNeeds) {
  MeetingRequest request;
  EXPECT_EQ(Rules(CallMeeting(Agreed(), request, "m", Known(), kOwner).status()),
            (std::set<std::string>{"meeting_time REQUIRED", "form REQUIRED"}));
  request = Video();
  request.meeting_time = kNow;
  request.form = PlanMeetingForm::kInPerson;
  EXPECT_EQ(Rules(CallMeeting(Agreed(), request, "m", Known(), kOwner).status()),
            (std::set<std::string>{"meeting_time IN_THE_PAST", "place REQUIRED",
                                   "video_link NOT_OF_THIS_FORM"}));
  request = Video();
  request.form = PlanMeetingForm::kTelephone;
  request.video_link.clear();
  request.place = "Rum 2";
  EXPECT_EQ(Rules(CallMeeting(Agreed(), request, "m", Known(), kOwner).status()),
            std::set<std::string>{"place NOT_OF_THIS_FORM"});
}

TEST(CoordinatedPlanTest, TheCalledAndTheResponsibleBecomeParties) {
  MeetingRequest request = Video();
  request.invited_unit_ids = {"ekeliden"};
  const auto called = CallMeeting(Agreed(), request, "m-1", Known(), kOwner);
  ASSERT_TRUE(called.ok()) << called.status();
  EXPECT_EQ(called->meetings[0].invited_unit_ids, called->party_unit_ids);
  EXPECT_TRUE(called->party_unit_ids.contains("ekeliden"));
  const auto written = WriteContent(*called, Content(), Known(), kOwner);
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_TRUE(written->party_unit_ids.contains("alvesta-housing"));
  EXPECT_EQ(written->content->revision, 1);
}

TEST(CoordinatedPlanTest, TheFourContentsAreRequiredWhereTheyMustBe) {
  EXPECT_EQ(Rules(WriteContent(Agreed(), {}, Known(), kOwner).status()),
            (std::set<std::string>{"content.goals REQUIRED", "content.interventions REQUIRED",
                                   "content.responsible_unit_id UNKNOWN_UNIT",
                                   "content.follow_up_date REQUIRED"}));
  PlanContentRequest request = Content();
  request.interventions.push_back({"", "nowhere", "igår"});
  request.follow_up_date = "2026-11-23";
  EXPECT_EQ(
      Rules(WriteContent(Agreed(), request, Known(), kOwner).status()),
      (std::set<std::string>{
          "content.interventions[1].what REQUIRED", "content.interventions[1].unit_id UNKNOWN_UNIT",
          "content.interventions[1].start_date DATE", "content.follow_up_date IN_THE_PAST"}));
}

TEST(CoordinatedPlanTest, AFollowUpSetsTheNextOneOrEndsThePlan) {
  const CoordinatedPlan plan = *WriteContent(Agreed(), Content(), Known(), kOwner);
  const auto first = FollowUp(plan, {"", "Går bra.", "2027-03-01"}, kFacility);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->content->follow_up_date, MakeDate(2027, 3, 1));
  const auto last = FollowUp(*first, {"2026-11-22", "Klart.", ""}, kFacility);
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_EQ(last->content->follow_up_date, std::nullopt);
  EXPECT_EQ(last->follow_ups.size(), 2U);
  EXPECT_EQ(
      Rules(FollowUp(plan, {"2026-11-24", "", "2026-11-23"}, kOwner).status()),
      (std::set<std::string>{"done_date IN_THE_FUTURE", "text REQUIRED", "next_date IN_THE_PAST"}));
}

}  // namespace
}  // namespace vardkedja::referral::domain
