#include "referral-service/storage/postgres_attachments.h"

#include <string>
#include <utility>

#include "lib/commit/commit.h"
#include "lib/status/status.h"
#include "referral-service/storage/postgres_cases.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kAttachmentClass = "attachment";

#define ATTACHMENT_COLUMNS                                                                    \
  "attachment_id::text AS attachment_id, referral_id::text AS referral_id, category,"         \
  " byte_size, received_bytes, chunk_count, coalesce(media_type, '') AS media_type, unit_id," \
  " begun_at, name_sealed, sha256_sealed"

constexpr std::string_view kFind =
    "SELECT " ATTACHMENT_COLUMNS " FROM attachment WHERE attachment_id = $1::uuid";
constexpr std::string_view kOfCase = "SELECT " ATTACHMENT_COLUMNS
                                     " FROM attachment WHERE referral_id = $1::uuid"
                                     "   AND media_type IS NOT NULL ORDER BY attachment_id";
constexpr std::string_view kChunk =
    "SELECT content_sealed FROM attachment_chunk"
    " WHERE attachment_id = $1::uuid AND chunk_index = $2";

// The case's row is locked first, so that two cannot both be the last that fits.
constexpr std::string_view kLockCase =
    "SELECT version FROM referral WHERE referral_id = $1::uuid FOR UPDATE";
constexpr std::string_view kBegin = R"sql(
INSERT INTO attachment (attachment_id, referral_id, category, byte_size, unit_id, subject, begun_at,
                        name_sealed)
SELECT $1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8
 WHERE (SELECT count(*) FROM attachment WHERE referral_id = $2::uuid) < $9
)sql";
constexpr std::string_view kAppend = R"sql(
WITH moved AS (
  UPDATE attachment SET received_bytes = received_bytes + $3::bigint, chunk_count = chunk_count + 1
   WHERE attachment_id = $1::uuid AND received_bytes = $2 AND media_type IS NULL
  RETURNING attachment_id, chunk_count)
INSERT INTO attachment_chunk (attachment_id, chunk_index, content_sealed)
SELECT attachment_id, chunk_count - 1, $4 FROM moved
)sql";
constexpr std::string_view kComplete =
    "UPDATE attachment SET media_type = $2, sha256_sealed = $3 WHERE attachment_id = $1::uuid"
    " AND media_type IS NULL AND received_bytes = byte_size";

std::string NameTag(const std::string& attachment_id) {
  return "referral.attachment/" + attachment_id;
}

std::string DigestTag(const std::string& attachment_id) {
  return NameTag(attachment_id) + "/sha256";
}

std::string ChunkTag(const std::string& attachment_id, int index) {
  return NameTag(attachment_id) + "/" + std::to_string(index);
}

commit::Write WriteOf(const domain::Attachment& attachment, const usecases::WriteTail& tail) {
  return MakeWrite(tail, {attachment.attachment_id, ""}, {});
}

usecases::StoredAttachment StoredFrom(const pg::Row& row) {
  usecases::StoredAttachment stored;
  domain::Attachment& attachment = stored.attachment;
  attachment.attachment_id = row.Text("attachment_id");
  attachment.referral_id = row.Text("referral_id");
  attachment.category = row.Text("category");
  attachment.byte_size = row.Int("byte_size");
  attachment.received_bytes = row.Int("received_bytes");
  attachment.chunk_count = static_cast<int>(row.Int("chunk_count"));
  attachment.media_type = row.Text("media_type");
  attachment.unit_id = row.Text("unit_id");
  attachment.begun_at = row.Instant("begun_at");
  stored.sealed_name = row.Bytes("name_sealed");
  stored.sealed_sha256 = row.OptionalBytes("sha256_sealed").value_or("");
  return stored;
}

}  // namespace

absl::StatusOr<domain::Attachment> PostgresAttachments::Open(
    const usecases::StoredAttachment& stored) {
  domain::Attachment attachment = stored.attachment;
  VK_ASSIGN_OR_RETURN(attachment.file_name,
                      vault_.Open(attachment.referral_id, kAttachmentClass,
                                  NameTag(attachment.attachment_id), stored.sealed_name));
  if (!stored.sealed_sha256.empty()) {
    VK_ASSIGN_OR_RETURN(attachment.sha256,
                        vault_.Open(attachment.referral_id, kAttachmentClass,
                                    DigestTag(attachment.attachment_id), stored.sealed_sha256));
  }
  return attachment;
}

