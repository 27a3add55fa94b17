#include "notification-service/storage/postgres_messages.h"

#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"

namespace vardkedja::notification::storage {
namespace {

#define MESSAGE_COLUMNS                                                                  \
  "message_id, conversation_id, in_reply_to, kind, state, sender_unit_id, "              \
  "recipient_unit_id, case_id, case_number, template_code, source_event_id, "            \
  "sealed_content, sent_at, sent_by, delivered_at, delivered_by, opened_at, opened_by, " \
  "acted_on_at, acted_on_by, version"

constexpr std::string_view kFind =
    "SELECT " MESSAGE_COLUMNS " FROM message WHERE message_id = $1::uuid";

#define MESSAGE_FILTER                                            \
  " AND ($2::text IS NULL OR state = $2)"                         \
  " AND ($3::text = '' OR case_id = $3)"                          \
  " AND ($4::uuid IS NULL OR conversation_id = $4::uuid)"         \
  " AND ($5::timestamptz IS NULL"                                 \
  "      OR (sent_at, message_id) < ($5::timestamptz, $6::uuid))" \
  " ORDER BY sent_at DESC, message_id DESC LIMIT $7"

constexpr std::string_view kListInbox =
    "SELECT " MESSAGE_COLUMNS
    " FROM message WHERE recipient_unit_id = $1 AND delivered_at IS NOT NULL" MESSAGE_FILTER;
constexpr std::string_view kListSent =
    "SELECT " MESSAGE_COLUMNS " FROM message WHERE sender_unit_id = $1" MESSAGE_FILTER;

constexpr std::string_view kCountUnopened = R"(
SELECT CASE WHEN kind = 'FREE_TEXT' THEN case_id END AS gated_case_id, count(*) AS unopened
  FROM message
 WHERE recipient_unit_id = $1 AND state = 'ACCEPTED'
 GROUP BY 1
 ORDER BY 1 NULLS FIRST
 LIMIT 1000)";

#define MESSAGE_INSERT                                                                           \
  "INSERT INTO message (" MESSAGE_COLUMNS                                                        \
  ") VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12::bytea, "       \
  "$13::timestamptz, $14, $15::timestamptz, $16, $17::timestamptz, $18, $19::timestamptz, $20, " \
  "$21)"

constexpr std::string_view kInsert = MESSAGE_INSERT " RETURNING message_id";
constexpr std::string_view kInsertDerived = MESSAGE_INSERT
    " ON CONFLICT ON CONSTRAINT message_once_per_source DO NOTHING RETURNING message_id";

constexpr std::string_view kUpdate = R"(
UPDATE message
   SET state = $3, delivered_at = $4::timestamptz, delivered_by = $5,
       opened_at = $6::timestamptz, opened_by = $7,
       acted_on_at = $8::timestamptz, acted_on_by = $9, version = $10
 WHERE message_id = $1::uuid AND version = $2::bigint
RETURNING message_id)";

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void AddFact(const std::optional<domain::Fact>& fact, pg::Params& params) {
  if (fact) {
    params.Add(fact->time);
    params.Add(fact->subject);
  } else {
    params.Add(std::nullopt);
    params.Add(std::nullopt);
  }
}

std::optional<domain::Fact> ToFact(const pg::Row& row, std::string_view at, std::string_view by) {
  const std::optional<Instant> time = row.OptionalInstant(at);
  if (!time) return std::nullopt;
  return domain::Fact{.time = *time, .subject = row.Text(by)};
}

// The CHECK constraints hold the same codes, so a failure here is a defect of this file.
absl::StatusOr<domain::Message> ToMessage(const pg::Row& row) {
  const auto kind = domain::ParseMessageKind(row.Text("kind"));
  const auto state = domain::ParseMessageState(row.Text("state"));
  if (!kind || !state) return absl::InternalError("a stored message has an unknown code");
  domain::Message message;
  message.message_id = row.Text("message_id");
  message.conversation_id = row.Text("conversation_id");
  message.in_reply_to = row.OptionalText("in_reply_to").value_or("");
  message.kind = *kind;
  message.state = *state;
  message.sender_unit_id = row.OptionalText("sender_unit_id").value_or("");
  message.recipient_unit_id = row.Text("recipient_unit_id");
  message.case_id = row.OptionalText("case_id").value_or("");
  message.case_number = row.OptionalText("case_number").value_or("");
  message.template_code = row.OptionalText("template_code").value_or("");
  message.source_event_id = row.OptionalText("source_event_id").value_or("");
  message.sealed_content = row.OptionalBytes("sealed_content").value_or("");
  message.sent = {.time = row.Instant("sent_at"), .subject = row.Text("sent_by")};
  message.delivered = ToFact(row, "delivered_at", "delivered_by");
  message.opened = ToFact(row, "opened_at", "opened_by");
  message.acted_on = ToFact(row, "acted_on_at", "acted_on_by");
  message.version = row.Int("version");
  return message;
}

