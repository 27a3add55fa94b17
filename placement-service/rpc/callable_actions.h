// `available_actions` names methods: of each answer only those stay that the caller may call, by
// the access rules that stand before every call. What the state and the unit allow is the domain's.
#pragma once

#include <google/protobuf/message.h>

#include "lib/auth/call_context.h"
#include "lib/auth/policy.h"

namespace vardkedja::placement::rpc {

// The access rules of this service's contract, as the server has them.
const auth::Policy& ContractPolicy();

// Whether answers of the type name actions anywhere.
bool NamesActions(const google::protobuf::Descriptor& type);

// Takes out of `answer`, at any depth, what the caller may not call. What is no method of this
// service is called by nobody.
void KeepCallable(const auth::Policy& policy, const auth::CallContext& call,
                  google::protobuf::Message& answer);

}  // namespace vardkedja::placement::rpc
