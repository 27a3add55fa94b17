// Money and exact shares of it.
#pragma once

#include <cstdint>
#include <vector>

namespace vardkedja::reporting::domain {

// Swedish öre; 100 to the krona. Negative for revenue.
struct Ore {
  std::int64_t amount = 0;

  Ore& operator+=(Ore other) {
    amount += other.amount;
    return *this;
  }
  auto operator<=>(const Ore&) const = default;
};

// An exact amount in öre as a fraction. The numbers of an agreement (basis points, days of a year,
// at most kMaxParts different keys in a year) keep it far from overflow.
class ExactOre {
 public:
  ExactOre() = default;
  // `amount` * numerator / denominator. Precondition: denominator > 0.
  ExactOre(Ore amount, std::int64_t numerator, std::int64_t denominator);

  ExactOre& operator+=(const ExactOre& other);
  // Thousands of SEK, half away from zero.
  std::int64_t ThousandSek() const;

 private:
  __extension__ using Wide = __int128;
  static Wide Gcd(Wide a, Wide b);
  void Reduce();

  Wide numerator_ = 0;
  Wide denominator_ = 1;
};

// Divides `amount` in proportion to `weights` so that the parts add up to it: everyone gets the
// whole öre of the exact part, and the ones left over go to the largest remainders, ties to the
// earlier weight. Without any weight above zero every part is zero.
std::vector<Ore> Apportion(Ore amount, const std::vector<std::int64_t>& weights);

}  // namespace vardkedja::reporting::domain
