// Makes and signs development tokens. Linked by the token tool and by tests only: in production an
// identity provider signs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/jose.h"

namespace vardkedja::auth {

class SigningKey {
 public:
  static absl::StatusOr<SigningKey> Generate(jose::Algorithm algorithm = jose::Algorithm::kEs256);
  static absl::StatusOr<SigningKey> FromPem(const std::string& pem);

  std::string ToPem() const;
  // The public half as a JSON object. Its kid is the thumbprint of RFC 7638.
  std::string Jwk() const;
  const std::string& kid() const { return kid_; }

  // A complete token over `claims_json`, with the header {alg, kid, typ}.
  std::string Sign(std::string_view claims_json) const;
  // The signature over exactly these bytes, as base64url; lets tests build wrong headers.
  std::string Signature(std::string_view signed_bytes) const;

 private:
  SigningKey(jose::Pkey key, jose::Algorithm algorithm);
  std::string Members() const;  // the thumbprint's input

  jose::Pkey key_;
  jose::Algorithm algorithm_;
  std::string kid_;
};

// {"keys": [...]} of JWKs.
std::string MakeJwks(const std::vector<std::string>& jwks);

}  // namespace vardkedja::auth
