// The few pieces of JOSE (RFC 7515, 7517, 7518) that the verifier and the issuer share.
#pragma once

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace vardkedja::auth::jose {

struct PkeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Pkey = std::unique_ptr<EVP_PKEY, PkeyFree>;

enum class Algorithm { kEs256, kRs256 };

// Unpadded base64url. Decoding refuses padding, foreign characters and non-canonical tails.
std::string Base64UrlEncode(std::string_view bytes);
std::optional<std::string> Base64UrlDecode(std::string_view text);

std::string Sha256(std::string_view bytes);

// A verification key of a JWKS. Each key has one algorithm, fixed by its type.
struct PublicKey {
  Algorithm algorithm = Algorithm::kEs256;
  Pkey pkey;
};

// Keys by kid. INVALID_ARGUMENT for malformed JSON, a key without kid, two keys with one kid, an EC
// point off the curve, RSA below 2048 bits, or no usable key at all. Keys for encryption and of
// other types are passed over.
absl::StatusOr<std::map<std::string, PublicKey, std::less<>>> ParseJwks(std::string_view json);

// `signature` as in a JWS: r || s of 64 bytes for ES256. Thread-safe on one key.
bool Verify(const PublicKey& key, std::string_view signed_bytes, std::string_view signature);

}  // namespace vardkedja::auth::jose
