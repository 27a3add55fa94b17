// What the handlers of this service hold. All outlive the server.
#pragma once

#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::rpc {

struct Ports {
  usecases::Store& store;
  const usecases::Disclosure& disclosure;
};

}  // namespace vardkedja::placement::rpc
