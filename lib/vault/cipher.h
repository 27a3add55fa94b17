// Authenticated encryption of one value under one key; no key store here.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "lib/vault/key_ring.h"

namespace vardkedja::vault {

// Each part with its length before it, so that no two lists of parts give the same text.
std::string Join(std::initializer_list<std::string_view> parts);

// Format 1: the byte 0x01, 24 random bytes, XChaCha20-Poly1305 ciphertext with its tag. 41 bytes
// longer than the plaintext. Thread-safe.
std::string Encrypt(const Key& key, std::string_view associated, std::string_view plaintext);

// Nothing when the format is unknown, or anything was changed: text, key or associated data.
std::optional<std::string> Decrypt(const Key& key, std::string_view associated,
                                   std::string_view ciphertext);

// Keyed BLAKE2b-256: 32 bytes. Thread-safe.
std::string KeyedHash(const Key& key, std::string_view bytes);

std::string Hex(std::string_view bytes);

}  // namespace vardkedja::vault
