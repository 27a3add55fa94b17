// What the reason of an error says to people, in Swedish: one table for the wire
// (google.rpc.LocalizedMessage), for problem+json and for docs/errors.md. Thread-safe.
#pragma once

#include <span>
#include <string_view>

namespace vardkedja {

struct ReasonText {
  std::string_view reason;
  std::string_view sv;  // names no person, no field and no value
};

// By reason, none twice. The English text is the status's own message.
std::span<const ReasonText> ReasonTexts();

// Empty for a reason that is not in the table.
std::string_view SwedishText(std::string_view reason);

}  // namespace vardkedja
