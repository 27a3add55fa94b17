#include "lib/auth/jose.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

#include <array>
#include <nlohmann/json.hpp>

#include "lib/status/status.h"

namespace vardkedja::auth::jose {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr size_t kCoordinateBytes = 32;
constexpr int kLeastRsaBits = 2048;
constexpr size_t kMostKeys = 32;

struct BnFree {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
struct BuilderFree {
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
};
struct ParamFree {
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
struct PkeyCtxFree {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
struct MdCtxFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct SigFree {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Bn = std::unique_ptr<BIGNUM, BnFree>;

absl::Status Bad(std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, what, "JWKS_INVALID");
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Bn ToBn(std::string_view bytes) {
  return Bn(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::optional<std::string> DecodedMember(const Json& jwk, const char* name) {
  const auto member = jwk.find(name);
  if (member == jwk.end() || !member->is_string()) return std::nullopt;
  return Base64UrlDecode(member->get_ref<const std::string&>());
}

std::string TextMember(const Json& jwk, const char* name) {
  const auto member = jwk.find(name);
  return member != jwk.end() && member->is_string() ? member->get<std::string>() : "";
}

Pkey FromParams(const char* type, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, ParamFree> params(OSSL_PARAM_BLD_to_param(builder));
  const std::unique_ptr<EVP_PKEY_CTX, PkeyCtxFree> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  Pkey owned(key);
  const std::unique_ptr<EVP_PKEY_CTX, PkeyCtxFree> check(
      EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
  return owned;
}

Pkey ParseEc(const Json& jwk) {
  const auto x = DecodedMember(jwk, "x");
  const auto y = DecodedMember(jwk, "y");
  if (TextMember(jwk, "crv") != "P-256" || !x || !y || x->size() != kCoordinateBytes ||
      y->size() != kCoordinateBytes) {
    return nullptr;
  }
  const std::string point = '\x04' + *x + *y;
  const std::unique_ptr<OSSL_PARAM_BLD, BuilderFree> builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return FromParams("EC", builder.get());
}

Pkey ParseRsa(const Json& jwk) {
  const auto n = DecodedMember(jwk, "n");
  const auto e = DecodedMember(jwk, "e");
  if (!n || !e || n->size() > 1024 || e->size() > 8) return nullptr;
  const Bn modulus = ToBn(*n);
  const Bn exponent = ToBn(*e);
  if (!modulus || !exponent || BN_num_bits(modulus.get()) < kLeastRsaBits) return nullptr;
  const std::unique_ptr<OSSL_PARAM_BLD, BuilderFree> builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return nullptr;
  }
  return FromParams("RSA", builder.get());
}

// r || s -> the DER that OpenSSL wants. Empty on failure.
std::string DerSignature(std::string_view raw) {
  Bn r = ToBn(raw.substr(0, kCoordinateBytes));
  Bn s = ToBn(raw.substr(kCoordinateBytes));
  const std::unique_ptr<ECDSA_SIG, SigFree> signature(ECDSA_SIG_new());
  if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return "";
  static_cast<void>(r.release());  // set0 took both
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return "";
  std::string text(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return text;
}

}  // namespace

std::string Base64UrlEncode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  unsigned bits = 0;
  int have = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (have += 8; have >= 6; have -= 6) text += kAlphabet[(bits >> (have - 6)) & 63U];
  }
  if (have > 0) text += kAlphabet[(bits << (6 - have)) & 63U];
  return text;
}

std::optional<std::string> Base64UrlDecode(std::string_view text) {
  static const std::array<signed char, 256> kValues = [] {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (size_t i = 0; i < kAlphabet.size(); ++i) {
      values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
    }
    return values;
  }();
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned bits = 0;
  int have = 0;
  for (const char c : text) {
    const signed char value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<unsigned>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes += static_cast<char>((bits >> have) & 255U);
    }
  }
  // Left-over bits must be zero, so that one value has one spelling.
  if ((bits & ((1U << have) - 1U)) != 0) return std::nullopt;
  return bytes;
}

std::string Sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(Bytes(bytes), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

absl::StatusOr<std::map<std::string, PublicKey, std::less<>>> ParseJwks(std::string_view json) {
  const Json document = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array()) {
    return Bad("the JWKS is not an object with keys");
  }
  if (document["keys"].size() > kMostKeys) return Bad("the JWKS has too many keys");
  std::map<std::string, PublicKey, std::less<>> keys;
  for (const Json& jwk : document["keys"]) {
    if (!jwk.is_object()) return Bad("a key of the JWKS is not an object");
    const std::string type = TextMember(jwk, "kty");
    const std::string use = TextMember(jwk, "use");
    if ((type != "EC" && type != "RSA") || (!use.empty() && use != "sig")) continue;
    const std::string kid = TextMember(jwk, "kid");
    if (kid.empty()) return Bad("a key of the JWKS has no kid");
    PublicKey key;
    key.algorithm = type == "EC" ? Algorithm::kEs256 : Algorithm::kRs256;
    const std::string alg = TextMember(jwk, "alg");
    if (!alg.empty() && alg != (type == "EC" ? "ES256" : "RS256")) continue;
    key.pkey = type == "EC" ? ParseEc(jwk) : ParseRsa(jwk);
    if (!key.pkey) return Bad("a key of the JWKS is not usable");
    if (!keys.emplace(kid, std::move(key)).second) return Bad("two keys of the JWKS share a kid");
  }
  if (keys.empty()) return Bad("the JWKS has no key for ES256 or RS256");
  return keys;
}

bool Verify(const PublicKey& key, std::string_view signed_bytes, std::string_view signature) {
  std::string der;
  if (key.algorithm == Algorithm::kEs256) {
    if (signature.size() != 2 * kCoordinateBytes) return false;
    der = DerSignature(signature);
    if (der.empty()) return false;
    signature = der;
  }
  const std::unique_ptr<EVP_MD_CTX, MdCtxFree> context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(signed_bytes),
                          signed_bytes.size()) == 1;
}

}  // namespace vardkedja::auth::jose
