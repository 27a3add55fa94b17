// Verifies bearer tokens: signed JWTs with ES256 or RS256 and a key of our JWKS, nothing else.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "lib/time/clock.h"

namespace vardkedja::auth {

struct TokenVerifierOptions {
  std::string jwks_file;
  std::string issuer;    // must equal `iss`
  std::string audience;  // must equal or be in `aud`
  std::chrono::seconds leeway{30};
  std::chrono::seconds longest_life{std::chrono::hours{24}};  // exp beyond now + this is refused
  std::chrono::seconds cache_life{std::chrono::minutes{5}};
  size_t cache_entries = 16384;
  size_t token_bytes = 8192;
  // The file is looked at no more often than this, whether for a change or for an unknown kid.
  std::chrono::milliseconds reload_interval{1000};
};

// Claims required: iss, aud, exp, sub, org, unit, roles (unknown names grant nothing; at least one
// known). Optional: units, seat, loa, nbf. Board members and deputies need a seat. A `sub` shaped
// like an identity number is refused, since subjects are logged. Header: alg, kid, and typ "JWT" or
// "at+jwt" if present; `crit` and keys or addresses of keys are refused.
//
// A verified token is remembered by its SHA-256 until min(exp, 5 minutes); exp is checked on each
// hit, and everything is forgotten when the keys change. Thread-safe.
class TokenVerifier {
 public:
  // `clock` gives real time, not domain time (SystemClock in a process), and must outlive it.
  // Fails when the file holds no usable key.
  static absl::StatusOr<std::unique_ptr<TokenVerifier>> Create(TokenVerifierOptions options,
                                                               const Clock& clock);
  ~TokenVerifier();

  // `token` is what follows "Bearer ". UNAUTHENTICATED with reason TOKEN_EXPIRED or TOKEN_INVALID
  // and a constant message; what was wrong is not told.
  absl::StatusOr<Principal> Verify(std::string_view token);

  struct Counters {
    size_t cache_hits = 0;
    size_t verified = 0;
    size_t refused = 0;
    size_t reloads = 0;
    size_t cached = 0;
  };
  Counters counters() const;

 private:
  class Impl;
  explicit TokenVerifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// "Bearer abc" -> "abc" (scheme in any case, one space); nothing for every other header.
std::optional<std::string_view> BearerToken(std::string_view authorization_header);

}  // namespace vardkedja::auth
