// A complete attachment on its way to one reader, piece by piece.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/attachments.h"

namespace vardkedja::referral::usecases {

// Holds one chunk at a time. Thread-compatible.
class AttachmentDownload {
 public:
  // `attachments` outlives it. From `offset` to the end.
  AttachmentDownload(Attachments& attachments, std::string attachment_id, std::int64_t offset)
      : attachments_(attachments), id_(std::move(attachment_id)), offset_(offset) {}

  // The first call. Audited: this is the disclosure. NotFound() as GetChunk; OFFSET_BEYOND_END.
  absl::StatusOr<domain::Attachment> Open(const auth::CallContext& context);

  // The next bytes, at most domain::kPieceBytes; nothing when all were handed out. The case is
  // judged anew, so that nothing leaves after the right has ended: then NotFound(). DATA_LOSS when
  // what is stored is not what was.
  absl::StatusOr<std::optional<std::string>> Next(const auth::CallContext& context);

  std::int64_t offset() const { return offset_; }  // of the next byte

 private:
  Attachments& attachments_;
  const std::string id_;
  std::int64_t offset_;
  domain::Attachment attachment_;
  int chunk_index_ = -1;
  std::string chunk_;
};

}  // namespace vardkedja::referral::usecases
