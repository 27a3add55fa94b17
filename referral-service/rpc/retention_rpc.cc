#include "referral-service/rpc/retention_rpc.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "absl/strings/escaping.h"
#include "lib/digest/sha256.h"
#include "lib/rpc/audit_messages.h"
#include "lib/status/status.h"
#include "referral-service/rpc/children_rpc.h"
#include "referral-service/rpc/convert.h"
#include "referral-service/rpc/life_event_rpc.h"
#include "referral-service/storage/document_codec.h"
#include "referral-service/storage/form_codec.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

v1::Retention ToProto(const usecases::RetentionView& view) {
  const domain::Retention& from = view.retention;
  v1::Retention out;
  out.set_referral_id(view.referral_id);
  out.set_case_number(view.case_number);
  out.set_etag(std::to_string(from.version));
  if (view.clock.closed_on) out.set_closed_date(FormatDate(*view.clock.closed_on));
  out.set_term_months(view.clock.term_months);
  if (view.clock.earliest_erasure) {
    out.set_earliest_erasure_date(FormatDate(*view.clock.earliest_erasure));
  }
  out.set_stopped_by_code(view.clock.stopped_by);
  out.set_hold_reason_code(from.hold_reason_code);
  if (from.archived_at) Set(*from.archived_at, out.mutable_archive_time());
  out.set_archive_reference(from.archive_reference);
  out.set_archived(view.archived);
  if (from.erased_at) Set(*from.erased_at, out.mutable_erase_time());
  out.set_waiver_reason_code(from.waiver_reason_code);
  return out;
}

absl::StatusOr<v1::Retention> ToProto(const absl::StatusOr<usecases::RetentionView>& view) {
  if (!view.ok()) return view.status();
  return ToProto(*view);
}

void AddReasons(const std::map<std::string, std::string>& from,
                google::protobuf::RepeatedPtrField<v1::ArchivedReason>* to) {
  for (const auto& [id, text] : from) {
    v1::ArchivedReason& reason = *to->Add();
    reason.set_id(id);
    reason.set_text(text);
  }
}

// Fills the oneof of one record.
struct FillRecord {
  v1::ArchiveRecord& out;

  void operator()(const usecases::CaseView& from) { *out.mutable_referral() = rpc::ToProto(from); }
  void operator()(const usecases::GroundView& from) { *out.mutable_ground() = rpc::ToProto(from); }
  void operator()(const domain::Plans& from) { *out.mutable_plans() = rpc::ToProto(from); }
  void operator()(const domain::ImplementationPlan& from) {
    domain::Plans plans;
    plans.implementation_plan = from;
    *out.mutable_implementation_plan() = rpc::ToProto(plans).implementation_plan();
  }
  void operator()(const domain::Attachment& from) {
    *out.mutable_attachment() = rpc::ToProto(from);
  }
  void operator()(const usecases::MeetingText& from) {
    v1::ArchivedMeetingItem& item = *out.mutable_meeting_item();
    item.set_meeting_id(from.meeting_id);
    item.set_meeting_date(FormatDate(from.date));
    item.set_text(from.text);
    Set(from.recorded_at, item.mutable_record_time());
    item.set_corrects_meeting_id(from.corrects_meeting_id);
  }
  void operator()(const usecases::ContentView& from) {
    const domain::Content& content = from.view.referral.content;
    v1::ArchivedContent& to = *out.mutable_content();
    *to.mutable_form() = storage::ToProto(content.form);
    to.set_question(content.notes.question);
    to.set_answer(content.notes.answer);
    to.set_assessment_text(content.notes.assessment_text);
    to.set_alternatives(content.notes.alternatives);
    to.set_alternatives_shown(content.notes.alternatives_shown);
    to.set_criteria_reason(content.notes.criteria_reason);
    AddReasons(content.notes.visit_reasons, to.mutable_visit_reasons());
    AddReasons(content.notes.motivations, to.mutable_motivations());
    to.set_prior_decision_date(content.notes.prior_decision_date);
    to.set_order_exception_reason(content.notes.order_exception_reason);
  }
  void operator()(const domain::CaseDocument& from) { std::visit(*this, from); }
  void operator()(const domain::CoordinatedPlan& from) {
    *out.mutable_coordinated_plan() = storage::ToProto(from);
  }
  void operator()(const domain::CostSplit& from) {
    *out.mutable_cost_split() = storage::ToProto(from);
  }
  void operator()(const domain::Outcomes& from) {
    *out.mutable_outcomes() = storage::ToProto(from);
  }
  void operator()(const domain::ChildrenAsRelatives& from) {
    *out.mutable_children_as_relatives() = storage::ToProto(from);
  }
  void operator()(const usecases::ConcernView& from) {
    *out.mutable_child_concern() = rpc::ToProto(from);
  }
  void operator()(const domain::LifeEvent& from) { *out.mutable_life_event() = rpc::ToProto(from); }
  void operator()(const usecases::StepRecord& from) { *out.mutable_step() = rpc::ToProto(from); }
  void operator()(const usecases::DisclosureRecord& from) {
    *out.mutable_disclosure() = rpc::ToProto(from);
  }
  void operator()(const audit::TrailRow& from) {
    *out.mutable_read() = vardkedja::rpc::ToRead(from);
  }
};

