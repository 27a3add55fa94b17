#include "referral-service/domain/identity_number.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

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

// The text that a number of this day and order is written as.
std::string Written(Date born, int order, bool coordination, bool hyphen) {
  std::string digits = FormatDate(born);
  std::erase(digits, '-');
  if (coordination) digits[6] = static_cast<char>(digits[6] + 6);
  const std::string padded = std::to_string(1000 + order).substr(1);
  int sum = 0;
  const std::string nine = digits.substr(2) + padded;
  for (std::size_t i = 0; i < nine.size(); ++i) {
    const int product = (nine[i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return digits + (hyphen ? "-" : "") + padded + std::to_string((10 - sum % 10) % 10);
}

RC_GTEST_PROP(IdentityNumberProperty, EachNumberOfEachDayIsRead, (bool coordination, bool hyphen)) {
  const int day = *rc::gen::oneOf(rc::gen::inRange(0, 50'000), rc::gen::inRange(46'300, 46'400));
  const Date born = MakeDate(1900, 1, 1) + std::chrono::days(day);
  const std::string text = Written(born, *rc::gen::inRange(0, 1000), coordination, hyphen);
  const auto number = IdentityNumber::Parse(text, kToday);
  RC_ASSERT(number.has_value() == (born <= kToday));
  if (!number) return;
  RC_ASSERT(number->birth_date() == born);
  RC_ASSERT((number->kind() == IdentityKind::kCoordination) == coordination);
  RC_ASSERT(number->normalised().size() == 12U);
  RC_ASSERT(IdentityNumber::Parse(number->normalised(), kToday)->normalised() ==
            number->normalised());
}

// Whatever is taken has one normal form that is read as itself, and nothing but digits or, for a
// reserve number, letters and digits stands in it.
RC_GTEST_PROP(IdentityNumberProperty, WhateverIsTakenIsNormal, ()) {
  const Date born = MakeDate(1950, 1, 1) + std::chrono::days(*rc::gen::inRange(0, 20'000));
  std::string text = *rc::gen::element(Written(born, 238, false, true),
                                       Written(born, 239, true, false), std::string("R12AB34"));
  const int changes = *rc::gen::inRange(0, 4);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    const char c = *rc::gen::oneOf(rc::gen::inRange<char>(' ', '~'), rc::gen::arbitrary<char>());
    if (*rc::gen::arbitrary<bool>() || at == text.size()) {
      text.insert(at, 1, c);
    } else {
      text[at] = c;
    }
  }
  const auto number = IdentityNumber::Parse(text, kToday);
  if (!number) return;
  const std::string& normal = number->normalised();
  RC_ASSERT(IdentityNumber::Parse(normal, kToday)->normalised() == normal);
  const bool reserve = number->kind() == IdentityKind::kReserve;
  RC_ASSERT(normal.size() <= 16U);
  for (const char c : normal) {
    RC_ASSERT((c >= '0' && c <= '9') || (reserve && c >= 'A' && c <= 'Z'));
  }
}

RC_GTEST_PROP(IdentityNumberProperty, AnyBytesAreAnsweredWithoutHarm, (std::string text)) {
  const auto number = IdentityNumber::Parse(text, kToday);
  if (number) RC_ASSERT(number->kind() == IdentityKind::kReserve || text.size() >= 12U);
}

TEST(IdentityNumberTest, AgeTurnsOnTheBirthday) {
  EXPECT_EQ(AgeOn(MakeDate(1990, 11, 24), kToday), 35);
  EXPECT_EQ(AgeOn(MakeDate(1990, 11, 23), kToday), 36);
}

}  // namespace
}  // namespace vardkedja::referral::domain
