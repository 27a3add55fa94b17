// Swedish identity numbers: personnummer, coordination number (samordningsnummer) and the region's
// reserve number (reservnummer). The value never leaves the form, the vault and the blind index.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lib/time/time.h"

namespace vardkedja::referral::domain {

enum class IdentityKind { kPersonal, kCoordination, kReserve };

// A valid number in its normal form. Immutable.
class IdentityNumber {
 public:
  // Takes "YYYYMMDDNNNN" and "YYYYMMDD-NNNN" with a real date (day + 60 for coordination numbers),
  // not after `today`, and a right check digit; or "R" and 6 to 15 letters or digits. Nothing else.
  static std::optional<IdentityNumber> Parse(std::string_view text, Date today);

  // Twelve digits, or upper-case "R...": what the blind index is computed of.
  const std::string& normalised() const { return normalised_; }
  IdentityKind kind() const { return kind_; }
  // Day of birth; none for a reserve number.
  std::optional<Date> birth_date() const { return birth_date_; }

 private:
  IdentityNumber() = default;
  std::string normalised_;
  IdentityKind kind_ = IdentityKind::kPersonal;
  std::optional<Date> birth_date_;
};

// Whole years of age on a date.
int AgeOn(Date birth_date, Date on);

}  // namespace vardkedja::referral::domain
