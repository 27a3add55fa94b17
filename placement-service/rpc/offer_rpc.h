// Offers over gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include "lib/rpc/adapter.h"
#include "placement-service/rpc/ports.h"
#include "vardkedja/placement/v1/offer_service.grpc.pb.h"

namespace vardkedja::placement::rpc {

// Thread-safe.
class OfferRpc final : public v1::OfferService::CallbackService {
 public:
  OfferRpc(vardkedja::rpc::AdapterCore& core, Ports ports)
      : adapter_(core, v1::OfferService::service_full_name()), ports_(ports) {}

  grpc::ServerUnaryReactor* MakeOffer(grpc::CallbackServerContext* context,
                                      const v1::MakeOfferRequest* request,
                                      v1::Offer* response) override;
  grpc::ServerUnaryReactor* OfferPlace(grpc::CallbackServerContext* context,
                                       const v1::OfferPlaceRequest* request,
                                       v1::Offer* response) override;
  grpc::ServerUnaryReactor* AcceptOffer(grpc::CallbackServerContext* context,
                                        const v1::AcceptOfferRequest* request,
                                        v1::Offer* response) override;
  grpc::ServerUnaryReactor* DeclineOffer(grpc::CallbackServerContext* context,
                                         const v1::DeclineOfferRequest* request,
                                         v1::Offer* response) override;
  grpc::ServerUnaryReactor* GiveBackOffer(grpc::CallbackServerContext* context,
                                          const v1::GiveBackOfferRequest* request,
                                          v1::Offer* response) override;
  grpc::ServerUnaryReactor* ChangeMoveIn(grpc::CallbackServerContext* context,
                                         const v1::ChangeMoveInRequest* request,
                                         v1::Offer* response) override;
  grpc::ServerUnaryReactor* GetOffer(grpc::CallbackServerContext* context,
                                     const v1::GetOfferRequest* request,
                                     v1::Offer* response) override;
  grpc::ServerUnaryReactor* ListOffers(grpc::CallbackServerContext* context,
                                       const v1::ListOffersRequest* request,
                                       v1::ListOffersResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const Ports ports_;
};

}  // namespace vardkedja::placement::rpc
