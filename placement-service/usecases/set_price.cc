#include "lib/status/status.h"
#include "placement-service/usecases/facilities.h"

namespace vardkedja::placement::usecases {
namespace {

// What held on the date, or would have.
std::string PriceBefore(const std::vector<domain::Price>& known, const domain::Price& price) {
  std::string before;
  for (const domain::Price& one : known) {
    if (one.kind == price.kind && one.from <= price.from) before = std::to_string(one.ore_per_day);
  }
  return before;
}

absl::StatusOr<std::string> SetIn(Session& session, const auth::CallContext& ctx,
                                  const SetPriceCommand& command) {
  VK_ASSIGN_OR_RETURN(domain::Facility facility, LockOwnFacility(session, ctx, command.facility));
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Price> known, session.Prices(facility.id));
  VK_RETURN_IF_ERROR(domain::CheckPrice(command.price, known, StockholmDate(session.now())));
  VK_RETURN_IF_ERROR(session.PutPrice(facility.id, command.price));
  ++facility.version;
  domain::FacilityFact fact{.at = session.now(), .kind = "price_set"};
  fact.field = domain::Code(command.price.kind);
  fact.before = PriceBefore(known, command.price);
  fact.after = std::to_string(command.price.ore_per_day);
  fact.period = {command.price.from, std::nullopt};
  VK_RETURN_IF_ERROR(WriteFacility(session, ctx, facility, {fact}));
  return facility.id.value;
}

}  // namespace

absl::Status SetPrice::Judge(const auth::CallContext& ctx, const SetPriceCommand& command) const {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Price> known,
                      store_.Prices(ctx, command.facility.id));
  return domain::CheckPrice(command.price, known, StockholmDate(ctx.now));
}

absl::StatusOr<FacilityAnswer> SetPrice::Run(const auth::CallContext& ctx,
                                             const SetPriceCommand& command) const {
  VK_ASSIGN_OR_RETURN(std::optional<std::string> id, store_.FindReplay(ctx));
  if (!id) {
    VK_ASSIGN_OR_RETURN(
        id, store_.Commit(ctx, [&](Session& session) { return SetIn(session, ctx, command); }));
  }
  return ReadBeds(store_).Facility(ctx, domain::FacilityId(*id));
}

}  // namespace vardkedja::placement::usecases
