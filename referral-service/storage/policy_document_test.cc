// docs/form-and-grounds.md shows the form's fields and the grounds as data and code have them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "referral-service/domain/disclosure.h"
#include "referral-service/storage/seed.h"

namespace vardkedja::referral {
namespace {

constexpr char kDocument[] = "docs/form-and-grounds.md";

std::string FieldTable(const std::vector<domain::FormVersion>& versions) {
  std::string table;
  for (const domain::FormVersion& version : versions) {
    table += "### Version " + std::to_string(version.version) + ", from " +
             FormatDate(version.from_date) +
             "\n\n| field | in Swedish | category | required |\n|---|---|---|---|\n";
    for (const domain::FormField& field : version.fields) {
      table += "| `" + field.path + "` | " + field.label_sv + " | " + field.category + " | " +
               (field.required ? "yes" : "") + " |\n";
    }
    table += "\n";
  }
  table.pop_back();
  return table;
}

std::string GroundTable(const std::vector<domain::GroundRules>& rules) {
  std::string table = "| kind | form | text |\n|---|---|---|\n";
  for (int kind = 1; kind <= static_cast<int>(domain::GroundKind::kEmergency); ++kind) {
    const auto ground = static_cast<domain::GroundKind>(kind);
    const bool consent = ground == domain::GroundKind::kConsent;
    table += "| `" + std::string(domain::Name(ground)) + "` | " +
             (consent ? "written, oral or by conduct" : "") + " | " +
             (consent ? "required unless written" : "required") + " |\n";
  }
  table += "\n| from | longest term, days | a consent must be written for |\n|---|---|---|\n";
  for (const domain::GroundRules& rule : rules) {
    std::string units;
    for (const std::string& unit : rule.written_consent_unit_ids) {
      units += (units.empty() ? "" : ", ") + unit;
    }
    table += "| " + FormatDate(rule.from_date) + " | " + std::to_string(rule.longest_days) + " | " +
             units + " |\n";
  }
  return table;
}

// The text with the part between the marks replaced.
std::string Replace(const std::string& text, const std::string& name, const std::string& part) {
  const std::string begin = "<!-- " + name + ": begin -->\n";
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find("<!-- " + name + ": end -->");
  EXPECT_NE(from, std::string::npos) << name;
  EXPECT_NE(to, std::string::npos) << name;
  if (from == std::string::npos || to == std::string::npos) return text;
  return text.substr(0, from + begin.size()) + part + text.substr(to);
}

TEST(PolicyDocumentTest, ShowsFieldsAndGroundsAsTheyAre) {
  const auto seed = storage::ReadSeedFiles("deploy/kronoberg");
  ASSERT_TRUE(seed.ok()) << seed.status();
  std::ifstream file(kDocument);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  std::string wanted = Replace(written, "fields", FieldTable(seed->form_versions));
  wanted = Replace(wanted, "grounds", GroundTable(seed->ground_rules));
  if (std::getenv("VARDKEDJA_WRITE_DOCS") != nullptr) std::ofstream(kDocument) << wanted;
  std::ifstream again(kDocument);
  const std::string now{std::istreambuf_iterator<char>(again), {}};
  EXPECT_EQ(now, wanted);
}

}  // namespace
}  // namespace vardkedja::referral
