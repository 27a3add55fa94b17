// Every value that can be filled in on the commission form, with its type, its limits and when it
// is required. The rules of the form (form_rules.cc) run on this table, and GetFormVersion shows
// it. Which fields a version has, who sees them and which codes it knows is data (FormVersion).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "referral-service/domain/form.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.FormFieldType.
enum class InputType { kText = 1, kIdentityNumber, kCode, kDate, kBoolean, kNumber, kList };

// What stands in a form: a text, or a number (of a code its number, of a list its length).
struct InputValue {
  const std::string* text = nullptr;
  int number = 0;
};

// A value of an enum of the contract.
struct EnumCode {
  std::string_view code;  // its name in the contract
  int number;
  std::string_view label_sv;
  std::string_view label_en;
};

// A text that has to look in a certain way.
struct Format {
  std::string_view pattern;  // ECMAScript, of the whole text
  std::string_view rule;     // broken by another text
  std::string_view en;
  std::string_view sv;
  std::string_view example;
};

// Codes that are data of the form version.
enum class VersionCodes { kNone, kNeeds, kInstruments };

// True when the value at `path`, of the same element of a list, is `code` ("true" of a flag).
struct When {
  std::string_view path;  // empty: never
  std::string_view code;
};

struct Input {
  std::string_view path;   // "needs[].text": brackets for the place in a list
  std::string_view field;  // the field of a form version that it belongs to (FieldAccess::path)
  InputType type{};
  InputValue (*value)(const Form&, std::size_t index) = nullptr;
  std::string_view label_sv = {};  // empty: it is the whole field, whose label is the version's
  std::string_view label_en = {};
  bool required = false;  // in a draft as well, of each element; a whole field's is the version's
  When required_when = {};
  bool only_then = false;          // and empty otherwise
  std::size_t max_length = 0;      // of a text without a format, in code points
  int max = 0;                     // of a number, which begins at 0; of the length of a list
  std::string_view max_from = {};  // a number that bounds the list as well, or the code whose
                                   // highest score bounds the number
  std::span<const EnumCode> codes = {};
  VersionCodes version_codes = VersionCodes::kNone;
  const Format* format = nullptr;
  bool not_in_future = false;                   // of a date
  std::array<std::string_view, 2> unique = {};  // no two elements of the list are alike in all
};

// In the order of the form; the values of a list's elements after the list.
std::span<const Input> FormInputs();

// Null for a path that there is not.
const Input* FindInput(std::string_view path);

// The list that the value is in an element of, "" for none.
std::string_view ListOf(const Input& input);

// A person of the chain's facilities is at least as old.
inline constexpr int kAdultAge = 18;
// How an identity number may be written: one of the Tax Agency's test numbers.
inline constexpr std::string_view kIdentityNumberExample = "19900101-9802";

}  // namespace vardkedja::referral::domain
