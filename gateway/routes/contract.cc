#include "gateway/routes/contract.h"

#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>

#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using google::protobuf::FieldDescriptor;

constexpr std::string_view kPackagePrefix = "vardkedja.";
constexpr std::string_view kFilePart = "vardkedja.common.v1.FilePart";

absl::Status Refuse(const Method& method, std::string_view why) {
  return absl::InvalidArgumentError(ToAbsl(method.path + ": " + std::string(why)));
}

// "vardkedja.referral.v1" -> "referral".
std::string PartOf(const google::protobuf::FileDescriptor* file) {
  const std::string& package = file->package();
  const std::size_t begin = kPackagePrefix.size();
  return package.substr(begin, package.find('.', begin) - begin);
}

absl::StatusOr<std::vector<const FieldDescriptor*>> ResolveVariable(const Method& method,
                                                                    std::string_view path) {
  const google::protobuf::Descriptor* type = method.descriptor->input_type();
  std::vector<const FieldDescriptor*> fields;
  while (true) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const FieldDescriptor* field =
        type == nullptr ? nullptr : type->FindFieldByName(std::string(path.substr(0, end)));
    if (field == nullptr || field->is_repeated()) return Refuse(method, "no such path variable");
    fields.push_back(field);
    type = field->message_type();
    if (end == path.size()) break;
    path.remove_prefix(end + 1);
  }
  if (type != nullptr) return Refuse(method, "a path variable must be a scalar");
  return fields;
}

bool HasInt64(const google::protobuf::Descriptor* type, const char* name) {
  const FieldDescriptor* field = type->FindFieldByName(name);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_INT64 && !field->is_repeated();
}

bool IsResumable(const Method& method) {
  const google::protobuf::MethodDescriptor& descriptor = *method.descriptor;
  if (method.file) return HasInt64(descriptor.input_type(), "offset");
  return HasInt64(descriptor.input_type(), "after_sequence") &&
         HasInt64(descriptor.output_type(), "sequence");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Contract>> Contract::Load(std::string_view descriptor_set) {
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromArray(descriptor_set.data(), static_cast<int>(descriptor_set.size()))) {
    return absl::InvalidArgumentError("the embedded descriptors are not a FileDescriptorSet");
  }
  std::unique_ptr<Contract> contract(new Contract());
  for (const auto& file : set.file()) contract->database_.Add(file);
  for (const auto& file : set.file()) {
    const auto* descriptor = contract->pool_.FindFileByName(file.name());
    if (descriptor == nullptr) {
      return absl::InvalidArgumentError("a file of the embedded descriptors does not resolve");
    }
    VK_RETURN_IF_ERROR(contract->AddFile(descriptor));
  }
  std::stable_sort(contract->bindings_.begin(), contract->bindings_.end(),
                   [](const Binding& a, const Binding& b) { return a.path.Precedes(b.path); });
  std::sort(contract->services_.begin(), contract->services_.end(),
            [](const auto* a, const auto* b) { return a->full_name() < b->full_name(); });
  return contract;
}

absl::Status Contract::AddFile(const google::protobuf::FileDescriptor* file) {
  if (file->package().rfind(kPackagePrefix, 0) != 0) return absl::OkStatus();
  for (int s = 0; s < file->service_count(); ++s) {
    const auto* service = file->service(s);
    const std::size_t before = methods_.size();
    for (int m = 0; m < service->method_count(); ++m) {
      VK_RETURN_IF_ERROR(AddMethod(service->method(m)));
    }
    if (methods_.size() != before) services_.push_back(service);
  }
  return absl::OkStatus();
}

