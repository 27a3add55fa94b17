// The conditions of a list: only what is asked for stands in the statement's text, so that the plan
// PostgreSQL keeps for it uses the index that fits, whatever the values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/pg/value.h"

namespace vardkedja::placement::storage {

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

  // " WHERE " and all of them; empty without any.
  std::string Where() const;
  const pg::Params& params() const { return params_; }

 private:
  std::string conditions_;
  pg::Params params_;
};

}  // namespace vardkedja::placement::storage
