#include "notification-service/domain/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

namespace vardkedja::notification::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Directory Valid() {
  return {.organisations = {{.organisation_id = "region",
                             .name = "Region",
                             .kind = "region",
                             .municipality_code = "",
                             .participating = true},
                            {.organisation_id = "alvesta",
                             .name = "Alvesta kommun",
                             .kind = "municipality",
                             .municipality_code = "0764",
                             .participating = true}},
          .units = {{.unit_id = "ekeliden",
                     .organisation_id = "region",
                     .name = "Ekeliden",
                     .kind = "facility",
                     .functional_address = "ekeliden.sdk.example",
                     .facility_id = "ekeliden",
                     .host_organisation_id = "",
                     .seats = {}},
                    {.unit_id = "board",
                     .organisation_id = "region",
                     .name = "Remissgruppen",
                     .kind = "board",
                     .functional_address = "board.sdk.example",
                     .facility_id = "",
                     .host_organisation_id = "alvesta",
                     .seats = {{.seat = "ekeliden",
                                .facility_id = "ekeliden",
                                .holder_role = "unit_head",
                                .deputy_role = "coordinator"}}}}};
}

TEST(DirectoryTest, AcceptsAValidOne) { EXPECT_THAT(CheckDirectory(Valid()), IsEmpty()); }

struct Breach {
  std::string name;
  std::function<void(Directory&)> make;
  std::string key;
  std::string rule;
};

class DirectoryBreachTest : public ::testing::TestWithParam<Breach> {};

TEST_P(DirectoryBreachTest, IsNamedByKeyAndRule) {
  Directory directory = Valid();
  GetParam().make(directory);
  const std::vector<DirectoryProblem> problems = CheckDirectory(directory);
  std::vector<std::pair<std::string, std::string>> found;
  for (const DirectoryProblem& problem : problems) found.emplace_back(problem.key, problem.rule);
  EXPECT_THAT(found, ElementsAre(std::pair(GetParam().key, GetParam().rule)));
}

INSTANTIATE_TEST_SUITE_P(
    All, DirectoryBreachTest,
    ::testing::Values(
        Breach{"BadId", [](Directory& d) { d.organisations[0].kind = "church"; },
               "organisations[0].kind", "UNKNOWN_CODE"},
        Breach{"BadCode", [](Directory& d) { d.organisations[1].municipality_code = "76A4"; },
               "organisations[1].municipality_code", "NOT_A_MUNICIPALITY_CODE"},
        Breach{"CodeOfRegion", [](Directory& d) { d.organisations[0].municipality_code = "0700"; },
               "organisations[0].municipality_code", "NOT_ALLOWED"},
        Breach{"NoName", [](Directory& d) { d.units[0].name = ""; },
               "organisations[0].units[0].name", "LENGTH"},
        Breach{"BadAddress",
               [](Directory& d) { d.units[0].functional_address = "Ekeliden@example"; },
               "organisations[0].units[0].functional_address", "NOT_AN_ADDRESS"},
        Breach{"SameAddress",
               [](Directory& d) { d.units[1].functional_address = "ekeliden.sdk.example"; },
               "organisations[0].units[1].functional_address", "DUPLICATE"},
        Breach{"BadUnitKind",
               [](Directory& d) {
                 d.units[0].kind = "castle";
                 d.units[0].facility_id = "";
                 d.units[1].seats[0].facility_id = "";
                 d.units[1].kind = "board";
                 d.units.pop_back();
               },
               "organisations[0].units[0].kind", "UNKNOWN_CODE"},
        Breach{"FacilityLinkOfOther", [](Directory& d) { d.units[1].facility_id = "novus"; },
               "organisations[0].units[1].facility", "FACILITY_LINK"},
        Breach{"UnknownHost", [](Directory& d) { d.units[1].host_organisation_id = "nowhere"; },
               "organisations[0].units[1].host_organisation", "UNKNOWN_REFERENCE"},
        Breach{"NoHost", [](Directory& d) { d.units[1].host_organisation_id = ""; },
               "organisations[0].units[1].host_organisation", "REQUIRED"},
        Breach{"NoSeats", [](Directory& d) { d.units[1].seats.clear(); },
               "organisations[0].units[1].seats", "SEATS"},
        Breach{"UnknownFacilityOfSeat",
               [](Directory& d) { d.units[1].seats[0].facility_id = "novus"; },
               "organisations[0].units[1].seats[0].facility", "UNKNOWN_REFERENCE"},
        Breach{"UnknownHolder", [](Directory& d) { d.units[1].seats[0].holder_role = "king"; },
               "organisations[0].units[1].seats[0].holder_role", "UNKNOWN_CODE"},
        Breach{"UnknownDeputy", [](Directory& d) { d.units[1].seats[0].deputy_role = "queen"; },
               "organisations[0].units[1].seats[0].deputy_role", "UNKNOWN_CODE"},
        Breach{"UnknownOrganisation", [](Directory& d) { d.units[0].organisation_id = "gone"; },
               "organisations[?].units[0].organisation", "UNKNOWN_REFERENCE"},
        Breach{"SameUnit",
               [](Directory& d) {
                 d.units.push_back(d.units[0]);
                 d.units[2].functional_address = "other.sdk.example";
                 d.units[2].kind = "ward";
                 d.units[2].facility_id = "";
               },
               "organisations[0].units[2].id", "DUPLICATE"},
        Breach{"BadUnitId", [](Directory& d) { d.units[0].unit_id = "Ekeliden"; },
               "organisations[0].units[0].id", "NOT_A_SLUG"}),
    [](const auto& info) { return info.param.name; });

TEST(DirectoryTest, ReportsAllProblemsAtOnce) {
  Directory directory = Valid();
  directory.organisations[0].name = "";
  directory.units[0].functional_address = "x";
  directory.units[1].seats[0].holder_role = "";
  EXPECT_EQ(CheckDirectory(directory).size(), 3U);
}

TEST(SlugTest, Shapes) {
  for (const char* good : {"ab", "vaxjo-ifo1", "a1", "placement-board"}) EXPECT_TRUE(IsSlug(good));
  for (const char* bad : {"", "a", "1a", "-a", "a-", "a--b", "A1", "å1", "a b", "a_b"}) {
    EXPECT_FALSE(IsSlug(bad)) << bad;
  }
  EXPECT_TRUE(IsSlug(std::string(64, 'a')));
  EXPECT_FALSE(IsSlug(std::string(65, 'a')));
}

}  // namespace
}  // namespace vardkedja::notification::domain
