#include "lib/vault/key_ring.h"

#include <sodium.h>
#include <yaml-cpp/yaml.h>

#include <mutex>
#include <optional>
#include <stdexcept>

#include "lib/status/status.h"

namespace vardkedja::vault {
namespace {

constexpr std::array<std::pair<std::string_view, KeyPurpose>, 3> kPurposes = {{
    {"encryption", KeyPurpose::kEncryption},
    {"index", KeyPurpose::kIndex},
    {"audit", KeyPurpose::kAudit},
}};
constexpr size_t kMostKeys = 64;

// Once per process; the vault cannot work without it.
void StartSodium() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error("libsodium cannot start");
}

absl::Status Bad(const std::string& what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "key ring: " + what, "KEY_RING_INVALID");
}

std::optional<Key> Decode(const std::string& base64) {
  Key key;
  size_t size = 0;
  if (sodium_base642bin(key.data(), Key::kBytes, base64.data(), base64.size(), nullptr, &size,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != Key::kBytes) {
    return std::nullopt;
  }
  return key;
}

bool IsKeyId(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (const char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

}  // namespace

Key::~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }

absl::StatusOr<KeyRing::Sections> KeyRing::Parse(const std::string& path) {
  StartSodium();
  try {
    const YAML::Node root = YAML::LoadFile(path);
    if (!root.IsMap()) return Bad("the file is not a map");
    if (root.size() != kPurposes.size()) return Bad("the purposes are encryption, index and audit");
    Sections sections;
    for (const auto& [name, purpose] : kPurposes) {
      const std::string text(name);
      const YAML::Node node = root[text];
      if (!node.IsDefined() || !node.IsMap()) return Bad("no purpose " + text);
      if (node.size() != 2 || !node["active"].IsDefined() || !node["keys"].IsMap()) {
        return Bad(text + " needs active and keys");
      }
      if (node["keys"].size() > kMostKeys) return Bad(text + " has too many keys");
      Section section;
      section.active = node["active"].as<std::string>();
      for (const auto& entry : node["keys"]) {
        const auto id = entry.first.as<std::string>();
        const auto key = Decode(entry.second.as<std::string>());
        if (!IsKeyId(id)) return Bad(text + " has a key with a malformed id");
        if (!key) return Bad(text + " key " + id + " is not 32 bytes in base64");
        if (!section.keys.emplace(id, *key).second) return Bad(text + " has " + id + " twice");
      }
      if (!section.keys.contains(section.active)) {
        return Bad(text + " has no key with the active id");
      }
      sections.emplace(purpose, std::move(section));
    }
    return sections;
  } catch (const YAML::Exception& error) {
    // Only the position: the text around it may be key material.
    return Bad("not readable as YAML near line " + std::to_string(error.mark.line + 1));
  }
}

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::Load(const std::string& path) {
  std::unique_ptr<KeyRing> ring(new KeyRing(path));
  VK_RETURN_IF_ERROR(ring->Reload());
  return ring;
}

absl::Status KeyRing::Reload() {
  VK_ASSIGN_OR_RETURN(Sections sections, Parse(path_));
  const std::unique_lock lock(mutex_);
  sections_ = std::move(sections);
  return absl::OkStatus();
}

NamedKey KeyRing::Active(KeyPurpose purpose) const {
  const std::shared_lock lock(mutex_);
  const Section& section = sections_.at(purpose);
  return {section.active, section.keys.at(section.active)};
}

absl::StatusOr<Key> KeyRing::Find(KeyPurpose purpose, std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const Section& section = sections_.at(purpose);
  const auto found = section.keys.find(id);
  if (found == section.keys.end()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "the key ring lacks a key in use",
                     ErrorDetail{"KEY_MISSING", {{"key_id", std::string(id)}}, {}, {}});
  }
  return found->second;
}

std::vector<NamedKey> KeyRing::All(KeyPurpose purpose) const {
  const std::shared_lock lock(mutex_);
  const Section& section = sections_.at(purpose);
  std::vector<NamedKey> keys = {{section.active, section.keys.at(section.active)}};
  for (const auto& [id, key] : section.keys) {
    if (id != section.active) keys.push_back({id, key});
  }
  return keys;
}

NamedKey KeyRing::Generate(std::string_view id_prefix) {
  StartSodium();
  NamedKey made;
  randombytes_buf(made.key.data(), Key::kBytes);
  std::array<uint8_t, 4> tail{};
  randombytes_buf(tail.data(), tail.size());
  std::array<char, 9> hex{};
  sodium_bin2hex(hex.data(), hex.size(), tail.data(), tail.size());
  made.id = std::string(id_prefix) + "-" + hex.data();
  return made;
}

}  // namespace vardkedja::vault
