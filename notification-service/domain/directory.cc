#include "notification-service/domain/directory.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace vardkedja::notification::domain {
namespace {

constexpr std::array<std::string_view, 4> kOrganisationKinds = {"region", "municipality", "state",
                                                                "joint"};
constexpr std::array<std::string_view, 6> kUnitKinds = {
    "social_services", "facility", "clinic", "ward", "board", "state_institution"};
constexpr std::array<std::string_view, 1> kHolderRoles = {"unit_head"};
constexpr std::array<std::string_view, 2> kDeputyRoles = {"coordinator", ""};
constexpr size_t kNameBytesMax = 200;
constexpr size_t kAddressBytesMax = 128;

template <size_t kSize>
bool IsOneOf(const std::array<std::string_view, kSize>& allowed, std::string_view value) {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

template <size_t kSize>
std::string Listed(const std::array<std::string_view, kSize>& allowed) {
  std::string text;
  for (std::string_view value : allowed) {
    if (value.empty()) continue;
    if (!text.empty()) text += ", ";
    text += value;
  }
  return text;
}

bool IsMunicipalityCode(std::string_view code) {
  return code.size() == 4 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Host-name shaped: labels of lower-case letters, digits and hyphens, joined by dots.
bool IsFunctionalAddress(std::string_view address) {
  if (address.empty() || address.size() > kAddressBytesMax) return false;
  char previous = '.';
  for (char c : address) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!word && c != '.' && c != '-') return false;
    if (!word && (previous == '.' || previous == '-')) return false;
    previous = c;
  }
  return previous != '.' && previous != '-' && address.find('.') != std::string_view::npos;
}

// Collects problems; remembers what must be unique and where it was first seen.
class Checker {
 public:
  explicit Checker(const Directory& directory) : directory_(directory) {}

  std::vector<DirectoryProblem> Run() {
    for (size_t i = 0; i < directory_.organisations.size(); ++i) {
      const std::string key = "organisations[" + std::to_string(i) + "]";
      organisation_keys_.emplace(directory_.organisations[i].organisation_id, key);
      CheckOrganisation(key, directory_.organisations[i]);
    }
    std::map<std::string, int> position;
    for (const Unit& unit : directory_.units) {
      const auto organisation = organisation_keys_.find(unit.organisation_id);
      const std::string parent =
          organisation == organisation_keys_.end() ? "organisations[?]" : organisation->second;
      const std::string key =
          parent + ".units[" + std::to_string(position[unit.organisation_id]++) + "]";
      if (organisation == organisation_keys_.end()) {
        Add(key + ".organisation", "UNKNOWN_REFERENCE",
            "no organisation has the id '" + unit.organisation_id + "'");
      }
      CheckUnit(key, unit);
    }
    return std::move(problems_);
  }

 private:
  void Add(std::string key, std::string rule, std::string text) {
    problems_.push_back({std::move(key), std::move(rule), std::move(text)});
  }

  void Unique(std::string_view what, const std::string& value, const std::string& key) {
    if (value.empty()) return;
    const auto [found, inserted] = seen_.emplace(std::string(what) + "=" + value, key);
    if (!inserted) Add(key, "DUPLICATE", "'" + value + "' is already used by " + found->second);
  }

  void CheckIdAndName(const std::string& key, const std::string& id, const std::string& name) {
    if (!IsSlug(id)) {
      Add(key + ".id", "NOT_A_SLUG",
          "'" + id + "' is not 2 to 64 lower-case letters, digits and hyphens");
    }
    if (name.empty() || name.size() > kNameBytesMax) {
      Add(key + ".name", "LENGTH", "a name has 1 to 200 bytes");
    }
  }

  void CheckOrganisation(const std::string& key, const Organisation& organisation) {
    CheckIdAndName(key, organisation.organisation_id, organisation.name);
    Unique("organisation", organisation.organisation_id, key + ".id");
    Unique("municipality_code", organisation.municipality_code, key + ".municipality_code");
    if (!IsOneOf(kOrganisationKinds, organisation.kind)) {
      Add(key + ".kind", "UNKNOWN_CODE",
          "'" + organisation.kind + "' is none of " + Listed(kOrganisationKinds));
    }
    const bool municipality = organisation.kind == "municipality";
    if (municipality && !IsMunicipalityCode(organisation.municipality_code)) {
      Add(key + ".municipality_code", "NOT_A_MUNICIPALITY_CODE",
          "a municipality has a code of four digits");
    }
    if (!municipality && !organisation.municipality_code.empty()) {
      Add(key + ".municipality_code", "NOT_ALLOWED", "only a municipality has a code");
    }
  }

