#include "referral-service/usecases/attachments.h"

#include "lib/digest/sha256.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "referral-service/domain/checks.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/usecases/once.h"

namespace vardkedja::referral::usecases {
namespace {

// The case has just been judged and is not erased: a key that is not there is a loss, and to say
// that the data was erased would send its owner looking in the wrong place.
absl::Status LostIfKeyGone(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  if (!detail || detail->reason != "ERASED") return status;
  return absl::DataLossError("the key of an attachment is gone");
}

}  // namespace

absl::StatusOr<domain::Attachment> Attachments::Opened(const StoredAttachment& stored) {
  absl::StatusOr<domain::Attachment> attachment = store_.Open(stored);
  if (!attachment.ok()) return LostIfKeyGone(attachment.status());
  return attachment;
}

absl::StatusOr<std::pair<SeenCase, domain::Attachment>> Attachments::EnterOwn(
    const auth::CallContext& context, const std::string& attachment_id) {
  const std::string id =
      IsUuid(attachment_id) ? attachment_id : std::string("00000000-0000-0000-0000-000000000000");
  VK_ASSIGN_OR_RETURN(const auto stored, store_.Find(context, id));
  if (!stored || stored->attachment.unit_id != context.acting_unit) {
    return door_.Refuse(context, id, "deny");
  }
  VK_ASSIGN_OR_RETURN(SeenCase seen, door_.Enter(context, stored->attachment.referral_id));
  VK_ASSIGN_OR_RETURN(domain::Attachment attachment, Opened(*stored));
  return std::pair(std::move(seen), std::move(attachment));
}

absl::StatusOr<domain::Attachment> Attachments::Reread(const auth::CallContext& context,
                                                       const std::string& attachment_id) {
  VK_ASSIGN_OR_RETURN(auto entered, EnterOwn(context, attachment_id));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, entered.first, attachment_id)},
                                          context.deadline));
  return std::move(entered.second);
}

absl::StatusOr<domain::Attachment> Attachments::Begin(const auth::CallContext& context,
                                                      const std::string& referral_id,
                                                      domain::Attachment announced) {
  const auto attempt = [&]() -> absl::StatusOr<domain::Attachment> {
    VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
    const domain::Referral& referral = seen.stored.referral;
    const domain::Side side = seen.actor.side;
    if (side != domain::Side::kOwner && side != domain::Side::kFacility) {
      return MakeError(absl::StatusCode::kPermissionDenied, "This unit adds no attachments.",
                       "ROLE_NOT_ALLOWED");
    }
    if (referral.state == domain::State::kClosed) {
      return domain::IllegalState("closed", "A closed case takes no attachments.");
    }
    std::vector<FieldViolation> violations =
        domain::CheckAnnounced(announced, seen.access.categories);
    if (!violations.empty()) return InvalidFields(std::move(violations));
    domain::Attachment attachment = announced;
    attachment.attachment_id = NewUuidV7();
    attachment.referral_id = referral.referral_id;
    attachment.unit_id = seen.actor.unit_id;
    attachment.begun_at = context.now;
    const WriteTail tail{context, seen.actor,
                         CaseDoor::Entry(context, seen, attachment.attachment_id)};
    VK_RETURN_IF_ERROR(store_.Begin(attachment, tail));
    return attachment;
  };
  return Once<domain::Attachment>(door_.cases(), context, attempt,
                                  [&](const std::string& id) { return Reread(context, id); });
}

absl::StatusOr<domain::Attachment> Attachments::Change(const auth::CallContext& context,
                                                       const std::string& attachment_id,
                                                       const Decide& decide) {
  const auto attempt = [&]() -> absl::StatusOr<domain::Attachment> {
    VK_ASSIGN_OR_RETURN(const auto entered, EnterOwn(context, attachment_id));
    VK_RETURN_IF_ERROR(decide(entered.first, entered.second));
    VK_ASSIGN_OR_RETURN(const auto after, store_.Find(context, attachment_id));
    if (!after) return absl::InternalError("an attachment that was just written is missing");
    return Opened(*after);
  };
  return Once<domain::Attachment>(door_.cases(), context, attempt,
                                  [&](const std::string& id) { return Reread(context, id); });
}

absl::StatusOr<domain::Attachment> Attachments::Append(const auth::CallContext& context,
                                                       const std::string& attachment_id,
                                                       std::int64_t offset, std::string_view data) {
  return Change(context, attachment_id,
                [&](const SeenCase& seen, const domain::Attachment& before) -> absl::Status {
                  VK_RETURN_IF_ERROR(domain::CheckChunk(before, offset, data.size()));
                  return store_.Append(
                      before, data,
                      {context, seen.actor, CaseDoor::Entry(context, seen, attachment_id)});
                });
}

