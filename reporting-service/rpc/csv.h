// Reports as CSV: UTF-8, semicolons, decimal comma, quoted as RFC 4180 says; what a Swedish
// spreadsheet opens.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace vardkedja::reporting::rpc {

// A heading of field names and one line per message, all of the same type; the heading alone when
// there are none. Fields of a nested message become columns of their own ("staff.ore"), lists of
// codes one column ("passed=2 waiting_long=1"), and what is absent is empty.
std::string ToCsv(const google::protobuf::Message& prototype,
                  const std::vector<const google::protobuf::Message*>& rows);

template <class Row>
std::string ToCsv(const google::protobuf::RepeatedPtrField<Row>& rows) {
  std::vector<const google::protobuf::Message*> messages;
  for (const Row& row : rows) messages.push_back(&row);
  return ToCsv(Row::default_instance(), messages);
}

}  // namespace vardkedja::reporting::rpc
