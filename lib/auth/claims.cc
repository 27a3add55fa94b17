#include "lib/auth/claims.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "lib/auth/role_names.h"

namespace vardkedja::auth {
namespace {

using Json = nlohmann::json;

constexpr int kMostDepth = 6;
constexpr size_t kMostUnits = 32;
constexpr size_t kMostRoles = 32;
constexpr int64_t kLatestSecond = 253402300799;  // end of year 9999

std::optional<Json> ParseStrict(std::string_view text) {
  std::vector<std::set<std::string>> names;
  bool fine = true;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kMostDepth) fine = false;
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end && !names.empty()) names.pop_back();
    if (event == Json::parse_event_t::key) {
      fine = fine && names.back().insert(value.get_ref<const std::string&>()).second;
    }
    return true;
  };
  Json json = Json::parse(text, watch, /*allow_exceptions=*/false);
  if (!fine || !json.is_object()) return std::nullopt;
  return json;
}

std::optional<std::string> Text(const Json& json, const char* name) {
  const auto member = json.find(name);
  if (member == json.end() || !member->is_string()) return std::nullopt;
  return member->get<std::string>();
}

// Ids of organisations, units and seats.
bool IsSlug(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// Subjects are logged and audited: they must be printable, short, and not an identity number
// ("YYYYMMDD-NNNN" or "YYMMDD-NNNN", with or without its sign).
bool IsSubject(std::string_view text) {
  if (text.empty() || text.size() > 128) return false;
  size_t digits = 0;
  size_t others = 0;
  for (const char c : text) {
    if (c <= ' ' || c >= 127) return false;
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (c != '-' && c != '+') {
      ++others;
    }
  }
  return others > 0 || (digits != 10 && digits != 12);
}

std::optional<Instant> Second(const Json& json, const char* name) {
  const auto member = json.find(name);
  if (member == json.end() || !member->is_number_integer()) return std::nullopt;
  // An unsigned value above the signed range reads as negative.
  const auto seconds = member->get<int64_t>();
  if (seconds <= 0 || seconds > kLatestSecond) return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

bool NamesAudience(const Json& json, std::string_view audience) {
  const auto member = json.find("aud");
  if (member == json.end()) return false;
  if (member->is_string()) return member->get_ref<const std::string&>() == audience;
  if (!member->is_array()) return false;
  return std::any_of(member->begin(), member->end(), [&](const Json& one) {
    return one.is_string() && one.get_ref<const std::string&>() == audience;
  });
}

bool ReadUnits(const Json& json, Principal& principal) {
  const auto unit = Text(json, "unit");
  if (!unit || !IsSlug(*unit)) return false;
  principal.default_unit = *unit;
  principal.units.insert(*unit);
  const auto more = json.find("units");
  if (more == json.end()) return true;
  if (!more->is_array() || more->size() > kMostUnits) return false;
  for (const Json& one : *more) {
    if (!one.is_string() || !IsSlug(one.get_ref<const std::string&>())) return false;
    principal.units.insert(one.get<std::string>());
  }
  return true;
}

bool ReadRoles(const Json& json, Principal& principal) {
  const auto roles = json.find("roles");
  if (roles == json.end() || !roles->is_array() || roles->size() > kMostRoles) return false;
  for (const Json& one : *roles) {
    if (!one.is_string()) return false;
    // A name that this version does not know grants nothing.
    if (const auto role = ParseRole(one.get_ref<const std::string&>())) {
      principal.roles.insert(*role);
    }
  }
  return !principal.roles.empty();
}

bool ReadSeatAndAssurance(const Json& json, Principal& principal) {
  if (json.contains("seat")) {
    principal.seat = Text(json, "seat");
    if (!principal.seat || !IsSlug(*principal.seat)) return false;
  }
  const bool on_board = principal.Has(Role::kBoardMember) || principal.Has(Role::kBoardDeputy);
  if (on_board && !principal.seat) return false;
  if (!json.contains("loa")) return true;
  const auto loa = Text(json, "loa");
  const auto level = loa ? ParseAssurance(*loa) : std::nullopt;
  if (!level) return false;
  principal.assurance = *level;
  return true;
}

}  // namespace

std::optional<TokenHeader> ParseTokenHeader(std::string_view json) {
  const auto header = ParseStrict(json);
  if (!header) return std::nullopt;
  for (const char* refused : {"crit", "jwk", "jku", "x5c", "x5u", "zip", "enc"}) {
    if (header->contains(refused)) return std::nullopt;
  }
  if (header->contains("typ")) {
    const auto type = Text(*header, "typ");
    if (type != "JWT" && type != "at+jwt") return std::nullopt;
  }
  const auto algorithm = Text(*header, "alg");
  const auto kid = Text(*header, "kid");
  if (!algorithm || !kid || kid->empty() || kid->size() > 128) return std::nullopt;
  if (*algorithm == "ES256") return TokenHeader{jose::Algorithm::kEs256, *kid};
  if (*algorithm == "RS256") return TokenHeader{jose::Algorithm::kRs256, *kid};
  return std::nullopt;
}

std::optional<TokenClaims> ParseTokenClaims(std::string_view json, std::string_view issuer,
                                            std::string_view audience) {
  const auto body = ParseStrict(json);
  if (!body || Text(*body, "iss") != std::string(issuer) || !NamesAudience(*body, audience)) {
    return std::nullopt;
  }
  TokenClaims claims;
  Principal& principal = claims.principal;
  const auto expires_at = Second(*body, "exp");
  const auto subject = Text(*body, "sub");
  const auto organisation = Text(*body, "org");
  if (!expires_at || !subject || !IsSubject(*subject) || !organisation || !IsSlug(*organisation)) {
    return std::nullopt;
  }
  principal.expires_at = *expires_at;
  principal.subject = *subject;
  principal.organisation = *organisation;
  if (body->contains("nbf")) {
    claims.not_before = Second(*body, "nbf");
    if (!claims.not_before) return std::nullopt;
  }
  if (!ReadUnits(*body, principal) || !ReadRoles(*body, principal) ||
      !ReadSeatAndAssurance(*body, principal)) {
    return std::nullopt;
  }
  return claims;
}

}  // namespace vardkedja::auth
