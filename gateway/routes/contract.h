// The public contract, read from the descriptors at start: which methods exist, who may call them,
// and which REST route leads to each. Nothing about a method is written by hand in the gateway.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/dynamic_message.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/routes/path_template.h"
#include "vardkedja/common/v1/access.pb.h"

namespace vardkedja::gateway {

// A public method, unary or with a stream of answers.
struct Method {
  std::string path;     // "/vardkedja.referral.v1.ReferralService/SubmitReferral"
  std::string service;  // "vardkedja.referral.v1.ReferralService"
  std::string part;     // "referral": which upstream serves it
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  common::v1::AccessRule rule;
  bool streaming = false;  // many answers to one request
  bool file = false;       // a stream of common.v1.FilePart: by REST, the file's bytes
};

// A REST route: one google.api.http binding of a public method.
struct Binding {
  std::string verb;  // "GET"
  PathTemplate path;
  // Field paths of the template's variables, resolved; each ends in a singular scalar.
  std::vector<std::vector<const google::protobuf::FieldDescriptor*>> variables;
  bool whole_body = false;                                        // body: "*"
  const google::protobuf::FieldDescriptor* body_field = nullptr;  // body: "thing"
  bool raw_body = false;    // that field is bytes: the body is not JSON
  bool additional = false;  // not the method's first
  const Method* method = nullptr;

  bool HasBody() const { return whole_body || body_field != nullptr; }
};

// Thread-safe after Load.
class Contract {
 public:
  // `descriptor_set` is a serialised FileDescriptorSet with imports and source info. Fails with
  // the method's name when a binding can not be served or two bindings collide. A stream is served
  // over REST by GET, and must be resumable: int64 `after_sequence` asked, int64 `sequence` told;
  // of a file (common.v1.FilePart), int64 `offset` asked.
  static absl::StatusOr<std::unique_ptr<Contract>> Load(std::string_view descriptor_set);

  // The public method of this gRPC path, or null: unknown, internal, without a rule, or with a
  // stream of requests.
  const Method* FindMethod(std::string_view path) const;

  // In the order in which routes are to be tried.
  const std::vector<Binding>& bindings() const { return bindings_; }
  const std::map<std::string, Method, std::less<>>& methods() const { return methods_; }
  // Services with at least one public method, by full name.
  const std::vector<const google::protobuf::ServiceDescriptor*>& services() const {
    return services_;
  }
  const google::protobuf::DescriptorPool& pool() const { return pool_; }

  // An empty message of the type.
  std::unique_ptr<google::protobuf::Message> NewMessage(
      const google::protobuf::Descriptor* type) const;

 private:
  Contract() : pool_(&database_), factory_(&pool_) {}
  absl::Status AddFile(const google::protobuf::FileDescriptor* file);
  absl::Status AddMethod(const google::protobuf::MethodDescriptor* descriptor);
  absl::Status AddBinding(const Method& method, std::string_view verb, const std::string& path,
                          const std::string& body);

  google::protobuf::SimpleDescriptorDatabase database_;
  google::protobuf::DescriptorPool pool_;
  mutable google::protobuf::DynamicMessageFactory factory_;
  std::map<std::string, Method, std::less<>> methods_;
  std::vector<Binding> bindings_;
  std::vector<const google::protobuf::ServiceDescriptor*> services_;
};

}  // namespace vardkedja::gateway
