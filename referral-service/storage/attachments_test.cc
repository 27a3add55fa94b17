// Attachments: the chunks on a real PostgreSQL.
#include "referral-service/usecases/attachments.h"

#include <gtest/gtest.h>

#include "lib/digest/sha256.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/test_fixture.h"
#include "referral-service/usecases/download_attachment.h"

namespace vardkedja::referral {
namespace {

using namespace std::string_literals;

using testing::Caller;
using testing::EkelidenSeat;
using testing::EkelidenStaff;
using testing::OtherWorker;
using testing::Reason;
using testing::Worker;

class AttachmentsTest : public testing::Fixture {
 protected:
  AttachmentsTest() : store_(*pool_, *vault_), attachments_(*door_, store_) {}

  absl::StatusOr<domain::Attachment> Begin(const Caller& caller, const std::string& id,
                                           std::int64_t bytes,
                                           const std::string& category = "needs") {
    domain::Attachment announced;
    announced.file_name = "Remiss Påhittad.pdf";
    announced.category = category;
    announced.byte_size = bytes;
    return attachments_.Begin(Write(caller), id, announced);
  }

  // Uploads it whole; the last answer.
  absl::StatusOr<domain::Attachment> Upload(const Caller& caller, const std::string& id,
                                            const std::string& content,
                                            const std::string& category = "needs") {
    auto attachment = Begin(caller, id, static_cast<std::int64_t>(content.size()), category);
    if (!attachment.ok()) return attachment;
    for (std::size_t at = 0; at < content.size(); at += domain::kChunkBytes) {
      attachment = attachments_.Append(Write(caller), attachment->attachment_id,
                                       static_cast<std::int64_t>(at),
                                       std::string_view(content).substr(at, domain::kChunkBytes));
      if (!attachment.ok()) return attachment;
    }
    return attachments_.Complete(Write(caller), attachment->attachment_id);
  }

  // A text of three chunks, the last one short.
  static std::string LargeText() {
    std::string content;
    while (content.size() < 1'300'000)
      content += "Hemlig rad " + std::to_string(content.size()) + "\n";
    return content;
  }

