#include "lib/auth/signing_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "lib/status/status.h"

namespace vardkedja::auth {
namespace {

constexpr unsigned kRsaBits = 2048;
constexpr int kCoordinateBytes = 32;

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioFree>;
struct MdCtxFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

absl::Status Failed(std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, what, "SIGNING_KEY_INVALID");
}

std::string Number(const EVP_PKEY* key, const char* name, int width) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return "";
  const int size = width > 0 ? width : BN_num_bytes(number);
  std::string bytes(static_cast<size_t>(size), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size);
  BN_free(number);
  return jose::Base64UrlEncode(bytes);
}

// DER -> r || s.
std::string RawSignature(const std::string& der) {
  const auto* in = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()));
  std::string raw(2 * kCoordinateBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, kCoordinateBytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + kCoordinateBytes, kCoordinateBytes);
  ECDSA_SIG_free(signature);
  return raw;
}

}  // namespace

SigningKey::SigningKey(jose::Pkey key, jose::Algorithm algorithm)
    : key_(std::move(key)), algorithm_(algorithm) {
  kid_ = jose::Base64UrlEncode(jose::Sha256("{" + Members() + "}"));
}

absl::StatusOr<SigningKey> SigningKey::Generate(jose::Algorithm algorithm) {
  jose::Pkey key(algorithm == jose::Algorithm::kEs256 ? EVP_EC_gen("P-256")
                                                      : EVP_RSA_gen(kRsaBits));
  if (!key) return Failed("no key could be generated");
  return SigningKey(std::move(key), algorithm);
}

absl::StatusOr<SigningKey> SigningKey::FromPem(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  jose::Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (!key) return Failed("the file holds no private key in PEM");
  if (EVP_PKEY_is_a(key.get(), "EC") == 1 && EVP_PKEY_get_bits(key.get()) == 256) {
    return SigningKey(std::move(key), jose::Algorithm::kEs256);
  }
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    return SigningKey(std::move(key), jose::Algorithm::kRs256);
  }
  return Failed("the private key is neither P-256 nor RSA");
}

std::string SigningKey::ToPem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string SigningKey::Members() const {
  if (algorithm_ == jose::Algorithm::kEs256) {
    return R"("crv":"P-256","kty":"EC","x":")" +
           Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kCoordinateBytes) + R"(","y":")" +
           Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinateBytes) + '"';
  }
  return R"("e":")" + Number(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0) + R"(","kty":"RSA","n":")" +
         Number(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0) + '"';
}

std::string SigningKey::Jwk() const {
  const std::string alg = algorithm_ == jose::Algorithm::kEs256 ? "ES256" : "RS256";
  return "{" + Members() + R"(,"use":"sig","alg":")" + alg + R"(","kid":")" + kid_ + R"("})";
}

std::string SigningKey::Signature(std::string_view signed_bytes) const {
  const std::unique_ptr<EVP_MD_CTX, MdCtxFree> context(EVP_MD_CTX_new());
  const auto* in = reinterpret_cast<const unsigned char*>(signed_bytes.data());
  size_t size = 0;
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
  EVP_DigestSign(context.get(), nullptr, &size, in, signed_bytes.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, in,
                 signed_bytes.size());
  signature.resize(size);
  if (algorithm_ == jose::Algorithm::kEs256) signature = RawSignature(signature);
  return jose::Base64UrlEncode(signature);
}

std::string SigningKey::Sign(std::string_view claims_json) const {
  const std::string alg = algorithm_ == jose::Algorithm::kEs256 ? "ES256" : "RS256";
  const std::string header = R"({"alg":")" + alg + R"(","kid":")" + kid_ + R"(","typ":"JWT"})";
  const std::string signed_bytes =
      jose::Base64UrlEncode(header) + "." + jose::Base64UrlEncode(claims_json);
  return signed_bytes + "." + Signature(signed_bytes);
}

std::string MakeJwks(const std::vector<std::string>& jwks) {
  std::string text = "{\"keys\":[";
  for (size_t i = 0; i < jwks.size(); ++i) text += (i == 0 ? "" : ",") + jwks[i];
  return text + "]}\n";
}

}  // namespace vardkedja::auth
