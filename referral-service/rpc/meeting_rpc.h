// vardkedja.referral.v1.MeetingService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/meetings.h"
#include "vardkedja/referral/v1/meeting_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door` and `meetings` outlive it.
class MeetingRpc final : public v1::MeetingService::CallbackService {
 public:
  MeetingRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
             usecases::MeetingStore& meetings);

  grpc::ServerUnaryReactor* RecordMeeting(grpc::CallbackServerContext* context,
                                          const v1::RecordMeetingRequest* request,
                                          v1::BoardMeeting* response) override;
  grpc::ServerUnaryReactor* GetMeeting(grpc::CallbackServerContext* context,
                                       const v1::GetMeetingRequest* request,
                                       v1::BoardMeeting* response) override;
  grpc::ServerUnaryReactor* ListMeetings(grpc::CallbackServerContext* context,
                                         const v1::ListMeetingsRequest* request,
                                         v1::ListMeetingsResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::BoardMeetings meetings_;
};

}  // namespace vardkedja::referral::rpc
