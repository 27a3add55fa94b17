#include "notification-service/rpc/directory_rpc.h"

#include "lib/status/status.h"
#include "notification-service/rpc/convert.h"

namespace vardkedja::notification::rpc {

DirectoryRpc::DirectoryRpc(vardkedja::rpc::AdapterCore& core, usecases::DirectoryReader& directory)
    : adapter_(core, v1::DirectoryService::service_full_name()),
      list_organisations_(directory),
      list_units_(directory),
      get_unit_(directory) {}

grpc::ServerUnaryReactor* DirectoryRpc::ListOrganisations(
    grpc::CallbackServerContext* context, const v1::ListOrganisationsRequest* request,
    v1::ListOrganisationsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListOrganisations",
      [this](const auth::CallContext& call, const v1::ListOrganisationsRequest& in)
          -> absl::StatusOr<v1::ListOrganisationsResponse> {
        VK_ASSIGN_OR_RETURN(const auto page,
                            list_organisations_.Run(call, {in.limit(), in.cursor()}));
        v1::ListOrganisationsResponse out;
        for (const auto& found : page.organisations) *out.add_organisations() = ToProto(found);
        out.set_next(page.next);
        return out;
      });
}

grpc::ServerUnaryReactor* DirectoryRpc::ListUnits(grpc::CallbackServerContext* context,
                                                  const v1::ListUnitsRequest* request,
                                                  v1::ListUnitsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListUnits",
      [this](const auth::CallContext& call,
             const v1::ListUnitsRequest& in) -> absl::StatusOr<v1::ListUnitsResponse> {
        VK_ASSIGN_OR_RETURN(const auto page,
                            list_units_.Run(call, {in.organisation_id(), in.limit(), in.cursor()}));
        v1::ListUnitsResponse out;
        for (const auto& found : page.units) *out.add_units() = ToProto(found);
        out.set_next(page.next);
        return out;
      });
}

grpc::ServerUnaryReactor* DirectoryRpc::GetUnit(grpc::CallbackServerContext* context,
                                                const v1::GetUnitRequest* request,
                                                v1::Unit* response) {
  return adapter_.Unary(context, request, response, "GetUnit",
                        [this](const auth::CallContext& call,
                               const v1::GetUnitRequest& in) -> absl::StatusOr<v1::Unit> {
                          VK_ASSIGN_OR_RETURN(const auto entry,
                                              get_unit_.Run(call, {in.unit_id()}));
                          return ToProto(entry);
                        });
}

}  // namespace vardkedja::notification::rpc
