// What the use cases need from the outside. Implemented by storage/; faked in tests. All
// implementations are thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/audit/entry.h"
#include "lib/auth/call_context.h"
#include "notification-service/domain/deadline.h"
#include "notification-service/domain/directory.h"
#include "notification-service/domain/message.h"

namespace vardkedja::notification::usecases {

using CallDeadline = std::chrono::steady_clock::time_point;

// A unit with what its organisation says of it.
struct UnitEntry {
  domain::Unit unit;
  bool participating = false;

  bool operator==(const UnitEntry&) const = default;
};

class DirectoryReader {
 public:
  virtual ~DirectoryReader() = default;

  // Ordered by id, those after `after`, at most `limit`.
  virtual absl::StatusOr<std::vector<domain::Organisation>> ListOrganisations(
      std::string_view after, int limit, CallDeadline deadline) = 0;
  // As above; of one organisation, or of all when `organisation_id` is empty.
  virtual absl::StatusOr<std::vector<UnitEntry>> ListUnits(std::string_view organisation_id,
                                                           std::string_view after, int limit,
                                                           CallDeadline deadline) = 0;
  // Nothing when there is no such unit.
  virtual absl::StatusOr<std::optional<UnitEntry>> FindUnit(std::string_view unit_id,
                                                            CallDeadline deadline) = 0;
};

enum class Box { kInbox, kSent };

// Where a page of messages begins: after this one, newest first.
struct MessagePosition {
  Instant sent_at{};
  std::string message_id;

  bool operator==(const MessagePosition&) const = default;
};

struct MessageQuery {
  Box box = Box::kInbox;
  std::string unit_id;
  std::optional<domain::MessageState> state;
  std::string case_id;          // empty: any
  std::string conversation_id;  // empty: any
  std::optional<MessagePosition> after;
  int limit = 25;
};

// Unopened messages of an inbox, by what decides whether they may be counted.
struct UnopenedCount {
  std::string gated_case_id;  // free text bound to this case; empty for all that nothing gates
  int64_t count = 0;
};

// What goes into the commit beside the message.
struct WriteTail {
  std::optional<auth::RequestKey> request_key;
  std::vector<audit::Entry> audit;
};

class MessageStore {
 public:
  virtual ~MessageStore() = default;

  // The id of the message that an earlier call with this key wrote. INVALID_ARGUMENT, reason
  // REQUEST_ID_REUSED, when that call had another body.
  virtual absl::StatusOr<std::optional<std::string>> FindReplay(const auth::RequestKey& key,
                                                                CallDeadline deadline) = 0;
  virtual absl::StatusOr<std::optional<domain::Message>> Find(std::string_view message_id,
                                                              CallDeadline deadline) = 0;
  virtual absl::StatusOr<std::vector<domain::Message>> List(const MessageQuery& query,
                                                            CallDeadline deadline) = 0;
  // At most 1000 groups.
  virtual absl::StatusOr<std::vector<UnopenedCount>> CountUnopened(std::string_view unit_id,
                                                                   CallDeadline deadline) = 0;

  // Stores a new message, request key and audit rows in one commit. Returns the id of the message
  // that stands: another one's when the same request was committed meanwhile.
  virtual absl::StatusOr<std::string> Insert(const domain::Message& message, const WriteTail& tail,
                                             CallDeadline deadline) = 0;
  // Stores state and facts of `message`, whose version was `read_version` when it was read.
  // ABORTED, reason STALE_ETAG, when it has changed since; any error may mean that the same request
  // was committed meanwhile.
  virtual absl::Status Update(const domain::Message& message, int64_t read_version,
                              const WriteTail& tail, CallDeadline deadline) = 0;
};

// Encrypts what a unit writes, under the case's or the conversation's data key.
class ContentVault {
 public:
  virtual ~ContentVault() = default;
  virtual absl::StatusOr<std::string> Seal(const domain::Message& message,
                                           const domain::MessageContent& content) = 0;
  // One answer per message, in order: nothing for a message without content and for one whose key
  // was destroyed. The outer error is the key store's, or that of a content that does not open.
  virtual absl::StatusOr<std::vector<std::optional<domain::MessageContent>>> Open(
      const std::vector<domain::Message>& messages) = 0;
};

struct DeadlinePosition {
  Date due{};
  std::string deadline_id;

  bool operator==(const DeadlinePosition&) const = default;
};

struct DeadlineQuery {
  std::string unit_id;
  std::string case_id;  // empty: any
  bool include_closed = false;
  std::optional<DeadlinePosition> after;
  int limit = 25;
};

class DeadlineReader {
 public:
  virtual ~DeadlineReader() = default;
  virtual absl::StatusOr<std::vector<domain::Deadline>> List(const DeadlineQuery& query,
                                                             CallDeadline deadline) = 0;
};

}  // namespace vardkedja::notification::usecases
