#include "lib/config/reader.h"

#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

#include "lib/status/status.h"

extern char** environ;

namespace vardkedja::config {
namespace {

constexpr std::string_view kPrefix = "VARDKEDJA__";
constexpr int kMaxDepth = 8;

absl::Status Invalid(std::string_view name, std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, std::string(name) + ": " + std::string(what),
                   "CONFIGURATION_INVALID");
}

// VARDKEDJA__DATABASE__POOL_SIZE -> database.pool_size
std::string KeyOfVariable(std::string_view variable) {
  std::string key;
  variable.remove_prefix(kPrefix.size());
  for (std::size_t i = 0; i < variable.size(); ++i) {
    if (variable.substr(i, 2) == "__") {
      key += '.';
      ++i;
    } else {
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(variable[i])));
    }
  }
  return key;
}

struct Flat {
  std::map<std::string, std::string, std::less<>> scalars;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  std::vector<std::string> faults;
};

void Flatten(const YAML::Node& node, const std::string& path, int depth, Flat& out) {
  if (depth > kMaxDepth) {
    out.faults.push_back(path + ": nested too deep");
  } else if (node.IsMap()) {
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
      Flatten(entry.second, path.empty() ? key : path + "." + key, depth + 1, out);
    }
  } else if (node.IsSequence()) {
    std::vector<std::string> values;
    for (const auto& value : node) {
      if (value.IsScalar()) {
        values.push_back(value.Scalar());
      } else {
        out.faults.push_back(path + ": a list of plain values is expected");
      }
    }
    if (!out.lists.emplace(path, std::move(values)).second) {
      out.faults.push_back(path + ": given twice");
    }
  } else if (node.IsScalar()) {
    if (path.empty()) {
      out.faults.emplace_back("a mapping of keys is expected");
    } else if (!out.scalars.emplace(path, node.Scalar()).second) {
      out.faults.push_back(path + ": given twice");
    }
  } else if (!path.empty()) {
    out.faults.push_back(path + ": has no value");
  }
}

std::optional<std::int64_t> ToInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::chrono::milliseconds> ToDuration(std::string_view text) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::int64_t> number = ToInteger(text.substr(0, digits));
  if (!number || *number > kMost) return std::nullopt;
  const std::string_view unit = text.substr(digits);
  if (unit == "ms") return std::chrono::milliseconds(*number);
  if (unit == "s") return std::chrono::seconds(*number);
  if (unit == "m") return std::chrono::minutes(*number);
  if (unit == "h") return std::chrono::hours(*number);
  return std::nullopt;
}

std::string Print(std::chrono::milliseconds value) { return std::to_string(value.count()) + "ms"; }

}  // namespace

