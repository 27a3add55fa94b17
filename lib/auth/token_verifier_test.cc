#include "lib/auth/token_verifier.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "lib/auth/signing_key.h"
#include "lib/status/status.h"

namespace vardkedja::auth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Json = nlohmann::json;

std::string Reason(const absl::StatusOr<Principal>& result) {
  if (result.ok()) return "OK";
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnauthenticated);
  const auto detail = GetErrorDetail(result.status());
  return detail ? detail->reason : "";
}

class TokenVerifierTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "jwks-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    Publish({key_.Jwk()});
    Make();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Make() {
    TokenVerifierOptions options;
    options.jwks_file = directory_ + "/jwks.json";
    options.issuer = "https://issuer.example";
    options.audience = "vardkedja";
    options.cache_entries = 8;
    auto made = TokenVerifier::Create(options, clock_);
    ASSERT_TRUE(made.ok()) << made.status();
    verifier_ = *std::move(made);
  }

  void Publish(const std::vector<std::string>& jwks) {
    std::ofstream(directory_ + "/jwks.json", std::ios::trunc) << MakeJwks(jwks);
  }

  int64_t Second(seconds from_now) const {
    return std::chrono::duration_cast<seconds>((clock_.Now() + from_now).time_since_epoch())
        .count();
  }

  Json Claims() const {
    return {{"iss", "https://issuer.example"},
            {"aud", "vardkedja"},
            {"exp", Second(minutes(60))},
            {"sub", "s-1"},
            {"org", "alvesta"},
            {"unit", "alvesta-authority"},
            {"roles", {"social_worker"}},
            {"loa", "substantial"}};
  }

  std::string Token(const Json& claims) const { return key_.Sign(claims.dump()); }

  // A token with any header, correctly signed over it.
  std::string WithHeader(const std::string& header) const {
    const std::string signed_bytes =
        jose::Base64UrlEncode(header) + "." + jose::Base64UrlEncode(Claims().dump());
    return signed_bytes + "." + key_.Signature(signed_bytes);
  }

  std::string Refused(const std::string& name, const Json& value) {
    Json claims = Claims();
    claims[name] = value;
    return Reason(verifier_->Verify(Token(claims)));
  }

  SigningKey key_ = *SigningKey::Generate();
  FakeClock clock_{*ParseInstant("2026-11-21T12:00:00Z")};
  std::string directory_;
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(TokenVerifierTest, MakesThePrincipal) {
  Json claims = Claims();
  claims["units"] = {"placement-board"};
  claims["roles"] = {"board_member", "a_role_of_the_future"};
  claims["seat"] = "novus";
  const auto principal = verifier_->Verify(Token(claims));
  ASSERT_TRUE(principal.ok()) << principal.status();
  EXPECT_EQ(principal->organisation, "alvesta");
  EXPECT_EQ(principal->default_unit, "alvesta-authority");
  EXPECT_EQ(principal->units, (std::set<std::string>{"alvesta-authority", "placement-board"}));
  EXPECT_EQ(principal->roles, std::set<Role>{Role::kBoardMember});
  EXPECT_EQ(principal->seat, "novus");
  EXPECT_EQ(principal->assurance, Assurance::kSubstantial);
  EXPECT_EQ(principal->expires_at, clock_.Now() + minutes(60));
}

TEST_F(TokenVerifierTest, TakesRs256AndAnAudienceList) {
  const SigningKey rsa = *SigningKey::Generate(jose::Algorithm::kRs256);
  Publish({rsa.Jwk()});
  Make();
  Json claims = Claims();
  claims["aud"] = {"other", "vardkedja"};
  EXPECT_EQ(Reason(verifier_->Verify(rsa.Sign(claims.dump()))), "OK");
}

TEST_F(TokenVerifierTest, AssuranceIsNothingUnlessSaid) {
  Json claims = Claims();
  claims.erase("loa");
  EXPECT_EQ(verifier_->Verify(Token(claims))->assurance, Assurance::kUnspecified);
}

TEST_F(TokenVerifierTest, EachClaimIsRequired) {
  for (const char* name : {"iss", "aud", "exp", "sub", "org", "unit", "roles"}) {
    Json claims = Claims();
    claims.erase(name);
    EXPECT_EQ(Reason(verifier_->Verify(Token(claims))), "TOKEN_INVALID") << name;
    EXPECT_EQ(Refused(name, Json(nullptr)), "TOKEN_INVALID") << name;
    EXPECT_EQ(Refused(name, Json::object()), "TOKEN_INVALID") << name;
  }
}

