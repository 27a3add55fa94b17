#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/beds.h"

namespace vardkedja::placement::usecases {
namespace {

AlternationAnswer Answer(const auth::CallContext& ctx, AlternationRecord record) {
  AlternationAnswer answer;
  answer.actions = AvailableActions(ctx, record);
  answer.overdue = domain::IsOverdue(record.alternation, StockholmDate(ctx.now));
  answer.record = std::move(record);
  return answer;
}

}  // namespace

std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const AlternationRecord& record) {
  const unsigned parties = PartiesOf(ctx, record.from.stay.owner_unit, record.from.facility.unit);
  return domain::AllowedActions(domain::AlternationTable(), record.alternation.state, parties);
}

absl::StatusOr<Admitted<AlternationRecord>> AdmitToAlternation(StayPorts ports,
                                                               const auth::CallContext& ctx,
                                                               const domain::AlternationId& id) {
  VK_ASSIGN_OR_RETURN(std::optional<AlternationRecord> record,
                      ports.store.FindAlternation(ctx, id));
  if (record && ctx.acting_unit == record->from.facility.unit.value) {
    VK_ASSIGN_OR_RETURN(const auto permitted,
                        ports.disclosure.Permitted(ctx, {record->from.stay.case_id.value}));
    return Admitted<AlternationRecord>{*record, OwnRecord(permitted, record->from.stay)};
  }
  const auto case_id =
      record ? std::optional<std::string>(record->from.stay.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(auth::AccessDecision decision,
                      ports.disclosure.Require(ctx, case_id, id.value));
  return Admitted<AlternationRecord>{*std::move(record), std::move(decision)};
}

absl::StatusOr<AlternationAnswer> ReadAlternations::Get(const auth::CallContext& ctx,
                                                        const domain::AlternationId& id) const {
  VK_ASSIGN_OR_RETURN(Admitted<AlternationRecord> admitted, AdmitToAlternation(ports_, ctx, id));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, id.value, admitted.decision));
  return Answer(ctx, std::move(admitted.record));
}

absl::StatusOr<ReadAlternations::Page> ReadAlternations::List(const auth::CallContext& ctx,
                                                              AlternationPage page) const {
  VK_RETURN_IF_ERROR(CheckFacilityKnown(ports_.store, ctx, page.facility_id));
  page.scope = ScopeOf(ctx);
  VK_ASSIGN_OR_RETURN(std::vector<AlternationRecord> records,
                      ports_.store.ListAlternations(ctx, page));
  Page answer;
  if (static_cast<int>(records.size()) == page.limit) {
    answer.next = records.back().alternation.id.value;
  }
  std::vector<std::string> cases;
  for (const AlternationRecord& record : records) cases.push_back(record.from.stay.case_id.value);
  VK_ASSIGN_OR_RETURN(const Disclosure::Decisions permitted,
                      ports_.disclosure.Permitted(ctx, cases));
  std::vector<std::pair<std::string, auth::AccessDecision>> reads;
  for (AlternationRecord& record : records) {
    const bool own = ctx.acting_unit == record.from.facility.unit.value;
    if (!own && !permitted.contains(record.from.stay.case_id.value)) continue;
    reads.emplace_back(record.alternation.id.value, OwnRecord(permitted, record.from.stay));
    answer.alternations.push_back(Answer(ctx, std::move(record)));
  }
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordReads(ctx, reads));
  return answer;
}

absl::StatusOr<AlternationAnswer> ReadAlternations::AfterWrite(const auth::CallContext& ctx,
                                                               const std::string& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<AlternationRecord> record,
                      ports_.store.FindAlternation(ctx, domain::AlternationId(id)));
  if (!record) return absl::InternalError("a written time at home is missing");
  return Answer(ctx, *std::move(record));
}

}  // namespace vardkedja::placement::usecases
