#include "gateway/http/message_reader.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include "absl/strings/escaping.h"
#include "gateway/http/url.h"

namespace vardkedja::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::json;

// How much of an unknown name is shown back.
constexpr std::size_t kMaxNameBytes = 64;

std::string Join(const std::string& path, std::string_view name) {
  std::string joined = path.empty() ? "" : path + ".";
  joined += name;
  return joined;
}

// An integer from a JSON number or from text, when it is one and fits.
template <typename T>
std::optional<T> ToInteger(const Json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
  }
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (!std::in_range<T>(number)) return std::nullopt;
    return static_cast<T>(number);
  }
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (!std::in_range<T>(number)) return std::nullopt;
    return static_cast<T>(number);
  }
  return std::nullopt;
}

template <typename T>
using Setter = void (google::protobuf::Reflection::*)(Message*, const FieldDescriptor*, T) const;

// Sets or appends, as the field's label says.
template <typename T>
void Put(Message& message, const FieldDescriptor* field, T value, Setter<T> set, Setter<T> add) {
  const auto* reflection = message.GetReflection();
  (reflection->*(field->is_repeated() ? add : set))(&message, field, std::move(value));
}

std::string AllowedNames(const google::protobuf::EnumDescriptor* type) {
  std::string names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() == 0) continue;  // "unspecified" is never a useful answer
    if (!names.empty()) names += ", ";
    names += type->value(i)->name();
  }
  return names;
}

}  // namespace

const FieldDescriptor* FindField(const Descriptor* type, std::string_view name) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->json_name() == name || field->name() == name) return field;
  }
  return nullptr;
}

bool IsWellKnown(const Descriptor* type) {
  static const auto* const kNames = new std::set<std::string, std::less<>>{
      "google.protobuf.Timestamp",   "google.protobuf.Duration",    "google.protobuf.FieldMask",
      "google.protobuf.DoubleValue", "google.protobuf.FloatValue",  "google.protobuf.Int64Value",
      "google.protobuf.UInt64Value", "google.protobuf.Int32Value",  "google.protobuf.UInt32Value",
      "google.protobuf.BoolValue",   "google.protobuf.StringValue", "google.protobuf.BytesValue",
      "google.protobuf.Struct",      "google.protobuf.Value",       "google.protobuf.ListValue"};
  return kNames->contains(type->full_name());
}

void MessageReader::Violate(const std::string& field, std::string_view rule, std::string_view en,
                            std::string_view sv) {
  if (violations_.size() == kMaxViolations) return;
  violations_.push_back({field, std::string(rule), std::string(en), std::string(sv)});
}

absl::Status MessageReader::status() const {
  return violations_.empty() ? absl::OkStatus() : InvalidFields(violations_);
}

void MessageReader::WrongType(const std::string& path, const Field* field) {
  std::string type = field->type_name();
  if (field->message_type() != nullptr) type = "object";
  if (field->is_repeated()) type = field->is_map() ? "object" : "list of " + type;
  Violate(path, "WRONG_TYPE", "Must be a valid " + type + ".",
          "Måste vara ett giltigt värde av typen " + type + ".");
}

void MessageReader::ReadObject(const Json& object, const std::string& path, Message& message) {
  if (!object.is_object()) {
    Violate(path, "WRONG_TYPE", "Must be a JSON object.", "Måste vara ett JSON-objekt.");
    return;
  }
  std::set<const FieldDescriptor*> seen;
  for (const auto& [name, value] : object.items()) {
    const FieldDescriptor* field = FindField(message.GetDescriptor(), name);
    if (field == nullptr) {
      const std::string shown =
          IsValidUtf8(name.substr(0, kMaxNameBytes)) ? name.substr(0, kMaxNameBytes) : "(unknown)";
      Violate(Join(path, shown), "UNKNOWN_FIELD", "No such field.", "Fältet finns inte.");
      continue;
    }
    const std::string field_path = Join(path, field->json_name());
    if (!seen.insert(field).second) {
      Violate(field_path, "DUPLICATE_FIELD", "Given under two names.", "Anges med två namn.");
      continue;
    }
    if (value.is_null() && !(field->message_type() != nullptr &&
                             field->message_type()->full_name() == "google.protobuf.Value")) {
      continue;  // proto3 JSON: null means absent
    }
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && message.GetReflection()->HasOneof(message, oneof)) {
      Violate(field_path, "ONE_OF", "Only one of the alternatives may be given.",
              "Bara ett av alternativen får anges.");
      continue;
    }
    ReadField(value, field_path, field, message);
  }
}