Variables ProcessVariables() {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

absl::StatusOr<Reader> Reader::FromText(std::string_view name, std::string_view yaml,
                                        const Variables& variables) {
  Reader reader{std::string(name)};
  Flat flat;
  try {
    Flatten(YAML::Load(std::string(yaml)), "", 0, flat);
  } catch (const YAML::Exception& error) {
    return Invalid(
        name, "not valid YAML at line " + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
  for (const auto& [variable, value] : variables) {
    if (!variable.starts_with(kPrefix)) continue;
    flat.scalars.insert_or_assign(KeyOfVariable(variable), value);
  }
  reader.scalars_ = std::move(flat.scalars);
  reader.lists_ = std::move(flat.lists);
  reader.faults_ = std::move(flat.faults);
  return reader;
}

absl::StatusOr<Reader> Reader::FromFile(const std::string& path, const Variables& variables) {
  std::ifstream file(path);
  if (!file) {
    return MakeError(absl::StatusCode::kNotFound, "cannot read the configuration file " + path,
                     "CONFIGURATION_MISSING");
  }
  std::ostringstream text;
  text << file.rdbuf();
  return FromText(path, text.str(), variables);
}

bool Reader::Has(std::string_view key) const {
  const std::string section = std::string(key) + ".";
  const auto next = scalars_.lower_bound(section);
  return scalars_.contains(key) || lists_.contains(key) ||
         (next != scalars_.end() && next->first.starts_with(section));
}

std::optional<std::string> Reader::Take(std::string_view key) {
  asked_.emplace(key);
  const auto found = scalars_.find(key);
  if (found != scalars_.end()) return found->second;
  if (lists_.contains(key)) Fault(key, "one value is expected, not a list");
  return std::nullopt;
}

std::string Reader::Text(std::string_view key) {
  std::optional<std::string> value = Take(key);
  if (!value && !lists_.contains(key)) Fault(key, "is missing");
  if (value && value->empty()) Fault(key, "must not be empty");
  return std::move(value).value_or("");
}

std::string Reader::Text(std::string_view key, std::string_view otherwise) {
  return Take(key).value_or(std::string(otherwise));
}

std::int64_t Reader::Integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                             std::int64_t most) {
  const std::optional<std::string> text = Take(key);
  if (!text) return otherwise;
  const std::optional<std::int64_t> value = ToInteger(*text);
  if (!value) {
    Fault(key, "'" + *text + "' is not a whole number");
    return otherwise;
  }
  if (*value < least || *value > most) {
    Fault(key, *text + " is not between " + std::to_string(least) + " and " + std::to_string(most));
    return otherwise;
  }
  return *value;
}

bool Reader::Flag(std::string_view key, bool otherwise) {
  const std::optional<std::string> text = Take(key);
  if (!text) return otherwise;
  if (*text != "true" && *text != "false") Fault(key, "'" + *text + "' is not true or false");
  return *text == "true";
}

std::chrono::milliseconds Reader::Duration(std::string_view key,
                                           std::chrono::milliseconds otherwise,
                                           std::chrono::milliseconds least,
                                           std::chrono::milliseconds most) {
  const std::optional<std::string> text = Take(key);
  if (!text) return otherwise;
  const std::optional<std::chrono::milliseconds> value = ToDuration(*text);
  if (!value) {
    Fault(key, "'" + *text + "' is not a duration such as 50ms, 5s, 2m or 1h");
    return otherwise;
  }
  if (*value < least || *value > most) {
    Fault(key, *text + " is not between " + Print(least) + " and " + Print(most));
    return otherwise;
  }
  return *value;
}

std::string Reader::Choice(std::string_view key, std::string_view otherwise,
                           const std::vector<std::string_view>& allowed) {
  std::string value = Text(key, otherwise);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  std::string list;
  for (const std::string_view choice : allowed) {
    if (!list.empty()) list += ", ";
    list += choice;
  }
  Fault(key, "'" + value + "' is none of " + list);
  return std::string(otherwise);
}

std::vector<std::string> Reader::List(std::string_view key) {
  asked_.emplace(key);
  if (scalars_.contains(key)) Fault(key, "a list is expected");
  const auto found = lists_.find(key);
  return found == lists_.end() ? std::vector<std::string>() : found->second;
}

std::map<std::string, std::string, std::less<>> Reader::Map(std::string_view key) {
  std::map<std::string, std::string, std::less<>> values;
  const std::string section = std::string(key) + ".";
  for (auto entry = scalars_.lower_bound(section);
       entry != scalars_.end() && entry->first.starts_with(section); ++entry) {
    std::string last = entry->first.substr(section.size());
    if (last.find('.') != std::string::npos) continue;  // reported as unknown by Finish
    asked_.insert(entry->first);
    values.emplace(std::move(last), entry->second);
  }
  return values;
}

void Reader::Fault(std::string_view key, std::string_view what) {
  faults_.push_back(std::string(key) + ": " + std::string(what));
}

absl::Status Reader::Finish() {
  for (const auto& [key, value] : scalars_) {
    if (!asked_.contains(key)) Fault(key, "unknown key");
  }
  for (const auto& [key, value] : lists_) {
    if (!asked_.contains(key)) Fault(key, "unknown key");
  }
  if (faults_.empty()) return absl::OkStatus();
  std::string all;
  for (const std::string& fault : faults_) {
    if (!all.empty()) all += "; ";
    all += fault;
  }
  return Invalid(name_, all);
}

}  // namespace vardkedja::config
