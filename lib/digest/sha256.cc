#include "lib/digest/sha256.h"

#include <sodium.h>

namespace vardkedja {
namespace {

crypto_hash_sha256_state* StateIn(std::array<unsigned char, 128>& bytes) {
  static_assert(sizeof(crypto_hash_sha256_state) <= sizeof bytes);
  return reinterpret_cast<crypto_hash_sha256_state*>(bytes.data());
}

}  // namespace

Sha256::Sha256() : state_() { crypto_hash_sha256_init(StateIn(state_)); }

void Sha256::Feed(std::string_view part) {
  crypto_hash_sha256_update(StateIn(state_), reinterpret_cast<const unsigned char*>(part.data()),
                            part.size());
}

std::string Sha256::Result() {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(StateIn(state_), reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace vardkedja
