// What goes into a statement and what comes out of it. Free of the driver's headers.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "lib/time/time.h"

namespace pqxx {
class result;
}  // namespace pqxx

namespace vardkedja::pg {

// Raw bytes, for a bytea column.
struct Bytes {
  std::string data;
};

// One parameter of a statement: a value or NULL. It is sent as text and takes the type that the
// statement gives its placeholder; write `$1::date` where that is not evident.
class Param {
 public:
  Param(std::nullopt_t) {}                                   // NOLINT: implicit by design
  Param(std::string text) : text_(std::move(text)) {}        // NOLINT
  Param(std::string_view text) : text_(text) {}              // NOLINT
  Param(const char* text) : text_(text) {}                   // NOLINT
  Param(bool value) : text_(value ? "t" : "f") {}            // NOLINT
  Param(Instant instant) : text_(FormatInstant(instant)) {}  // NOLINT
  Param(Date date) : text_(FormatDate(date)) {}              // NOLINT
  Param(const Bytes& bytes);                                 // NOLINT
  template <typename T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>)
      Param(T number)
      : text_(std::to_string(number)) {}  // NOLINT
  template <typename T>
  Param(const std::optional<T>& maybe) {  // NOLINT
    if (maybe) *this = Param(*maybe);
  }
  // Arrays: for `= ANY($1::text[])` and `unnest($1::bigint[])`.
  Param(const std::vector<std::string>& texts);                 // NOLINT
  Param(const std::vector<std::optional<std::string>>& texts);  // NOLINT
  Param(const std::vector<std::int64_t>& numbers);              // NOLINT
  Param(const std::vector<Instant>& instants);                  // NOLINT
  Param(const std::vector<Bytes>& blobs);                       // NOLINT

  const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
};

// The parameters $1, $2, ... in order.
class Params {
 public:
  Params() = default;
  Params(std::initializer_list<Param> params) : params_(params) {}

  void Add(Param param) { params_.push_back(std::move(param)); }
  void Append(const Params& more) {
    params_.insert(params_.end(), more.params_.begin(), more.params_.end());
  }
  std::size_t size() const { return params_.size(); }
  const Param& operator[](std::size_t index) const { return params_[index]; }
  auto begin() const { return params_.begin(); }
  auto end() const { return params_.end(); }

 private:
  std::vector<Param> params_;
};

class Result;

// A view of one row; lives as long as its Result or any copy of it. An unknown column, a NULL where
// none may be, and text that is not of the asked type are defects of the statement: they throw
// std::logic_error, which the adapter's exception barrier turns into INTERNAL.
class Row {
 public:
  bool IsNull(std::string_view column) const;

  std::string Text(std::string_view column) const;
  std::int64_t Int(std::string_view column) const;
  bool Bool(std::string_view column) const;
  double Real(std::string_view column) const;
  std::string Bytes(std::string_view column) const;
  vardkedja::Instant Instant(std::string_view column) const;  // timestamptz
  vardkedja::Date Date(std::string_view column) const;
  // text[]; elements may not be NULL.
  std::vector<std::string> Texts(std::string_view column) const;

  std::optional<std::string> OptionalText(std::string_view column) const;
  std::optional<std::int64_t> OptionalInt(std::string_view column) const;
  std::optional<bool> OptionalBool(std::string_view column) const;
  std::optional<std::string> OptionalBytes(std::string_view column) const;
  std::optional<vardkedja::Instant> OptionalInstant(std::string_view column) const;
  std::optional<vardkedja::Date> OptionalDate(std::string_view column) const;

 private:
  friend class Result;
  Row(const pqxx::result* rows, int row) : rows_(rows), row_(row) {}
  int Column(std::string_view name) const;
  std::string_view NotNull(std::string_view column) const;
  std::optional<std::string_view> Raw(std::string_view column) const;

  const pqxx::result* rows_;
  int row_;
  mutable int last_ = 0;  // columns are mostly read in their order, so a search begins here
};

// The rows of one statement. Cheap to copy; a Result may be read by several threads.
class Result {
 public:
  Result() = default;
  explicit Result(std::shared_ptr<const pqxx::result> rows) : rows_(std::move(rows)) {}

  int size() const;
  bool empty() const { return size() == 0; }
  Row operator[](int row) const { return Row(rows_.get(), row); }
  // Rows inserted, updated or deleted; for a SELECT the rows returned.
  std::int64_t affected() const;

  class Iterator {
   public:
    Iterator(const Result* result, int row) : result_(result), row_(row) {}
    Row operator*() const { return (*result_)[row_]; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return row_ != other.row_; }

   private:
    const Result* result_;
    int row_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  std::shared_ptr<const pqxx::result> rows_;
};

}  // namespace vardkedja::pg
