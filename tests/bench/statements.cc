#include "tests/bench/statements.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace vardkedja::bench {
namespace {

constexpr std::string_view kPrefix = "vkbench|";
constexpr std::string_view kExecute = "LOG:  execute ";
constexpr std::string_view kParameters = "DETAIL:  parameters: ";

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// "$1 = 'it''s', $2 = NULL"
std::vector<std::optional<std::string>> ParseParams(std::string_view text) {
  std::vector<std::optional<std::string>> params;
  while (true) {
    const std::size_t equals = text.find(" = ");
    if (equals == std::string_view::npos) return params;
    text.remove_prefix(equals + 3);
    if (text.starts_with("NULL")) {
      params.emplace_back();
      continue;
    }
    std::string value;
    std::size_t i = 1;
    for (; i < text.size(); ++i) {
      if (text[i] != '\'') {
        value += text[i];
      } else if (i + 1 < text.size() && text[i + 1] == '\'') {
        value += text[i++];
      } else {
        break;
      }
    }
    params.emplace_back(std::move(value));
    text.remove_prefix(std::min(i + 1, text.size()));
  }
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

int Cardinality(const std::string& array) {
  if (array == "{}") return 0;
  return 1 + static_cast<int>(std::count(array.begin(), array.end(), ','));
}

// An array of as many fresh elements as the captured one had.
std::string FreshArray(const std::string& captured, std::string_view element) {
  std::string out = "ARRAY[";
  for (int i = 0; i < Cardinality(captured); ++i) {
    if (i > 0) out += ", ";
    std::string one(element);
    if (const std::size_t at = one.find('#'); at != std::string::npos) {
      one.replace(at, 1, std::to_string(i));
    }
    out += one;
  }
  return out + "]";
}

// How many parameters of the state's change stand before those of lib/commit's three inserts.
std::optional<std::size_t> CommitOffset(std::string_view sql) {
  constexpr std::string_view kFirst = "unnest($";
  const std::size_t rows = sql.find("request_rows AS");
  if (rows == std::string_view::npos) return std::nullopt;
  const std::size_t at = sql.find(kFirst, rows) + kFirst.size();
  std::size_t first = 0;
  std::from_chars(sql.data() + at, sql.data() + sql.size(), first);
  return first - 1;
}

// What stands for $number of a statement that may not be repeated as it is, if anything does.
// lib/commit's inserts and the guarded update are recognised by their text.
std::optional<std::string> Fresh(const Statement& statement, std::size_t number) {
  const std::string& value = statement.params[number - 1].value_or("");
  if (Contains(statement.sql, "SELECT fingerprint") && number == 3) return ":n::text";
  if (Contains(statement.sql, "UPDATE referral SET") && number == 2) return ":v";
  const std::optional<std::size_t> offset = CommitOffset(statement.sql);
  if (!offset) return std::nullopt;
  if (number == *offset + 3) return FreshArray(value, "(:n::bigint + #)::text");
  if (number == *offset + 7) {
    return FreshArray(value, "lpad(to_hex(:n::bigint + #), 32, '0')::uuid");
  }
  if (number == *offset + 10) return FreshArray(value, ":v::bigint");
  return std::nullopt;
}

std::string Place(const Statement& statement, std::size_t number, std::size_t index,
                  std::string_view referral_id, Script& script) {
  const auto& value = statement.params[number - 1];
  if (const auto fresh = Fresh(statement, number)) return *fresh;
  if (!value) return "NULL";
  if (value->empty()) return "''";  // pgbench knows no empty variable
  if (*value == referral_id) return ":rid";
  if (*value == "{\"" + std::string(referral_id) + "\"}" ||
      *value == "{" + std::string(referral_id) + "}") {
    return "ARRAY[:rid]";
  }
  const std::string name = "s" + std::to_string(index) + "p" + std::to_string(number);
  script.definitions.push_back(name + "=" + *value);
  return ":" + name;
}

}  // namespace

std::vector<Statement> ReadLog(std::string_view log, const std::vector<std::string>& applications) {
  std::vector<Statement> statements;
  bool continues = false;
  bool wanted = false;
  while (!log.empty()) {
    std::string_view line = TakeLine(log);
    if (!line.starts_with(kPrefix)) {
      if (continues) (statements.back().sql += '\n') += line;
      continue;
    }
    continues = false;
    line.remove_prefix(kPrefix.size());
    const std::size_t bar = line.find('|');
    if (bar == std::string_view::npos) continue;
    const std::string_view application = line.substr(0, bar);
    line.remove_prefix(bar + 1);
    wanted = std::find(applications.begin(), applications.end(), application) != applications.end();
    if (!wanted) continue;
    if (line.starts_with(kExecute)) {
      const std::size_t colon = line.find(": ", kExecute.size());
      statements.push_back({std::string(line.substr(colon + 2)), {}});
      continues = true;
    } else if (line.starts_with(kParameters) && !statements.empty()) {
      statements.back().params = ParseParams(line.substr(kParameters.size()));
    }
  }
  return statements;
}

Script ToPgbench(const std::vector<Statement>& statements, std::string_view referral_id) {
  Script script;
  script.definitions = {"k=-1", "rid=none", "v=0"};
  const bool writes = std::any_of(
      statements.begin(), statements.end(),
      [](const Statement& statement) { return CommitOffset(statement.sql).has_value(); });
  const std::string find =
      "SELECT referral_id::text AS rid, version + 1 AS v FROM bench.own WHERE n = :k \\gset\n";
  script.text = "\\if :k < 0\n\\set k :first + :client_id\n";
  if (!writes) script.text += find;
  script.text += writes ? "\\else\n\\set k :k + :step\n\\endif\n" + find : "\\endif\n";
  script.text += "\\set n random(1, 4000000000000000000)\n";
  for (std::size_t index = 0; index < statements.size(); ++index) {
    const Statement& statement = statements[index];
    const std::string& sql = statement.sql;
    for (std::size_t i = 0; i < sql.size(); ++i) {
      std::size_t number = 0;
      std::size_t end = i + 1;
      while (sql[i] == '$' && end < sql.size() && std::isdigit(sql[end]) != 0) {
        number = number * 10 + static_cast<std::size_t>(sql[end++] - '0');
      }
      if (number == 0 || number > statement.params.size()) {
        script.text += sql[i];
        continue;
      }
      script.text += Place(statement, number, index, referral_id, script);
      i = end - 1;
    }
    script.text += ";\n";
  }
  std::sort(script.definitions.begin(), script.definitions.end());
  script.definitions.erase(std::unique(script.definitions.begin(), script.definitions.end()),
                           script.definitions.end());
  return script;
}

}  // namespace vardkedja::bench
