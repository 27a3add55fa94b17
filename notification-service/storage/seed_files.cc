#include "notification-service/storage/seed_files.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::notification::storage {
namespace {

constexpr int kFileVersion = 1;

// Reads maps key by key and gathers every problem. Its getters return an empty value for a problem.
class StrictMap {
 public:
  StrictMap(YAML::Node node, std::string path, std::vector<std::string>& problems)
      : node_(std::move(node)), path_(std::move(path)), problems_(problems) {
    if (!node_.IsMap()) Problem("", "NOT_A_MAP", "a map of keys is expected");
  }

  std::string Text(const std::string& key, bool required) {
    const YAML::Node value = Take(key, required);
    if (!value) return {};
    if (!value.IsScalar()) {
      Problem(key, "NOT_A_TEXT", "a text is expected");
      return {};
    }
    return value.Scalar();
  }

  bool Flag(const std::string& key) {
    const std::string text = Text(key, true);
    if (!text.empty() && text != "true" && text != "false") {
      Problem(key, "NOT_A_FLAG", "true or false is expected");
    }
    return text == "true";
  }

  int Integer(const std::string& key, bool required) {
    const std::string text = Text(key, required);
    return text.empty() ? 0 : ParseInteger(key, text);
  }

  std::vector<int> Integers(const std::string& key) {
    std::vector<int> numbers;
    const YAML::Node list = Take(key, false);
    if (!list) return numbers;
    if (!list.IsSequence()) Problem(key, "NOT_A_LIST", "a list of numbers is expected");
    for (const YAML::Node& item : list) {
      numbers.push_back(ParseInteger(key, item.IsScalar() ? item.Scalar() : ""));
    }
    return numbers;
  }

  // The maps of a list, each with its own path.
  std::vector<StrictMap> Maps(const std::string& key, bool required) {
    std::vector<StrictMap> maps;
    const YAML::Node list = Take(key, required);
    if (!list) return maps;
    if (!list.IsSequence()) {
      Problem(key, "NOT_A_LIST", "a list is expected");
      return maps;
    }
    for (size_t i = 0; i < list.size(); ++i) {
      maps.emplace_back(list[i], Path(key) + "[" + std::to_string(i) + "]", problems_);
    }
    return maps;
  }

  // Call last: every key that was not asked for is a problem.
  void Finish() {
    if (!node_.IsMap()) return;
    std::set<std::string> seen;
    for (const auto& entry : node_) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
      if (!seen.insert(key).second) Problem(key, "DUPLICATE_KEY", "is given twice");
      if (!asked_.contains(key)) Problem(key, "UNKNOWN_KEY", "no such key is known here");
    }
  }

  void Problem(const std::string& key, std::string_view rule, std::string_view text) {
    problems_.push_back(Path(key) + ": " + std::string(rule) + ": " + std::string(text));
  }

 private:
  std::string Path(const std::string& key) const {
    if (path_.empty()) return key;
    return key.empty() ? path_ : path_ + "." + key;
  }

  YAML::Node Take(const std::string& key, bool required) {
    asked_.insert(key);
    const YAML::Node value = node_.IsMap() ? node_[key] : YAML::Node(YAML::NodeType::Undefined);
    if (!value && required && node_.IsMap()) Problem(key, "REQUIRED", "is required");
    return value;
  }

  int ParseInteger(const std::string& key, const std::string& text) {
    const bool digits = !text.empty() && text.size() <= 6 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) {
      Problem(key, "NOT_A_NUMBER", "a whole number is expected");
      return 0;
    }
    return std::stoi(text);
  }

  YAML::Node node_;
  std::string path_;
  std::vector<std::string>& problems_;
  std::set<std::string> asked_;
};

absl::Status ToStatus(const std::string& name, const std::vector<std::string>& problems) {
  if (problems.empty()) return absl::OkStatus();
  std::string text;
  for (const std::string& problem : problems) {
    if (!text.empty()) text += "\n";
    text += name + ": " + problem;
  }
  return absl::InvalidArgumentError(text);
}