void MessageReader::ReadField(const Json& value, const std::string& path, const Field* field,
                              Message& message) {
  if (field->is_map()) {
    ReadMap(value, path, field, message);
  } else if (field->is_repeated()) {
    ReadRepeated(value, path, field, message);
  } else if (field->message_type() != nullptr) {
    ReadMessage(value, path, *message.GetReflection()->MutableMessage(&message, field));
  } else {
    ReadScalar(value, path, field, message);
  }
}

void MessageReader::ReadRepeated(const Json& value, const std::string& path, const Field* field,
                                 Message& message) {
  if (!value.is_array()) {
    WrongType(path, field);
    return;
  }
  std::size_t index = 0;
  for (const Json& element : value) {
    const std::string element_path = path + "[" + std::to_string(index++) + "]";
    if (element.is_null()) {
      Violate(element_path, "NULL_ELEMENT", "A list element must not be null.",
              "Ett listelement får inte vara null.");
    } else if (field->message_type() != nullptr) {
      ReadMessage(element, element_path, *message.GetReflection()->AddMessage(&message, field));
    } else {
      ReadScalar(element, element_path, field, message);
    }
  }
}

void MessageReader::ReadMap(const Json& value, const std::string& path, const Field* field,
                            Message& message) {
  if (!value.is_object()) {
    WrongType(path, field);
    return;
  }
  const FieldDescriptor* key = field->message_type()->map_key();
  const FieldDescriptor* mapped = field->message_type()->map_value();
  for (const auto& [name, element] : value.items()) {
    Message& entry = *message.GetReflection()->AddMessage(&message, field);
    ReadText(name, path, key, entry);
    if (element.is_null()) {
      Violate(path, "NULL_ELEMENT", "A map value must not be null.",
              "Ett värde får inte vara null.");
    } else {
      ReadField(element, path, mapped, entry);
    }
  }
}

void MessageReader::ReadMessage(const Json& value, const std::string& path, Message& message) {
  const Descriptor* type = message.GetDescriptor();
  if (!IsWellKnown(type)) {
    ReadObject(value, path, message);
    return;
  }
  // The document is strict already, so the lax parser has nothing to be lax about; its error text
  // is dropped since it quotes the value.
  const bool free_form = message.GetDescriptor()->file()->name() == "google/protobuf/struct.proto";
  if ((value.is_structured() && !free_form) ||
      !google::protobuf::util::JsonStringToMessage(value.dump(), &message).ok()) {
    Violate(path, "WRONG_TYPE", "Must be a valid " + type->name() + ".",
            "Måste vara ett giltigt värde av typen " + type->name() + ".");
  }
}

void MessageReader::ReadScalar(const Json& value, const std::string& path, const Field* field,
                               Message& message) {
  using google::protobuf::Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (!value.is_boolean()) return WrongType(path, field);
      return Put<bool>(message, field, value.get<bool>(), &Reflection::SetBool,
                       &Reflection::AddBool);
    case FieldDescriptor::CPPTYPE_STRING:
      if (!value.is_string()) return WrongType(path, field);
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        return ReadBytes(value.get_ref<const std::string&>(), path, field, message);
      }
      return Put<std::string>(message, field, value.get<std::string>(), &Reflection::SetString,
                              &Reflection::AddString);
    case FieldDescriptor::CPPTYPE_ENUM:
      if (!value.is_string()) return WrongType(path, field);
      return ReadEnum(value.get_ref<const std::string&>(), path, field, message);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return ReadFloating(value, path, field, message);
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return ReadInteger(value, path, field, message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WrongType(path, field);
  }
}

