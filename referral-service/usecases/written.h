// What a write that is no step of the case was about. It stands in the details of the write's row
// of the trail, in its commit, and makes that row an entry of the case's timeline.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/audit/entry.h"

namespace vardkedja::referral::usecases {

// Known to the owner of the case alone; every category of information is known to whom sees it.
inline constexpr std::string_view kOwnerAlone = "owner";
// Known to the owner and to the units that carry a share of the cost, or answer for one.
inline constexpr std::string_view kPrincipals = "principals";
// Known to the owner and to the board while it sees the needs.
inline constexpr std::string_view kBoardAndOwner = "board";

// Names, paths and codes; no values.
struct Written {
  std::string category;
  std::string resource;  // "grounds/<id>"
  std::vector<std::string> changed_fields;
};

void Note(const Written& written, audit::Entry& entry);

// From the details of a row; empty when it says nothing.
Written WrittenIn(std::string_view details);

}  // namespace vardkedja::referral::usecases
