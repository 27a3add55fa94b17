#include "lib/id/uuid.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <mutex>

namespace vardkedja {
namespace {

using Bytes = std::array<uint8_t, 16>;

// Up to 256 bytes come whole or not at all (getrandom(2)); the loop is for signals.
void FillRandom(Bytes& bytes) {
  while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) std::abort();
  }
}

std::string Format(Bytes bytes, uint8_t version) {
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | (version << 4));
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kHex[bytes[i] >> 4]);
    text.push_back(kHex[bytes[i] & 0x0F]);
  }
  return text;
}

// 48 bits of milliseconds and 12 bits of counter as one number that never goes back, so that ids
// made in one process sort in the order they were made, also when the clock is set back.
uint64_t NextTick() {
  static std::mutex mutex;
  static uint64_t last = 0;
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto now_ms = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
  const std::lock_guard lock(mutex);
  last = std::max(last + 1, now_ms << 12);
  return last;
}

}  // namespace

std::string NewUuidV4() {
  Bytes bytes;
  FillRandom(bytes);
  return Format(bytes, 4);
}

std::string NewUuidV7() {
  Bytes bytes;
  FillRandom(bytes);
  const uint64_t tick = NextTick();
  const uint64_t time_ms = tick >> 12;
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(time_ms >> (8 * (5 - i)));
  bytes[6] = static_cast<uint8_t>((tick >> 8) & 0x0F);
  bytes[7] = static_cast<uint8_t>(tick & 0xFF);
  return Format(bytes, 7);
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (hyphen ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace vardkedja
