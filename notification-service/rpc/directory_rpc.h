// vardkedja.notification.v1.DirectoryService.
#pragma once

#include "lib/rpc/adapter.h"
#include "notification-service/usecases/get_unit.h"
#include "notification-service/usecases/list_organisations.h"
#include "notification-service/usecases/list_units.h"
#include "vardkedja/notification/v1/directory_service.grpc.pb.h"

namespace vardkedja::notification::rpc {

// Thread-safe; `core` and `directory` outlive it.
class DirectoryRpc final : public v1::DirectoryService::CallbackService {
 public:
  DirectoryRpc(vardkedja::rpc::AdapterCore& core, usecases::DirectoryReader& directory);

  grpc::ServerUnaryReactor* ListOrganisations(grpc::CallbackServerContext* context,
                                              const v1::ListOrganisationsRequest* request,
                                              v1::ListOrganisationsResponse* response) override;
  grpc::ServerUnaryReactor* ListUnits(grpc::CallbackServerContext* context,
                                      const v1::ListUnitsRequest* request,
                                      v1::ListUnitsResponse* response) override;
  grpc::ServerUnaryReactor* GetUnit(grpc::CallbackServerContext* context,
                                    const v1::GetUnitRequest* request, v1::Unit* response) override;

 private:
  const vardkedja::rpc::Adapter adapter_;
  const usecases::ListOrganisations list_organisations_;
  const usecases::ListUnits list_units_;
  const usecases::GetUnit get_unit_;
};

}  // namespace vardkedja::notification::rpc
