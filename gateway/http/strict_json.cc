#include "gateway/http/strict_json.h"

#include <string>
#include <utility>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using Json = nlohmann::json;

// Builds the document from parse events, and stops at the first broken bound.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return Add(nullptr) != nullptr; }
  bool boolean(bool value) override { return Add(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return Add(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return Add(value) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override {
    return Add(value) != nullptr;
  }
  bool string(string_t& value) override { return Add(std::move(value)) != nullptr; }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    if (open_.back()->contains(name)) {
      return Fail("JSON_DUPLICATE_KEY", "The JSON body has the same key twice in one object.");
    }
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return Fail("JSON_SYNTAX",
                "The body is not valid JSON (RFC 8259) at byte " + std::to_string(position) + ".");
  }

  absl::Status error() const { return error_; }
  Json Take() { return std::move(root_); }

 private:
  bool Fail(std::string_view reason, std::string_view message) {
    error_ = MakeError(absl::StatusCode::kInvalidArgument, message, reason);
    return false;
  }

  Json* Add(Json value) {
    if (++values_ > limits_.max_values) {
      Fail("JSON_TOO_LARGE", "The JSON body holds too many values.");
      return nullptr;
    }
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[key_] = std::move(value));
  }

  bool Open(Json value) {
    if (open_.size() == limits_.max_depth) {
      return Fail("JSON_TOO_DEEP", "The JSON body is nested too deeply.");
    }
    Json* added = Add(std::move(value));
    if (added == nullptr) return false;
    open_.push_back(added);
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits limits_;
  Json root_;
  std::vector<Json*> open_;  // a parent's address is stable while its child is open
  std::string key_;
  std::size_t values_ = 0;
  absl::Status error_;
};

}  // namespace

absl::StatusOr<Json> ParseStrictJson(std::string_view text, const JsonLimits& limits) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "The body is not valid JSON (RFC 8259) at byte 1.", "JSON_SYNTAX");
  }
  Builder builder(limits);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) return builder.error();
  return builder.Take();
}

}  // namespace vardkedja::gateway
