#include "gateway/grpc/reflection.h"

#include <google/protobuf/descriptor.pb.h>

#include <set>
#include <utility>
#include <vector>

namespace vardkedja::gateway {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;

constexpr int kNotFound = 5;  // google.rpc.Code
constexpr int kUnimplemented = 12;

const FieldDescriptor* FieldOf(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

Message& Part(Message& message, const char* name) {
  return *message.GetReflection()->MutableMessage(&message, FieldOf(message, name));
}

void SetError(Message& response, int code, const std::string& text) {
  Message& error = Part(response, "error_response");
  error.GetReflection()->SetInt32(&error, FieldOf(error, "error_code"), code);
  error.GetReflection()->SetString(&error, FieldOf(error, "error_message"), text);
}

// The file and all it imports, each once.
void AddFile(const FileDescriptor* file, std::set<const FileDescriptor*>& seen, Message& list) {
  if (!seen.insert(file).second) return;
  google::protobuf::FileDescriptorProto proto;
  file->CopyTo(&proto);
  list.GetReflection()->AddString(&list, FieldOf(list, "file_descriptor_proto"),
                                  proto.SerializeAsString());
  for (int i = 0; i < file->dependency_count(); ++i) AddFile(file->dependency(i), seen, list);
}

void SetFile(Message& response, const FileDescriptor* file) {
  if (file == nullptr) {
    SetError(response, kNotFound, "not found");
    return;
  }
  std::set<const FileDescriptor*> seen;
  AddFile(file, seen, Part(response, "file_descriptor_response"));
}

void SetServices(Message& response, const std::vector<std::string>& names) {
  Message& list = Part(response, "list_services_response");
  for (const std::string& name : names) {
    Message& service = *list.GetReflection()->AddMessage(&list, FieldOf(list, "service"));
    service.GetReflection()->SetString(&service, FieldOf(service, "name"), name);
  }
}

const FileDescriptor* FileOfExtension(const DescriptorPool& pool, const Message& question) {
  const auto* reflection = question.GetReflection();
  const auto* type = pool.FindMessageTypeByName(
      reflection->GetString(question, FieldOf(question, "containing_type")));
  if (type == nullptr) return nullptr;
  const auto* extension = pool.FindExtensionByNumber(
      type, reflection->GetInt32(question, FieldOf(question, "extension_number")));
  return extension == nullptr ? nullptr : extension->file();
}

}  // namespace

Reflection::Reflection(const Contract& contract)
    : contract_(contract),
      request_type_(
          contract.pool().FindMessageTypeByName("grpc.reflection.v1.ServerReflectionRequest")),
      response_type_(
          contract.pool().FindMessageTypeByName("grpc.reflection.v1.ServerReflectionResponse")) {}

bool Reflection::IsReflection(std::string_view path) {
  return path == "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo" ||
         path == "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
}

absl::StatusOr<std::string> Reflection::Answer(const std::string& bytes) const {
  const auto request = contract_.NewMessage(request_type_);
  if (!request->ParseFromString(bytes)) {
    return absl::InvalidArgumentError("not a ServerReflectionRequest");
  }
  const auto response = contract_.NewMessage(response_type_);
  const auto* reflection = request->GetReflection();
  Part(*response, "original_request").CopyFrom(*request);
  response->GetReflection()->SetString(response.get(), FieldOf(*response, "valid_host"),
                                       reflection->GetString(*request, FieldOf(*request, "host")));

  const DescriptorPool& pool = contract_.pool();
  const auto* oneof = request_type_->FindOneofByName("message_request");
  const FieldDescriptor* question = reflection->GetOneofFieldDescriptor(*request, oneof);
  const std::string name = question == nullptr ? "" : question->name();
  if (name == "list_services") {
    // v1alpha is served too, but it has no descriptor of its own to show.
    std::vector<std::string> names = {"grpc.health.v1.Health",
                                      "grpc.reflection.v1.ServerReflection"};
    for (const auto* service : contract_.services()) names.push_back(service->full_name());
    SetServices(*response, names);
  } else if (name == "file_by_filename") {
    SetFile(*response, pool.FindFileByName(reflection->GetString(*request, question)));
  } else if (name == "file_containing_symbol") {
    SetFile(*response, pool.FindFileContainingSymbol(reflection->GetString(*request, question)));
  } else if (name == "file_containing_extension") {
    SetFile(*response, FileOfExtension(pool, reflection->GetMessage(*request, question)));
  } else {
    SetError(*response, kUnimplemented, "this question is not answered");
  }
  return response->SerializeAsString();
}

}  // namespace vardkedja::gateway
