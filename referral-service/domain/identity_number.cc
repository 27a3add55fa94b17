#include "referral-service/domain/identity_number.h"

#include <algorithm>
#include <cstddef>

namespace vardkedja::referral::domain {
namespace {

constexpr std::size_t kDigits = 12;
constexpr int kFirstYear = 1890;  // the first year of the published test series
constexpr unsigned kCoordinationOffset = 60;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// Luhn over the ten digits after the century.
bool CheckDigitIsRight(std::string_view ten) {
  int sum = 0;
  for (std::size_t i = 0; i < ten.size(); ++i) {
    const int product = (ten[i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return sum % 10 == 0;
}

std::optional<std::string> ReserveNumber(std::string_view text) {
  constexpr std::size_t kShortest = 7;
  constexpr std::size_t kLongest = 16;
  if (text.size() < kShortest || text.size() > kLongest || (text[0] != 'R' && text[0] != 'r')) {
    return std::nullopt;
  }
  std::string normalised(text);
  for (char& c : normalised) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!IsDigit(c) && (c < 'A' || c > 'Z')) return std::nullopt;
  }
  return normalised;
}

std::optional<Date> BirthDate(std::string_view digits, unsigned day) {
  const int year = Number(digits.substr(0, 4));
  const std::chrono::year_month_day ymd{
      std::chrono::year(year),
      std::chrono::month(static_cast<unsigned>(Number(digits.substr(4, 2)))),
      std::chrono::day(day)};
  if (year < kFirstYear || !ymd.ok()) return std::nullopt;
  return Date(ymd);
}

}  // namespace

std::optional<IdentityNumber> IdentityNumber::Parse(std::string_view text, Date today) {
  IdentityNumber number;
  if (const auto reserve = ReserveNumber(text)) {
    number.normalised_ = *reserve;
    number.kind_ = IdentityKind::kReserve;
    return number;
  }
  std::string digits(text);
  if (digits.size() == kDigits + 1 && digits[8] == '-') digits.erase(8, 1);
  if (digits.size() != kDigits || !std::all_of(digits.begin(), digits.end(), IsDigit)) {
    return std::nullopt;
  }
  auto day = static_cast<unsigned>(Number(std::string_view(digits).substr(6, 2)));
  if (day > kCoordinationOffset) {
    number.kind_ = IdentityKind::kCoordination;
    day -= kCoordinationOffset;
  }
  number.birth_date_ = BirthDate(digits, day);
  if (!number.birth_date_ || *number.birth_date_ > today) return std::nullopt;
  if (!CheckDigitIsRight(std::string_view(digits).substr(2))) return std::nullopt;
  number.normalised_ = std::move(digits);
  return number;
}

int AgeOn(Date birth_date, Date on) {
  const std::chrono::year_month_day born(birth_date);
  const std::chrono::year_month_day then(on);
  int years = int(then.year()) - int(born.year());
  if (then.month() < born.month() || (then.month() == born.month() && then.day() < born.day())) {
    --years;
  }
  return years;
}

}  // namespace vardkedja::referral::domain