absl::StatusOr<YAML::Node> Load(const std::string& name, const std::string& yaml) {
  try {
    return YAML::Load(yaml);
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(name + ": line " + std::to_string(error.mark.line + 1) +
                                      ": NOT_YAML: " + error.msg);
  }
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(path + ": cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void CheckVersion(StrictMap& root) {
  if (root.Integer("version", true) != kFileVersion) {
    root.Problem("version", "UNKNOWN_VERSION", "this program reads version 1");
  }
}

domain::Unit ReadUnit(StrictMap& map, const std::string& organisation_id) {
  domain::Unit unit{.unit_id = map.Text("id", true),
                    .organisation_id = organisation_id,
                    .name = map.Text("name", true),
                    .kind = map.Text("kind", true),
                    .functional_address = map.Text("functional_address", true),
                    .facility_id = map.Text("facility", false),
                    .host_organisation_id = map.Text("host_organisation", false),
                    .seats = {}};
  for (StrictMap& seat : map.Maps("seats", false)) {
    unit.seats.push_back({.seat = seat.Text("seat", true),
                          .facility_id = seat.Text("facility", true),
                          .holder_role = seat.Text("holder_role", true),
                          .deputy_role = seat.Text("deputy_role", false)});
    seat.Finish();
  }
  map.Finish();
  return unit;
}

}  // namespace

absl::StatusOr<domain::Directory> ParseDirectory(const std::string& name, const std::string& yaml) {
  VK_ASSIGN_OR_RETURN(const YAML::Node document, Load(name, yaml));
  std::vector<std::string> problems;
  StrictMap root(document, "", problems);
  CheckVersion(root);
  domain::Directory directory;
  for (StrictMap& map : root.Maps("organisations", true)) {
    domain::Organisation organisation{.organisation_id = map.Text("id", true),
                                      .name = map.Text("name", true),
                                      .kind = map.Text("kind", true),
                                      .municipality_code = map.Text("municipality_code", false),
                                      .participating = map.Flag("participating")};
    for (StrictMap& unit : map.Maps("units", true)) {
      directory.units.push_back(ReadUnit(unit, organisation.organisation_id));
    }
    map.Finish();
    directory.organisations.push_back(std::move(organisation));
  }
  root.Finish();
  VK_RETURN_IF_ERROR(ToStatus(name, problems));
  for (const domain::DirectoryProblem& problem : domain::CheckDirectory(directory)) {
    problems.push_back(problem.key + ": " + problem.rule + ": " + problem.text);
  }
  VK_RETURN_IF_ERROR(ToStatus(name, problems));
  return directory;
}

absl::StatusOr<std::vector<domain::DeadlineRule>> ParseDeadlines(const std::string& name,
                                                                 const std::string& yaml) {
  VK_ASSIGN_OR_RETURN(const YAML::Node document, Load(name, yaml));
  std::vector<std::string> problems;
  StrictMap root(document, "", problems);
  CheckVersion(root);
  std::vector<domain::DeadlineRule> rules;
  for (StrictMap& map : root.Maps("deadlines", true)) {
    const auto kind = domain::ParseDeadlineKind(map.Text("kind", true));
    const auto valid_from = ParseDate(map.Text("valid_from", true));
    if (!kind) {
      map.Problem("kind", "UNKNOWN_CODE",
                  "execution, decision_period, ground_term, cost_split, interruption, lvm or "
                  "reconsideration");
    }
    if (!valid_from) map.Problem("valid_from", "NOT_A_DATE", "YYYY-MM-DD is expected");
    rules.push_back({.kind = kind.value_or(domain::DeadlineKind::kExecution),
                     .valid_from = valid_from.value_or(Date{}),
                     .period_months = map.Integer("period_months", false),
                     .remind_days_after_start = map.Integers("remind_days_after_start"),
                     .remind_days_before_end = map.Integers("remind_days_before_end")});
    map.Finish();
  }
  root.Finish();
  VK_RETURN_IF_ERROR(ToStatus(name, problems));
  for (const domain::DeadlineRuleProblem& problem : domain::CheckDeadlineRules(rules)) {
    problems.push_back(problem.key + ": " + problem.rule + ": " + problem.text);
  }
  VK_RETURN_IF_ERROR(ToStatus(name, problems));
  return rules;
}

absl::StatusOr<domain::Directory> ReadDirectoryFile(const std::string& path) {
  VK_ASSIGN_OR_RETURN(const std::string yaml, ReadFile(path));
  return ParseDirectory(path, yaml);
}

absl::StatusOr<std::vector<domain::DeadlineRule>> ReadDeadlinesFile(const std::string& path) {
  VK_ASSIGN_OR_RETURN(const std::string yaml, ReadFile(path));
  return ParseDeadlines(path, yaml);
}

}  // namespace vardkedja::notification::storage
