// vardkedja.referral.v1.HistoryService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/history.h"
#include "vardkedja/referral/v1/history_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

// Thread-safe; `core`, `door`, `history` and `trail` outlive it.
class HistoryRpc final : public v1::HistoryService::CallbackService {
 public:
  HistoryRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
             usecases::HistoryStore& history, audit::Trail& trail);

  grpc::ServerUnaryReactor* ListReads(grpc::CallbackServerContext* context,
                                      const v1::ListReadsRequest* request,
                                      common::v1::ListReadsResponse* response) override;
  grpc::ServerUnaryReactor* ListDisclosures(grpc::CallbackServerContext* context,
                                            const v1::ListDisclosuresRequest* request,
                                            v1::ListDisclosuresResponse* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  usecases::ListReads reads_;
  usecases::ListDisclosures disclosures_;
};

}  // namespace vardkedja::referral::rpc
