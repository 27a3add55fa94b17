#include "referral-service/usecases/download_attachment.h"

#include "lib/status/status.h"

namespace vardkedja::referral::usecases {

absl::StatusOr<domain::Attachment> AttachmentDownload::Open(const auth::CallContext& context) {
  VK_ASSIGN_OR_RETURN(auto entered, attachments_.EnterToRead(context, id_));
  VK_RETURN_IF_ERROR(domain::CheckOffset(entered.second, offset_));
  VK_RETURN_IF_ERROR(attachments_.RecordRead(context, entered.first, id_));
  attachment_ = std::move(entered.second);
  return attachment_;
}

absl::StatusOr<std::optional<std::string>> AttachmentDownload::Next(
    const auth::CallContext& context) {
  if (offset_ == attachment_.byte_size) return std::nullopt;
  VK_RETURN_IF_ERROR(attachments_.MayRead(context, attachment_).status());
  const domain::Piece piece = domain::PieceAt(attachment_, offset_);
  if (piece.chunk_index != chunk_index_) {
    chunk_.clear();
    VK_ASSIGN_OR_RETURN(chunk_, attachments_.StoredChunk(context, attachment_, piece.chunk_index,
                                                         piece.chunk_bytes));
    chunk_index_ = piece.chunk_index;
  }
  offset_ += static_cast<std::int64_t>(piece.bytes);
  return chunk_.substr(piece.begin, piece.bytes);
}

}  // namespace vardkedja::referral::usecases
