// Fills a request message from JSON, path variables and query parameters. Follows the proto3 JSON
// mapping with these differences, all stricter: unknown fields, enum numbers, fractions for
// integers and two spellings of one field are refused. Errors name the field and never its value.
#pragma once

#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/status/status.h"

namespace vardkedja::gateway {

// Collects every broken rule, up to a bound, so that a caller sees all at once. Not thread-safe:
// one per request.
class MessageReader {
 public:
  // Beyond this many, further violations are dropped.
  static constexpr std::size_t kMaxViolations = 50;

  // Reads a JSON object into `message`. `path` is the JSON path of the object, empty at the root.
  void ReadObject(const nlohmann::json& object, const std::string& path,
                  google::protobuf::Message& message);

  // Sets a field of a scalar, enum or well-known type from text; appends when it is repeated.
  // `name` is how the caller knows the field.
  void ReadText(const std::string& text, const std::string& name,
                const google::protobuf::FieldDescriptor* field, google::protobuf::Message& message);

  // Sets "filter.kinds" from text: `name` is a dotted path of JSON or proto names.
  void ReadQueryParameter(const std::string& name, const std::string& text,
                          google::protobuf::Message& message);

  void Violate(const std::string& field, std::string_view rule, std::string_view en,
               std::string_view sv);

  // OK, or INVALID_ARGUMENT with all violations.
  absl::Status status() const;

 private:
  using Json = nlohmann::json;
  using Field = google::protobuf::FieldDescriptor;
  using Message = google::protobuf::Message;

  void ReadField(const Json& value, const std::string& path, const Field* field, Message& message);
  void ReadRepeated(const Json& value, const std::string& path, const Field* field,
                    Message& message);
  void ReadMap(const Json& value, const std::string& path, const Field* field, Message& message);
  void ReadMessage(const Json& value, const std::string& path, Message& message);
  void ReadScalar(const Json& value, const std::string& path, const Field* field, Message& message);
  void ReadInteger(const Json& value, const std::string& path, const Field* field,
                   Message& message);
  void ReadFloating(const Json& value, const std::string& path, const Field* field,
                    Message& message);
  void ReadBytes(const std::string& text, const std::string& path, const Field* field,
                 Message& message);
  void ReadEnum(const std::string& text, const std::string& path, const Field* field,
                Message& message);
  void WrongType(const std::string& path, const Field* field);

  std::vector<FieldViolation> violations_;
  std::set<std::pair<const Message*, const Field*>> given_;  // singular query parameters so far
};

// The field of this JSON name or proto name, or null.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor* type,
                                                   std::string_view name);

// True for google.protobuf.Timestamp, Duration, FieldMask and the like, whose JSON is not an object
// of their fields.
bool IsWellKnown(const google::protobuf::Descriptor* type);

}  // namespace vardkedja::gateway
