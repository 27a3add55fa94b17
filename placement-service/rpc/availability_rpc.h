// The stream of availability over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "lib/rpc/adapter.h"
#include "lib/time/clock.h"
#include "placement-service/usecases/watch_availability.h"
#include "vardkedja/placement/v1/availability_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class AvailabilityRpc final : public v1::AvailabilityService::CallbackService {
 public:
  // `board` is used by the dispatcher's thread alone; both and the clock outlive the server.
  AvailabilityRpc(vardkedja::rpc::AdapterCore& core, eventlog::Dispatcher& dispatcher,
                  usecases::AvailabilityBoard& board, const Clock& clock)
      : adapter_(core, v1::AvailabilityService::service_full_name()),
        dispatcher_(dispatcher),
        board_(board),
        clock_(clock) {}

  grpc::ServerWriteReactor<v1::AvailabilityUpdate>* WatchAvailability(
      grpc::CallbackServerContext* context, const v1::WatchAvailabilityRequest* request) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  eventlog::Dispatcher& dispatcher_;
  usecases::AvailabilityBoard& board_;
  const Clock& clock_;
};

}  // namespace vardkedja::placement::rpc
