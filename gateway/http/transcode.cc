#include "gateway/http/transcode.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "gateway/http/message_reader.h"
#include "gateway/http/problem.h"
#include "gateway/http/url.h"
#include "lib/status/status.h"

namespace vardkedja::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kTypePrefix[] = "type.googleapis.com";
constexpr std::size_t kMaxHeaderValueBytes = 200;

// A singular string field of this name, or null.
const FieldDescriptor* StringField(const Descriptor* type, const char* name) {
  const FieldDescriptor* field = type->FindFieldByName(name);
  const bool fits =
      field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
  return fits ? field : nullptr;
}

// Sets a field that the body may have set too; both must say the same.
void SetOnce(const std::string& value, const std::string& name, const FieldDescriptor* field,
             Message& message, MessageReader& reader) {
  if (field->type() == FieldDescriptor::TYPE_STRING) {
    const std::string given = message.GetReflection()->GetString(message, field);
    if (!given.empty() && given != value) {
      reader.Violate(name, "CONTRADICTION", "The body and the path or header say different things.",
                     "Innehållet säger en sak, sökvägen eller rubriken en annan.");
      return;
    }
  }
  reader.ReadText(value, name, field, message);
}

void ReadPath(const Binding& binding, const std::vector<std::string>& values, Message& message,
              MessageReader& reader) {
  const std::vector<std::string> names = binding.path.Variables();
  for (std::size_t i = 0; i < binding.variables.size(); ++i) {
    const auto& fields = binding.variables[i];
    Message* target = &message;
    for (std::size_t k = 0; k + 1 < fields.size(); ++k) {
      target = target->GetReflection()->MutableMessage(target, fields[k]);
    }
    SetOnce(values[i], JsonFieldPath(names[i]), fields.back(), *target, reader);
  }
}

// Fields that the path or the body gives are not query parameters.
bool IsBoundElsewhere(const Binding& binding, const std::string& name) {
  if (binding.whole_body) return true;
  const std::string first = name.substr(0, name.find('.'));
  const FieldDescriptor* field = FindField(binding.method->descriptor->input_type(), first);
  if (field == nullptr) return false;
  if (field == binding.body_field) return true;
  return std::any_of(binding.variables.begin(), binding.variables.end(),
                     [&](const auto& fields) { return fields.size() == 1 && fields[0] == field; });
}

// `"abc"` -> abc. Weak tags, lists and `*` do not name one version.
bool ParseEntityTag(std::string_view header, std::string& tag) {
  if (header.size() < 3 || header.size() > kMaxHeaderValueBytes || header.front() != '"' ||
      header.back() != '"') {
    return false;
  }
  tag = header.substr(1, header.size() - 2);
  return tag.find('"') == std::string::npos && IsValidUtf8(tag);
}

void ReadHeaders(const RestInput& input, Message& message, MessageReader& reader) {
  const FieldDescriptor* etag = StringField(message.GetDescriptor(), "etag");
  if (etag != nullptr && !input.if_match.empty()) {
    std::string tag;
    if (ParseEntityTag(input.if_match, tag)) {
      SetOnce(tag, "etag", etag, message, reader);
    } else {
      reader.Violate("If-Match", "ENTITY_TAG", "Must be one strong entity tag in quotes.",
                     "Måste vara en stark entitetstagg inom citattecken.");
    }
  }
  const FieldDescriptor* request_id = StringField(message.GetDescriptor(), "request_id");
  if (request_id != nullptr && !input.idempotency_key.empty()) {
    const std::string& key = input.idempotency_key;
    if (key.size() <= kMaxHeaderValueBytes && IsValidUtf8(key)) {
      SetOnce(key, "requestId", request_id, message, reader);
    } else {
      reader.Violate("Idempotency-Key", "UUID", "Must be a UUID.", "Måste vara ett UUID.");
    }
  }
}

