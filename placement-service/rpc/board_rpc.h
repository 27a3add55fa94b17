// The board's view over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/board_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class BoardRpc final : public v1::BoardService::CallbackService {
 public:
  BoardRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::BoardService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* GetWeeklyView(grpc::CallbackServerContext* context,
                                          const v1::GetWeeklyViewRequest* request,
                                          v1::WeeklyView* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
