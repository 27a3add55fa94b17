#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {
namespace {

StayAnswer Answer(const auth::CallContext& ctx, StayRecord record,
                  const Disclosure::Descriptions& descriptions) {
  StayAnswer answer;
  answer.actions = AvailableActions(ctx, record);
  answer.bed_days = domain::BedDays(record.stay, StockholmDate(ctx.now));
  const auto found = descriptions.find(record.stay.case_id.value);
  if (found != descriptions.end()) answer.who = found->second;
  answer.record = std::move(record);
  return answer;
}

// A write is done whatever happens to its answer: without names rather than with an error.
Disclosure::Descriptions DescribeIfPossible(const Disclosure& disclosure,
                                            const auth::CallContext& ctx,
                                            const std::string& case_id) {
  auto descriptions = disclosure.Describe(ctx, {case_id});
  if (!descriptions.ok()) return {};
  return *std::move(descriptions);
}

TransferAnswer Answer(const auth::CallContext& ctx, TransferRecord record) {
  TransferAnswer answer;
  answer.actions = AvailableActions(ctx, record);
  answer.record = std::move(record);
  return answer;
}

}  // namespace

std::vector<std::string> AvailableActions(const auth::CallContext& ctx, const StayRecord& record) {
  const unsigned parties = PartiesOf(ctx, record.stay.owner_unit, record.facility.unit);
  std::vector<std::string> actions = domain::AvailableActions(record.stay, parties);
  const auto without = [&](domain::StayAction action) {
    std::erase(actions, std::string(domain::Name(action)));
  };
  if (!record.has_absences) without(domain::StayAction::kCorrectAbsence);
  if (!record.has_incidents) without(domain::StayAction::kCorrectIncident);
  if (record.alternation) without(domain::StayAction::kUndoDischarge);
  return actions;
}

std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const TransferRecord& record) {
  return domain::AvailableActions(record.transfer, TransferParties(ctx, record));
}

auth::AccessDecision OwnRecord(const Disclosure::Decisions& permitted, const domain::Stay& stay) {
  const auto found = permitted.find(stay.case_id.value);
  if (found != permitted.end()) return found->second;
  auth::AccessDecision own;
  own.case_id = stay.case_id.value;
  own.permitted = true;
  own.rule_id = "facility.own_record";
  return own;
}

unsigned TransferParties(const auth::CallContext& ctx, const TransferRecord& record) {
  unsigned parties = PartiesOf(ctx, record.from.stay.owner_unit, record.from.facility.unit);
  if (ctx.acting_unit == record.to.facility.unit.value) parties |= domain::kNextFacility;
  return parties;
}

absl::StatusOr<Admitted<StayRecord>> AdmitToStay(StayPorts ports, const auth::CallContext& ctx,
                                                 const domain::StayId& id) {
  VK_ASSIGN_OR_RETURN(std::optional<StayRecord> record, ports.store.FindStay(ctx, id));
  if (record && ctx.acting_unit == record->facility.unit.value) {
    VK_ASSIGN_OR_RETURN(const auto permitted,
                        ports.disclosure.Permitted(ctx, {record->stay.case_id.value}));
    return Admitted<StayRecord>{*record, OwnRecord(permitted, record->stay)};
  }
  const auto case_id =
      record ? std::optional<std::string>(record->stay.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(auth::AccessDecision decision,
                      ports.disclosure.Require(ctx, case_id, id.value));
  return Admitted<StayRecord>{*std::move(record), std::move(decision)};
}

absl::StatusOr<Admitted<TransferRecord>> AdmitToTransfer(StayPorts ports,
                                                         const auth::CallContext& ctx,
                                                         const domain::TransferId& id) {
  VK_ASSIGN_OR_RETURN(std::optional<TransferRecord> record, ports.store.FindTransfer(ctx, id));
  const auto case_id =
      record ? std::optional<std::string>(record->from.stay.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(auth::AccessDecision decision,
                      ports.disclosure.Require(ctx, case_id, id.value));
  return Admitted<TransferRecord>{*std::move(record), std::move(decision)};
}

absl::StatusOr<StayAnswer> WriteStay(StayPorts ports, const auth::CallContext& ctx,
                                     const domain::StayId& id, const StayWrite& write) {
  const ReadStays reads(ports);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports.store.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::StayId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToStay(ports, ctx, id));
  VK_ASSIGN_OR_RETURN(const std::string written, ports.store.Commit(ctx, [&](Session& session) {
    return write(session, admitted);
  }));
  return reads.AfterWrite(ctx, written);
}

absl::StatusOr<TransferAnswer> WriteTransfer(StayPorts ports, const auth::CallContext& ctx,
                                             const domain::TransferId& id,
                                             const TransferWrite& write) {
  const ReadStays reads(ports);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports.store.FindReplay(ctx));
  if (replay) return reads.GetTransfer(ctx, domain::TransferId(*replay));
  VK_ASSIGN_OR_RETURN(const auto admitted, AdmitToTransfer(ports, ctx, id));
  VK_ASSIGN_OR_RETURN(const std::string written, ports.store.Commit(ctx, [&](Session& session) {
    return write(session, admitted);
  }));
  return reads.TransferAfterWrite(ctx, written);
}

