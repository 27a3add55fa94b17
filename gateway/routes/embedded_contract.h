// The descriptors of every proto of the suite, with comments, linked into the binary.
#pragma once

#include <string_view>

namespace vardkedja::gateway {

// A serialised google.protobuf.FileDescriptorSet. Lives for ever.
std::string_view EmbeddedContract();

}  // namespace vardkedja::gateway
