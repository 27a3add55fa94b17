#include "reporting-service/rpc/csv.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cstdio>

namespace vardkedja::reporting::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What describes the report rather than counts.
bool IsColumn(const FieldDescriptor& field) {
  return field.name() != "header" && field.name() != "csv";
}

std::string Quoted(const std::string& text) {
  if (text.find_first_of(";\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string Decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string out = text;
  std::replace(out.begin(), out.end(), '.', ',');
  return out;
}

std::string Scalar(const Message& row, const FieldDescriptor& field) {
  const Reflection& reflection = *row.GetReflection();
  if (field.has_presence() && !reflection.HasField(row, &field)) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return Quoted(reflection.GetString(row, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection.GetInt64(row, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection.GetInt32(row, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(row, &field) ? "1" : "0";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Decimal(reflection.GetDouble(row, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(row, &field)->name();
    default:
      return "";
  }
}

// CodeCount alone is repeated in a row.
std::string CodeCounts(const Message& row, const FieldDescriptor& field) {
  const Reflection& reflection = *row.GetReflection();
  std::string text;
  for (int i = 0; i < reflection.FieldSize(row, &field); ++i) {
    const Message& one = reflection.GetRepeatedMessage(row, &field, i);
    const auto& descriptor = *one.GetDescriptor();
    if (!text.empty()) text += ' ';
    text += Scalar(one, *descriptor.FindFieldByName("code")) + "=" +
            Scalar(one, *descriptor.FindFieldByName("count"));
  }
  return Quoted(text);
}

void AddHeadings(const Message& prototype, const std::string& prefix,
                 std::vector<std::string>& out) {
  const auto& descriptor = *prototype.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (!IsColumn(field)) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated()) {
      AddHeadings(prototype.GetReflection()->GetMessage(prototype, &field),
                  prefix + field.name() + ".", out);
    } else {
      out.push_back(prefix + field.name());
    }
  }
}

void AddCells(const Message& row, std::vector<std::string>& out) {
  const auto& descriptor = *row.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (!IsColumn(field)) continue;
    if (field.is_repeated()) {
      out.push_back(CodeCounts(row, field));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AddCells(row.GetReflection()->GetMessage(row, &field), out);
    } else {
      out.push_back(Scalar(row, field));
    }
  }
}

void AddLine(const std::vector<std::string>& cells, std::string& csv) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) csv += ';';
    csv += cells[i];
  }
  csv += "\r\n";
}

}  // namespace

std::string ToCsv(const Message& prototype, const std::vector<const Message*>& rows) {
  std::string csv;
  std::vector<std::string> cells;
  AddHeadings(prototype, "", cells);
  AddLine(cells, csv);
  for (const Message* row : rows) {
    cells.clear();
    AddCells(*row, cells);
    AddLine(cells, csv);
  }
  return csv;
}

}  // namespace vardkedja::reporting::rpc