absl::StatusOr<domain::Attachment> Attachments::Examine(const auth::CallContext& context,
                                                        domain::Attachment attachment) {
  domain::TypeDetector detector;
  Sha256 digest;
  for (std::int64_t at = 0; at < attachment.byte_size; at += domain::kChunkBytes) {
    const domain::Piece piece = domain::PieceAt(attachment, at);
    VK_ASSIGN_OR_RETURN(const std::string chunk,
                        StoredChunk(context, attachment, piece.chunk_index, piece.chunk_bytes));
    detector.Feed(chunk);
    digest.Feed(chunk);
  }
  attachment.media_type = detector.Result();
  attachment.sha256 = digest.Result();
  return attachment;
}

absl::StatusOr<domain::Attachment> Attachments::Complete(const auth::CallContext& context,
                                                         const std::string& attachment_id) {
  return Change(
      context, attachment_id,
      [&](const SeenCase& seen, const domain::Attachment& before) -> absl::Status {
        if (before.complete()) {
          return domain::IllegalState("complete", "The attachment is complete.");
        }
        if (before.received_bytes != before.byte_size) {
          return domain::IllegalState("uploading", "Bytes are still to come.");
        }
        VK_ASSIGN_OR_RETURN(const domain::Attachment after, Examine(context, before));
        if (after.media_type.empty()) {
          return InvalidFields(
              {domain::Violation("attachment_id", "TYPE_NOT_ALLOWED",
                                 "The content is no PDF, JPEG, PNG or plain text (UTF-8).",
                                 "Innehållet är inte PDF, JPEG, PNG eller ren text (UTF-8).")});
        }
        const Written written{after.category, "attachments/" + attachment_id, {"content"}};
        return store_.Complete(
            after,
            {context, seen.actor, CaseDoor::WriteEntry(context, seen, attachment_id, written)});
      });
}

absl::StatusOr<std::pair<SeenCase, domain::Attachment>> Attachments::EnterToRead(
    const auth::CallContext& context, const std::string& attachment_id) {
  const std::string id =
      IsUuid(attachment_id) ? attachment_id : std::string("00000000-0000-0000-0000-000000000000");
  VK_ASSIGN_OR_RETURN(const auto stored, store_.Find(context, id));
  if (!stored) return door_.Refuse(context, id, "deny");
  VK_ASSIGN_OR_RETURN(SeenCase seen, MayRead(context, stored->attachment));
  VK_ASSIGN_OR_RETURN(domain::Attachment attachment, Opened(*stored));
  return std::pair(std::move(seen), std::move(attachment));
}

absl::StatusOr<SeenCase> Attachments::MayRead(const auth::CallContext& context,
                                              const domain::Attachment& attachment) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, door_.Enter(context, attachment.referral_id));
  if (!attachment.complete() || !seen.access.categories.contains(attachment.category)) {
    return door_.Refuse(context, attachment.attachment_id, "deny.category");
  }
  return seen;
}

absl::Status Attachments::RecordRead(const auth::CallContext& context, const SeenCase& seen,
                                     const std::string& attachment_id) {
  return door_.audit().Record({CaseDoor::Entry(context, seen, attachment_id)}, context.deadline);
}

absl::StatusOr<std::string> Attachments::StoredChunk(const auth::CallContext& context,
                                                     const domain::Attachment& attachment,
                                                     int index, std::size_t bytes) {
  auto chunk = store_.Chunk(context, attachment, index);
  if (!chunk.ok()) return LostIfKeyGone(chunk.status());
  if (!*chunk || (*chunk)->size() != bytes) {
    return absl::DataLossError("a chunk of an attachment is missing or has another size");
  }
  return **std::move(chunk);
}

absl::StatusOr<std::string> Attachments::GetChunk(const auth::CallContext& context,
                                                  const std::string& attachment_id, int index) {
  VK_ASSIGN_OR_RETURN(const auto entered, EnterToRead(context, attachment_id));
  const auto& [seen, attachment] = entered;
  VK_ASSIGN_OR_RETURN(auto chunk, store_.Chunk(context, attachment, index));
  if (!chunk) return door_.Refuse(context, attachment.attachment_id, "deny");
  VK_RETURN_IF_ERROR(RecordRead(context, seen, attachment.attachment_id));
  return *std::move(chunk);
}

absl::StatusOr<std::vector<domain::Attachment>> Attachments::List(const auth::CallContext& context,
                                                                  const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(const SeenCase seen, door_.Enter(context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  VK_ASSIGN_OR_RETURN(std::vector<domain::Attachment> attachments, store_.OfCase(context, id));
  std::erase_if(attachments, [&](const domain::Attachment& attachment) {
    return !seen.access.categories.contains(attachment.category);
  });
  for (domain::Attachment& attachment : attachments) HideUnit(seen, attachment.unit_id);
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  return attachments;
}

}  // namespace vardkedja::referral::usecases
