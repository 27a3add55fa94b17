#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

absl::StatusOr<std::string> DischargeIn(Session& session, const auth::CallContext& ctx,
                                        const DischargeCommand& command,
                                        const domain::BedId& bed_id,
                                        const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(bed_id));
  VK_ASSIGN_OR_RETURN(const std::optional<StayRecord> record, session.LockStay(command.stay_id));
  if (!bed || !record) return absl::InternalError("a stay or its bed is missing");
  const unsigned parties = PartiesOf(ctx, record->stay.owner_unit, record->facility.unit);
  const Date today = StockholmDate(session.now());
  VK_ASSIGN_OR_RETURN(const domain::Stay stay,
                      domain::Discharge(record->stay, parties, command.departure.value_or(today),
                                        today, command.reason, command.unmet_items));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record->stay.version));
  VK_RETURN_IF_ERROR(session.ChangeStay(stay));
  VK_RETURN_IF_ERROR(EndAbsenceWithStay(session, stay));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(stay.id, {session.now(), "discharged", *stay.departure,
                                    std::string(domain::Code(stay.discharge_reason))}));
  if (record->transfer) {
    VK_ASSIGN_OR_RETURN(const domain::Transfer cancelled,
                        domain::Cancel(*record->transfer, domain::kConsequence,
                                       domain::TransferCancelReason::kOvertaken));
    VK_RETURN_IF_ERROR(EndTransfer(session, cancelled));
  }
  session.Publish(domain::StayEvent(stay, record->facility, domain::Discharged{stay}));
  VK_RETURN_IF_ERROR(EndCarePeriod(session, stay.entry_id));
  session.Audit(WriteEntry(ctx, stay.id.value, decision));
  return stay.id.value;
}

}  // namespace

absl::StatusOr<StayAnswer> DischargePerson::Run(const auth::CallContext& ctx,
                                                const DischargeCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return DischargeIn(session, ctx, command, admitted.record.stay.bed_id, admitted.decision);
  });
}

}  // namespace vardkedja::placement::usecases