v1::ArchiveRecord ToProto(const usecases::ArchiveRecord& from) {
  v1::ArchiveRecord out;
  std::visit(FillRecord{out}, from.content);
  out.set_path(from.path);
  out.set_version(from.info.version);
  if (from.info.at) Set(*from.info.at, out.mutable_record_time());
  out.set_unit_id(from.info.unit_id);
  out.set_subject(from.info.subject);
  Sha256 digest;
  digest.Feed(out.SerializeAsString());
  out.set_sha256(digest.Result());
  return out;
}

// The digest of a page goes on in the cursor of the next, in front of the export's own.
constexpr std::size_t kDigestDigits = 64;

v1::ExportArchiveResponse ToProto(const usecases::ArchivePage& page, std::string_view before) {
  v1::ExportArchiveResponse out;
  Sha256 digest;
  digest.Feed(absl::HexStringToBytes(ToAbsl(before)));
  for (const usecases::ArchiveRecord& record : page.records) {
    *out.add_records() = ToProto(record);
    digest.Feed(out.records().rbegin()->sha256());
  }
  out.set_digest(digest.Result());
  if (!page.next.empty()) out.set_next(absl::BytesToHexString(out.digest()) + "." + page.next);
  out.set_etag(page.etag);
  return out;
}

v1::RegisteredCase ToProto(const usecases::RegisteredCase& from) {
  v1::RegisteredCase out;
  *out.mutable_referral() = rpc::ToProto(from.view);
  for (const usecases::GroundView& ground : from.grounds) {
    *out.add_grounds() = rpc::ToProto(ground);
  }
  *out.mutable_plans() = rpc::ToProto(from.plans);
  for (const usecases::DisclosureRecord& disclosure : from.disclosures) {
    *out.add_disclosures() = rpc::ToProto(disclosure);
  }
  for (const domain::Attachment& attachment : from.attachments) {
    *out.add_attachments() = rpc::ToProto(attachment);
  }
  if (from.coordinated_plan.version > 0) {
    *out.mutable_coordinated_plan() =
        storage::ToProto(std::get<domain::CoordinatedPlan>(from.coordinated_plan.content));
  }
  if (from.outcomes.version > 0) {
    *out.mutable_outcomes() = storage::ToProto(std::get<domain::Outcomes>(from.outcomes.content));
  }
  for (const domain::LifeEvent& event : from.life_events) {
    *out.add_life_events() = rpc::ToProto(event);
  }
  return out;
}

}  // namespace

RetentionRpc::RetentionRpc(vardkedja::rpc::AdapterCore& core, usecases::RetentionStore& store,
                           usecases::ExportPorts ports)
    : adapter_(core, v1::RetentionService::service_full_name()),
      retentions_(ports.door, store),
      archive_(ports),
      register_(ports) {}

ServerUnaryReactor* RetentionRpc::GetRetention(CallbackServerContext* context,
                                               const v1::GetRetentionRequest* request,
                                               v1::Retention* response) {
  return adapter_.Unary(context, request, response, "GetRetention",
                        [this](const CallContext& call, const v1::GetRetentionRequest& in) {
                          return ToProto(retentions_.Get(call, in.referral_id()));
                        });
}

