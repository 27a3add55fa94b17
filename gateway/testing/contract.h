// The test contract (echo.proto), loaded once per process.
#pragma once

#include <memory>
#include <string>

#include "gateway/routes/contract.h"

namespace vardkedja::gateway {

const Contract& TestContract();

// An empty message of the test package: NewTestMessage("Thing").
std::unique_ptr<google::protobuf::Message> NewTestMessage(const std::string& type);

}  // namespace vardkedja::gateway
