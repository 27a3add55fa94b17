#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/queue.h"

namespace vardkedja::placement::usecases {

absl::StatusOr<domain::Facility> CheckEligibility::FacilityOf(const auth::CallContext& ctx,
                                                              const domain::FacilityId& id) const {
  VK_ASSIGN_OR_RETURN(const std::vector<domain::Facility> facilities, store_.Facilities(ctx));
  for (const domain::Facility& one : facilities) {
    if (one.id == id) return one;
  }
  return absl::InternalError("an entry's facility is missing");
}

absl::StatusOr<EligibilityAnswer> CheckEligibility::Run(const auth::CallContext& ctx,
                                                        const EligibilityQuestion& question) const {
  VK_ASSIGN_OR_RETURN(const std::optional<domain::QueueEntry> entry,
                      store_.FindEntry(ctx, question.entry_id));
  const auto case_id = entry ? std::optional<std::string>(entry->case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      disclosure_.Require(ctx, case_id, question.entry_id.value));
  EligibilityAnswer answer;
  answer.entry = *entry;
  answer.date = question.date.value_or(StockholmDate(ctx.now));
  std::optional<BedRecord> bed;
  if (question.bed_id) {
    VK_ASSIGN_OR_RETURN(bed, store_.FindBed(ctx, *question.bed_id));
  }
  std::vector<FieldViolation> broken = question.broken;
  if (question.bed_id && !bed) {
    broken.push_back({"bed_id", "UNKNOWN_VALUE", "No such bed.", "Platsen finns inte."});
  }
  if (!broken.empty()) return InvalidFields(std::move(broken));
  std::optional<domain::BedInQuestion> asked;
  if (bed) {
    VK_ASSIGN_OR_RETURN(const bool before,
                        store_.WasOffered(ctx, question.entry_id, *question.bed_id));
    asked = {bed->bed.facility_id, bed->bed.kind, before};
  }
  VK_ASSIGN_OR_RETURN(const domain::Facility facility, FacilityOf(ctx, entry->facility_id));
  answer.missing = domain::WhatIsMissing(*entry, facility, answer.date, asked);
  VK_RETURN_IF_ERROR(disclosure_.RecordRead(ctx, question.entry_id.value, decision));
  return answer;
}

}  // namespace vardkedja::placement::usecases
