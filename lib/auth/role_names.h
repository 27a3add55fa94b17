// The names of roles and assurance levels in tokens, audit rows and logs: lower snake case.
#pragma once

#include <optional>
#include <string_view>

#include "lib/auth/call_context.h"

namespace vardkedja::auth {

// "social_worker"; "unspecified" for kUnspecified. Thread-safe.
std::string_view RoleName(Role role);

// The reverse; nothing for an unknown name and for "unspecified".
std::optional<Role> ParseRole(std::string_view name);

// "low", "substantial", "high"; "unspecified" for kUnspecified.
std::string_view AssuranceName(Assurance level);
std::optional<Assurance> ParseAssurance(std::string_view name);

}  // namespace vardkedja::auth
