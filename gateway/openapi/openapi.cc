#include "gateway/openapi/openapi.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "gateway/http/message_reader.h"
#include "gateway/http/problem.h"

namespace vardkedja::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

constexpr std::string_view kSwedishMark = "sv:";
constexpr char kEventStream[] =
    "En ström av händelser. / A stream of events: `id` is the item's sequence, `data` the item as "
    "JSON on one line; comment lines are heartbeats. An `event: error` carries a problem and is "
    "the "
    "last. The stream also ends without one, when its time is over: come back with Last-Event-ID.";

constexpr char kFile[] =
    "Filens byte från `offset` till slutet. / The bytes of the file from `offset` to its end: "
    "complete "
    "only when as many came as Content-Length says. Its type is the Content-Type; its name is not "
    "told.";

struct Comment {
  std::string en;
  std::string sv;
};

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

template <typename D>
Comment CommentOf(const D* descriptor) {
  google::protobuf::SourceLocation location;
  Comment comment;
  if (!descriptor->GetSourceLocation(&location)) return comment;
  std::istringstream lines(location.leading_comments);
  for (std::string line; std::getline(lines, line);) {
    const std::string_view text = Trim(line);
    const bool swedish = text.rfind(kSwedishMark, 0) == 0;
    std::string& target = swedish ? comment.sv : comment.en;
    if (!target.empty()) target += ' ';
    target += swedish ? Trim(text.substr(kSwedishMark.size())) : text;
  }
  return comment;
}

// Schemas by reference, and the types still to be described.
class Schemas {
 public:
  Json Of(const FieldDescriptor* field) {
    if (field->is_map()) {
      return {{"type", "object"},
              {"additionalProperties", Single(field->message_type()->map_value())}};
    }
    if (field->is_repeated()) return {{"type", "array"}, {"items", Single(field)}};
    return Single(field);
  }

  Json Reference(const Descriptor* type) {
    if (IsWellKnown(type)) return WellKnown(type->full_name());
    if (seen_.insert(type->full_name()).second) messages_.push_back(type);
    return {{"$ref", "#/components/schemas/" + type->full_name()}};
  }

  // Describes everything referred to so far, and what that refers to.
  Json Describe() {
    Json all = Json::object();
    for (std::size_t i = 0; i < messages_.size(); ++i) {
      all[messages_[i]->full_name()] = Message(messages_[i]);
    }
    for (const EnumDescriptor* type : enums_) all[type->full_name()] = Enum(type);
    return all;
  }

 private:
  Json Single(const FieldDescriptor* field) {
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return {{"type", "boolean"}};
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_UINT32:
        return {{"type", "integer"}, {"format", "int32"}};
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT64:
        return {{"type", "string"}, {"format", "int64"}};
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return {{"type", "number"}};
      case FieldDescriptor::CPPTYPE_ENUM:
        if (seen_.insert(field->enum_type()->full_name()).second) {
          enums_.push_back(field->enum_type());
        }
        return {{"$ref", "#/components/schemas/" + field->enum_type()->full_name()}};
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Reference(field->message_type());
      case FieldDescriptor::CPPTYPE_STRING:
        break;
    }
    if (field->type() == FieldDescriptor::TYPE_BYTES) {
      return {{"type", "string"}, {"format", "byte"}};
    }
    return {{"type", "string"}};
  }

  static Json WellKnown(const std::string& name) {
    if (name == "google.protobuf.Timestamp") return {{"type", "string"}, {"format", "date-time"}};
    if (name == "google.protobuf.Duration" || name == "google.protobuf.FieldMask") {
      return {{"type", "string"}};
    }
    return Json::object();
  }

  Json Message(const Descriptor* type) {
    Json properties = Json::object();
    for (int i = 0; i < type->field_count(); ++i) {
      Json schema = Of(type->field(i));
      const std::string text = CommentOf(type->field(i)).en;
      // OpenAPI 3.0 ignores what stands beside a $ref.
      if (schema.contains("$ref")) schema = {{"allOf", Json::array({schema})}};
      if (!text.empty()) schema["description"] = text;
      properties[type->field(i)->json_name()] = std::move(schema);
    }
    return {{"type", "object"},
            {"description", CommentOf(type).en},
            {"additionalProperties", false},
            {"properties", std::move(properties)}};
  }

  static Json Enum(const EnumDescriptor* type) {
    Json values = Json::array();
    std::string text = CommentOf(type).en;
    for (int i = 0; i < type->value_count(); ++i) {
      values.push_back(type->value(i)->name());
      text += "\n* " + type->value(i)->name() + ": " + CommentOf(type->value(i)).en;
    }
    return {{"type", "string"}, {"description", text}, {"enum", std::move(values)}};
  }

  std::set<std::string> seen_;
  std::vector<const Descriptor*> messages_;
  std::vector<const EnumDescriptor*> enums_;
};