absl::StatusOr<std::optional<usecases::StoredAttachment>> PostgresAttachments::Find(
    const auth::CallContext& context, std::string_view attachment_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {attachment_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  return StoredFrom(rows[0]);
}

absl::StatusOr<std::vector<domain::Attachment>> PostgresAttachments::OfCase(
    const auth::CallContext& context, std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kOfCase, {referral_id}, context.deadline));
  std::vector<domain::Attachment> attachments;
  for (const pg::Row row : rows) {
    VK_ASSIGN_OR_RETURN(domain::Attachment attachment, Open(StoredFrom(row)));
    attachments.push_back(std::move(attachment));
  }
  return attachments;
}

absl::StatusOr<std::optional<std::string>> PostgresAttachments::Chunk(
    const auth::CallContext& context, const domain::Attachment& attachment, int index) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kChunk, {attachment.attachment_id, index}, context.deadline));
  if (rows.empty()) return std::nullopt;
  VK_ASSIGN_OR_RETURN(std::string data, vault_.Open(attachment.referral_id, kAttachmentClass,
                                                    ChunkTag(attachment.attachment_id, index),
                                                    rows[0].Bytes("content_sealed")));
  return data;
}

absl::Status PostgresAttachments::Begin(const domain::Attachment& attachment,
                                        const usecases::WriteTail& tail) {
  VK_ASSIGN_OR_RETURN(std::string name,
                      vault_.Seal(attachment.referral_id, kAttachmentClass,
                                  NameTag(attachment.attachment_id), attachment.file_name));
  const pg::Params params{
      attachment.attachment_id, attachment.referral_id, attachment.category,
      attachment.byte_size,     attachment.unit_id,     tail.actor.subject,
      attachment.begun_at,      pg::Bytes{name},        domain::kMostAttachments};
  return pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_RETURN_IF_ERROR(tx.Execute(kLockCase, {attachment.referral_id}).status());
        VK_ASSIGN_OR_RETURN(const pg::Result made, tx.Execute(kBegin, params));
        if (made.affected() == 0) {
          return MakeError(absl::StatusCode::kFailedPrecondition,
                           "The case has as many attachments as it may.", "TOO_MANY_ATTACHMENTS");
        }
        return commit::Append(tx, WriteOf(attachment, tail));
      });
}

absl::Status PostgresAttachments::Append(const domain::Attachment& before, std::string_view data,
                                         const usecases::WriteTail& tail) {
  VK_ASSIGN_OR_RETURN(std::string sealed,
                      vault_.Seal(before.referral_id, kAttachmentClass,
                                  ChunkTag(before.attachment_id, before.chunk_count), data));
  const pg::Params params{before.attachment_id, before.received_bytes,
                          static_cast<std::int64_t>(data.size()), pg::Bytes{sealed}};
  return pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_ASSIGN_OR_RETURN(const pg::Result added, tx.Execute(kAppend, params));
        if (added.affected() == 0) return commit::StaleEtag();
        return commit::Append(tx, WriteOf(before, tail));
      });
}

absl::Status PostgresAttachments::Complete(const domain::Attachment& after,
                                           const usecases::WriteTail& tail) {
  VK_ASSIGN_OR_RETURN(std::string digest,
                      vault_.Seal(after.referral_id, kAttachmentClass,
                                  DigestTag(after.attachment_id), after.sha256));
  return pool_.InTransaction(
      {.deadline = tail.context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_ASSIGN_OR_RETURN(
            const pg::Result done,
            tx.Execute(kComplete, {after.attachment_id, after.media_type, pg::Bytes{digest}}));
        if (done.affected() == 0) return commit::StaleEtag();
        return commit::Append(tx, WriteOf(after, tail));
      });
}

absl::StatusOr<std::int64_t> PurgeUnfinishedAttachments(pg::Pool& pool, pg::Deadline deadline) {
  constexpr std::string_view kPurge = R"sql(
WITH old AS (
  SELECT attachment_id FROM attachment
   WHERE media_type IS NULL AND recorded_at < clock_timestamp() - interval '1 day'
   LIMIT 100 FOR UPDATE SKIP LOCKED)
DELETE FROM attachment a USING old WHERE a.attachment_id = old.attachment_id
)sql";
  VK_ASSIGN_OR_RETURN(const pg::Result gone, pool.Write(kPurge, {}, deadline));
  return gone.affected();
}

}  // namespace vardkedja::referral::storage
