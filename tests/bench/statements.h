// What the database was asked during one call, from the server's own log, and the same as a script
// for pgbench: the comparison stays true when the services' statements change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardkedja::bench {

struct Statement {
  std::string application;
  std::string sql;  // with $1, $2, ...
  std::vector<std::optional<std::string>> params;
};

// The statements of sessions whose application_name is one of `applications`, in order. The log was
// written with log_statement = all and log_line_prefix = 'vkbench|%a|'.
std::vector<Statement> ReadLog(std::string_view log, const std::vector<std::string>& applications);

// A value of the logged call, and the column that holds those of other calls.
struct Known {
  std::string column;
  std::string value;
};

// Calls that could be made: the rows of bench.<name>_own (n, column...), all columns text.
struct Source {
  std::string name;
  std::vector<Known> known;
  // Tables that more than one service has. They are qualified by the schema of the service that
  // asked; the others are found by the search path.
  std::vector<std::string> shared_tables;
};

struct Script {
  std::string text;
  std::string find;   // the statement of `text` that no call makes: it finds a row
  std::string table;  // makes bench.<name>_row, which `text` reads
  std::vector<std::string> definitions;  // "name=value", for pgbench -D
};

// A pgbench script of the statements of one call. What writes takes the next row each time, as the
// service does: client c those of from + c, from + c + step, ...; what reads takes any of from..to.
// A UUID that is not known was made by the call, and is made anew for each row; everything else is
// what the service sent.
Script ToPgbench(const std::vector<Statement>& statements, const Source& source);

}  // namespace vardkedja::bench