// Who comes back sends the same URL and what it saw last, so the header goes before the query.
void ReadLastEventId(const std::string& text, Message& message, MessageReader& reader) {
  if (text.empty()) return;
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("after_sequence");
  std::int64_t sequence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (error == std::errc() && end == text.data() + text.size() && sequence >= 0) {
    message.GetReflection()->SetInt64(&message, field, sequence);
  } else {
    reader.Violate("Last-Event-ID", "SEQUENCE", "Must be the id of an event of this stream.",
                   "Måste vara id för en händelse i strömmen.");
  }
}

// "bytes=512-": what is missing of a file. Like Last-Event-ID, it goes before the query. Other
// ranges are not understood, and the whole file is a right answer to them.
void ReadRange(std::string_view text, Message& message) {
  constexpr std::string_view kBytes = "bytes=";
  if (text.substr(0, kBytes.size()) != kBytes || text.back() != '-') return;
  text = text.substr(kBytes.size(), text.size() - kBytes.size() - 1);
  std::int64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size() || offset < 0) return;
  message.GetReflection()->SetInt64(&message, message.GetDescriptor()->FindFieldByName("offset"),
                                    offset);
}

absl::Status ReadBody(const Binding& binding, std::string_view body, Message& message,
                      MessageReader& reader) {
  if (!binding.HasBody() || body.empty()) return absl::OkStatus();
  if (binding.raw_body) {
    message.GetReflection()->SetString(&message, binding.body_field, std::string(body));
    return absl::OkStatus();
  }
  VK_ASSIGN_OR_RETURN(const nlohmann::json json, ParseStrictJson(body, {}));
  if (binding.whole_body) {
    reader.ReadObject(json, "", message);
  } else {
    const auto* reflection = message.GetReflection();
    reader.ReadObject(json, "", *reflection->MutableMessage(&message, binding.body_field));
  }
  return absl::OkStatus();
}

}  // namespace

Transcoder::Transcoder(const Contract& contract)
    : contract_(contract),
      resolver_(google::protobuf::util::NewTypeResolverForDescriptorPool(kTypePrefix,
                                                                         &contract.pool())) {}
Transcoder::~Transcoder() = default;

absl::StatusOr<std::string> Transcoder::ToRequest(const Binding& binding,
                                                  const RestInput& input) const {
  const auto message = contract_.NewMessage(binding.method->descriptor->input_type());
  MessageReader reader;
  VK_RETURN_IF_ERROR(ReadBody(binding, input.body, *message, reader));
  ReadPath(binding, input.path_values, *message, reader);
  for (const auto& [name, value] : input.query) {
    if (IsBoundElsewhere(binding, name)) {
      reader.Violate(name.substr(0, kMaxHeaderValueBytes), "UNKNOWN_PARAMETER",
                     "No such query parameter.", "Frågeparametern finns inte.");
    } else {
      reader.ReadQueryParameter(name, value, *message);
    }
  }
  ReadHeaders(input, *message, reader);
  if (binding.method->file) {
    ReadRange(input.range, *message);
  } else if (binding.method->streaming) {
    ReadLastEventId(input.last_event_id, *message, reader);
  }
  VK_RETURN_IF_ERROR(reader.status());
  return message->SerializeAsString();
}

absl::StatusOr<RestOutput> Transcoder::ToResponse(const Method& method,
                                                  const std::string& bytes) const {
  const Descriptor* type = method.descriptor->output_type();
  RestOutput output;
  const FieldDescriptor* etag = StringField(type, "etag");
  if (etag != nullptr || method.streaming) {
    const auto message = contract_.NewMessage(type);
    if (!message->ParseFromString(bytes)) return absl::InternalError("unreadable answer");
    const auto* reflection = message->GetReflection();
    if (etag != nullptr) output.etag = reflection->GetString(*message, etag);
    if (method.streaming) {
      const FieldDescriptor* sequence = type->FindFieldByName("sequence");
      output.sequence = std::to_string(reflection->GetInt64(*message, sequence));
    }
  }
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  const auto status = google::protobuf::util::BinaryToJsonString(
      resolver_.get(), std::string(kTypePrefix) + "/" + type->full_name(), bytes, &output.json,
      options);
  if (!status.ok()) return absl::InternalError("unreadable answer");
  return output;
}

}  // namespace vardkedja::gateway
