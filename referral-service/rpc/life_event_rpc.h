// vardkedja.referral.v1.LifeEventService.
#pragma once

#include "lib/rpc/adapter.h"
#include "referral-service/usecases/life_events.h"
#include "referral-service/usecases/reorganisations.h"
#include "vardkedja/referral/v1/life_event_service.grpc.pb.h"

namespace vardkedja::referral::rpc {

v1::LifeEvent ToProto(const domain::LifeEvent& from);

// Thread-safe; what it is given outlives it.
class LifeEventRpc final : public v1::LifeEventService::CallbackService {
 public:
  LifeEventRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
               usecases::LifeEventStore& events, usecases::ReorganisationStore& reorganisations);

  grpc::ServerUnaryReactor* CorrectPerson(grpc::CallbackServerContext* context,
                                          const v1::CorrectPersonRequest* request,
                                          v1::LifeEvent* response) override;
  grpc::ServerUnaryReactor* RecordDeath(grpc::CallbackServerContext* context,
                                        const v1::RecordDeathRequest* request,
                                        v1::LifeEvent* response) override;
  grpc::ServerUnaryReactor* MoveCase(grpc::CallbackServerContext* context,
                                     const v1::MoveCaseRequest* request,
                                     v1::LifeEvent* response) override;
  grpc::ServerUnaryReactor* SetProtection(grpc::CallbackServerContext* context,
                                          const v1::SetProtectionRequest* request,
                                          v1::LifeEvent* response) override;
  grpc::ServerUnaryReactor* ReorganiseUnit(grpc::CallbackServerContext* context,
                                           const v1::ReorganiseUnitRequest* request,
                                           v1::UnitReorganisation* response) override;
  grpc::ServerUnaryReactor* GetUnitReorganisation(grpc::CallbackServerContext* context,
                                                  const v1::GetUnitReorganisationRequest* request,
                                                  v1::UnitReorganisation* response) override;
  grpc::ServerUnaryReactor* ListReorganisedCases(
      grpc::CallbackServerContext* context, const v1::ListReorganisedCasesRequest* request,
      v1::ListReorganisedCasesResponse* response) override;
  grpc::ServerUnaryReactor* ListLifeEvents(grpc::CallbackServerContext* context,
                                           const v1::ListLifeEventsRequest* request,
                                           v1::ListLifeEventsResponse* response) override;

 private:
  // A write: `decide` makes the change from the step and the request.
  template <class Request, class Decide>
  grpc::ServerUnaryReactor* Take(grpc::CallbackServerContext* context, const Request* request,
                                 v1::LifeEvent* response, std::string_view method, Decide decide);

  const vardkedja::rpc::Adapter adapter_;
  usecases::TakeLifeEvent take_;
  usecases::ListLifeEvents list_;
  usecases::Reorganisations reorganisations_;
};

}  // namespace vardkedja::referral::rpc
