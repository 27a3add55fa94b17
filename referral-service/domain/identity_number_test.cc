#include "referral-service/domain/identity_number.h"

#include <gtest/gtest.h>

namespace vardkedja::referral::domain {
namespace {

const Date kToday = MakeDate(2026, 11, 23);

TEST(IdentityNumberTest, BothFormsOfAPersonalNumberAreOne) {
  const auto plain = IdentityNumber::Parse("199001019802", kToday);
  const auto hyphen = IdentityNumber::Parse("19900101-9802", kToday);
  ASSERT_TRUE(plain && hyphen);
  EXPECT_EQ(plain->normalised(), hyphen->normalised());
  EXPECT_EQ(plain->kind(), IdentityKind::kPersonal);
  EXPECT_EQ(plain->birth_date(), MakeDate(1990, 1, 1));
}

TEST(IdentityNumberTest, ACoordinationNumberHasSixtyAddedToTheDay) {
  const auto number = IdentityNumber::Parse("199001619809", kToday);
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->kind(), IdentityKind::kCoordination);
  EXPECT_EQ(number->birth_date(), MakeDate(1990, 1, 1));
}

TEST(IdentityNumberTest, AReserveNumberHasNoDayOfBirth) {
  const auto number = IdentityNumber::Parse("r12ab34", kToday);
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->normalised(), "R12AB34");
  EXPECT_EQ(number->kind(), IdentityKind::kReserve);
  EXPECT_FALSE(number->birth_date().has_value());
}

TEST(IdentityNumberTest, EverythingElseIsRefused) {
  for (const char* text :
       {"", "199001019803", "9001019802", "900101-9802", "19900101 9802", "199002309802",
        "199013019802", "209001019802", "19900101-98022", "1990010-19802", "R1", "R12AB3!",
        "199001929802", "\x31\x39\x39\x30\xc3\xa5", "19900101--980"}) {
    EXPECT_FALSE(IdentityNumber::Parse(text, kToday).has_value()) << text;
  }
}

// Each single wrong digit, and each swap of neighbours but 0 and 9, is found.
TEST(IdentityNumberTest, TheCheckDigitFindsEachWrongDigit) {
  const std::string right = "199001019802";
  for (std::size_t i = 2; i < right.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = right;
      wrong[i] = digit;
      EXPECT_EQ(IdentityNumber::Parse(wrong, kToday).has_value(), wrong == right) << wrong;
    }
  }
}

TEST(IdentityNumberTest, AgeTurnsOnTheBirthday) {
  EXPECT_EQ(AgeOn(MakeDate(1990, 11, 24), kToday), 35);
  EXPECT_EQ(AgeOn(MakeDate(1990, 11, 23), kToday), 36);
}

}  // namespace
}  // namespace vardkedja::referral::domain
