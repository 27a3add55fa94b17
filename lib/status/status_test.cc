#include "lib/status/status.h"

#include <gtest/gtest.h>

namespace vardkedja {
namespace {

TEST(StatusTest, DetailSurvivesTheRoundTrip) {
  ErrorDetail detail;
  detail.reason = "ILLEGAL_STATE";
  detail.metadata = {{"state", "submitted"}, {"allowed", "acknowledge,withdraw"}};
  detail.violations = {{"form.needs", "REQUIRED", "Needs are required: 1:2", "Behov krävs"}};
  detail.retry_after = std::chrono::milliseconds(250);
  const absl::Status status = MakeError(absl::StatusCode::kFailedPrecondition, "no", detail);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(status), detail);
}

TEST(StatusTest, PlainStatusHasNoDetail) {
  EXPECT_FALSE(GetErrorDetail(absl::InternalError("x")).has_value());
  EXPECT_FALSE(GetErrorDetail(absl::OkStatus()).has_value());
}

TEST(StatusTest, AHintWhenToTryAgainGoesWithTheReason) {
  const absl::Status status = MakeError(absl::StatusCode::kUnavailable, "later", "SHUTTING_DOWN",
                                        std::chrono::milliseconds(500));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(status),
            (ErrorDetail{"SHUTTING_DOWN", {}, {}, std::chrono::milliseconds(500)}));
}

TEST(StatusTest, InvalidFieldsNamesEveryField) {
  const absl::Status status =
      InvalidFields({{"a", "REQUIRED", "a", "a"}, {"b.c", "TOO_LONG", "b", "b"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ToStd(status.message()), "The request breaks 2 rule(s): a (REQUIRED) b.c (TOO_LONG)");
}

TEST(StatusTest, DeniedAndMissingAreTheSame) { EXPECT_EQ(NotFound(), NotFound()); }

}  // namespace
}  // namespace vardkedja
