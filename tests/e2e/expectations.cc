#include "tests/e2e/expectations.h"

#include <gtest/gtest.h>

#include <fstream>

namespace vardkedja::e2e {
namespace {

namespace rp = reporting::v1;

using Messages = std::map<std::string, std::multiset<std::string>>;

void Tell(Messages& messages, const std::string& unit, const std::string& key,
          std::initializer_list<const char*> verbs) {
  for (const char* verb : verbs) messages[unit].insert(key + " " + verb);
}

// The facility proposes and agrees, the owner agrees for itself and for the person; each tells the
// other.
void TellAgreement(Messages& messages, const std::string& key, const std::string& owner,
                   const std::string& facility) {
  Tell(messages, owner, key, {"agreement_recorded", "agreement_recorded"});
  Tell(messages, facility, key, {"agreement_recorded", "agreement_recorded"});
}

// What a case that goes the whole way to a bed tells, when nothing special happens.
void TellWholeWay(Messages& messages, const std::string& key, const std::string& owner,
                  const std::string& facility) {
  Tell(messages, owner, key,
       {"acknowledged", "assessed", "study_visit_recorded", "decision_proposed", "queued",
        "offer_made", "enrolled"});
  Tell(messages, "placement-board", key,
       {"submitted", "assessment_proposed", "study_visit_recorded", "answered", "decision_made",
        "queued", "offer_accepted", "enrolled"});
  Tell(messages, facility, key,
       {"study_visit_booked", "decision_made", "offer_accepted", "children_question"});
  TellAgreement(messages, key, owner, facility);
}

Messages Expected() {
  Messages m;
  for (const auto& [unit, reader] : Inboxes()) m[unit];
  TellWholeWay(m, "R1", "vaxjo-ifo1", "novus");
  Tell(m, "vaxjo-ifo1", "R1", {"discharge_planned", "discharged"});
  Tell(m, "placement-board", "R1", {"discharged"});
  Tell(m, "clinic-region-vaxjo", "R1", {"home_support_recorded", "home_support_recorded"});

  TellWholeWay(m, "R2", "vaxjo-ifo1", "novus");

  TellWholeWay(m, "A", "alvesta-authority", "ekeliden");
  Tell(m, "alvesta-authority", "A",
       {"information_requested", "decision_proposed", "queued", "offer_made", "transfer_planned",
        "transfer_confirmed", "transfer_confirmed", "transfer_done", "discharge_planned",
        "discharged", "coordinated_plan_needed"});
  Tell(m, "placement-board", "A",
       {"information_provided", "decision_made", "queued", "offer_accepted", "transfer_done",
        "discharged"});
  Tell(m, "novus", "A",
       {"decision_made", "offer_accepted", "transfer_planned", "transfer_confirmed", "sip_called",
        "coordinated_plan_recorded"});
  Tell(m, "ekeliden", "A", {"cost_split_recorded", "transfer_confirmed", "transfer_done"});
  TellAgreement(m, "A", "alvesta-authority", "novus");
  Tell(m, "clinic-region-vaxjo", "A",
       {"home_support_recorded", "home_support_recorded", "home_support_recorded",
        "coordinated_plan_needed", "sip_called", "coordinated_plan_recorded"});

  TellWholeWay(m, "B", "vaxjo-ifo1", "novus");
  Tell(m, "vaxjo-ifo1", "B", {"offer_expiring", "offer_expired", "offer_made"});
  Tell(m, "novus", "B", {"offer_expired"});
  // C got the bed that B did not answer for: passed, and the board is told.
  Tell(m, "placement-board", "B", {"offer_expired", "queue_alert"});

  // C's visit was waived by its owner, and it answered twice.
  Tell(m, "vaxjo-ifo2", "C",
       {"acknowledged", "assessed", "decision_proposed", "queued", "offer_made", "enrolled"});
  Tell(m, "placement-board", "C",
       {"submitted", "assessment_proposed", "study_visit_recorded", "answered", "answered",
        "decision_made", "queued", "offer_accepted", "enrolled"});
  Tell(m, "novus", "C", {"decision_made", "offer_accepted", "children_question"});
  TellAgreement(m, "C", "vaxjo-ifo2", "novus");

  Tell(m, "vaxjo-ifo2", "D", {"acknowledged", "assessed", "study_visit_recorded", "sent_back"});
  Tell(m, "placement-board", "D",
       {"submitted", "assessment_proposed", "assessment_proposed", "study_visit_recorded"});
  Tell(m, "novus", "D", {"study_visit_booked"});

  Tell(m, "alvesta-authority", "E", {"acknowledged", "ground_ended"});
  Tell(m, "placement-board", "E", {"submitted", "access_ended"});
  Tell(m, "ekeliden", "E", {"access_ended"});
  Tell(m, "novus", "E", {"access_ended"});
  return m;
}

const rp::OccupancyRow& RowOf(const rp::OccupancyReport& report, const std::string& facility,
                              common::v1::BedKind kind) {
  for (const rp::OccupancyRow& row : report.rows()) {
    if (row.facility_id() == facility && row.bed_kind() == kind) return row;
  }
  throw StoryError("no occupancy row for " + facility);
}

}  // namespace

void ExpectMessages(Stage& stage, const Story& story) {
  const Messages expected = Expected();
  Messages found;
  try {
    stage.Await("the last messages", [&] {
      found = MessagesOf(stage, story);
      return found == expected;
    });
  } catch (const StoryError&) {
    // The comparison below says which inbox differs and how.
  }
  for (const auto& [unit, messages] : expected) EXPECT_EQ(found[unit], messages) << unit;
}

// Day 0 to 49, local dates. Novus, ordinary places: R1 16 (day 0 to 16), R2 49, C 30 (from day 19),
// B 30 (from day 19), A 14 (from day 35): 139. Open places: 2 from the start and 2 more from day
// 19: 2 * 49 + 2 * 30 = 158. Ekeliden: A 35 of 18 * 49 = 882. The intake place: 0 of 49.
// Waiting: R1 0, R2 0, A 0, B 17 (day 2 to 19), C 19 days; the transfer of A 16 (day 19 to 35).
// S(0) = 2/5, so the median is 0; S(17) = 1/5 and S(19) = 0, so the 90th percentile is 19.
void ExpectFigures(Stage& stage, const Story& story) {
  rp::OccupancyReport occupancy;
  stage.Await("the reports to have seen every event", [&] {
    occupancy = Occupancy(stage, story.day(0), story.day(49));
    // Stays and decisions come from two logs, and one of them may have been killed meanwhile.
    return RowOf(occupancy, "novus", common::v1::BED_KIND_REGULAR).bed_days() == 139 &&
           WaitingTimes(stage, story.day(0), story.day(50)).transfer().decisions() == 1;
  });
  const auto& novus = RowOf(occupancy, "novus", common::v1::BED_KIND_REGULAR);
  EXPECT_EQ(novus.bed_days(), 139);
  EXPECT_EQ(novus.available_days(), 158);
  EXPECT_NEAR(novus.occupancy_percent(), 100.0 * 139 / 158, 0.05);
  const auto& intake = RowOf(occupancy, "novus", common::v1::BED_KIND_INTAKE);
  EXPECT_EQ(intake.bed_days(), 0);
  EXPECT_EQ(intake.available_days(), 49);
  const auto& ekeliden = RowOf(occupancy, "ekeliden", common::v1::BED_KIND_REGULAR);
  EXPECT_EQ(ekeliden.bed_days(), 35);
  EXPECT_EQ(ekeliden.available_days(), 882);

  const auto waiting = WaitingTimes(stage, story.day(0), story.day(50));
  EXPECT_EQ(waiting.first_placement().decisions(), 5);
  EXPECT_EQ(waiting.first_placement().executed(), 5);
  EXPECT_EQ(waiting.first_placement().median_days(), 0);
  EXPECT_EQ(waiting.first_placement().p90_days(), 19);
  EXPECT_EQ(waiting.transfer().decisions(), 1);
  EXPECT_EQ(waiting.transfer().median_days(), 16);

  // Seven cases; R1, R2, A, B and C were decided. All but C followed the routine in order: C's
  // visit was waived. Planned dates: R1 and R2 day 0, A day 7 (moved in day 0), C day 14 (moved in
  // day 19), B day 16 (moved in day 19); A's transfer day 49 (moved day 35).
  const auto board = BoardFigures(stage, story.day(0), story.day(50));
  EXPECT_EQ(board.cases(), 7);
  EXPECT_EQ(board.people(), 7);
  EXPECT_EQ(board.decided_cases(), 5);
  EXPECT_EQ(board.followed_routine(), 4);
  EXPECT_EQ(board.overrides(), 0);
  EXPECT_EQ(board.information_requested(), 1);
}

void ExpectNoPersonalData(const Suite& suite, const Story& story) {
  std::map<std::string, std::string> places;
  for (const char* process : {"referral", "placement", "notification", "reporting", "gateway"}) {
    std::ifstream file(suite.state_dir() + "/log/" + process + ".log");
    places[std::string("the log of ") + process].assign(std::istreambuf_iterator<char>(file), {});
    places[std::string("the metrics of ") + process] =
        CallRest(suite.AdminAddress(process), {.target = "/metrics"}).body;
  }
  for (const char* service : {"referral", "placement", "notification"}) {
    places[std::string("the events of ") + service] =
        suite.Run({"psql", "-Atc",
                   std::string("select encode(payload, 'escape') from ") + service + ".event"});
  }
  for (const auto& [place, text] : places) {
    EXPECT_FALSE(text.empty()) << place << " could not be read";
    for (const char* key : {"R1", "R2", "A", "B", "C", "D", "E"}) {
      const Person& person = story.of(key).person;
      EXPECT_EQ(text.find(person.identity_number), std::string::npos) << place << " " << key;
      EXPECT_EQ(text.find(person.identity_number.substr(2)), std::string::npos) << place;
      EXPECT_EQ(text.find(person.family_name), std::string::npos) << place << " " << key;
    }
  }
}

}  // namespace vardkedja::e2e
