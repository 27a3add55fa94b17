#include "lib/telemetry/trace.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace vardkedja::telemetry {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool IsHex(std::string_view text) { return text.find_first_not_of(kHex) == std::string_view::npos; }

bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

template <std::size_t kBytes>
std::array<unsigned char, kBytes> Random() {
  static const bool ready = sodium_init() >= 0;
  static_cast<void>(ready);
  std::array<unsigned char, kBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

template <std::size_t kBytes>
std::string ToHex(const std::array<unsigned char, kBytes>& bytes) {
  std::string text;
  text.reserve(2 * kBytes);
  for (const unsigned char byte : bytes) {
    text += kHex[byte >> 4];
    text += kHex[byte & 0xf];
  }
  return text;
}

template <std::size_t kBytes>
std::string NewId() {
  auto bytes = Random<kBytes>();
  bytes[0] |= 1;  // never all zero
  return ToHex(bytes);
}

}  // namespace

std::optional<Traceparent> ParseTraceparent(std::string_view text) {
  if (text.size() != 55 || !text.starts_with("00-") || text[35] != '-' || text[52] != '-') {
    return std::nullopt;
  }
  const std::string_view trace_id = text.substr(3, 32);
  const std::string_view parent_id = text.substr(36, 16);
  const std::string_view flags = text.substr(53, 2);
  if (!IsId(trace_id) || !IsId(parent_id) || !IsHex(flags)) return std::nullopt;
  return Traceparent{std::string(trace_id), std::string(parent_id), (kHex.find(flags[1]) & 1) != 0};
}

std::string Format(const Traceparent& trace) {
  return "00-" + trace.trace_id + "-" + trace.parent_id + (trace.sampled ? "-01" : "-00");
}

Traceparent ChildOf(std::string_view text) {
  Traceparent child = ParseTraceparent(text).value_or(Traceparent{NewId<16>(), "", true});
  child.parent_id = NewId<8>();
  return child;
}

std::string NewCallId() {
  auto bytes = Random<16>();
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text = ToHex(bytes);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace vardkedja::telemetry
