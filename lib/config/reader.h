// Strict reading of one YAML document with overrides from the environment. Every key must be asked
// for, every value must fit; what is wrong is reported all at once, by the key's dotted path.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace vardkedja::config {

// Environment variables, name to value. VARDKEDJA__DATABASE__POOL_SIZE=4 overrides
// database.pool_size; names that do not begin with VARDKEDJA__ are ignored.
using Variables = std::map<std::string, std::string, std::less<>>;

// The variables of this process.
Variables ProcessVariables();

// Not thread-safe. Getters return the default (or an empty value) when something is wrong and
// remember the fault; Finish reports it. So a caller reads everything and checks once.
class Reader {
 public:
  // INVALID_ARGUMENT for text that is not YAML, for a key given twice, for lists of anything but
  // scalars. `name` stands in messages, usually the file's name.
  static absl::StatusOr<Reader> FromText(std::string_view name, std::string_view yaml,
                                         const Variables& variables);
  // NOT_FOUND when the file cannot be read.
  static absl::StatusOr<Reader> FromFile(const std::string& path, const Variables& variables);

  bool Has(std::string_view key) const;

  // A value that must be there, or one with a default.
  std::string Text(std::string_view key);
  std::string Text(std::string_view key, std::string_view otherwise);
  std::int64_t Integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                       std::int64_t most);
  bool Flag(std::string_view key, bool otherwise);
  // Written with a unit: "50ms", "5s", "2m", "1h".
  std::chrono::milliseconds Duration(std::string_view key, std::chrono::milliseconds otherwise,
                                     std::chrono::milliseconds least,
                                     std::chrono::milliseconds most);
  // One of `allowed`.
  std::string Choice(std::string_view key, std::string_view otherwise,
                     const std::vector<std::string_view>& allowed);
  // A list of scalars; absent means empty.
  std::vector<std::string> List(std::string_view key);
  // Every scalar directly under `key`, by its last part; absent means empty.
  std::map<std::string, std::string, std::less<>> Map(std::string_view key);

  // Adds a fault found by the caller, for rules that span keys.
  void Fault(std::string_view key, std::string_view what);

  // INVALID_ARGUMENT naming every fault and every key nobody asked for.
  absl::Status Finish();

 private:
  explicit Reader(std::string name) : name_(std::move(name)) {}
  std::optional<std::string> Take(std::string_view key);

  std::string name_;
  std::map<std::string, std::string, std::less<>> scalars_;
  std::map<std::string, std::vector<std::string>, std::less<>> lists_;
  std::set<std::string, std::less<>> asked_;
  std::vector<std::string> faults_;
};

}  // namespace vardkedja::config
