// What the database was asked during one call, from the server's own log, and the same as a script
// for pgbench: the comparison stays true when the service's statements change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardkedja::bench {

struct Statement {
  std::string sql;  // with $1, $2, ...
  std::vector<std::optional<std::string>> params;
};

// The statements of sessions whose application_name is one of `applications`, in order. The log was
// written with log_statement = all and log_line_prefix = 'vkbench|%a|'.
std::vector<Statement> ReadLog(std::string_view log, const std::vector<std::string>& applications);

struct Script {
  std::string text;
  std::vector<std::string> definitions;  // "name=value", for pgbench -D
};

// A pgbench script of the statements of one call on `referral_id`. Cases are rows of bench.own
// (n, referral_id, version). What writes takes the next case each time, as the service does: client
// c those of first + c, first + c + step, ...; what reads stays with its first. Ids that may not
// repeat are made anew each time, everything else is what the service sent.
Script ToPgbench(const std::vector<Statement>& statements, std::string_view referral_id);

}  // namespace vardkedja::bench
