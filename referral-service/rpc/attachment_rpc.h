// vardkedja.referral.v1.AttachmentService.
#pragma once

#include <memory>

#include "lib/rpc/adapter.h"
#include "lib/rpc/piece_stream.h"
#include "referral-service/usecases/attachments.h"
#include "vardkedja/referral/v1/attachment_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core` and `attachments` outlive it.
class AttachmentRpc final : public v1::AttachmentService::CallbackService {
 public:
  AttachmentRpc(vardkedja::rpc::AdapterCore& core, usecases::Attachments& attachments);

  grpc::ServerUnaryReactor* BeginAttachment(grpc::CallbackServerContext* context,
                                            const v1::BeginAttachmentRequest* request,
                                            v1::Attachment* response) override;
  grpc::ServerUnaryReactor* AppendChunk(grpc::CallbackServerContext* context,
                                        const v1::AppendChunkRequest* request,
                                        v1::Attachment* response) override;
  grpc::ServerUnaryReactor* CompleteAttachment(grpc::CallbackServerContext* context,
                                               const v1::CompleteAttachmentRequest* request,
                                               v1::Attachment* response) override;
  grpc::ServerUnaryReactor* GetChunk(grpc::CallbackServerContext* context,
                                     const v1::GetChunkRequest* request,
                                     v1::AttachmentChunk* response) override;
  grpc::ServerWriteReactor<common::v1::FilePart>* DownloadAttachment(
      grpc::CallbackServerContext* context, const v1::DownloadAttachmentRequest* request) override;
  grpc::ServerUnaryReactor* ListAttachments(grpc::CallbackServerContext* context,
                                            const v1::ListAttachmentsRequest* request,
                                            v1::ListAttachmentsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::Attachments& attachments_;
  const std::shared_ptr<vardkedja::rpc::PieceStreams> downloads_;
};

}  // namespace vardkedja::referral::rpc
