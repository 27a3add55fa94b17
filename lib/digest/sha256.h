// SHA-256 of what comes part by part. For telling whether a file arrived whole, not for secrets.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace vardkedja {

// Thread-compatible.
class Sha256 {
 public:
  Sha256();
  void Feed(std::string_view part);
  // The 32 bytes. The last call.
  std::string Result();

 private:
  alignas(std::max_align_t) std::array<unsigned char, 128> state_;  // libsodium's
};

}  // namespace vardkedja
