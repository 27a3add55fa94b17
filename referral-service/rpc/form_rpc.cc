#include "referral-service/rpc/form_rpc.h"

#include "lib/status/status.h"

namespace vardkedja::referral::rpc {
namespace {

v1::FormVersion ToProto(const domain::FormVersion& version) {
  v1::FormVersion out;
  out.set_version(version.version);
  out.set_from_date(FormatDate(version.from_date));
  for (const domain::FormField& from : version.fields) {
    v1::FormField& field = *out.add_fields();
    field.set_path(from.path);
    field.set_category(from.category);
    field.set_required(from.required);
    field.set_label_sv(from.label_sv);
    field.set_label_en(from.label_en);
  }
  for (const std::string& code : version.need_codes) out.add_need_codes(code);
  for (const domain::Instrument& from : version.instruments) {
    v1::FormInstrument& instrument = *out.add_instruments();
    instrument.set_code(from.code);
    instrument.set_max_score(from.max_score);
  }
  return out;
}

}  // namespace

FormRpc::FormRpc(vardkedja::rpc::AdapterCore& core, usecases::ReferenceSource& reference)
    : adapter_(core, v1::FormService::service_full_name()), read_(reference) {}

grpc::ServerUnaryReactor* FormRpc::GetFormVersion(grpc::CallbackServerContext* context,
                                                  const v1::GetFormVersionRequest* request,
                                                  v1::FormVersion* response) {
  return adapter_.Unary(
      context, request, response, "GetFormVersion",
      [this](const auth::CallContext& call,
             const v1::GetFormVersionRequest& in) -> absl::StatusOr<v1::FormVersion> {
        VK_ASSIGN_OR_RETURN(const domain::FormVersion version, read_.Run(call, in.version()));
        return ToProto(version);
      });
}

}  // namespace vardkedja::referral::rpc
