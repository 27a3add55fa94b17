#include "gateway/http/problem.h"

#include <gtest/gtest.h>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

constexpr char kCallId[] = "0d9f2a52-7f0b-4ab1-8f5b-3c1c8f6f7a10";

// Golden: clients parse this, and people read the titles.
TEST(ProblemTest, HasAStableForm) {
  const auto violations = MakeProblem(
      InvalidFields({{"form.person.identity_number", "CHECKSUM", "Not valid.", "Inte giltigt."}}),
      kCallId);
  EXPECT_EQ(violations.status, 400);
  EXPECT_EQ(
      violations.body,
      R"({"type":"urn:vardkedja:problem:field-violations",)"
      R"("title":"Uppgifterna är inte giltiga","titleEn":"The request is not valid",)"
      R"("status":400,)"
      R"("detail":"Uppgifterna bryter mot en eller flera regler. )"
      R"(Varje fel står med sitt fält och sin regel.",)"
      R"j("detailEn":"The request breaks 1 rule(s): form.person.identity_number (CHECKSUM)",)j"
      R"("instance":"urn:uuid:0d9f2a52-7f0b-4ab1-8f5b-3c1c8f6f7a10",)"
      R"("reason":"FIELD_VIOLATIONS",)"
      R"("violations":[{"field":"form.person.identityNumber","rule":"CHECKSUM",)"
      R"("en":"Not valid.","sv":"Inte giltigt."}]})");

  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"state", "draft"}};
  EXPECT_EQ(
      MakeProblem(MakeError(absl::StatusCode::kFailedPrecondition, "No.", detail), kCallId).body,
      R"({"type":"urn:vardkedja:problem:illegal-state",)"
      R"("title":"Åtgärden går inte att göra nu",)"
      R"("titleEn":"Not possible in the present state","status":400,)"
      R"("detail":"Åtgärden går inte att göra i nuvarande läge.","detailEn":"No.",)"
      R"("instance":"urn:uuid:0d9f2a52-7f0b-4ab1-8f5b-3c1c8f6f7a10",)"
      R"("reason":"ILLEGAL_STATE","metadata":{"state":"draft"}})");
}

TEST(ProblemTest, DeniedAndMissingLookTheSame) {
  EXPECT_EQ(MakeProblem(NotFound(), kCallId).body,
            R"({"type":"urn:vardkedja:problem:not-found","title":"Finns inte",)"
            R"("titleEn":"Not found","status":404,)"
            R"("detail":"Det som söks finns inte, eller är inte ert att se.",)"
            R"("detailEn":"No such resource, or it is not yours to see.",)"
            R"("instance":"urn:uuid:0d9f2a52-7f0b-4ab1-8f5b-3c1c8f6f7a10",)"
            R"("reason":"NOT_FOUND"})");
}

TEST(ProblemTest, MapsEveryCode) {
  using absl::StatusCode;
  const std::pair<StatusCode, int> expected[] = {
      {StatusCode::kCancelled, 499},          {StatusCode::kUnknown, 500},
      {StatusCode::kInvalidArgument, 400},    {StatusCode::kDeadlineExceeded, 504},
      {StatusCode::kNotFound, 404},           {StatusCode::kAlreadyExists, 409},
      {StatusCode::kPermissionDenied, 403},   {StatusCode::kResourceExhausted, 429},
      {StatusCode::kFailedPrecondition, 400}, {StatusCode::kAborted, 409},
      {StatusCode::kOutOfRange, 400},         {StatusCode::kUnimplemented, 501},
      {StatusCode::kInternal, 500},           {StatusCode::kUnavailable, 503},
      {StatusCode::kDataLoss, 500},           {StatusCode::kUnauthenticated, 401}};
  for (const auto& [code, status] : expected) {
    EXPECT_EQ(HttpStatusOf(absl::Status(code, "x"), false), status) << static_cast<int>(code);
  }
}

TEST(ProblemTest, RoundsRetryAfterUp) {
  ErrorDetail detail;
  detail.reason = "RATE_LIMITED";
  detail.retry_after = std::chrono::milliseconds(1001);
  const auto problem =
      MakeProblem(MakeError(absl::StatusCode::kResourceExhausted, "x", detail), kCallId);
  const std::pair<std::string, std::string> header = {"Retry-After", "2"};
  EXPECT_EQ(problem.headers.back(), header);
}

TEST(ProblemTest, NamesFieldsAsJsonDoes) {
  EXPECT_EQ(JsonFieldPath("form.person.identity_number"), "form.person.identityNumber");
  EXPECT_EQ(JsonFieldPath("items[2].a_b_c"), "items[2].aBC");
  EXPECT_EQ(JsonFieldPath("ends_"), "ends_");
}

}  // namespace
}  // namespace vardkedja::gateway