bool IsPathField(const Binding& binding, const FieldDescriptor* field) {
  return std::any_of(binding.variables.begin(), binding.variables.end(),
                     [&](const auto& path) { return path.size() == 1 && path[0] == field; });
}

// Scalars of the request, nested messages by dotted names.
void AddQuery(const Descriptor* type, const std::string& prefix, const Binding* top,
              Schemas& schemas, Json& parameters) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (top != nullptr && (field == top->body_field || IsPathField(*top, field))) continue;
    const bool nested = field->message_type() != nullptr && !IsWellKnown(field->message_type());
    if (nested && (field->is_repeated() || top == nullptr)) continue;
    const std::string name = prefix + field->json_name();
    if (nested) {
      AddQuery(field->message_type(), name + ".", nullptr, schemas, parameters);
      continue;
    }
    parameters.push_back({{"name", name},
                          {"in", "query"},
                          {"description", CommentOf(field).en},
                          {"schema", schemas.Of(field)}});
  }
}

Json Parameters(const Binding& binding, Schemas& schemas) {
  Json parameters = Json::array();
  for (std::size_t i = 0; i < binding.variables.size(); ++i) {
    const FieldDescriptor* field = binding.variables[i].back();
    parameters.push_back({{"name", JsonFieldPath(binding.path.Variables()[i])},
                          {"in", "path"},
                          {"required", true},
                          {"description", CommentOf(field).en},
                          {"schema", schemas.Of(field)}});
  }
  const Descriptor* input = binding.method->descriptor->input_type();
  if (!binding.whole_body) AddQuery(input, "", &binding, schemas, parameters);
  const auto header = [&](const char* name, const char* text) {
    parameters.push_back({{"name", name},
                          {"in", "header"},
                          {"description", text},
                          {"schema", {{"type", "string"}}}});
  };
  if (binding.HasBody() && input->FindFieldByName("request_id") != nullptr) {
    header("Idempotency-Key", "A UUID; the same as the field requestId.");
  }
  if (binding.HasBody() && input->FindFieldByName("etag") != nullptr) {
    header("If-Match", "The entity tag that the change builds on; the same as the field etag.");
  }
  if (binding.method->file) {
    header("Range", "bytes=N- for what is missing: the answer is then 206. Goes before offset.");
  } else if (binding.method->streaming) {
    header("Last-Event-ID", "The id of the last event seen; goes before afterSequence.");
  }
  header("X-Acting-Unit", "The unit the caller acts for; the token's own unit when absent.");
  header("X-Purpose", "Why the caller reads or writes; case_work when absent.");
  return parameters;
}

// "/a/{thing.thing_id}" -> "/a/{thing.thingId}".
std::string PathOf(const Binding& binding) {
  std::string path;
  for (const auto& segment : binding.path.segments()) {
    path += "/";
    path += segment.is_variable ? "{" + JsonFieldPath(segment.text) + "}" : segment.text;
  }
  return path;
}