pg::Params InsertParams(const domain::Message& message) {
  pg::Params params = {message.message_id,
                       message.conversation_id,
                       NullIfEmpty(message.in_reply_to),
                       domain::Code(message.kind),
                       domain::Code(message.state),
                       NullIfEmpty(message.sender_unit_id),
                       message.recipient_unit_id,
                       NullIfEmpty(message.case_id),
                       NullIfEmpty(message.case_number),
                       NullIfEmpty(message.template_code),
                       NullIfEmpty(message.source_event_id)};
  if (message.sealed_content.empty()) {
    params.Add(std::nullopt);
  } else {
    params.Add(pg::Bytes{message.sealed_content});
  }
  AddFact(message.sent, params);
  AddFact(message.delivered, params);
  AddFact(message.opened, params);
  AddFact(message.acted_on, params);
  params.Add(message.version);
  return params;
}

commit::Write MakeWrite(const domain::Message& message, const usecases::WriteTail& tail) {
  return {.request_key = tail.request_key,
          .outcome = {.resource_id = message.message_id, .etag = std::to_string(message.version)},
          .events = {},
          .audit = tail.audit};
}

}  // namespace

absl::StatusOr<std::optional<std::string>> PostgresMessages::FindReplay(
    const auth::RequestKey& key, usecases::CallDeadline deadline) {
  VK_ASSIGN_OR_RETURN(const std::optional<commit::Outcome> outcome,
                      commit::FindReplay(pool_, key, deadline));
  if (!outcome) return std::nullopt;
  return outcome->resource_id;
}

absl::StatusOr<std::optional<domain::Message>> PostgresMessages::Find(
    std::string_view message_id, usecases::CallDeadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {message_id}, deadline));
  if (rows.empty()) return std::nullopt;
  VK_ASSIGN_OR_RETURN(domain::Message message, ToMessage(rows[0]));
  return message;
}

absl::StatusOr<std::vector<domain::Message>> PostgresMessages::List(
    const usecases::MessageQuery& query, usecases::CallDeadline deadline) {
  pg::Params params = {query.unit_id};
  params.Add(query.state ? std::optional(std::string(domain::Code(*query.state))) : std::nullopt);
  params.Add(query.case_id);
  params.Add(NullIfEmpty(query.conversation_id));
  params.Add(query.after ? std::optional(query.after->sent_at) : std::nullopt);
  params.Add(query.after ? std::optional(query.after->message_id) : std::nullopt);
  params.Add(query.limit);
  const std::string_view sql = query.box == usecases::Box::kInbox ? kListInbox : kListSent;
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(sql, params, deadline));
  std::vector<domain::Message> messages;
  for (const pg::Row row : rows) {
    VK_ASSIGN_OR_RETURN(domain::Message message, ToMessage(row));
    messages.push_back(std::move(message));
  }
  return messages;
}

absl::StatusOr<std::vector<usecases::UnopenedCount>> PostgresMessages::CountUnopened(
    std::string_view unit_id, usecases::CallDeadline deadline) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kCountUnopened, {unit_id}, deadline));
  std::vector<usecases::UnopenedCount> groups;
  for (const pg::Row row : rows) {
    groups.push_back({row.OptionalText("gated_case_id").value_or(""), row.Int("unopened")});
  }
  return groups;
}

absl::StatusOr<std::string> PostgresMessages::Insert(const domain::Message& message,
                                                     const usecases::WriteTail& tail,
                                                     usecases::CallDeadline deadline) {
  const absl::StatusOr<pg::Result> saved =
      commit::SaveOne(pool_, kInsert, InsertParams(message), MakeWrite(message, tail), deadline);
  if (saved.ok()) return message.message_id;
  if (!commit::IsReplay(saved.status()) || !tail.request_key) return saved.status();
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> stands,
                      FindReplay(*tail.request_key, deadline));
  return stands ? absl::StatusOr<std::string>(*stands) : saved.status();
}

absl::Status PostgresMessages::Update(const domain::Message& message, int64_t read_version,
                                      const usecases::WriteTail& tail,
                                      usecases::CallDeadline deadline) {
  pg::Params params = {message.message_id, read_version, domain::Code(message.state)};
  AddFact(message.delivered, params);
  AddFact(message.opened, params);
  AddFact(message.acted_on, params);
  params.Add(message.version);
  return commit::SaveOne(pool_, kUpdate, params, MakeWrite(message, tail), deadline).status();
}

absl::StatusOr<bool> InsertDerived(pg::Transaction& tx, const domain::Message& message) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, tx.Execute(kInsertDerived, InsertParams(message)));
  return !rows.empty();
}

absl::Status EmptyMessages(pg::Transaction& tx, const std::vector<std::string>& case_ids) {
  return tx
      .Execute(
          "UPDATE message SET sealed_content = '' WHERE case_id = ANY($1::text[])"
          " AND kind = 'FREE_TEXT' AND sealed_content <> ''",
          {case_ids})
      .status();
}

}  // namespace vardkedja::notification::storage
