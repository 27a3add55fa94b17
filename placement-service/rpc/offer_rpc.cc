#include "placement-service/rpc/offer_rpc.h"

#include "lib/status/status.h"
#include "placement-service/rpc/convert.h"

namespace vardkedja::placement::rpc {
namespace {

absl::StatusOr<v1::Offer> MakeOffer(const Ports& ports, const auth::CallContext& ctx,
                                    const v1::MakeOfferRequest& request) {
  RequestReader reader;
  usecases::MakeOfferCommand command;
  command.bed_id = domain::BedId(reader.Required("bed_id", request.bed_id()));
  command.available_from = reader.OptionalDate("available_from", request.available_from());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto offer,
                      usecases::MakeOffer(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(offer);
}

absl::StatusOr<v1::Offer> OfferPlace(const Ports& ports, const auth::CallContext& ctx,
                                     const v1::OfferPlaceRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.entry_id()));
  RequestReader reader;
  usecases::OfferPlaceCommand command;
  command.entry_id = domain::EntryId(request.entry_id());
  command.care_level = reader.Required("care_level", request.care_level());
  command.free_by = reader.OptionalDate("free_by_date", request.free_by_date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto offer,
                      usecases::OfferPlace(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(offer);
}

absl::StatusOr<v1::Offer> AcceptOffer(const Ports& ports, const auth::CallContext& ctx,
                                      const v1::AcceptOfferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::AcceptOfferCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = reader.Required("etag", request.etag());
  command.move_in = reader.RequiredDate("move_in_date", request.move_in_date());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto offer,
                      usecases::AcceptOffer(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(offer);
}

absl::StatusOr<v1::Offer> DeclineOffer(const Ports& ports, const auth::CallContext& ctx,
                                       const v1::DeclineOfferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::DeclineOfferCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = reader.Required("etag", request.etag());
  command.by = reader.RequiredEnum<domain::DeclinedBy>("declined_by", request.declined_by(),
                                                       v1::DECLINED_BY_FACILITY);
  command.reason = reader.RequiredEnum<domain::DeclineReason>("reason", request.reason(),
                                                              v1::DECLINE_REASON_OTHER);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto offer,
                      usecases::DeclineOffer(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(offer);
}

absl::StatusOr<v1::Offer> GiveBackOffer(const Ports& ports, const auth::CallContext& ctx,
                                        const v1::GiveBackOfferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::GiveBackOfferCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = reader.Required("etag", request.etag());
  command.by = reader.RequiredEnum<domain::DeclinedBy>("given_back_by", request.given_back_by(),
                                                       v1::DECLINED_BY_FACILITY);
  command.reason = reader.RequiredEnum<domain::DeclineReason>("reason", request.reason(),
                                                              v1::DECLINE_REASON_OTHER);
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto offer,
                      usecases::GiveBackOffer(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(offer);
}

absl::StatusOr<v1::Offer> ChangeMoveIn(const Ports& ports, const auth::CallContext& ctx,
                                       const v1::ChangeMoveInRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  RequestReader reader;
  usecases::ChangeMoveInCommand command;
  command.offer_id = domain::OfferId(request.offer_id());
  command.etag = reader.Required("etag", request.etag());
  command.move_in = reader.RequiredDate("move_in_date", request.move_in_date());
  if (!request.bed_id().empty()) command.bed = domain::BedId(request.bed_id());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto offer,
                      usecases::ChangeMoveIn(ports.store, ports.disclosure).Run(ctx, command));
  return ToProto(offer);
}

absl::StatusOr<v1::Offer> GetOffer(const Ports& ports, const auth::CallContext& ctx,
                                   const v1::GetOfferRequest& request) {
  VK_RETURN_IF_ERROR(CheckId(request.offer_id()));
  VK_ASSIGN_OR_RETURN(const auto offer, usecases::ReadOffers(ports.store, ports.disclosure)
                                            .Get(ctx, domain::OfferId(request.offer_id())));
  return ToProto(offer);
}

absl::StatusOr<v1::ListOffersResponse> ListOffers(const Ports& ports, const auth::CallContext& ctx,
                                                  const v1::ListOffersRequest& request) {
  RequestReader reader;
  usecases::OfferPage page;
  if (!request.facility_id().empty()) page.facility_id = request.facility_id();
  page.state =
      reader.Filter<domain::OfferState>("state", request.state(), v1::OFFER_STATE_GIVEN_BACK);
  if (!request.case_id().empty()) page.case_id = request.case_id();
  page.limit = reader.Limit(request.limit());
  page.before = reader.Cursor(request.cursor());
  VK_RETURN_IF_ERROR(reader.Status());
  VK_ASSIGN_OR_RETURN(const auto answer,
                      usecases::ReadOffers(ports.store, ports.disclosure).List(ctx, page));
  v1::ListOffersResponse response;
  for (const auto& offer : answer.offers) *response.add_offers() = ToProto(offer);
  response.set_next(answer.next);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* OfferRpc::MakeOffer(grpc::CallbackServerContext* context,
                                              const v1::MakeOfferRequest* request,
                                              v1::Offer* response) {
  return adapter_.Unary(context, request, response, "MakeOffer", With(ports_, rpc::MakeOffer));
}

grpc::ServerUnaryReactor* OfferRpc::OfferPlace(grpc::CallbackServerContext* context,
                                               const v1::OfferPlaceRequest* request,
                                               v1::Offer* response) {
  return adapter_.Unary(context, request, response, "OfferPlace", With(ports_, rpc::OfferPlace));
}

grpc::ServerUnaryReactor* OfferRpc::AcceptOffer(grpc::CallbackServerContext* context,
                                                const v1::AcceptOfferRequest* request,
                                                v1::Offer* response) {
  return adapter_.Unary(context, request, response, "AcceptOffer", With(ports_, rpc::AcceptOffer));
}

grpc::ServerUnaryReactor* OfferRpc::DeclineOffer(grpc::CallbackServerContext* context,
                                                 const v1::DeclineOfferRequest* request,
                                                 v1::Offer* response) {
  return adapter_.Unary(context, request, response, "DeclineOffer",
                        With(ports_, rpc::DeclineOffer));
}

grpc::ServerUnaryReactor* OfferRpc::GiveBackOffer(grpc::CallbackServerContext* context,
                                                  const v1::GiveBackOfferRequest* request,
                                                  v1::Offer* response) {
  return adapter_.Unary(context, request, response, "GiveBackOffer",
                        With(ports_, rpc::GiveBackOffer));
}

grpc::ServerUnaryReactor* OfferRpc::ChangeMoveIn(grpc::CallbackServerContext* context,
                                                 const v1::ChangeMoveInRequest* request,
                                                 v1::Offer* response) {
  return adapter_.Unary(context, request, response, "ChangeMoveIn",
                        With(ports_, rpc::ChangeMoveIn));
}

grpc::ServerUnaryReactor* OfferRpc::GetOffer(grpc::CallbackServerContext* context,
                                             const v1::GetOfferRequest* request,
                                             v1::Offer* response) {
  return adapter_.Unary(context, request, response, "GetOffer", With(ports_, rpc::GetOffer));
}

grpc::ServerUnaryReactor* OfferRpc::ListOffers(grpc::CallbackServerContext* context,
                                               const v1::ListOffersRequest* request,
                                               v1::ListOffersResponse* response) {
  return adapter_.Unary(context, request, response, "ListOffers", With(ports_, rpc::ListOffers));
}

}  // namespace vardkedja::placement::rpc
