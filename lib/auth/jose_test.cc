#include "lib/auth/jose.h"

#include <gtest/gtest.h>

#include "lib/auth/signing_key.h"

namespace vardkedja::auth::jose {
namespace {

TEST(Base64Url, RoundTripsEveryLength) {
  std::string bytes;
  for (int i = 0; i < 70; ++i) {
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
}

TEST(Base64Url, HasOneSpelling) {
  for (const char* bad : {"A", "AA=", "AA==", "A+AA", "A/AA", "AB", "AAB", "AA A", "AA\n", "é"}) {
    EXPECT_EQ(Base64UrlDecode(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(Base64UrlDecode("AA"), std::string(1, '\0'));
}

TEST(Jwks, TakesBothAlgorithmsAndPassesOverOthers) {
  const auto ec = SigningKey::Generate();
  const auto rsa = SigningKey::Generate(Algorithm::kRs256);
  const auto keys =
      ParseJwks(MakeJwks({ec->Jwk(), rsa->Jwk(), R"({"kty":"oct","kid":"s","k":"AAAA"})",
                          R"({"kty":"OKP","kid":"o","crv":"Ed25519","x":"AAAA"})"}));
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(keys->size(), 2U);
  EXPECT_EQ(keys->at(ec->kid()).algorithm, Algorithm::kEs256);
  EXPECT_EQ(keys->at(rsa->kid()).algorithm, Algorithm::kRs256);
}

TEST(Jwks, ThumbprintOfRfc7638) {
  // The example key of RFC 7638, section 3.1, is RSA; ours must give the same id for it. Only the
  // public half is published, so this checks the member order and the hash.
  const std::string members =
      R"({"e":"AQAB","kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"})";
  EXPECT_EQ(Base64UrlEncode(Sha256(members)), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(Jwks, RefusesWhatIsNotAKeySet) {
  const auto key = SigningKey::Generate();
  std::string off_curve = key->Jwk();
  off_curve.replace(off_curve.find("\"x\":\"") + 5, 8, "AAAAAAAA");
  for (const std::string& bad :
       {std::string(""), std::string("[]"), std::string("{\"keys\":{}}"),
        std::string("{\"keys\":[]}"), std::string("{\"keys\":[1]}"),
        MakeJwks({R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"k"})"}),
        MakeJwks({R"({"kty":"EC","crv":"P-256","kid":"k"})"}),
        MakeJwks({R"({"kty":"RSA","n":"AQAB","e":"AQAB","kid":"small"})"}),
        MakeJwks({key->Jwk(), key->Jwk()}), MakeJwks({off_curve})}) {
    EXPECT_FALSE(ParseJwks(bad).ok()) << bad;
  }
}

TEST(Verify, AcceptsOnlyTheSignedBytes) {
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kRs256}) {
    const auto signer = SigningKey::Generate(algorithm);
    const auto keys = ParseJwks(MakeJwks({signer->Jwk()}));
    const PublicKey& key = keys->begin()->second;
    const std::string signature = *Base64UrlDecode(signer->Signature("text"));
    EXPECT_TRUE(Verify(key, "text", signature));
    EXPECT_FALSE(Verify(key, "texT", signature));
    EXPECT_FALSE(Verify(key, "text", signature.substr(1)));
    EXPECT_FALSE(Verify(key, "text", ""));
    EXPECT_FALSE(Verify(key, "text", std::string(64, '\0')));
    for (size_t i = 0; i < signature.size(); i += 7) {
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_FALSE(Verify(key, "text", changed));
    }
  }
}

}  // namespace
}  // namespace vardkedja::auth::jose
