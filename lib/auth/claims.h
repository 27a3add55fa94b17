// From the JSON of a token to a principal; no cryptography here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/auth/call_context.h"
#include "lib/auth/jose.h"

namespace vardkedja::auth {

// Strict: an object, no duplicate names at any depth, nothing after it.
struct TokenHeader {
  jose::Algorithm algorithm = jose::Algorithm::kEs256;
  std::string kid;
};
std::optional<TokenHeader> ParseTokenHeader(std::string_view json);

// What a token says. Times in seconds since 1970.
struct TokenClaims {
  Principal principal;  // complete, expires_at from exp
  std::optional<Instant> not_before;
};
// Nothing when a required claim is absent, of the wrong type or out of its bounds, or when issuer
// or audience are not ours.
std::optional<TokenClaims> ParseTokenClaims(std::string_view json, std::string_view issuer,
                                            std::string_view audience);

}  // namespace vardkedja::auth
