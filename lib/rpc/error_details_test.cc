// What goes over the wire with an error.
#include "lib/rpc/error_details.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/status/status.h"

namespace vardkedja::rpc {
namespace {

std::vector<std::string> LocalizedTexts(const absl::Status& status) {
  google::rpc::Status wire;
  EXPECT_TRUE(wire.ParseFromString(EncodeDetails(status)));
  std::vector<std::string> texts;
  for (const auto& any : wire.details()) {
    google::rpc::LocalizedMessage text;
    if (any.UnpackTo(&text)) texts.push_back(text.locale() + ": " + text.message());
  }
  return texts;
}

TEST(ErrorDetailsTest, AReasonGoesWithItsSwedishTextBesideTheEnglishMessage) {
  const absl::Status refused = MakeError(absl::StatusCode::kFailedPrecondition,
                                         "An offer of the bed is open.", "BED_OFFERED");
  EXPECT_EQ(LocalizedTexts(refused),
            std::vector<std::string>{"sv: Platsen är erbjuden och väntar på svar."});
  const absl::Status read = DecodeDetails(static_cast<int>(refused.code()),
                                          "An offer of the bed is open.", EncodeDetails(refused));
  EXPECT_EQ(read, refused);
}

TEST(ErrorDetailsTest, DeniedAndMissingAreTheSameBytes) {
  EXPECT_EQ(EncodeDetails(NotFound()), EncodeDetails(NotFound()));
  EXPECT_EQ(LocalizedTexts(NotFound()).size(), 1u);
}

TEST(ErrorDetailsTest, AReasonWithoutATextHasNone) {
  EXPECT_TRUE(
      LocalizedTexts(MakeError(absl::StatusCode::kInternal, "x", "NO_SUCH_REASON")).empty());
}

}  // namespace
}  // namespace vardkedja::rpc
