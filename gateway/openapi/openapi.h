// The OpenAPI 3 document of the REST contract, made from the descriptors and their comments.
#pragma once

#include <string>

#include "gateway/routes/contract.h"

namespace vardkedja::gateway {

// JSON. An operation's summary is Swedish, from the comment line "// sv: ..." of its rpc; its
// description is the English comment.
std::string MakeOpenApi(const Contract& contract, const std::string& version);

}  // namespace vardkedja::gateway
