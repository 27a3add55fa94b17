#include "tests/bench/statements.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

namespace vardkedja::bench {
namespace {

constexpr std::string_view kPrefix = "vkbench|";
constexpr std::string_view kExecute = "LOG:  execute ";
constexpr std::string_view kStatement = "LOG:  statement: ";  // BEGIN and COMMIT
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

bool IsIdCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; }

// Whether `part` stands at `at`, and is not a part of a longer id.
bool StandsAt(std::string_view text, std::size_t at, std::string_view part) {
  const std::size_t end = at + part.size();
  return text.substr(at, part.size()) == part && (at == 0 || !IsIdCharacter(text[at - 1])) &&
         (end == text.size() || !IsIdCharacter(text[end]));
}

constexpr std::string_view kAnyRow = "\\set k random(:from, :to)\n";
constexpr std::size_t kUuidSize = 36;
constexpr std::string_view kJoin = " || ";

bool IsUuid(std::string_view text) {
  if (text.size() != kUuidSize) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) {
      return false;
    }
  }
  return true;
}

std::string Literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

// As random as the one that was logged, or as much in order of time.
std::string FreshUuid(std::string_view logged) {
  constexpr std::size_t kVersionAt = 14;
  constexpr std::size_t kNodeAt = 24;
  if (logged[kVersionAt] == '4') return "md5(o.n || " + Literal(logged) + ")::uuid::text";
  return Literal(logged.substr(0, kNodeAt)) + " || lpad(to_hex(o.n), 12, '0')";
}

// The schema's name is the first word of the service's.
std::string Qualified(const Statement& statement, const std::vector<std::string>& shared_tables) {
  const std::string schema = statement.application.substr(0, statement.application.find('-')) + ".";
  std::string sql = statement.sql;
  for (const std::string& table : shared_tables) {
    for (const std::string_view before : {"FROM ", "JOIN ", "INTO ", "UPDATE "}) {
      const std::string named = std::string(before) + table;
      for (std::size_t at = sql.find(named); at != std::string::npos;
           at = sql.find(named, at + named.size())) {
        const std::size_t end = at + named.size();
        if (end < sql.size() && (IsIdCharacter(sql[end]) || sql[end] == '_')) continue;
        sql.insert(at + before.size(), schema);
      }
    }
  }
  return sql;
}

class Maker {
 public:
  explicit Maker(const Source& source) : source_(source) {}

  void Add(const Statement& statement) {
    const std::string sql = Qualified(statement, source_.shared_tables);
    for (std::size_t i = 0; i < sql.size(); ++i) {
      std::size_t number = 0;
      std::size_t end = i + 1;
      while (sql[i] == '$' && end < sql.size() && std::isdigit(sql[end]) != 0) {
        number = number * 10 + static_cast<std::size_t>(sql[end++] - '0');
      }
      if (number == 0 || number > statement.params.size()) {
        body_ += sql[i];
        continue;
      }
      body_ += Place(statement.params[number - 1]);
      i = end - 1;
    }
    body_ += ";\n";
    writes_ |= sql.find("request_rows AS") != std::string::npos;
  }

  Script Finish() {
    const std::string row = "bench." + source_.name + "_row";
    std::string columns;
    Script script;
    script.table = "CREATE TABLE " + row + " AS SELECT o.n";
    script.definitions = {"k=-1"};
    for (const auto& [value, name] : names_) {
      const auto expression = expressions_.find(value);
      script.definitions.push_back(name + "=" +
                                   (expression == expressions_.end() ? value : "none"));
      if (expression == expressions_.end()) continue;
      script.table += ", " + expression->second + " AS " + name;
      columns += (columns.empty() ? "" : ", ") + name;
    }
    script.table +=
        " FROM bench." + source_.name + "_own o;\nALTER TABLE " + row + " ADD PRIMARY KEY (n);\n";
    script.find = "SELECT " + columns + " FROM " + row + " WHERE n = :k \\gset\n";
    script.text =
        writes_ ? "\\if :k < 0\n\\set k :from + :client_id\n\\else\n\\set k :k + :step\n\\endif\n"
                : std::string(kAnyRow);
    script.text += script.find;
    script.find.insert(0, kAnyRow);
    script.text += body_;
    return script;
  }

 private:
  std::string Place(const std::optional<std::string>& value) {
    if (!value) return "NULL";
    if (value->empty()) return "''";  // pgbench knows no empty variable
    const auto [found, added] = names_.emplace(*value, "v" + std::to_string(names_.size()));
    if (added) {
      if (auto expression = OfRow(*value)) expressions_[*value] = *std::move(expression);
    }
    return ":" + found->second;
  }

  // The value as an expression on a row; nothing when it is the same for all rows.
  std::optional<std::string> OfRow(std::string_view value) const {
    std::string out;
    std::size_t plain = 0;  // from where nothing depends on the row
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::size_t size = 0;
      const std::string one = IdAt(value, i, size);
      if (one.empty()) continue;
      if (i > plain) (out += Literal(value.substr(plain, i - plain))) += kJoin;
      (out += one) += kJoin;
      plain = i + size;
      i = plain - 1;
    }
    if (plain == 0) return std::nullopt;
    if (plain < value.size()) return out + Literal(value.substr(plain));
    return out.substr(0, out.size() - kJoin.size());
  }

  std::string IdAt(std::string_view value, std::size_t at, std::size_t& size) const {
    for (const Known& known : source_.known) {
      size = known.value.size();
      if (StandsAt(value, at, known.value)) return "o." + known.column;
    }
    size = kUuidSize;
    const std::string_view uuid = value.substr(at, kUuidSize);
    return IsUuid(uuid) && StandsAt(value, at, uuid) ? FreshUuid(uuid) : "";
  }

  const Source& source_;
  std::string body_;
  bool writes_ = false;
  std::map<std::string, std::string, std::less<>> names_;        // of variables, by logged value
  std::map<std::string, std::string, std::less<>> expressions_;  // of those that rows differ in
};

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
      statements.push_back({std::string(application), std::string(line.substr(colon + 2)), {}});
      continues = true;
    } else if (line.starts_with(kStatement)) {
      line.remove_prefix(kStatement.size());
      statements.push_back({std::string(application), std::string(line), {}});
    } else if (line.starts_with(kParameters) && !statements.empty()) {
      statements.back().params = ParseParams(line.substr(kParameters.size()));
    }
  }
  return statements;
}

Script ToPgbench(const std::vector<Statement>& statements, const Source& source) {
  Maker maker(source);
  for (const Statement& statement : statements) maker.Add(statement);
  return maker.Finish();
}

}  // namespace vardkedja::bench
