#include "placement-service/rpc/callable_actions.h"

#include <google/protobuf/descriptor.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardkedja::placement::rpc {
namespace {

namespace pb = google::protobuf;

constexpr std::string_view kPackage = "/vardkedja.placement.v1.";

bool IsActions(const pb::FieldDescriptor& field) {
  return field.name() == "available_actions" && field.is_repeated() &&
         field.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING;
}

bool NamesActions(const pb::Descriptor& type, std::set<const pb::Descriptor*>& seen) {
  if (!seen.insert(&type).second) return false;
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    if (IsActions(field)) return true;
    if (field.message_type() != nullptr && NamesActions(*field.message_type(), seen)) return true;
  }
  return false;
}

// One caller's answers to "may I call it?", each asked once.
class Caller {
 public:
  Caller(const auth::Policy& policy, const auth::CallContext& call)
      : policy_(policy), call_(call) {}

  bool May(const std::string& action) {
    const auto known = known_.find(action);
    if (known != known_.end()) return known->second;
    bool may = false;
    for (auto rule = policy_.rules().lower_bound(kPackage);
         rule != policy_.rules().end() && rule->first.starts_with(kPackage); ++rule) {
      const std::string_view method(rule->first);
      if (!method.ends_with("/" + action)) continue;
      may = may || policy_.Check(method, call_.principal, call_.acting_unit).ok();
    }
    return known_[action] = may;
  }

 private:
  const auth::Policy& policy_;
  const auth::CallContext& call_;
  std::map<std::string, bool> known_;
};

void Keep(Caller& caller, pb::Message& message) {
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (IsActions(*field)) {
      std::vector<std::string> kept;
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        std::string action = reflection.GetRepeatedString(message, field, i);
        if (caller.May(action)) kept.push_back(std::move(action));
      }
      reflection.ClearField(&message, field);
      for (std::string& action : kept) reflection.AddString(&message, field, std::move(action));
    } else if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) {
        Keep(caller, *reflection.MutableMessage(&message, field));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        Keep(caller, *reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

}  // namespace

const auth::Policy& ContractPolicy() {
  static const auto& policy = *new auth::Policy(auth::Policy::FromDescriptors());
  return policy;
}

bool NamesActions(const pb::Descriptor& type) {
  std::set<const pb::Descriptor*> seen;
  return NamesActions(type, seen);
}

void KeepCallable(const auth::Policy& policy, const auth::CallContext& call, pb::Message& answer) {
  Caller caller(policy, call);
  Keep(caller, answer);
}

}  // namespace vardkedja::placement::rpc