  // To its end, or as far as it came; then why.
  std::pair<std::string, absl::Status> Rest(usecases::AttachmentDownload& download,
                                            const Caller& caller) {
    std::string bytes;
    for (;;) {
      auto piece = download.Next(Call(caller));
      if (!piece.ok()) return {bytes, piece.status()};
      if (!piece->has_value()) return {bytes, absl::OkStatus()};
      EXPECT_LE((*piece)->size(), 131'072U);
      bytes += **piece;
    }
  }

  std::int64_t Reads(const std::string& attachment_id, bool permitted) const {
    return Count("SELECT count(*) AS n FROM audit_entry WHERE resource_id = $1 AND permitted = $2",
                 {attachment_id, permitted});
  }

  storage::PostgresAttachments store_;
  usecases::Attachments attachments_;
};

TEST_F(AttachmentsTest, AFileGoesUpInChunksAndComesDownAsItWas) {
  const std::string id = Submitted();
  std::string content = "%PDF-1.7\n";
  while (content.size() < 1'300'000)
    content += "Hemlig rad " + std::to_string(content.size()) + "\n";
  content += "%%EOF\n";
  const auto done = Upload(Worker(), id, content);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->media_type, "application/pdf");
  EXPECT_EQ(done->chunk_count, 3);
  std::string read;
  for (int i = 0; i < done->chunk_count; ++i) {
    const auto chunk = attachments_.GetChunk(Call(EkelidenSeat()), done->attachment_id, i);
    ASSERT_TRUE(chunk.ok()) << chunk.status();
    read += *chunk;
  }
  EXPECT_TRUE(read == content);
  const auto list = attachments_.List(Call(EkelidenSeat()), id);
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->size(), 1U);
  EXPECT_EQ(list->at(0).file_name, "Remiss Påhittad.pdf");
  EXPECT_EQ(Count("SELECT count(*) AS n FROM attachment_chunk"
                  " WHERE position('Hemlig'::bytea IN content_sealed) > 0"),
            0);
  EXPECT_EQ(Count("SELECT count(*) AS n FROM attachment"
                  " WHERE position('Remiss'::bytea IN name_sealed) > 0"),
            0);
  EXPECT_EQ(Reason(attachments_.GetChunk(Call(Worker()), done->attachment_id, 3).status()),
            "NOT_FOUND");
}

TEST_F(AttachmentsTest, ADownloadIsTheFileFromAnyOffsetAndOneDisclosure) {
  const std::string content = LargeText();
  const auto done = Upload(Worker(), Submitted(), content);
  ASSERT_TRUE(done.ok()) << done.status();
  for (const std::int64_t offset : {0, 1, 131'072, 524'287, 524'288, 1'048'577}) {
    usecases::AttachmentDownload download(attachments_, done->attachment_id, offset);
    const std::int64_t before = Reads(done->attachment_id, true);
    const auto head = download.Open(Call(EkelidenSeat()));
    ASSERT_TRUE(head.ok()) << head.status();
    EXPECT_EQ(head->media_type, "text/plain");
    Sha256 digest;
    digest.Feed(content);
    EXPECT_EQ(head->sha256, digest.Result());
    const auto [bytes, status] = Rest(download, EkelidenSeat());
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_TRUE(bytes == content.substr(static_cast<std::size_t>(offset))) << offset;
    EXPECT_EQ(Reads(done->attachment_id, true), before + 1);
  }
  for (const std::int64_t offset : {std::int64_t{-1}, done->byte_size}) {
    usecases::AttachmentDownload download(attachments_, done->attachment_id, offset);
    EXPECT_EQ(Reason(download.Open(Call(EkelidenSeat())).status()), "OFFSET_BEYOND_END");
  }
  EXPECT_EQ(Count("SELECT count(*) AS n FROM attachment WHERE position($1 IN sha256_sealed) > 0",
                  {pg::Bytes{done->sha256}}),
            0);
}

TEST_F(AttachmentsTest, ADownloadEndsWhenTheRightDoes) {
  const std::string id = Submitted();
  const std::string content = LargeText();
  const auto done = Upload(Worker(), id, content);
  ASSERT_TRUE(done.ok()) << done.status();
  usecases::AttachmentDownload download(attachments_, done->attachment_id, 0);
  ASSERT_TRUE(download.Open(Call(EkelidenSeat())).ok());
  ASSERT_TRUE(download.Next(Call(EkelidenSeat())).ok());
  const auto grounds = usecases::ListGrounds(*ground_door_).Run(Call(Worker()), id);
  ASSERT_TRUE(grounds.ok()) << grounds.status();
  for (const auto& ground : *grounds) {
    ASSERT_TRUE(usecases::RevokeGround(*ground_door_)
                    .Run(Write(Worker()), ground.ground.ground_id, "1")
                    .ok());
  }
  const auto [bytes, status] = Rest(download, EkelidenSeat());
  EXPECT_EQ(Reason(status), "NOT_FOUND");
  EXPECT_EQ(bytes, "") << "not even of the chunk that was open";
  usecases::AttachmentDownload own(attachments_, done->attachment_id, 0);
  ASSERT_TRUE(own.Open(Call(Worker())).ok());
  EXPECT_TRUE(Rest(own, Worker()).first == content);
}

TEST_F(AttachmentsTest, WhatWasTamperedWithIsNeverAShorterFile) {
  const auto done = Upload(Worker(), Submitted(), LargeText());
  ASSERT_TRUE(done.ok()) << done.status();
  // The second chunk, each time otherwise; what came before it is told first.
  const auto told_after = [&](const std::string& tampering) {
    database_.Query("referral", tampering, {done->attachment_id});
    usecases::AttachmentDownload download(attachments_, done->attachment_id, 0);
    EXPECT_TRUE(download.Open(Call(Worker())).ok());
    const auto [bytes, status] = Rest(download, Worker());
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << tampering;
    return bytes.size();
  };
  const std::string of = " WHERE attachment_id = $1::uuid AND chunk_index = 1";
  EXPECT_EQ(told_after("UPDATE attachment_chunk SET content_sealed = set_byte(content_sealed, 99,"
                       " 255 - get_byte(content_sealed, 99))" +
                       of),
            524'288U);
  EXPECT_EQ(told_after("UPDATE attachment_chunk SET content_sealed = (SELECT o.content_sealed"
                       " FROM attachment_chunk o WHERE o.attachment_id = $1::uuid"
                       "   AND o.chunk_index = 0)" +
                       of),
            524'288U)
      << "a chunk in the place of another";
  EXPECT_EQ(told_after("DELETE FROM attachment_chunk" + of), 524'288U);
}

TEST_F(AttachmentsTest, OnlyTheCategorysReadersSeeIt) {
  const std::string id = Submitted();
  const auto children = Upload(Worker(), id, "Barnens skola.\n", "children");
  ASSERT_TRUE(children.ok()) << children.status();
  EXPECT_TRUE(attachments_.List(Call(EkelidenSeat()), id)->empty());
  EXPECT_EQ(attachments_.List(Call(Worker()), id)->size(), 1U);
  for (const Caller& caller : {EkelidenSeat(), OtherWorker()}) {
    EXPECT_EQ(attachments_.GetChunk(Call(caller), children->attachment_id, 0).status(),
              attachments_.GetChunk(Call(caller), "none", 0).status());
  }
  const std::string assessed = Assessed({"ekeliden"});
  EXPECT_EQ(GetErrorDetail(Begin(EkelidenStaff(), assessed, 5, "children").status())
                ->violations.at(0)
                .rule,
            "NOT_SEEN");
  EXPECT_EQ(Reason(Begin(EkelidenSeat(), id, 5).status()), "ROLE_NOT_ALLOWED");
}

TEST_F(AttachmentsTest, NothingIsShownBeforeItIsCompleteAndOfAKnownType) {
  const std::string id = Submitted();
  const auto begun = Begin(Worker(), id, 8);
  ASSERT_TRUE(begun.ok()) << begun.status();
  const std::string& attachment = begun->attachment_id;
  EXPECT_EQ(Reason(attachments_.Complete(Write(Worker()), attachment).status()), "ILLEGAL_STATE");
  const auto append = [&](const Caller& caller, std::int64_t offset, const std::string& data) {
    return attachments_.Append(Write(caller), attachment, offset, data).status();
  };
  EXPECT_EQ(Reason(append(Worker(), 1, "MZ\x90\0abcd"s)), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(append(Worker(), 0, "MZ"s)), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(append(Worker(), 0, "MZ\x90\0abcdefgh"s)), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(append(OtherWorker(), 0, "MZ\x90\0abcd"s)), "NOT_FOUND");
  ASSERT_TRUE(append(Worker(), 0, "MZ\x90\0abcd"s).ok());
  EXPECT_EQ(Reason(append(Worker(), 8, ""s)), "ILLEGAL_STATE");
  EXPECT_EQ(Reason(attachments_.GetChunk(Call(Worker()), attachment, 0).status()), "NOT_FOUND");
  const auto refused = attachments_.Complete(Write(Worker()), attachment);
  EXPECT_EQ(GetErrorDetail(refused.status())->violations.at(0).rule, "TYPE_NOT_ALLOWED");
  EXPECT_TRUE(attachments_.List(Call(Worker()), id)->empty());
}

TEST_F(AttachmentsTest, SizesAndNumbersAreBounded) {
  const std::string id = Submitted();
  EXPECT_EQ(Reason(Begin(Worker(), id, 20'000'001).status()), "FIELD_VIOLATIONS");
  EXPECT_EQ(Reason(Begin(Worker(), id, 0).status()), "FIELD_VIOLATIONS");
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(Begin(Worker(), id, 20'000'000).ok()) << i;
  EXPECT_EQ(Reason(Begin(Worker(), id, 1).status()), "TOO_MANY_ATTACHMENTS");
  ASSERT_TRUE(pool_
                  ->Write("UPDATE attachment SET recorded_at = clock_timestamp() - interval '25"
                          " hours' WHERE referral_id = $1::uuid",
                          {id})
                  .ok());
  const auto gone = storage::PurgeUnfinishedAttachments(*pool_, pg::kNoDeadline);
  ASSERT_TRUE(gone.ok()) << gone.status();
  EXPECT_EQ(*gone, 50);
  EXPECT_TRUE(Begin(Worker(), id, 1).ok());
}

TEST_F(AttachmentsTest, ARepeatedChunkIsAddedOnce) {
  const std::string id = Submitted();
  const auto begun = Begin(Worker(), id, 5);
  const auth::CallContext call = Write(Worker());
  for (int i = 0; i < 2; ++i) {
    const auto done = attachments_.Append(call, begun->attachment_id, 0, "Hej.\n");
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_EQ(done->received_bytes, 5);
    EXPECT_EQ(done->chunk_count, 1);
  }
}

}  // namespace
}  // namespace vardkedja::referral