absl::StatusOr<StayAnswer> ReadStays::Get(const auth::CallContext& ctx,
                                          const domain::StayId& id) const {
  VK_ASSIGN_OR_RETURN(Admitted<StayRecord> admitted, AdmitToStay(ports_, ctx, id));
  VK_ASSIGN_OR_RETURN(const auto descriptions,
                      ports_.disclosure.Describe(ctx, {admitted.record.stay.case_id.value}));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, id.value, admitted.decision));
  return Answer(ctx, std::move(admitted.record), descriptions);
}

absl::StatusOr<ReadStays::Page> ReadStays::List(const auth::CallContext& ctx, StayPage page) const {
  VK_RETURN_IF_ERROR(CheckFacilityKnown(ports_.store, ctx, page.facility_id));
  page.scope = ScopeOf(ctx);
  VK_ASSIGN_OR_RETURN(std::vector<StayRecord> records, ports_.store.ListStays(ctx, page));
  Page answer;
  if (static_cast<int>(records.size()) == page.limit) {
    answer.next = records.back().stay.id.value;
  }
  std::vector<std::string> cases;
  for (const StayRecord& record : records) cases.push_back(record.stay.case_id.value);
  VK_ASSIGN_OR_RETURN(const Disclosure::Decisions permitted,
                      ports_.disclosure.Permitted(ctx, cases));
  cases.clear();
  for (const auto& [case_id, decision] : permitted) cases.push_back(case_id);
  VK_ASSIGN_OR_RETURN(const auto descriptions, ports_.disclosure.Describe(ctx, cases));
  std::vector<std::pair<std::string, auth::AccessDecision>> reads;
  for (StayRecord& record : records) {
    const bool own = ctx.acting_unit == record.facility.unit.value;
    if (!own && !permitted.contains(record.stay.case_id.value)) continue;
    reads.emplace_back(record.stay.id.value, OwnRecord(permitted, record.stay));
    answer.stays.push_back(Answer(ctx, std::move(record), descriptions));
  }
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordReads(ctx, reads));
  return answer;
}

absl::StatusOr<TransferAnswer> ReadStays::GetTransfer(const auth::CallContext& ctx,
                                                      const domain::TransferId& id) const {
  VK_ASSIGN_OR_RETURN(Admitted<TransferRecord> admitted, AdmitToTransfer(ports_, ctx, id));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, id.value, admitted.decision));
  return Answer(ctx, std::move(admitted.record));
}

absl::StatusOr<StayAnswer> ReadStays::AfterWrite(const auth::CallContext& ctx,
                                                 const std::string& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<StayRecord> record,
                      ports_.store.FindStay(ctx, domain::StayId(id)));
  if (!record) return absl::InternalError("a written stay is missing");
  const auto descriptions = DescribeIfPossible(ports_.disclosure, ctx, record->stay.case_id.value);
  return Answer(ctx, *std::move(record), descriptions);
}

absl::StatusOr<TransferAnswer> ReadStays::TransferAfterWrite(const auth::CallContext& ctx,
                                                             const std::string& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<TransferRecord> record,
                      ports_.store.FindTransfer(ctx, domain::TransferId(id)));
  if (!record) return absl::InternalError("a written transfer is missing");
  return Answer(ctx, *std::move(record));
}

}  // namespace vardkedja::placement::usecases
