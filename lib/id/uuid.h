// Identifiers as text. Persons, cases and substitute ids are version 4, everything else version 7
// (architecture.md, 4): a time-ordered id would tell when someone first sought help. All functions
// are thread-safe and fail never: the process ends when the kernel has no randomness to give.
#pragma once

#include <string>
#include <string_view>

namespace vardkedja {

// Random, RFC 9562 version 4.
std::string NewUuidV4();

// Ordered by real time in milliseconds, then by a counter within this process, RFC 9562 version 7.
std::string NewUuidV7();

// The 36-character form in lower case, of any version; nothing else, so that equal ids are equal
// texts.
bool IsUuid(std::string_view text);

}  // namespace vardkedja
