// Attachments, up and down in chunks. Nothing of one is shown before it is complete.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/attachments.h"
#include "referral-service/usecases/case_access.h"

namespace vardkedja::referral::usecases {

// An attachment as stored: name and digest are opened once access was decided.
struct StoredAttachment {
  domain::Attachment attachment;
  std::string sealed_name;
  std::string sealed_sha256;  // empty before it is complete
};

class AttachmentStore {
 public:
  virtual ~AttachmentStore() = default;

  virtual absl::StatusOr<std::optional<StoredAttachment>> Find(const auth::CallContext& context,
                                                               std::string_view attachment_id) = 0;
  virtual absl::StatusOr<domain::Attachment> Open(const StoredAttachment& stored) = 0;
  // Complete ones, oldest first.
  virtual absl::StatusOr<std::vector<domain::Attachment>> OfCase(const auth::CallContext& context,
                                                                 std::string_view referral_id) = 0;
  // Nothing when there is no such chunk.
  virtual absl::StatusOr<std::optional<std::string>> Chunk(const auth::CallContext& context,
                                                           const domain::Attachment& attachment,
                                                           int index) = 0;

  // TOO_MANY_ATTACHMENTS at the limit, also of calls at the same time.
  virtual absl::Status Begin(const domain::Attachment& attachment, const WriteTail& tail) = 0;
  // STALE_ETAG when the attachment is no longer as it was found.
  virtual absl::Status Append(const domain::Attachment& before, std::string_view data,
                              const WriteTail& tail) = 0;
  // `after` is `before` with what was found of its content.
  virtual absl::Status Complete(const domain::Attachment& after, const WriteTail& tail) = 0;
};

class Attachments {
 public:
  Attachments(CaseDoor& door, AttachmentStore& store) : door_(door), store_(store) {}

  // By the owner or the facility, of a case that is not closed. `announced` has name, category and
  // size.
  absl::StatusOr<domain::Attachment> Begin(const auth::CallContext& context,
                                           const std::string& referral_id,
                                           domain::Attachment announced);
  // By the unit that began it; NotFound() to others.
  absl::StatusOr<domain::Attachment> Append(const auth::CallContext& context,
                                            const std::string& attachment_id, std::int64_t offset,
                                            std::string_view data);
  absl::StatusOr<domain::Attachment> Complete(const auth::CallContext& context,
                                              const std::string& attachment_id);
  // NotFound() without the category, before it is complete, or beyond its end.
  absl::StatusOr<std::string> GetChunk(const auth::CallContext& context,
                                       const std::string& attachment_id, int index);
  absl::StatusOr<std::vector<domain::Attachment>> List(const auth::CallContext& context,
                                                       const std::string& referral_id);

  // The steps of a read (GetChunk, AttachmentDownload). A complete attachment, for who sees its
  // category; NotFound() to others, whatever became of it.
  absl::StatusOr<std::pair<SeenCase, domain::Attachment>> EnterToRead(
      const auth::CallContext& context, const std::string& attachment_id);
  // The same of one that was found before: whether it may still be read.
  absl::StatusOr<SeenCase> MayRead(const auth::CallContext& context,
                                   const domain::Attachment& attachment);
  absl::Status RecordRead(const auth::CallContext& context, const SeenCase& seen,
                          const std::string& attachment_id);
  // DATA_LOSS when it is not there, not of that size, not what was stored, or its key is gone.
  absl::StatusOr<std::string> StoredChunk(const auth::CallContext& context,
                                          const domain::Attachment& attachment, int index,
                                          std::size_t bytes);

 private:
  using Decide = std::function<absl::Status(const SeenCase&, const domain::Attachment&)>;
  // Name and digest; DATA_LOSS when they do not open.
  absl::StatusOr<domain::Attachment> Opened(const StoredAttachment& stored);
  // The case and the attachment, for the unit that began it.
  absl::StatusOr<std::pair<SeenCase, domain::Attachment>> EnterOwn(
      const auth::CallContext& context, const std::string& attachment_id);
  absl::StatusOr<domain::Attachment> Reread(const auth::CallContext& context,
                                            const std::string& attachment_id);
  // A repeatable write to an attachment that is there.
  absl::StatusOr<domain::Attachment> Change(const auth::CallContext& context,
                                            const std::string& attachment_id, const Decide& decide);
  // Media type (empty when it is none of ours) and digest, from the content.
  absl::StatusOr<domain::Attachment> Examine(const auth::CallContext& context,
                                             domain::Attachment attachment);
  CaseDoor& door_;
  AttachmentStore& store_;
};

}  // namespace vardkedja::referral::usecases
