// Seeds, directory reads, and what the schema itself refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "lib/status/status.h"
#include "notification-service/domain/message.h"
#include "notification-service/events/publish.h"
#include "notification-service/storage/seed_files.h"
#include "notification-service/test_fixture.h"
#include "notification-service/usecases/list_units.h"

namespace vardkedja::notification::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StorageTest : public ServiceTest {
 protected:
  DirectoryEvents Events() const {
    const Instant now = clock_.Now();
    return {
        .organisation = [now](const auto& row) { return events::OrganisationRegistered(row, now); },
        .unit = [now](const auto& row) { return events::UnitRegistered(row, now); },
        .seat = [now](const auto& row) { return events::SeatRegistered(row, now); }};
  }
};

TEST_F(StorageTest, TheReferenceDataIsComplete) {
  EXPECT_EQ(Value("SELECT string_agg(municipality_code, ' ' ORDER BY municipality_code) "
                  "FROM organisation"),
            "0760 0761 0763 0764 0765 0767 0780 0781");
  EXPECT_EQ(Value("SELECT string_agg(organisation_id, ' ' ORDER BY organisation_id) "
                  "FROM organisation WHERE participating"),
            "alvesta joint region-kronoberg sis vaxjo");
  EXPECT_EQ(Value("SELECT count(*) FROM unit"), "18");
  EXPECT_EQ(Value("SELECT string_agg(seat, ' ' ORDER BY seat) FROM seat"), "ekeliden novus");
  EXPECT_EQ(Value("SELECT count(*) FROM event"), "31");
  EXPECT_EQ(Value("SELECT count(*) FROM deadline_rule"), "7");
}

TEST_F(StorageTest, SeedingAgainAddsNothingAndReportsWhatDiffers) {
  auto directory = *ReadDirectoryFile("deploy/kronoberg/organisations.yaml");
  const auto rules = *ReadDeadlinesFile("deploy/kronoberg/deadlines.yaml");
  const auto again = SeedDirectory(*pool_, directory, rules, Events());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_THAT(again->added, IsEmpty());
  EXPECT_THAT(again->differs, IsEmpty());
  directory.units[0].name = "Ekeliden HVB";
  directory.units.push_back({.unit_id = "novus-day",
                             .organisation_id = "vaxjo",
                             .name = "Novus dagverksamhet",
                             .kind = "social_services",
                             .functional_address = "novus-dag.vaxjo.sdk.example",
                             .facility_id = "",
                             .host_organisation_id = "",
                             .seats = {}});
  const auto third = SeedDirectory(*pool_, directory, rules, Events());
  ASSERT_TRUE(third.ok());
  EXPECT_THAT(third->added, ElementsAre("unit novus-day"));
  EXPECT_THAT(third->differs, ElementsAre("unit ekeliden"));
  EXPECT_EQ(Value("SELECT name FROM unit WHERE unit_id = 'ekeliden'"), "Ekeliden");
  EXPECT_EQ(Value("SELECT count(*) FROM event"), "32");
}

TEST_F(StorageTest, DirectoryReads) {
  const usecases::ListUnits list(*directory_);
  const auto vaxjo = list.Run(Call("piva"), {"vaxjo", 2, ""});
  ASSERT_TRUE(vaxjo.ok()) << vaxjo.status();
  EXPECT_THAT(vaxjo->units, SizeIs(2));
  EXPECT_EQ(vaxjo->next, "vaxjo-child-family");
  const auto rest = list.Run(Call("piva"), {"vaxjo", 100, vaxjo->next});
  EXPECT_THAT(rest->units, SizeIs(3));
  EXPECT_EQ(rest->next, "");
  EXPECT_FALSE(list.Run(Call("piva"), {"", 101, "Å"}).ok());
  const auto board = directory_->FindUnit("placement-board", pg::kNoDeadline);
  ASSERT_TRUE(board.ok());
  EXPECT_EQ((*board)->unit.host_organisation_id, "vaxjo");
  EXPECT_THAT((*board)->unit.seats,
              ElementsAre(domain::Seat{"ekeliden", "ekeliden", "unit_head", "coordinator"},
                          domain::Seat{"novus", "novus", "unit_head", "coordinator"}));
  EXPECT_EQ(*directory_->FindUnit("nowhere", pg::kNoDeadline), std::nullopt);
  EXPECT_FALSE((*directory_->FindUnit("ljungby-social-services", pg::kNoDeadline))->participating);
}

