// vardkedja-keys: makes and rotates the key ring of a suite (lib/vault/key_ring.h).
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <filesystem>
#include <iostream>
#include <string>

#include "lib/status/status.h"
#include "lib/vault/key_ring.h"

namespace {

using vardkedja::vault::Key;
using vardkedja::vault::KeyRing;

constexpr const char* kUsage = R"(vardkedja-keys: the key ring of a suite

  vardkedja-keys init --file FILE
      Makes FILE (mode 0600) with one key for each purpose. Leaves an existing file as it is.
  vardkedja-keys rotate --file FILE --purpose encryption|index|audit
      Adds a new key and makes it the active one. Running services read the file again by themselves.
  vardkedja-keys remove --file FILE --purpose encryption|index|audit --key ID
      Removes a key that is not active. First be sure that nothing uses it: for encryption,
      keystore.key_encryption_key.retired_at is set; an audit key is needed for as long as rows that
      it sealed are kept; an index key until every row was indexed anew.
)";

constexpr std::array<std::pair<const char*, const char*>, 3> kPurposes = {
    {{"encryption", "kek"}, {"index", "idx"}, {"audit", "aud"}}};

int Fail(const std::string& message) {
  std::cerr << "vardkedja-keys: " << message << "\n";
  return 2;
}

std::string Encode(const Key& key) {
  std::string text(sodium_base64_ENCODED_LEN(Key::kBytes, sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), key.data(), Key::kBytes,
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

void AddActive(YAML::Node section, const std::string& prefix) {
  const auto made = KeyRing::Generate(prefix);
  section["active"] = made.id;
  section["keys"][made.id] = Encode(made.key);
}

// By rename, so that a reader never sees half a file; readable by its owner only from the start.
int Write(const std::string& path, const YAML::Node& root) {
  YAML::Emitter out;
  out << root;
  const std::string text = std::string(out.c_str()) + "\n";
  const std::string temporary = path + ".new";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Fail("cannot write " + temporary);
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  if (!written || !synced) return Fail("cannot write " + temporary);
  if (const auto ring = KeyRing::Load(temporary); !ring.ok()) {
    std::filesystem::remove(temporary);
    return Fail("the result would not be a key ring: " +
                std::string(vardkedja::ToStd(ring.status().message())));
  }
  std::filesystem::rename(temporary, path);
  return 0;
}

int Init(const std::string& path) {
  if (std::filesystem::exists(path)) {
    const auto ring = KeyRing::Load(path);
    return ring.ok() ? 0 : Fail(std::string(vardkedja::ToStd(ring.status().message())));
  }
  YAML::Node root;
  for (const auto& [purpose, prefix] : kPurposes) AddActive(root[purpose], prefix);
  return Write(path, root);
}

int Change(const std::string& command, const std::string& path, const std::string& purpose,
           const std::string& key) {
  if (const auto ring = KeyRing::Load(path); !ring.ok()) {
    return Fail(std::string(vardkedja::ToStd(ring.status().message())));
  }
  YAML::Node root = YAML::LoadFile(path);
  for (const auto& [name, prefix] : kPurposes) {
    if (purpose != name) continue;
    if (command == "rotate") {
      AddActive(root[purpose], prefix);
    } else if (!root[purpose]["keys"].remove(key)) {
      return Fail("there is no key " + key);
    }
    return Write(path, root);
  }
  return Fail("--purpose: encryption, index or audit");
}

int Run(int argc, char** argv) {
  std::string file;
  std::string purpose;
  std::string key;
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "help" || command == "--help") {
    std::cout << kUsage;
    return 0;
  }
  for (int i = 2; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 >= argc) return Fail(flag + " needs a value");
    if (flag == "--file") {
      file = argv[i + 1];
    } else if (flag == "--purpose") {
      purpose = argv[i + 1];
    } else if (flag == "--key") {
      key = argv[i + 1];
    } else {
      return Fail("there is no flag " + flag);
    }
  }
  if (command == "init" && !file.empty()) return Init(file);
  if ((command == "rotate" || command == "remove") && !file.empty()) {
    return Change(command, file, purpose, key);
  }
  std::cerr << kUsage;
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}