ServerUnaryReactor* RetentionRpc::ListErasureDue(CallbackServerContext* context,
                                                 const v1::ListErasureDueRequest* request,
                                                 v1::ListErasureDueResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListErasureDue",
      [this](const CallContext& call,
             const v1::ListErasureDueRequest& in) -> absl::StatusOr<v1::ListErasureDueResponse> {
        VK_ASSIGN_OR_RETURN(const usecases::RetentionPage page,
                            retentions_.ListDue(call, {in.limit(), in.cursor()}));
        v1::ListErasureDueResponse out;
        for (const usecases::RetentionView& view : page.cases) *out.add_cases() = ToProto(view);
        out.set_next(page.next);
        return out;
      });
}

ServerUnaryReactor* RetentionRpc::ExportArchive(CallbackServerContext* context,
                                                const v1::ExportArchiveRequest* request,
                                                v1::ExportArchiveResponse* response) {
  return adapter_.Unary(
      context, request, response, "ExportArchive",
      [this](const CallContext& call,
             const v1::ExportArchiveRequest& in) -> absl::StatusOr<v1::ExportArchiveResponse> {
        std::string_view cursor = in.cursor();
        const std::string_view digest = cursor.substr(0, cursor.find('.'));
        if (!cursor.empty()) {
          if (digest.size() != kDigestDigits || cursor.size() <= digest.size() + 1) {
            return usecases::BadCursor();
          }
          cursor.remove_prefix(digest.size() + 1);
        }
        VK_ASSIGN_OR_RETURN(const usecases::ArchivePage page,
                            archive_.Run(call, in.referral_id(), std::string(cursor)));
        return ToProto(page, digest);
      });
}

ServerUnaryReactor* RetentionRpc::ConfirmArchive(CallbackServerContext* context,
                                                 const v1::ConfirmArchiveRequest* request,
                                                 v1::Retention* response) {
  return adapter_.Unary(
      context, request, response, "ConfirmArchive",
      [this](const CallContext& call, const v1::ConfirmArchiveRequest& in) {
        return ToProto(retentions_.ConfirmArchive(call, {in.referral_id(), in.etag()},
                                                  {in.exported_etag(), in.archive_reference()}));
      });
}

ServerUnaryReactor* RetentionRpc::ExportRegisterExtract(
    CallbackServerContext* context, const v1::ExportRegisterExtractRequest* request,
    v1::ExportRegisterExtractResponse* response) {
  return adapter_.Unary(context, request, response, "ExportRegisterExtract",
                        [this](const CallContext& call, const v1::ExportRegisterExtractRequest& in)
                            -> absl::StatusOr<v1::ExportRegisterExtractResponse> {
                          VK_ASSIGN_OR_RETURN(
                              const usecases::RegisterPage page,
                              register_.Run(call, in.referral_id(), {in.limit(), in.cursor()}));
                          v1::ExportRegisterExtractResponse out;
                          for (const usecases::RegisteredCase& one : page.cases)
                            *out.add_cases() = ToProto(one);
                          out.set_next(page.next);
                          return out;
                        });
}

ServerUnaryReactor* RetentionRpc::PlaceRetentionHold(CallbackServerContext* context,
                                                     const v1::PlaceRetentionHoldRequest* request,
                                                     v1::Retention* response) {
  return adapter_.Unary(context, request, response, "PlaceRetentionHold",
                        [this](const CallContext& call, const v1::PlaceRetentionHoldRequest& in) {
                          return ToProto(retentions_.PlaceHold(call, {in.referral_id(), in.etag()},
                                                               in.reason_code()));
                        });
}

ServerUnaryReactor* RetentionRpc::ReleaseRetentionHold(
    CallbackServerContext* context, const v1::ReleaseRetentionHoldRequest* request,
    v1::Retention* response) {
  return adapter_.Unary(
      context, request, response, "ReleaseRetentionHold",
      [this](const CallContext& call, const v1::ReleaseRetentionHoldRequest& in) {
        return ToProto(retentions_.ReleaseHold(call, {in.referral_id(), in.etag()}));
      });
}

ServerUnaryReactor* RetentionRpc::EraseCase(CallbackServerContext* context,
                                            const v1::EraseCaseRequest* request,
                                            v1::Retention* response) {
  return adapter_.Unary(context, request, response, "EraseCase",
                        [this](const CallContext& call, const v1::EraseCaseRequest& in) {
                          return ToProto(retentions_.Erase(call, {in.referral_id(), in.etag()},
                                                           in.waiver_reason_code()));
                        });
}

}  // namespace vardkedja::referral::rpc
