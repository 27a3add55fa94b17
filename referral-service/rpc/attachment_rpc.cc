#include "referral-service/rpc/attachment_rpc.h"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/status/status.h"
#include "referral-service/rpc/convert.h"
#include "referral-service/usecases/download_attachment.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using common::v1::FilePart;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

// By number of InformationCategory.
constexpr auto kCategoryNames = std::to_array<std::string_view>(
    {"", "identity", "needs", "children", "plan", "placement", "messages"});

constexpr char kDownloadMethod[] = "/vardkedja.referral.v1.AttachmentService/DownloadAttachment";

domain::Attachment AnnouncedIn(const v1::BeginAttachmentRequest& in) {
  domain::Attachment attachment;
  attachment.file_name = in.file_name();
  if (v1::InformationCategory_IsValid(in.category())) {
    attachment.category = kCategoryNames[static_cast<std::size_t>(in.category())];
  }
  attachment.byte_size = in.byte_size();
  return attachment;
}

// The head, then the bytes.
class Download final : public vardkedja::rpc::PieceSource<FilePart> {
 public:
  explicit Download(usecases::AttachmentDownload download) : download_(std::move(download)) {}

  absl::StatusOr<std::optional<FilePart>> Next(const CallContext& context) override {
    FilePart part;
    if (!std::exchange(opened_, true)) {
      VK_ASSIGN_OR_RETURN(const domain::Attachment attachment, download_.Open(context));
      common::v1::FileHead& head = *part.mutable_head();
      head.set_media_type(attachment.media_type);
      head.set_byte_size(attachment.byte_size);
      head.set_offset(download_.offset());
      head.set_sha256(attachment.sha256);
      return part;
    }
    VK_ASSIGN_OR_RETURN(std::optional<std::string> bytes, download_.Next(context));
    if (!bytes) return std::nullopt;
    part.set_data(*std::move(bytes));
    return part;
  }

 private:
  usecases::AttachmentDownload download_;
  bool opened_ = false;
};

absl::StatusOr<v1::Attachment> Answer(const absl::StatusOr<domain::Attachment>& attachment) {
  if (!attachment.ok()) return attachment.status();
  return ToProto(*attachment);
}

}  // namespace

AttachmentRpc::AttachmentRpc(vardkedja::rpc::AdapterCore& core, usecases::Attachments& attachments)
    : adapter_(core, v1::AttachmentService::service_full_name()),
      attachments_(attachments),
      downloads_(vardkedja::rpc::MakePieceStreams(core)) {}

ServerUnaryReactor* AttachmentRpc::BeginAttachment(CallbackServerContext* context,
                                                   const v1::BeginAttachmentRequest* request,
                                                   v1::Attachment* response) {
  return adapter_.Unary(
      context, request, response, "BeginAttachment",
      [this](const CallContext& call, const v1::BeginAttachmentRequest& in) {
        return Answer(attachments_.Begin(call, in.referral_id(), AnnouncedIn(in)));
      });
}

ServerUnaryReactor* AttachmentRpc::AppendChunk(CallbackServerContext* context,
                                               const v1::AppendChunkRequest* request,
                                               v1::Attachment* response) {
  return adapter_.Unary(
      context, request, response, "AppendChunk",
      [this](const CallContext& call, const v1::AppendChunkRequest& in) {
        return Answer(attachments_.Append(call, in.attachment_id(), in.offset(), in.data()));
      });
}

ServerUnaryReactor* AttachmentRpc::CompleteAttachment(CallbackServerContext* context,
                                                      const v1::CompleteAttachmentRequest* request,
                                                      v1::Attachment* response) {
  return adapter_.Unary(context, request, response, "CompleteAttachment",
                        [this](const CallContext& call, const v1::CompleteAttachmentRequest& in) {
                          return Answer(attachments_.Complete(call, in.attachment_id()));
                        });
}

ServerUnaryReactor* AttachmentRpc::GetChunk(CallbackServerContext* context,
                                            const v1::GetChunkRequest* request,
                                            v1::AttachmentChunk* response) {
  return adapter_.Unary(
      context, request, response, "GetChunk",
      [this](const CallContext& call,
             const v1::GetChunkRequest& in) -> absl::StatusOr<v1::AttachmentChunk> {
        VK_ASSIGN_OR_RETURN(std::string data,
                            attachments_.GetChunk(call, in.attachment_id(), in.chunk_index()));
        v1::AttachmentChunk chunk;
        chunk.set_data(std::move(data));
        return chunk;
      });
}

grpc::ServerWriteReactor<FilePart>* AttachmentRpc::DownloadAttachment(
    CallbackServerContext* context, const v1::DownloadAttachmentRequest* request) {
  usecases::AttachmentDownload download(attachments_, request->attachment_id(), request->offset());
  return downloads_->Start<FilePart>(context, request, kDownloadMethod,
                                     std::make_unique<Download>(std::move(download)));
}

ServerUnaryReactor* AttachmentRpc::ListAttachments(CallbackServerContext* context,
                                                   const v1::ListAttachmentsRequest* request,
                                                   v1::ListAttachmentsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListAttachments",
      [this](const CallContext& call,
             const v1::ListAttachmentsRequest& in) -> absl::StatusOr<v1::ListAttachmentsResponse> {
        VK_ASSIGN_OR_RETURN(const std::vector<domain::Attachment> attachments,
                            attachments_.List(call, in.referral_id()));
        v1::ListAttachmentsResponse out;
        for (const domain::Attachment& attachment : attachments) {
          *out.add_attachments() = ToProto(attachment);
        }
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
