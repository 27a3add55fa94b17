#include "lib/auth/role_names.h"

#include <array>

namespace vardkedja::auth {
namespace {

// Position is the enum's number.
constexpr std::array<std::string_view, 13> kRoles = {
    "unspecified",    "social_worker", "decider",        "board_member",         "board_deputy",
    "contact_person", "clinician",     "facility_staff", "child_representative", "statistician",
    "auditor",        "operator",      "system",
};
constexpr std::array<std::string_view, 4> kLevels = {"unspecified", "low", "substantial", "high"};

}  // namespace

std::string_view RoleName(Role role) { return kRoles.at(static_cast<size_t>(role)); }

std::optional<Role> ParseRole(std::string_view name) {
  for (size_t i = 1; i < kRoles.size(); ++i) {
    if (kRoles[i] == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

std::string_view AssuranceName(Assurance level) { return kLevels.at(static_cast<size_t>(level)); }

std::optional<Assurance> ParseAssurance(std::string_view name) {
  for (size_t i = 1; i < kLevels.size(); ++i) {
    if (kLevels[i] == name) return static_cast<Assurance>(i);
  }
  return std::nullopt;
}

}  // namespace vardkedja::auth
