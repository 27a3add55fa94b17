// The conditions of a list: only what is asked for stands in the statement's text, so that the plan
// PostgreSQL keeps for it uses the index that fits, whatever the values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/pg/value.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::storage {

// An empty text is no condition.
inline std::optional<std::string> IfAny(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

template <class State>
std::optional<std::string> NameOf(const std::optional<State>& state) {
  return state ? std::optional<std::string>(domain::Name(*state)) : std::nullopt;
}

// The order of a list: by a column of a table, and by its key where that is the same.
struct NewestFirst {
  std::string_view alias;  // of the table in the list's statement
  std::string_view table;
  std::string_view time;
  std::string_view key;  // a UUID
};

// Not thread-safe.
class Filter {
 public:
  // Parameters that the text before the conditions refers to, $1 and on.
  explicit Filter(pg::Params fixed = {}) : params_(std::move(fixed)) {}

  // `condition` has one `?`, where the value goes.
  void Add(std::string_view condition, pg::Param value);
  // Nothing when there is no value.
  template <class T>
  void AddIf(std::string_view condition, const std::optional<T>& value) {
    if (value) Add(condition, *value);
  }
  // A condition without a value.
  void Add(std::string_view condition);
  // The placeholder of a value outside the conditions.
  std::string Place(pg::Param value);

  // All conditions, the order and the limit, from the row after `before` on; empty for the first
  // page.
  std::string Page(const NewestFirst& order, const std::string& before, int limit);

  // " WHERE " and all of them; empty without any.
  std::string Where() const;
  const pg::Params& params() const { return params_; }

 private:
  std::string conditions_;
  pg::Params params_;
};

}  // namespace vardkedja::placement::storage