absl::Status Contract::AddMethod(const google::protobuf::MethodDescriptor* descriptor) {
  const auto& options = descriptor->options();
  if (!options.HasExtension(common::v1::access)) return absl::OkStatus();
  Method method;
  method.rule = options.GetExtension(common::v1::access);
  if (method.rule.internal() || method.rule.roles().empty() || descriptor->client_streaming()) {
    return absl::OkStatus();
  }
  method.streaming = descriptor->server_streaming();
  method.file = method.streaming && descriptor->output_type()->full_name() == kFilePart;
  method.service = descriptor->service()->full_name();
  method.path = "/" + method.service + "/" + descriptor->name();
  method.part = PartOf(descriptor->file());
  method.descriptor = descriptor;
  const std::string key = method.path;
  const Method& stored = methods_.emplace(key, std::move(method)).first->second;

  if (!options.HasExtension(google::api::http)) return absl::OkStatus();
  const google::api::HttpRule& rule = options.GetExtension(google::api::http);
  std::vector<const google::api::HttpRule*> rules = {&rule};
  for (const auto& more : rule.additional_bindings()) rules.push_back(&more);
  for (const google::api::HttpRule* http : rules) {
    switch (http->pattern_case()) {
      case google::api::HttpRule::kGet:
        VK_RETURN_IF_ERROR(AddBinding(stored, "GET", http->get(), http->body()));
        break;
      case google::api::HttpRule::kPost:
        VK_RETURN_IF_ERROR(AddBinding(stored, "POST", http->post(), http->body()));
        break;
      case google::api::HttpRule::kPut:
        VK_RETURN_IF_ERROR(AddBinding(stored, "PUT", http->put(), http->body()));
        break;
      case google::api::HttpRule::kPatch:
        VK_RETURN_IF_ERROR(AddBinding(stored, "PATCH", http->patch(), http->body()));
        break;
      case google::api::HttpRule::kDelete:
        VK_RETURN_IF_ERROR(AddBinding(stored, "DELETE", http->delete_(), http->body()));
        break;
      default:
        return Refuse(stored, "custom or missing HTTP verb");
    }
  }
  return absl::OkStatus();
}

absl::Status Contract::AddBinding(const Method& method, std::string_view verb,
                                  const std::string& path, const std::string& body) {
  Binding binding;
  binding.verb = verb;
  binding.additional = std::any_of(bindings_.begin(), bindings_.end(),
                                   [&](const Binding& other) { return other.method == &method; });
  binding.method = &method;
  auto parsed = PathTemplate::Parse(path);
  if (!parsed.ok()) return Refuse(method, ToStd(parsed.status().message()));
  binding.path = *std::move(parsed);
  for (const std::string& name : binding.path.Variables()) {
    VK_ASSIGN_OR_RETURN(auto fields, ResolveVariable(method, name));
    binding.variables.push_back(std::move(fields));
  }
  binding.whole_body = body == "*";
  if (!body.empty() && !binding.whole_body) {
    binding.body_field = method.descriptor->input_type()->FindFieldByName(body);
    const FieldDescriptor* field = binding.body_field;
    binding.raw_body = field != nullptr && field->type() == FieldDescriptor::TYPE_BYTES;
    if (field == nullptr || field->is_repeated() ||
        (field->message_type() == nullptr && !binding.raw_body)) {
      return Refuse(method, "the body must be * or a field of a message or of bytes");
    }
  }
  if (binding.HasBody() && verb == "GET") return Refuse(method, "GET has no body");
  if (method.streaming && (verb != "GET" || !IsResumable(method))) {
    return Refuse(method,
                  "a stream is a GET with after_sequence, of messages with sequence; that of a "
                  "file is one with offset");
  }
  for (const Binding& other : bindings_) {
    if (other.verb == verb && other.path.SameShape(binding.path)) {
      return Refuse(method, "its route collides with that of " + other.method->path);
    }
  }
  bindings_.push_back(std::move(binding));
  return absl::OkStatus();
}

const Method* Contract::FindMethod(std::string_view path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

std::unique_ptr<google::protobuf::Message> Contract::NewMessage(
    const google::protobuf::Descriptor* type) const {
  return std::unique_ptr<google::protobuf::Message>(factory_.GetPrototype(type)->New());
}

}  // namespace vardkedja::gateway
