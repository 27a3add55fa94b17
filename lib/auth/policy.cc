#include "lib/auth/policy.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>

#include "lib/auth/role_names.h"
#include "lib/status/status.h"
#include "vardkedja/common/v1/access.pb.h"

namespace vardkedja::auth {
namespace {

namespace pb = google::protobuf;

constexpr std::string_view kOwnPrefix = "vardkedja/";

std::string WireName(const pb::MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

// Generated files register themselves in a database; the pool builds them when asked.
std::vector<const pb::MethodDescriptor*> OwnMethods() {
  std::vector<std::string> files;
  pb::DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<const pb::MethodDescriptor*> methods;
  for (const std::string& name : files) {
    if (name.compare(0, kOwnPrefix.size(), kOwnPrefix) != 0) continue;
    const pb::FileDescriptor* file = pb::DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr) continue;
    for (int s = 0; s < file->service_count(); ++s) {
      const pb::ServiceDescriptor* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) methods.push_back(service->method(m));
    }
  }
  return methods;
}

AccessRule ToRule(const common::v1::AccessRule& option) {
  AccessRule rule;
  for (const int role : option.roles()) rule.roles.insert(static_cast<Role>(role));
  rule.roles.erase(Role::kUnspecified);
  rule.minimum_assurance = static_cast<Assurance>(option.minimum_assurance());
  rule.internal = option.internal();
  rule.write = option.write();
  return rule;
}

absl::Status Denied(std::string_view message, std::string_view reason) {
  return MakeError(absl::StatusCode::kPermissionDenied, message, reason);
}

bool AnyRole(const AccessRule& rule, const Principal& principal) {
  for (const Role role : principal.roles) {
    if (rule.roles.contains(role)) return true;
  }
  return false;
}

}  // namespace

Policy::Policy(std::map<std::string, AccessRule, std::less<>> rules) : rules_(std::move(rules)) {}

Policy Policy::FromDescriptors() {
  std::map<std::string, AccessRule, std::less<>> rules;
  for (const pb::MethodDescriptor* method : OwnMethods()) {
    if (!method->options().HasExtension(common::v1::access)) continue;
    rules.emplace(WireName(*method), ToRule(method->options().GetExtension(common::v1::access)));
  }
  return Policy(std::move(rules));
}

const AccessRule* Policy::Find(std::string_view method) const {
  const auto found = rules_.find(method);
  return found == rules_.end() ? nullptr : &found->second;
}

absl::Status Policy::Check(std::string_view method, const Principal& principal,
                           std::string_view acting_unit) const {
  const AccessRule* rule = Find(method);
  if (rule == nullptr || rule->internal || !AnyRole(*rule, principal)) {
    return Denied("no role of the token may call this method", "ROLE_NOT_ALLOWED");
  }
  if (!principal.units.contains(std::string(acting_unit))) {
    return Denied("the token does not act for this unit", "UNIT_NOT_YOURS");
  }
  if (principal.assurance < rule->minimum_assurance) {
    return Denied("the method needs a higher level of assurance", "ASSURANCE_TOO_LOW");
  }
  return absl::OkStatus();
}

absl::Status Policy::CheckPeer(std::string_view method) const {
  const AccessRule* rule = Find(method);
  if (rule == nullptr || !rule->internal) {
    return Denied("a service may not call this method as itself", "ROLE_NOT_ALLOWED");
  }
  return absl::OkStatus();
}

std::vector<std::string> LinkedMethods() {
  std::vector<std::string> names;
  for (const pb::MethodDescriptor* method : OwnMethods()) names.push_back(WireName(*method));
  return names;
}

std::string AccessMatrix(const Policy& policy) {
  constexpr int kFirst = static_cast<int>(Role::kSocialWorker);
  constexpr int kLast = static_cast<int>(Role::kSystem);
  std::string text = "| method | assurance | writes | service |";
  std::string line = "|---|---|---|---|";
  for (int i = kFirst; i <= kLast; ++i) {
    text += " " + std::string(RoleName(static_cast<Role>(i))) + " |";
    line += "---|";
  }
  text += "\n" + line + "\n";
  for (const auto& [method, rule] : policy.rules()) {
    text += "| " + method + " | " + std::string(AssuranceName(rule.minimum_assurance)) + " | " +
            (rule.write ? "x" : "") + " | " + (rule.internal ? "x" : "") + " |";
    for (int i = kFirst; i <= kLast; ++i) {
      const bool may = !rule.internal && rule.roles.contains(static_cast<Role>(i));
      text += may ? " x |" : "  |";
    }
    text += "\n";
  }
  return text;
}

}  // namespace vardkedja::auth
