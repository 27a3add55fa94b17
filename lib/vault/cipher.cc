#include "lib/vault/cipher.h"

#include <sodium.h>

#include <cstdint>

namespace vardkedja::vault {
namespace {

constexpr char kFormat = '\x01';
constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(Key::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string Join(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      joined += static_cast<char>((part.size() >> shift) & 0xffU);
    }
    joined += part;
  }
  return joined;
}

std::string Encrypt(const Key& key, std::string_view associated, std::string_view plaintext) {
  std::string nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  std::string sealed(plaintext.size() + kTagBytes, '\0');
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(sealed), &size, Bytes(plaintext),
                                             plaintext.size(), Bytes(associated), associated.size(),
                                             nullptr, Bytes(nonce), key.data());
  return kFormat + nonce + sealed;
}

std::optional<std::string> Decrypt(const Key& key, std::string_view associated,
                                   std::string_view ciphertext) {
  if (ciphertext.size() < 1 + kNonceBytes + kTagBytes || ciphertext.front() != kFormat) {
    return std::nullopt;
  }
  const std::string_view nonce = ciphertext.substr(1, kNonceBytes);
  const std::string_view sealed = ciphertext.substr(1 + kNonceBytes);
  std::string plaintext(sealed.size() - kTagBytes, '\0');
  unsigned long long size = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          Bytes(plaintext), &size, nullptr, Bytes(sealed), sealed.size(), Bytes(associated),
          associated.size(), Bytes(nonce), key.data()) != 0) {
    return std::nullopt;
  }
  return plaintext;
}

std::string KeyedHash(const Key& key, std::string_view bytes) {
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(Bytes(hash), hash.size(), Bytes(bytes), bytes.size(), key.data(), Key::kBytes);
  return hash;
}

std::string Hex(std::string_view bytes) {
  std::string hex(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), Bytes(bytes), bytes.size());
  hex.pop_back();
  return hex;
}

}  // namespace vardkedja::vault
