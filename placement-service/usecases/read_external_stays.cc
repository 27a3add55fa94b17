#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/beds.h"
#include "placement-service/usecases/external_stays.h"

namespace vardkedja::placement::usecases {
namespace {

ExternalStayAnswer Answer(const auth::CallContext& ctx, ExternalStayRecord record) {
  ExternalStayAnswer answer;
  const Date today = StockholmDate(ctx.now);
  answer.bed_days = domain::BedDays(record.stay, today);
  answer.revenue_ore = domain::Revenue(record.stay, today);
  if (RequireOwnFacility(ctx, record.facility).ok()) {
    answer.actions =
        domain::AllowedActions(domain::ExternalStayTable(), record.stay.state, domain::kFacility);
  }
  answer.record = std::move(record);
  return answer;
}

}  // namespace

absl::StatusOr<ExternalStayAnswer> ReadExternalStays::Get(const auth::CallContext& ctx,
                                                          const domain::StayId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<ExternalStayRecord> record, store_.FindExternalStay(ctx, id));
  const bool board = ctx.acting_unit == domain::kBoardUnit;
  if (!record || !(board || ctx.acting_unit == record->facility.unit.value)) return NotFound();
  return Answer(ctx, *std::move(record));
}

absl::StatusOr<ReadExternalStays::Page> ReadExternalStays::List(const auth::CallContext& ctx,
                                                                ExternalStayPage page) const {
  VK_RETURN_IF_ERROR(CheckFacilityKnown(store_, ctx, page.facility_id));
  if (ctx.acting_unit != domain::kBoardUnit) page.unit = ctx.acting_unit;
  VK_ASSIGN_OR_RETURN(std::vector<ExternalStayRecord> records, store_.ListExternalStays(ctx, page));
  Page answer;
  if (static_cast<int>(records.size()) == page.limit) answer.next = records.back().stay.id.value;
  for (ExternalStayRecord& record : records) {
    answer.stays.push_back(Answer(ctx, std::move(record)));
  }
  return answer;
}

}  // namespace vardkedja::placement::usecases
