// vardkedja-token: keys and signed tokens for development and tests.
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "lib/auth/role_names.h"
#include "lib/auth/signing_key.h"
#include "lib/status/status.h"

namespace {

using vardkedja::auth::SigningKey;
using Json = nlohmann::json;
// Flags by name without dashes; a flag may be repeated.
using Flags = std::map<std::string, std::vector<std::string>>;

constexpr const char* kUsage = R"(vardkedja-token: development keys and tokens

  vardkedja-token keygen --out DIR
      Writes DIR/token-key.pem (mode 0600) and DIR/jwks.json. Run again, it makes a new signing key
      and keeps the public halves of the older ones, at most four.
  vardkedja-token issue --key FILE --unit UNIT --role ROLE [--role ROLE]... [--also-unit UNIT]...
      [--org ORG] [--seat SEAT] [--loa low|substantial|high] [--ttl 8h] [--sub SUBJECT]
      [--issuer TEXT] [--audience TEXT]
      Prints a signed token. ttl: a number with s, m or h; may be negative, for an expired one.
      Defaults: loa high, ttl 8h, the unit's organisation, issuer and audience "vardkedja".
)";

int Fail(const std::string& message) {
  std::cerr << "vardkedja-token: " << message << "\n";
  return 2;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// By rename, so that a verifier never sees half a file.
bool WriteFile(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  const std::string temporary = path.string() + ".new";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    if (::chmod(temporary.c_str(), mode) != 0) return false;
    file << text;
    if (!file.flush()) return false;
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  return !error;
}

std::optional<Flags> ParseFlags(int argc, char** argv) {
  Flags flags;
  for (int i = 2; i < argc; i += 2) {
    const std::string name = argv[i];
    if (name.rfind("--", 0) != 0 || i + 1 >= argc) return std::nullopt;
    flags[name.substr(2)].emplace_back(argv[i + 1]);
  }
  return flags;
}

std::string One(const Flags& flags, const std::string& name, const std::string& otherwise) {
  const auto found = flags.find(name);
  return found == flags.end() ? otherwise : found->second.back();
}

// The organisation of a unit of the reference data; board members belong to their facility's.
std::string OrganisationOf(const std::string& unit, const std::string& seat) {
  static const std::map<std::string, std::string> kByUnit = {
      {"ekeliden", "region-kronoberg"},
      {"piva", "region-kronoberg"},
      {"novus", "vaxjo"},
      {"alvesta-authority", "alvesta"},
  };
  const auto found = kByUnit.find(unit == "placement-board" ? seat : unit);
  if (found != kByUnit.end()) return found->second;
  if (unit.rfind("clinic-region", 0) == 0) return "region-kronoberg";
  if (unit.rfind("vaxjo-", 0) == 0) return "vaxjo";
  const size_t suffix = unit.find("-social-services");
  return suffix == std::string::npos ? unit : unit.substr(0, suffix);
}

std::optional<std::chrono::seconds> ParseTtl(const std::string& text) {
  size_t end = 0;
  long number = 0;
  try {
    number = std::stol(text, &end);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  constexpr long kMost = 10L * 365 * 24 * 3600;
  if (end + 1 != text.size() || number > kMost || number < -kMost) return std::nullopt;
  switch (text[end]) {
    case 's':
      return std::chrono::seconds(number);
    case 'm':
      return std::chrono::seconds(number * 60);
    case 'h':
      return std::chrono::seconds(number * 3600);
    default:
      return std::nullopt;
  }
}

int Keygen(const Flags& flags) {
  constexpr size_t kOlderKeys = 4;
  const std::filesystem::path directory = One(flags, "out", "");
  if (directory.empty()) return Fail("keygen needs --out DIR");
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const auto key = SigningKey::Generate();
  if (!key.ok()) return Fail(std::string(vardkedja::ToStd(key.status().message())));

  std::vector<std::string> jwks = {key->Jwk()};
  const Json old = Json::parse(ReadFile(directory / "jwks.json"), nullptr, false);
  if (old.is_object() && old.contains("keys")) {
    for (const Json& jwk : old["keys"]) {
      if (jwks.size() <= kOlderKeys) jwks.push_back(jwk.dump());
    }
  }
  // The public half first: a token signed by the new key must find it.
  if (!WriteFile(directory / "jwks.json", vardkedja::auth::MakeJwks(jwks), 0644) ||
      !WriteFile(directory / "token-key.pem", key->ToPem(), 0600)) {
    return Fail("cannot write to " + directory.string());
  }
  return 0;
}

int Issue(const Flags& flags) {
  const auto key = SigningKey::FromPem(ReadFile(One(flags, "key", "")));
  if (!key.ok()) return Fail("--key: " + std::string(vardkedja::ToStd(key.status().message())));
  const std::string unit = One(flags, "unit", "");
  const std::string seat = One(flags, "seat", "");
  const auto roles = flags.find("role");
  if (unit.empty() || roles == flags.end()) return Fail("issue needs --unit and --role");
  for (const std::string& role : roles->second) {
    if (!vardkedja::auth::ParseRole(role)) return Fail("there is no role " + role);
  }
  const auto ttl = ParseTtl(One(flags, "ttl", "8h"));
  if (!ttl) return Fail("--ttl: a number with s, m or h");
  const std::string loa = One(flags, "loa", "high");
  if (!vardkedja::auth::ParseAssurance(loa)) return Fail("--loa: low, substantial or high");

  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  Json claims = {
      {"iss", One(flags, "issuer", "vardkedja")},
      {"aud", One(flags, "audience", "vardkedja")},
      {"iat", now.count()},
      {"exp", (now + *ttl).count()},
      {"sub", One(flags, "sub", "dev-" + unit + "-" + roles->second.front())},
      {"org", One(flags, "org", OrganisationOf(unit, seat))},
      {"unit", unit},
      {"roles", roles->second},
      {"loa", loa},
  };
  if (!seat.empty()) claims["seat"] = seat;
  if (const auto more = flags.find("also-unit"); more != flags.end())
    claims["units"] = more->second;
  std::cout << key->Sign(claims.dump()) << "\n";
  return 0;
}

int Run(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "help" || command == "--help") {
    std::cout << kUsage;
    return 0;
  }
  const auto flags = ParseFlags(argc, argv);
  if (!flags) return Fail("each flag needs a value");
  static const std::map<std::string, std::vector<std::string>> kKnown = {
      {"keygen", {"out"}},
      {"issue",
       {"key", "unit", "also-unit", "role", "org", "seat", "loa", "ttl", "sub", "issuer",
        "audience"}},
  };
  const auto known = kKnown.find(command);
  if (known == kKnown.end()) {
    std::cerr << kUsage;
    return 2;
  }
  for (const auto& [name, values] : *flags) {
    if (std::find(known->second.begin(), known->second.end(), name) == known->second.end()) {
      return Fail(command + " has no flag --" + name);
    }
  }
  return command == "keygen" ? Keygen(*flags) : Issue(*flags);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}