Json Responses(const Method& method, Schemas& schemas) {
  const auto answer = [](const char* description, const char* type, Json schema) -> Json {
    return {{"description", description}, {"content", {{type, {{"schema", std::move(schema)}}}}}};
  };
  Json responses = Json::object();
  if (method.file) {
    const Json bytes = {{"type", "string"}, {"format", "binary"}};
    responses["200"] = answer(kFile, "application/octet-stream", bytes);
    responses["206"] = answer(kFile, "application/octet-stream", bytes);
  } else {
    const bool events = method.streaming;
    responses["200"] =
        answer(events ? kEventStream : "Svaret", events ? "text/event-stream" : "application/json",
               schemas.Reference(method.descriptor->output_type()));
  }
  responses["default"] = {{"$ref", "#/components/responses/Problem"}};
  return responses;
}

Json Operation(const Binding& binding, Schemas& schemas) {
  const Method& method = *binding.method;
  const Comment comment = CommentOf(method.descriptor);
  std::string roles;
  for (const int role : method.rule.roles()) {
    if (!roles.empty()) roles += ", ";
    roles += common::v1::Role_Name(static_cast<common::v1::Role>(role));
  }
  Json operation = {
      {"operationId", method.descriptor->service()->name() + "_" + method.descriptor->name() +
                          (binding.additional ? "_" + binding.verb : "")},
      {"tags", Json::array({method.descriptor->service()->name()})},
      {"summary", comment.sv.empty() ? comment.en : comment.sv},
      {"description", comment.en + "\n\nRoles: " + roles + "."},
      {"parameters", Parameters(binding, schemas)}};
  if (binding.raw_body) {
    operation["requestBody"] = {
        {"required", true},
        {"content",
         {{"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}}}};
  } else if (binding.HasBody()) {
    const Descriptor* body =
        binding.whole_body ? method.descriptor->input_type() : binding.body_field->message_type();
    operation["requestBody"] = {
        {"required", true},
        {"content", {{"application/json", {{"schema", schemas.Reference(body)}}}}}};
  }
  operation["responses"] = Responses(method, schemas);
  return operation;
}

Json ProblemSchema() {
  const Json text = {{"type", "string"}};
  const Json violation = {
      {"type", "object"},
      {"properties", {{"field", text}, {"rule", text}, {"en", text}, {"sv", text}}}};
  return {{"type", "object"},
          {"description", "RFC 9457"},
          {"properties",
           {{"type", text},
            {"title", {{"type", "string"}, {"description", "På svenska"}}},
            {"titleEn", text},
            {"status", {{"type", "integer"}}},
            {"detail", {{"type", "string"}, {"description", "På svenska"}}},
            {"detailEn", text},
            {"instance", {{"type", "string"}, {"description", "urn:uuid: and the X-Request-Id"}}},
            {"reason", {{"type", "string"}, {"description", "Stable code, UPPER_SNAKE_CASE"}}},
            {"metadata", {{"type", "object"}, {"additionalProperties", text}}},
            {"violations", {{"type", "array"}, {"items", violation}}}}}};
}

std::string LowerCase(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

}  // namespace

std::string MakeOpenApi(const Contract& contract, const std::string& version) {
  Schemas schemas;
  Json paths = Json::object();
  for (const Binding& binding : contract.bindings()) {
    paths[PathOf(binding)][LowerCase(binding.verb)] = Operation(binding, schemas);
  }
  Json components = {{"schemas", schemas.Describe()}};
  components["schemas"]["Problem"] = ProblemSchema();
  components["responses"]["Problem"] = {
      {"description", "Fel / error"},
      {"content",
       {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
  components["securitySchemes"]["bearer"] = {
      {"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}};
  Json tags = Json::array();
  for (const auto* service : contract.services()) {
    tags.push_back({{"name", service->name()}, {"description", CommentOf(service).en}});
  }
  const Json document = {
      {"openapi", "3.0.3"},
      {"info",
       {{"title", "Vårdkedjan"},
        {"version", version},
        {"description",
         "En sammanhållen vårdkedja för skadligt bruk och beroende. / An integrated care chain for "
         "harmful use and addiction."}}},
      {"servers", Json::array({{{"url", "/"}}})},
      {"security", Json::array({{{"bearer", Json::array()}}})},
      {"tags", std::move(tags)},
      {"paths", std::move(paths)},
      {"components", std::move(components)}};
  return document.dump();
}

}  // namespace vardkedja::gateway
