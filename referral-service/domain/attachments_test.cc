// The type of a file, found from its bytes alone: by hand for what is known, by properties for
// whatever bytes somebody sends.
#include "referral-service/domain/attachments.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"

namespace vardkedja::referral::domain {
namespace {

using namespace std::string_literals;

std::string TypeOf(std::string_view content) {
  TypeDetector detector;
  detector.Feed(content);
  return detector.Result();
}

TEST(AnnouncedTest, AFileNameHasNoPath) {
  Attachment attachment;
  attachment.category = "needs";
  attachment.byte_size = 1;
  for (const char* name : {"../../etc/passwd", "a/b.pdf", "a\\b.pdf", "..", ".", "a\nb.pdf", ""}) {
    attachment.file_name = name;
    const auto violations = CheckAnnounced(attachment, {"needs"});
    ASSERT_EQ(violations.size(), 1U) << name;
    EXPECT_EQ(violations[0].field, "file_name");
  }
  attachment.file_name = "Läkarintyg 2026..pdf";
  EXPECT_TRUE(CheckAnnounced(attachment, {"needs"}).empty());
}

TEST(TypeDetectorTest, FindsTheTypeFromTheContentAlone) {
  EXPECT_EQ(TypeOf("%PDF-1.7\n...\n%%EOF\n"), "application/pdf");
  EXPECT_EQ(TypeOf("\xFF\xD8\xFF\xE0..........................\xFF\xD9"s), "image/jpeg");
  EXPECT_EQ(TypeOf("\x89PNG\r\n\x1A\n\0\0\0\rIHDR....\0\0\0\0IEND\xAE\x42\x60\x82"s), "image/png");
  EXPECT_EQ(TypeOf("Remiss från läkare.\r\n\tRad två.\n"), "text/plain");
}

TEST(TypeDetectorTest, RefusesWhatIsSomethingElseOrCutShort) {
  for (const std::string& content :
       {""s, "MZ\x90\0\x03"s, "PK\x03\x04"s, "GIF89a\x01\0"s,
        "\x7F"
        "ELF"s,
        "%PDF-1.7 cut short"s, "\xFF\xD8\xFF cut short"s, "\x89PNG\r\n\x1A\n cut short"s,
        "text\0with zero"s, "overlong \xC0\xAF"s, "overlong \xE0\x80\x80"s,
        "surrogate \xED\xA0\x80"s, "beyond \xF4\x90\x80\x80"s, "cut \xC3"s, "\x1B[31m"s,
        "latin-1 \xE5\xE4\xF6!"s}) {
    EXPECT_EQ(TypeOf(content), "") << content;
  }
}

// UTF-8 without control characters, told by the code points instead of byte by byte.
bool IsText(const std::string& bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const int more = lead < 0x80 ? 0 : lead >> 5 == 6 ? 1 : lead >> 4 == 14 ? 2 : 3;
    if (lead >= 0x80 && lead >> 5 != 6 && lead >> 4 != 14 && lead >> 3 != 30) return false;
    char32_t point = more == 0 ? lead : lead & (0x3F >> more);
    for (int k = 0; k < more; ++k) {
      if (++i == bytes.size()) return false;
      const auto next = static_cast<unsigned char>(bytes[i]);
      if (next >> 6 != 2) return false;
      point = point << 6 | (next & 0x3F);
    }
    ++i;
    constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (point < kLeast[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
      return false;
    }
    const bool layout = point == '\t' || point == '\n' || point == '\r';
    if (!layout && (point < 0x20 || point == 0x7F)) return false;
  }
  return !bytes.empty();
}

std::string Bytes(const std::vector<int>& values) {
  std::string bytes;
  for (const int value : values) bytes += static_cast<char>(value);
  return bytes;
}

// Each first byte, followed by up to three that lie on the bounds which UTF-8 draws.
TEST(TypeDetectorTest, TextIsWhatUnicodeSaysItIs) {
  std::vector<std::vector<int>> sequences;
  for (int lead = 0; lead < 256; ++lead) sequences.push_back({lead});
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const std::string content = "å" + Bytes(sequences[i]);
    ASSERT_EQ(TypeOf(content) == "text/plain", IsText(content)) << absl::CHexEscape(content);
    if (sequences[i].size() == 4) continue;
    for (const int next : {0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF}) {
      std::vector<int> longer = sequences[i];
      longer.push_back(next);
      sequences.push_back(std::move(longer));
    }
  }
}

// Bytes as somebody might send them: a known beginning or none, something, a known end or none.
rc::Gen<std::string> NearlyAFile() {
  const auto part = [](std::vector<std::string> choices) {
    return rc::gen::elementOf(std::move(choices));
  };
  const auto middle = rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 256));
  return rc::gen::map(
      rc::gen::tuple(part({"", "%PDF-", "\xFF\xD8\xFF", "\x89PNG\r\n\x1A\n", "\xC3\xA5"}), middle,
                     part({"", "%%EOF", "\xFF\xD9", "IEND", "\n"})),
      [](const std::tuple<std::string, std::vector<int>, std::string>& parts) {
        return std::get<0>(parts) + Bytes(std::get<1>(parts)) + std::get<2>(parts);
      });
}

RC_GTEST_PROP(TypeDetectorProperty, HowTheBytesAreCutIntoPartsDoesNotMatter,
              (std::vector<std::uint8_t> sizes)) {
  const std::string content = *NearlyAFile();
  TypeDetector detector;
  std::size_t at = 0;
  for (const std::uint8_t size : sizes) {
    const std::size_t taken = std::min<std::size_t>(size, content.size() - at);
    detector.Feed(std::string_view(content).substr(at, taken));
    at += taken;
  }
  detector.Feed(std::string_view(content).substr(at));
  RC_ASSERT(detector.Result() == TypeOf(content));
}

RC_GTEST_PROP(TypeDetectorProperty, NothingButTheFourTypesIsEverFound, ()) {
  const std::string content = *NearlyAFile();
  const std::string type = TypeOf(content);
  const std::set<std::string> known = {"", "application/pdf", "image/jpeg", "image/png",
                                       "text/plain"};
  RC_ASSERT(known.contains(type));
  if (type == "image/jpeg" || type == "image/png") RC_ASSERT(!IsText(content));
}

}  // namespace
}  // namespace vardkedja::referral::domain
