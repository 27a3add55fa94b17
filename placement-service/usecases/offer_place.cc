#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/offering.h"
#include "placement-service/usecases/offers.h"

namespace vardkedja::placement::usecases {
namespace {

absl::Status CheckAsked(const OfferPlaceCommand& command, const domain::Facility& facility, Date by,
                        Date today) {
  std::vector<FieldViolation> violations;
  if (command.care_level != facility.details.care_level) {
    violations.push_back({"care_level", "OTHER_LEVEL",
                          "Must be the care level of the facility that the entry waits for.",
                          "Måste vara vårdnivån på det boende som kön gäller."});
  }
  const absl::Status date = domain::CheckFreeBy("free_by_date", by, today);
  if (const auto detail = GetErrorDetail(date)) {
    violations.insert(violations.end(), detail->violations.begin(), detail->violations.end());
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<std::string> OfferIn(Session& session, const auth::CallContext& ctx,
                                    const OfferPlaceCommand& command,
                                    const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                      session.FindEntry(command.entry_id));
  if (!entry) return absl::InternalError("a queue entry is missing");
  VK_ASSIGN_OR_RETURN(const std::optional<domain::Facility> facility,
                      session.FindFacility(entry->facility_id));
  if (!facility) return absl::InternalError("an entry's facility is missing");
  const unsigned parties = PartiesOf(ctx, domain::UnitId(), facility->unit);
  if ((parties & (domain::kBoard | domain::kFacility)) == 0) return domain::UnitNotYours();
  const Date today = StockholmDate(session.now());
  const Date by = command.free_by.value_or(today);
  VK_RETURN_IF_ERROR(CheckAsked(command, *facility, by, today));
  VK_RETURN_IF_ERROR(domain::CheckCanBeOffered(*entry));
  VK_ASSIGN_OR_RETURN(
      const ChosenPlace place,
      LockPlace(session, *entry, *facility, domain::IsAcute(entry->facts.criteria), by));
  VK_ASSIGN_OR_RETURN(const domain::OfferId offer,
                      OfferIfFirst(session, place.bed, place.from, entry->id));
  session.Audit(WriteEntry(ctx, offer.value, decision));
  return offer.value;
}

}  // namespace

absl::StatusOr<OfferAnswer> OfferPlace::Run(const auth::CallContext& ctx,
                                            const OfferPlaceCommand& command) const {
  const ReadOffers reads(store_, disclosure_);
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, store_.FindReplay(ctx));
  if (replay) return reads.Get(ctx, domain::OfferId(*replay));
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> found,
                      store_.FindEntry(ctx, command.entry_id));
  const auto case_id = found ? std::optional<std::string>(found->case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, command.entry_id.value));
  VK_ASSIGN_OR_RETURN(const std::string id, store_.Commit(ctx, [&](Session& session) {
    return OfferIn(session, ctx, command, decision);
  }));
  return reads.AfterWrite(ctx, domain::OfferId(id));
}

}  // namespace vardkedja::placement::usecases
