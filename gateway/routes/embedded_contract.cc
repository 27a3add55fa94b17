#include "gateway/routes/embedded_contract.h"

#include <cstddef>

// VK_DESCRIPTOR_SET is the path of protoc's output, given by the build.
asm(".section .rodata\n"
    ".balign 16\n"
    "vardkedja_contract_begin:\n"
    ".incbin \"" VK_DESCRIPTOR_SET
    "\"\n"
    "vardkedja_contract_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char vardkedja_contract_begin[];
extern const char vardkedja_contract_end[];
}

namespace vardkedja::gateway {

std::string_view EmbeddedContract() {
  const std::ptrdiff_t size = vardkedja_contract_end - vardkedja_contract_begin;
  return {vardkedja_contract_begin, static_cast<std::size_t>(size)};
}

}  // namespace vardkedja::gateway