TEST_F(TokenVerifierTest, ClaimsOutOfBoundsAreRefused) {
  EXPECT_EQ(Refused("iss", "https://issuer.example/"), "TOKEN_INVALID");
  EXPECT_EQ(Refused("aud", "Vardkedja"), "TOKEN_INVALID");
  EXPECT_EQ(Refused("aud", Json::array()), "TOKEN_INVALID");
  EXPECT_EQ(Refused("exp", "soon"), "TOKEN_INVALID");
  EXPECT_EQ(Refused("exp", 1.5), "TOKEN_INVALID");
  EXPECT_EQ(Refused("exp", -5), "TOKEN_INVALID");
  EXPECT_EQ(Refused("exp", 18446744073709551615ULL), "TOKEN_INVALID");
  EXPECT_EQ(Refused("exp", Second(std::chrono::hours(25))), "TOKEN_INVALID");
  EXPECT_EQ(Refused("unit", "Alvesta"), "TOKEN_INVALID");
  EXPECT_EQ(Refused("units", {"a b"}), "TOKEN_INVALID");
  EXPECT_EQ(Refused("org", std::string(65, 'a')), "TOKEN_INVALID");
  EXPECT_EQ(Refused("roles", Json::array()), "TOKEN_INVALID");
  EXPECT_EQ(Refused("roles", {"unspecified"}), "TOKEN_INVALID");
  EXPECT_EQ(Refused("roles", {1}), "TOKEN_INVALID");
  EXPECT_EQ(Refused("roles", {"board_deputy"}), "TOKEN_INVALID") << "needs a seat";
  EXPECT_EQ(Refused("loa", "highest"), "TOKEN_INVALID");
  EXPECT_EQ(Refused("seat", ""), "TOKEN_INVALID");
  EXPECT_EQ(Refused("sub", "a b"), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, AnIdentityNumberIsNoSubject) {
  for (const char* number : {"189001019802", "18900101-9802", "900101-9802", "900101+9802"}) {
    EXPECT_EQ(Refused("sub", number), "TOKEN_INVALID") << number;
  }
  EXPECT_EQ(Refused("sub", "1234"), "OK");
}

TEST_F(TokenVerifierTest, LeewayIsThirtySeconds) {
  EXPECT_EQ(Refused("exp", Second(seconds(-29))), "OK");
  EXPECT_EQ(Refused("exp", Second(seconds(-30))), "TOKEN_EXPIRED");
  EXPECT_EQ(Refused("nbf", Second(seconds(30))), "OK");
  EXPECT_EQ(Refused("nbf", Second(seconds(31))), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, OnlyThePinnedAlgorithms) {
  const std::string kid = key_.kid();
  EXPECT_EQ(Reason(verifier_->Verify(WithHeader(R"({"alg":"ES256","kid":")" + kid + R"("})"))),
            "OK");
  for (const char* alg :
       {"none", "None", "HS256", "HS512", "RS256", "ES384", "PS256", "es256", ""}) {
    EXPECT_EQ(Reason(verifier_->Verify(
                  WithHeader(R"({"alg":")" + std::string(alg) + R"(","kid":")" + kid + R"("})"))),
              "TOKEN_INVALID")
        << alg;
  }
  for (const char* more : {R"("crit":["exp"])", R"("jwk":{})", R"("jku":"https://x")",
                           R"("x5c":[])", R"("typ":"JWE")", R"("typ":1)", R"("alg":"none")"}) {
    EXPECT_EQ(Reason(verifier_->Verify(
                  WithHeader(R"({"alg":"ES256","kid":")" + kid + R"(",)" + more + "}"))),
              "TOKEN_INVALID")
        << more;
  }
  EXPECT_EQ(Reason(verifier_->Verify(WithHeader(R"({"alg":"ES256"})"))), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, UnsignedAndForeignTokensAreRefused) {
  const std::string good = Token(Claims());
  const size_t last = good.rfind('.');
  EXPECT_EQ(Reason(verifier_->Verify(good.substr(0, last + 1))), "TOKEN_INVALID");
  EXPECT_EQ(Reason(verifier_->Verify(good.substr(0, last))), "TOKEN_INVALID");
  EXPECT_EQ(Reason(verifier_->Verify(good + ".")), "TOKEN_INVALID");
  EXPECT_EQ(Reason(verifier_->Verify("")), "TOKEN_INVALID");
  EXPECT_EQ(Reason(verifier_->Verify(std::string(9000, 'a'))), "TOKEN_INVALID");
  EXPECT_EQ(Reason(verifier_->Verify(SigningKey::Generate()->Sign(Claims().dump()))),
            "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, MessagesAreConstant) {
  Json wrong = Claims();
  wrong["iss"] = "x";
  EXPECT_EQ(verifier_->Verify(Token(wrong)).status(), verifier_->Verify("rubbish").status());
}

TEST_F(TokenVerifierTest, CacheAnswersUntilFiveMinutes) {
  const std::string token = Token(Claims());
  ASSERT_EQ(Reason(verifier_->Verify(token)), "OK");
  clock_.Advance(minutes(5) - seconds(1));
  EXPECT_EQ(Reason(verifier_->Verify(token)), "OK");
  EXPECT_EQ(verifier_->counters().cache_hits, 1U);
  clock_.Advance(seconds(1));
  EXPECT_EQ(Reason(verifier_->Verify(token)), "OK");
  EXPECT_EQ(verifier_->counters().verified, 2U);
}

TEST_F(TokenVerifierTest, ExpiryIsCheckedOnEachHit) {
  Json claims = Claims();
  claims["exp"] = Second(seconds(60));
  const std::string token = Token(claims);
  ASSERT_EQ(Reason(verifier_->Verify(token)), "OK");
  clock_.Advance(seconds(89));
  EXPECT_EQ(Reason(verifier_->Verify(token)), "OK");
  clock_.Advance(seconds(1));
  EXPECT_EQ(Reason(verifier_->Verify(token)), "TOKEN_EXPIRED");
}

TEST_F(TokenVerifierTest, CacheIsBoundedAndKeyedByTheWholeToken) {
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(Refused("sub", "s-" + std::to_string(i)), "OK");
  }
  EXPECT_EQ(verifier_->counters().cached, 8U);
  const std::string token = Token(Claims());
  ASSERT_EQ(Reason(verifier_->Verify(token)), "OK");
  EXPECT_EQ(Reason(verifier_->Verify(token + "A")), "TOKEN_INVALID");
  EXPECT_EQ(verifier_->counters().cache_hits, 0U);
}

TEST_F(TokenVerifierTest, ARemovedKeyIsForgottenTogetherWithItsTokens) {
  const std::string token = Token(Claims());
  ASSERT_EQ(Reason(verifier_->Verify(token)), "OK");
  Publish({SigningKey::Generate()->Jwk()});
  EXPECT_EQ(Reason(verifier_->Verify(token)), "OK") << "the file is looked at once a second";
  clock_.Advance(seconds(1));
  EXPECT_EQ(Reason(verifier_->Verify(token)), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, AnUnknownKeyIsLookedForAtOnceButNotAlways) {
  ASSERT_EQ(Reason(verifier_->Verify(Token(Claims()))), "OK");
  const SigningKey next = *SigningKey::Generate();
  Publish({next.Jwk(), key_.Jwk()});
  EXPECT_EQ(Reason(verifier_->Verify(next.Sign(Claims().dump()))), "OK");
  EXPECT_EQ(verifier_->counters().reloads, 2U);
  const SigningKey third = *SigningKey::Generate();
  Publish({third.Jwk()});
  EXPECT_EQ(Reason(verifier_->Verify(third.Sign(Claims().dump()))), "TOKEN_INVALID")
      << "a second unknown key within the interval reads no file";
  EXPECT_EQ(verifier_->counters().reloads, 2U);
}

TEST_F(TokenVerifierTest, ABrokenFileKeepsTheKeys) {
  std::ofstream(directory_ + "/jwks.json", std::ios::trunc) << "{\"keys\":[";
  clock_.Advance(seconds(10));
  EXPECT_EQ(Reason(verifier_->Verify(Token(Claims()))), "OK");
  std::filesystem::remove(directory_ + "/jwks.json");
  clock_.Advance(seconds(10));
  EXPECT_EQ(Reason(verifier_->Verify(Token(Claims()))), "OK");
  TokenVerifierOptions missing;
  missing.jwks_file = directory_ + "/none";
  EXPECT_FALSE(TokenVerifier::Create(missing, clock_).ok());
}

// Every change of one character, and many random ones, must be refused and never crash.
TEST_F(TokenVerifierTest, MutatedTokensAreRefused) {
  const std::string good = Token(Claims());
  std::mt19937 random(20261121);
  const std::string bytes("AZaz09-_.={}\"\\ \n\0\xff", 18);
  for (int round = 0; round < 4000; ++round) {
    std::string token = good;
    const size_t edits = 1 + random() % 3;
    for (size_t i = 0; i < edits; ++i) {
      const size_t at = random() % token.size();
      switch (random() % 3) {
        case 0:
          token[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          token.erase(at, 1 + random() % 20);
          break;
        default:
          token.insert(at, 1, bytes[random() % bytes.size()]);
      }
      if (token.empty()) break;
    }
    if (token == good) continue;
    EXPECT_EQ(Reason(verifier_->Verify(token)), "TOKEN_INVALID") << token;
  }
}

// Correctly signed nonsense reaches the claims parser.
TEST_F(TokenVerifierTest, SignedNonsenseIsRefused) {
  for (const std::string& body :
       {std::string(""), std::string("null"), std::string("[]"), std::string("{}"),
        std::string("{\"iss\":"), std::string(2000, '['), Claims().dump() + "x",
        "{\"iss\":\"x\"," + Claims().dump().substr(1), std::string("{\"a\":\"\xff\"}"),
        Claims().dump().insert(1, R"("x":{"y":{"z":{"a":{"b":{"c":{"d":1}}}}}},)")}) {
    EXPECT_EQ(Reason(verifier_->Verify(key_.Sign(body))), "TOKEN_INVALID") << body;
  }
}

TEST(BearerToken, IsStrict) {
  EXPECT_EQ(BearerToken("Bearer abc"), "abc");
  EXPECT_EQ(BearerToken("bearer abc"), "abc");
  for (const char* bad :
       {"", "Bearer", "Bearer ", "Basic abc", "Bearer  abc", "Bearer a b", "abc"}) {
    EXPECT_EQ(BearerToken(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace vardkedja::auth
