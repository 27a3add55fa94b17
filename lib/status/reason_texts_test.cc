// The Swedish texts of errors, and that docs/errors.md is made of them.
// VARDKEDJA_WRITE_DOCS=1 writes it.
#include "lib/status/reason_texts.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace vardkedja {
namespace {

constexpr char kPath[] = "docs/errors.md";
constexpr char kBegin[] = "<!-- Written by lib_status_test from lib/status/reason_texts.cc. -->\n";

std::string Read() {
  std::ifstream file(kPath);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string Table() {
  std::string table = "| reason | på svenska |\n|---|---|\n";
  for (const ReasonText& one : ReasonTexts()) {
    table += "| `" + std::string(one.reason) + "` | " + std::string(one.sv) + " |\n";
  }
  return table;
}

TEST(ReasonTextsTest, EachIsFoundAndIsASentenceOfItsOwn) {
  ASSERT_FALSE(ReasonTexts().empty());
  for (const ReasonText& one : ReasonTexts()) {
    EXPECT_EQ(SwedishText(one.reason), one.sv);
    EXPECT_EQ(one.sv.back(), '.') << one.reason;
  }
  for (std::size_t i = 1; i < ReasonTexts().size(); ++i) {
    EXPECT_NE(ReasonTexts()[i - 1].reason, ReasonTexts()[i].reason);
  }
  EXPECT_EQ(SwedishText("NO_SUCH_REASON"), "");
  EXPECT_EQ(SwedishText(""), "");
}

TEST(ReasonTextsTest, TheCatalogueHasTheSameTexts) {
  const std::string text = Read();
  const std::size_t begin = text.find(kBegin);
  ASSERT_NE(begin, std::string::npos);
  const std::string wanted = text.substr(0, begin) + kBegin + Table();
  if (std::getenv("VARDKEDJA_WRITE_DOCS") != nullptr) {
    std::ofstream(kPath) << wanted;
    return;
  }
  EXPECT_EQ(text, wanted) << "write it anew with VARDKEDJA_WRITE_DOCS=1";
}

}  // namespace
}  // namespace vardkedja