void MessageReader::ReadInteger(const Json& value, const std::string& path, const Field* field,
                                Message& message) {
  using google::protobuf::Reflection;
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    const auto number = ToInteger<std::int32_t>(value);
    if (!number.has_value()) return WrongType(path, field);
    Put<std::int32_t>(message, field, *number, &Reflection::SetInt32, &Reflection::AddInt32);
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    const auto number = ToInteger<std::int64_t>(value);
    if (!number.has_value()) return WrongType(path, field);
    Put<std::int64_t>(message, field, *number, &Reflection::SetInt64, &Reflection::AddInt64);
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    const auto number = ToInteger<std::uint32_t>(value);
    if (!number.has_value()) return WrongType(path, field);
    Put<std::uint32_t>(message, field, *number, &Reflection::SetUInt32, &Reflection::AddUInt32);
  } else {
    const auto number = ToInteger<std::uint64_t>(value);
    if (!number.has_value()) return WrongType(path, field);
    Put<std::uint64_t>(message, field, *number, &Reflection::SetUInt64, &Reflection::AddUInt64);
  }
}

void MessageReader::ReadFloating(const Json& value, const std::string& path, const Field* field,
                                 Message& message) {
  using google::protobuf::Reflection;
  if (!value.is_number()) return WrongType(path, field);
  const auto number = value.get<double>();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
    return Put<double>(message, field, number, &Reflection::SetDouble, &Reflection::AddDouble);
  }
  if (std::abs(number) > std::numeric_limits<float>::max()) return WrongType(path, field);
  Put<float>(message, field, static_cast<float>(number), &Reflection::SetFloat,
             &Reflection::AddFloat);
}

void MessageReader::ReadBytes(const std::string& text, const std::string& path, const Field* field,
                              Message& message) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes) && !absl::WebSafeBase64Unescape(text, &bytes)) {
    return WrongType(path, field);
  }
  Put<std::string>(message, field, std::move(bytes), &google::protobuf::Reflection::SetString,
                   &google::protobuf::Reflection::AddString);
}

void MessageReader::ReadEnum(const std::string& text, const std::string& path, const Field* field,
                             Message& message) {
  const auto* value = field->enum_type()->FindValueByName(text);
  if (value == nullptr) {
    const std::string names = AllowedNames(field->enum_type());
    return Violate(path, "UNKNOWN_ENUM_VALUE", "Must be one of " + names + ".",
                   "Måste vara något av " + names + ".");
  }
  Put<int>(message, field, value->number(), &google::protobuf::Reflection::SetEnumValue,
           &google::protobuf::Reflection::AddEnumValue);
}

void MessageReader::ReadText(const std::string& text, const std::string& name, const Field* field,
                             Message& message) {
  if (field->message_type() != nullptr) {
    const auto* reflection = message.GetReflection();
    ReadMessage(Json(text), name,
                field->is_repeated() ? *reflection->AddMessage(&message, field)
                                     : *reflection->MutableMessage(&message, field));
    return;
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return WrongType(name, field);
      return ReadScalar(Json(text == "true"), name, field, message);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT: {
      double number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
        return WrongType(name, field);
      }
      return ReadScalar(Json(number), name, field, message);
    }
    default:
      return ReadScalar(Json(text), name, field, message);
  }
}

void MessageReader::ReadQueryParameter(const std::string& name, const std::string& text,
                                       Message& message) {
  Message* target = &message;
  std::string_view rest = name;
  while (true) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    const FieldDescriptor* field = FindField(target->GetDescriptor(), rest.substr(0, end));
    const bool last = end == rest.size();
    const bool nests = field != nullptr && field->message_type() != nullptr &&
                       !field->is_repeated() && !IsWellKnown(field->message_type());
    const bool ends =
        field != nullptr && (field->message_type() == nullptr ||
                             (!field->is_map() && IsWellKnown(field->message_type())));
    if (last ? !ends : !nests) {
      Violate(name.substr(0, kMaxNameBytes), "UNKNOWN_PARAMETER", "No such query parameter.",
              "Frågeparametern finns inte.");
      return;
    }
    if (last) {
      if (!field->is_repeated() && !given_.insert({target, field}).second) {
        return Violate(name, "DUPLICATE_FIELD", "Given twice.", "Anges två gånger.");
      }
      return ReadText(text, name, field, *target);
    }
    target = target->GetReflection()->MutableMessage(target, field);
    rest.remove_prefix(end + 1);
  }
}

}  // namespace vardkedja::gateway
