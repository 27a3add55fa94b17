#include "gateway/testing/contract.h"

#include "gateway/routes/embedded_contract.h"

namespace vardkedja::gateway {

const Contract& TestContract() {
  static const Contract* const contract = Contract::Load(EmbeddedContract()).value().release();
  return *contract;
}

std::unique_ptr<google::protobuf::Message> NewTestMessage(const std::string& type) {
  return TestContract().NewMessage(
      TestContract().pool().FindMessageTypeByName("vardkedja.test.v1." + type));
}

}  // namespace vardkedja::gateway