TEST_F(StorageTest, TheTableOfTransitionsIsTheDomains) {
  std::string expected;
  std::vector<std::string> rows;
  for (const domain::Transition& transition : domain::kTransitions) {
    rows.push_back(std::string(domain::Code(transition.from)) + " " +
                   std::string(domain::Code(transition.action)) + " " +
                   std::string(domain::Code(transition.to)));
  }
  std::vector<std::string> stored;
  for (const pg::Row row : database_.Query("notification",
                                           "SELECT from_state || ' ' || action || ' ' || to_state "
                                           "AS text FROM message_transition")) {
    stored.push_back(row.Text("text"));
  }
  EXPECT_THAT(stored, ::testing::UnorderedElementsAreArray(rows));
}

TEST_F(StorageTest, TheDatabaseRefusesWhatMustNotBe) {
  const auto insert = [this](const std::string& kind, const std::string& state,
                             const std::string& rest_columns, const std::string& rest_values) {
    return pool_
        ->Write(
            "INSERT INTO message (message_id, conversation_id, kind, state, recipient_unit_id, "
            "sent_at, sent_by, version" +
            rest_columns + ") VALUES (gen_random_uuid(), gen_random_uuid(), '" + kind + "', '" +
            state + "', 'ekeliden', now(), 's', 1" + rest_values + ")")
        .status();
  };
  const std::string derived = ", template_code, source_event_id, case_id, case_number";
  const std::string values = ", 't', 'e', 'c', 'n'";
  EXPECT_TRUE(insert("DERIVED", "NEW", derived, values).ok());
  EXPECT_EQ(pg::ViolatedConstraint(insert("DERIVED", "NEW", derived, values)),
            "message_once_per_source");
  EXPECT_EQ(pg::ViolatedConstraint(insert("DERIVED", "NEW", "", "")),
            "message_content_of_free_text");
  EXPECT_EQ(pg::ViolatedConstraint(insert("FREE_TEXT", "NEW", "", "")),
            "message_content_of_free_text");
  EXPECT_EQ(pg::ViolatedConstraint(insert("REMINDER", "ACCEPTED", derived, ", 't', 'f', 'c', 'n'")),
            "message_state_tells_facts");
  EXPECT_EQ(pg::ViolatedConstraint(insert("DERIVED", "LOST", derived, ", 't', 'g', 'c', 'n'")),
            "message_state_check");
  EXPECT_EQ(pg::ViolatedConstraint(pool_->Write("UPDATE message SET state = 'REJECTED'").status()),
            "message_transition_allowed");
}

TEST(SeedFilesTest, ProblemsNameFileKeyAndRule) {
  const auto status = ParseDirectory("o.yaml",
                                     "version: 1\n"
                                     "colour: red\n"
                                     "organisations:\n"
                                     "  - id: alvesta\n"
                                     "    name: Alvesta\n"
                                     "    name: Alvesta\n"
                                     "    kind: municipality\n"
                                     "    participating: maybe\n"
                                     "    units: none\n")
                          .status();
  const std::string text(ToStd(status.message()));
  EXPECT_THAT(text, HasSubstr("o.yaml: colour: UNKNOWN_KEY"));
  EXPECT_THAT(text, HasSubstr("o.yaml: organisations[0].participating: NOT_A_FLAG"));
  EXPECT_THAT(text, HasSubstr("o.yaml: organisations[0].units: NOT_A_LIST"));
  EXPECT_THAT(text, HasSubstr("o.yaml: organisations[0].name: DUPLICATE_KEY"));
  EXPECT_THAT(std::string(ToStd(ParseDirectory("o.yaml",
                                               "version: 1\norganisations:\n"
                                               "  - {id: alvesta, name: A, kind: municipality, "
                                               "participating: true, units: []}\n")
                                    .status()
                                    .message())),
              HasSubstr("o.yaml: organisations[0].municipality_code: NOT_A_MUNICIPALITY_CODE"));
  EXPECT_THAT(std::string(ToStd(ParseDirectory("o.yaml", "a: [").status().message())),
              HasSubstr("NOT_YAML"));
  EXPECT_EQ(ReadDirectoryFile("deploy/kronoberg/absent.yaml").status().code(),
            absl::StatusCode::kNotFound);
}

TEST(SeedFilesTest, DeadlineRulesAreStrict) {
  const std::string text(
      ToStd(ParseDeadlines("d.yaml",
                           "version: 2\n"
                           "deadlines:\n"
                           "  - {kind: lunch, valid_from: today, period_months: x}\n")
                .status()
                .message()));
  EXPECT_THAT(text, HasSubstr("d.yaml: version: UNKNOWN_VERSION"));
  EXPECT_THAT(text, HasSubstr("d.yaml: deadlines[0].kind: UNKNOWN_CODE"));
  EXPECT_THAT(text, HasSubstr("d.yaml: deadlines[0].valid_from: NOT_A_DATE"));
  EXPECT_THAT(text, HasSubstr("d.yaml: deadlines[0].period_months: NOT_A_NUMBER"));
}

}  // namespace
}  // namespace vardkedja::notification::storage