  void CheckUnit(const std::string& key, const Unit& unit) {
    CheckIdAndName(key, unit.unit_id, unit.name);
    Unique("unit", unit.unit_id, key + ".id");
    Unique("functional_address", unit.functional_address, key + ".functional_address");
    Unique("facility", unit.facility_id, key + ".facility");
    if (!IsOneOf(kUnitKinds, unit.kind)) {
      Add(key + ".kind", "UNKNOWN_CODE", "'" + unit.kind + "' is none of " + Listed(kUnitKinds));
    }
    if (!IsFunctionalAddress(unit.functional_address)) {
      Add(key + ".functional_address", "NOT_AN_ADDRESS",
          "a functional address is dot-separated lower-case labels, at most 128 bytes");
    }
    if ((unit.kind == "facility") == unit.facility_id.empty()) {
      Add(key + ".facility", "FACILITY_LINK",
          "a unit of kind facility names its facility, and no other unit does");
    } else if (!unit.facility_id.empty() && !IsSlug(unit.facility_id)) {
      Add(key + ".facility", "NOT_A_SLUG", "'" + unit.facility_id + "' is not a slug");
    }
    if (!unit.host_organisation_id.empty() &&
        !organisation_keys_.contains(unit.host_organisation_id)) {
      Add(key + ".host_organisation", "UNKNOWN_REFERENCE",
          "no organisation has the id '" + unit.host_organisation_id + "'");
    }
    CheckBoard(key, unit);
  }

  void CheckBoard(const std::string& key, const Unit& unit) {
    const bool board = unit.kind == "board";
    if (board == unit.seats.empty()) {
      Add(key + ".seats", "SEATS", "a board has seats, and no other unit does");
    }
    if (board && unit.host_organisation_id.empty()) {
      Add(key + ".host_organisation", "REQUIRED", "a board's inbox has a host organisation");
    }
    for (size_t i = 0; i < unit.seats.size(); ++i) {
      CheckSeat(key + ".seats[" + std::to_string(i) + "]", unit.seats[i]);
    }
  }

  void CheckSeat(const std::string& key, const Seat& seat) {
    if (!IsSlug(seat.seat)) Add(key + ".seat", "NOT_A_SLUG", "'" + seat.seat + "' is not a slug");
    Unique("seat", seat.seat, key + ".seat");
    Unique("seat of facility", seat.facility_id, key + ".facility");
    const bool known =
        std::any_of(directory_.units.begin(), directory_.units.end(), [&](const Unit& unit) {
          return !seat.facility_id.empty() && unit.facility_id == seat.facility_id;
        });
    if (!known) {
      Add(key + ".facility", "UNKNOWN_REFERENCE",
          "no unit answers for the facility '" + seat.facility_id + "'");
    }
    if (!IsOneOf(kHolderRoles, seat.holder_role)) {
      Add(key + ".holder_role", "UNKNOWN_CODE",
          "'" + seat.holder_role + "' is none of " + Listed(kHolderRoles));
    }
    if (!IsOneOf(kDeputyRoles, seat.deputy_role)) {
      Add(key + ".deputy_role", "UNKNOWN_CODE",
          "'" + seat.deputy_role + "' is none of " + Listed(kDeputyRoles));
    }
  }

  const Directory& directory_;
  std::map<std::string, std::string, std::less<>> organisation_keys_;
  std::map<std::string, std::string, std::less<>> seen_;
  std::vector<DirectoryProblem> problems_;
};

}  // namespace

bool IsSlug(std::string_view text) {
  if (text.size() < 2 || text.size() > 64) return false;
  if (text.front() < 'a' || text.front() > 'z' || text.back() == '-') return false;
  char previous = 'a';
  for (char c : text) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!word && (c != '-' || previous == '-')) return false;
    previous = c;
  }
  return true;
}

std::vector<DirectoryProblem> CheckDirectory(const Directory& directory) {
  return Checker(directory).Run();
}

}  // namespace vardkedja::notification::domain
