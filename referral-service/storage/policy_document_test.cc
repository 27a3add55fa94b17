// docs/form-and-grounds.md shows the form's fields and the grounds as data and code have them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "referral-service/domain/disclosure.h"
#include "referral-service/rpc/form_version.h"
#include "referral-service/storage/seed.h"

namespace vardkedja::referral {
namespace {

constexpr char kDocument[] = "docs/form-and-grounds.md";

std::string Codes(const v1::FormField& field) {
  std::string text;
  for (const v1::FormCode& code : field.codes()) {
    text += (text.empty() ? "one of " : ", ") + code.label_sv() + " (`" + code.code() + "`";
    if (code.max_value() > 0) text += ", to " + std::to_string(code.max_value());
    text += ")";
  }
  return text.empty() ? "none in this version" : text;
}

std::string Within(int most, const std::string& path) {
  if (path.empty()) return std::to_string(most);
  return (most > 0 ? std::to_string(most) + " and at most " : "what is said of ") + "`" + path +
         "`";
}

// What is filled in, with its limits.
std::string Content(const v1::FormField& field) {
  switch (field.type()) {
    case v1::FORM_FIELD_TYPE_TEXT:
      if (!field.pattern().empty()) return "text like \"" + field.example() + "\"";
      return std::string(field.several_lines() ? "text, " : "one line, ") +
             std::to_string(field.max_length()) + " characters";
    case v1::FORM_FIELD_TYPE_IDENTITY_NUMBER:
      return "identity number, of someone of " + std::to_string(field.minimum_age()) + " or more";
    case v1::FORM_FIELD_TYPE_CODE:
      return Codes(field);
    case v1::FORM_FIELD_TYPE_DATE:
      return field.not_in_future() ? "date, not in the future" : "date";
    case v1::FORM_FIELD_TYPE_BOOLEAN:
      return "yes or no";
    case v1::FORM_FIELD_TYPE_NUMBER:
      return "0 to " + Within(field.max_value(), field.max_value_path());
    case v1::FORM_FIELD_TYPE_LIST:
      return "list, at most " + Within(field.max_count(), field.max_count_path());
    default:
      return "";
  }
}

std::string Requirement(const v1::FormField& field) {
  if (field.required()) return "yes";
  if (!field.has_required_when()) return "";
  return std::string(field.has_only_when() ? "when and only when `" : "when `") +
         field.required_when().path() + "` is `" + field.required_when().codes(0) + "`";
}

void AddRow(const v1::FormField& field, std::string& table) {
  table += "| `" + field.path() + "` | " + field.label_sv() + " | " + field.category() + " | " +
           Content(field) + " | " + Requirement(field) + " |\n";
  for (const v1::FormField& sub : field.sub_fields()) AddRow(sub, table);
}

std::string FieldTable(const std::vector<domain::FormVersion>& versions) {
  std::string table;
  for (const domain::FormVersion& version : versions) {
    const v1::FormVersion shown = rpc::ToProto(version);
    table +=
        "### Version " + std::to_string(version.version) + ", from " + shown.from_date() + "\n";
    for (const v1::FormSection& section : shown.sections()) {
      std::string rows;
      for (const v1::FormField& field : shown.fields()) {
        if (field.section_code() == section.code()) AddRow(field, rows);
      }
      if (rows.empty()) continue;
      table += "\n#### " + section.label_sv() +
               "\n\n| field | in Swedish | category | content | "
               "required |\n|---|---|---|---|---|\n" +
               rows;
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
