#include "reporting-service/storage/agreements_file.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "lib/config/reader.h"
#include "lib/status/status.h"

namespace vardkedja::reporting::storage {
namespace {

constexpr std::int64_t kMostThousandSek = 10'000'000;  // ten billion SEK
constexpr std::int64_t kOrePerThousandSek = 100'000;

// "44.79" to 4479; at most two decimals.
std::optional<std::int64_t> ParsePercent(std::string_view text) {
  const std::size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  std::string decimals(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (digits.empty() || decimals.size() > 2) return std::nullopt;
  if (point != std::string_view::npos && decimals.empty()) return std::nullopt;
  decimals.resize(2, '0');
  digits += decimals;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (value < 0 || value > domain::kWhole) return std::nullopt;
  return value;
}

class FileReader {
 public:
  explicit FileReader(config::Reader reader) : reader_(std::move(reader)) {}

  absl::StatusOr<AgreementsFile> Read() {
    AgreementsFile file;
    for (const std::string& id : reader_.List("agreements")) {
      file.agreements.push_back(ReadAgreement(id));
    }
    for (const std::string& year : reader_.List("outcomes")) {
      int number = 0;
      std::from_chars(year.data(), year.data() + year.size(), number);
      if (std::to_string(number) != year || number < 1990 || number > 2199) {
        reader_.Fault("outcomes", "has \"" + year + "\", which is not a year");
        continue;
      }
      file.outcomes[number] = ReadOutcome("outcome." + year);
    }
    for (const std::string& date : reader_.List("follow_ups")) {
      const std::optional<Date> from = ParseDate(date);
      if (!from) reader_.Fault("follow_ups", "has \"" + date + "\", which is not a date");
      const auto days = reader_.Integer("follow_up." + date + ".tolerance_days", 0, 0, 366);
      if (from) file.tolerance_days[*from] = static_cast<int>(days);
    }
    VK_RETURN_IF_ERROR(reader_.Finish());
    return file;
  }

 private:
  std::optional<Date> OptionalDate(const std::string& key) {
    const std::string text = reader_.Text(key, "");
    if (text.empty()) return std::nullopt;
    const std::optional<Date> date = ParseDate(text);
    if (!date) reader_.Fault(key, "is not a date YYYY-MM-DD");
    return date;
  }

  std::int64_t Percent(const std::string& key) {
    const std::string text = reader_.Text(key);
    const std::optional<std::int64_t> value = ParsePercent(text);
    if (!value) reader_.Fault(key, "is not a percentage of 0 to 100 with at most two decimals");
    return value.value_or(0);
  }

  domain::Agreement ReadAgreement(const std::string& id) {
    const std::string section = "agreement." + id + ".";
    domain::Agreement agreement;
    agreement.agreement_id = id;
    agreement.name = reader_.Text(section + "name");
    const std::optional<Date> from = OptionalDate(section + "valid_from");
    if (!from) reader_.Fault(section + "valid_from", "is missing");
    agreement.valid_from = from.value_or(Date{});
    agreement.valid_to = OptionalDate(section + "valid_to");
    if (agreement.valid_to && *agreement.valid_to <= agreement.valid_from) {
      reader_.Fault(section + "valid_to", "is not after valid_from");
    }
    agreement.region_name = reader_.Text(section + "region.name");
    agreement.region_basis_points = Percent(section + "region.percent");
    const std::string bearer = reader_.Text(section + "rent_bearer", "");
    if (!bearer.empty()) agreement.rent_bearer = bearer;
    agreement.deduct_revenue = reader_.Flag(section + "deduct_revenue", false);
    agreement.renormalise = reader_.Flag(section + "renormalise", false);
    for (const std::string& code : reader_.List(section + "key")) {
      agreement.key.push_back(ReadShare(section + "share." + code + ".", code));
    }
    CheckKey(section, agreement);
    return agreement;
  }

  domain::KeyShare ReadShare(const std::string& section, const std::string& code) {
    if (code.size() != 4 || code.find_first_not_of("0123456789") != std::string::npos) {
      reader_.Fault(section + "name", "stands under \"" + code + "\", not a municipality code");
    }
    domain::KeyShare share{code, reader_.Text(section + "name"), Percent(section + "percent"),
                           OptionalDate(section + "joined"), OptionalDate(section + "left")};
    if (share.joined && share.left && *share.left <= *share.joined) {
      reader_.Fault(section + "left", "is not after joined");
    }
    return share;
  }

  void CheckKey(const std::string& section, const domain::Agreement& agreement) {
    std::int64_t sum = 0;
    std::set<std::string> codes;
    std::set<Date> cuts;
    for (const domain::KeyShare& share : agreement.key) {
      sum += share.basis_points;
      if (!codes.insert(share.code).second) {
        reader_.Fault(section + "key", "names " + share.code + " twice");
      }
      if (share.joined) cuts.insert(*share.joined);
      if (share.left) cuts.insert(*share.left);
    }
    if (codes.empty()) reader_.Fault(section + "key", "names no municipality");
    if (sum > domain::kWhole) reader_.Fault(section + "key", "adds up to more than 100 percent");
    if (agreement.rent_bearer && !codes.contains(*agreement.rent_bearer)) {
      reader_.Fault(section + "rent_bearer", "is not in the key");
    }
    for (const Date cut : cuts) {
      const int year = int(std::chrono::year_month_day(cut).year());
      if (domain::KeyPeriods(agreement, year).size() > domain::kMaxParts) {
        reader_.Fault(section + "key", "cuts " + std::to_string(year) + " into too many parts");
        return;
      }
    }
  }

  std::vector<domain::FacilityCost> ReadOutcome(const std::string& section) {
    std::vector<domain::FacilityCost> costs;
    const std::vector<std::string> facilities = reader_.List(section + ".facilities");
    if (facilities.empty()) reader_.Fault(section + ".facilities", "names no facility");
    for (const std::string& facility : facilities) {
      const std::string at = section + "." + facility + ".";
      const auto amount = [&](const char* key) {
        if (!reader_.Has(at + key)) reader_.Fault(at + key, "is missing");
        return domain::Ore{reader_.Integer(at + key, 0, 0, kMostThousandSek) * kOrePerThousandSek};
      };
      costs.push_back({facility, reader_.Text(at + "name"), amount("staff"), amount("rent"),
                       amount("other"), amount("revenue")});
    }
    return costs;
  }

  config::Reader reader_;
};

}  // namespace

absl::StatusOr<AgreementsFile> ParseAgreements(std::string_view name, std::string_view yaml) {
  VK_ASSIGN_OR_RETURN(config::Reader reader, config::Reader::FromText(name, yaml, {}));
  return FileReader(std::move(reader)).Read();
}

absl::StatusOr<AgreementsFile> ReadAgreements(const std::string& path) {
  VK_ASSIGN_OR_RETURN(config::Reader reader, config::Reader::FromFile(path, {}));
  return FileReader(std::move(reader)).Read();
}

}  // namespace vardkedja::reporting::storage
