#include "referral-service/usecases/duplicates.h"

#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr std::size_t kMost = 100;

}  // namespace

absl::StatusOr<std::vector<CaseLine>> ListDuplicates::Run(const auth::CallContext& context,
                                                          const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(SeenCase own, door_.Enter(context, referral_id));
  const std::string id = own.stored.referral.referral_id;
  if (own.actor.side != domain::Side::kBoard) return door_.Refuse(context, id, "deny");
  VK_ASSIGN_OR_RETURN(const CaseLister::Reader reader, lister_.ReaderOf(context));
  VK_ASSIGN_OR_RETURN(std::vector<StoredCase> found,
                      index_.OfPerson(context, own.stored.referral.person_id));
  std::vector<SeenCase> others;
  for (StoredCase& stored : found) {
    const domain::Referral& referral = stored.referral;
    if (referral.referral_id == id || !IsOpen(referral.state) || others.size() == kMost) continue;
    auto seen = CaseLister::Judge(context, reader, std::move(stored));
    if (seen) others.push_back(*std::move(seen));
  }
  return lister_.Lines(context, std::move(others), {CaseDoor::Entry(context, own, id)});
}

absl::StatusOr<CaseView> ResolveDuplicate::Run(const auth::CallContext& context,
                                               const StepTarget& target,
                                               const std::string& kept_referral_id,
                                               const std::string& text) {
  return take_step_.Run(
      context, target, [&](const domain::Step& step) -> absl::StatusOr<domain::Change> {
        // Legality first, so that whoever may not resolve learns nothing of the other case.
        VK_RETURN_IF_ERROR(CheckLegal(step, domain::Action::kResolveDuplicate));
        VK_ASSIGN_OR_RETURN(const SeenCase kept, door_.Enter(context, kept_referral_id));
        return domain::ResolveDuplicate(step, {kept.stored.referral, text});
      });
}

}  // namespace vardkedja::referral::usecases
