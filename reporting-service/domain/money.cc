#include "reporting-service/domain/money.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <numeric>

namespace vardkedja::reporting::domain {
namespace {

constexpr std::int64_t kOrePerThousandSek = 100'000;

}  // namespace

ExactOre::ExactOre(Ore amount, std::int64_t numerator, std::int64_t denominator)
    : numerator_(static_cast<Wide>(amount.amount) * numerator), denominator_(denominator) {
  assert(denominator > 0);
  Reduce();
}

ExactOre::Wide ExactOre::Gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

void ExactOre::Reduce() {
  const Wide common = Gcd(numerator_, denominator_);
  numerator_ /= common;
  denominator_ /= common;
}

ExactOre& ExactOre::operator+=(const ExactOre& other) {
  const Wide common = Gcd(denominator_, other.denominator_);
  const Wide scale = other.denominator_ / common;
  numerator_ = numerator_ * scale + other.numerator_ * (denominator_ / common);
  denominator_ *= scale;
  Reduce();
  return *this;
}

std::int64_t ExactOre::ThousandSek() const {
  const Wide unit = denominator_ * kOrePerThousandSek;
  const Wide magnitude = numerator_ < 0 ? -numerator_ : numerator_;
  const auto rounded = static_cast<std::int64_t>((2 * magnitude + unit) / (2 * unit));
  return numerator_ < 0 ? -rounded : rounded;
}

std::vector<Ore> Apportion(Ore amount, const std::vector<std::int64_t>& weights) {
  __extension__ using Wide = __int128;
  std::vector<Ore> parts(weights.size());
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (sum == 0) return parts;
  const bool negative = amount.amount < 0;
  const std::int64_t magnitude = negative ? -amount.amount : amount.amount;
  std::vector<std::int64_t> remainders(weights.size());
  std::int64_t left = magnitude;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = static_cast<Wide>(magnitude) * weights[i];
    parts[i].amount = static_cast<std::int64_t>(product / sum);
    remainders[i] = static_cast<std::int64_t>(product % sum);
    left -= parts[i].amount;
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; left > 0; ++i, --left) ++parts[order[i]].amount;
  if (negative) {
    for (Ore& part : parts) part.amount = -part.amount;
  }
  return parts;
}

}  // namespace vardkedja::reporting::domain
