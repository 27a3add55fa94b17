#include "referral-service/usecases/history.h"

#include <charconv>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::usecases {
namespace {

// A cursor is a position in the trail; 0 for an empty one.
absl::StatusOr<std::int64_t> PositionOf(const std::string& cursor) {
  if (cursor.empty()) return 0;
  std::int64_t position = 0;
  const char* end = cursor.data() + cursor.size();
  const auto [stopped, error] = std::from_chars(cursor.data(), end, position);
  if (error != std::errc() || stopped != end || position < 1) return BadCursor();
  return position;
}

}  // namespace

absl::StatusOr<SeenCase> EnterAsOwner(CaseDoor& door, const auth::CallContext& context,
                                      std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, door.Enter(context, referral_id));
  if (seen.actor.side != domain::Side::kOwner) {
    return door.Refuse(context, seen.stored.referral.referral_id, "deny");
  }
  return seen;
}

absl::StatusOr<audit::TrailPage> ListReads::Run(const auth::CallContext& context,
                                                const std::string& referral_id, const Page& page) {
  VK_ASSIGN_OR_RETURN(const audit::TrailPart part, audit::CheckPage({page.limit, page.cursor}));
  VK_ASSIGN_OR_RETURN(const SeenCase seen, EnterAsOwner(door_, context, referral_id));
  const std::string& id = seen.stored.referral.referral_id;
  VK_ASSIGN_OR_RETURN(audit::TrailPage answer, audit::ReadsForOwner(trail_, context, id, part));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  return answer;
}

absl::StatusOr<DisclosurePage> ListDisclosures::Run(const auth::CallContext& context,
                                                    const std::string& referral_id,
                                                    const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  VK_ASSIGN_OR_RETURN(const auto after, PositionOf(page.cursor));
  VK_ASSIGN_OR_RETURN(const SeenCase seen, EnterAsOwner(door_, context, referral_id));
  const domain::Referral& referral = seen.stored.referral;
  const std::string& id = referral.referral_id;
  DisclosurePage answer;
  VK_ASSIGN_OR_RETURN(answer.disclosures,
                      history_.Disclosures(context, id, referral.owner_unit_id, after, limit + 1));
  VK_RETURN_IF_ERROR(door_.audit().Record({CaseDoor::Entry(context, seen, id)}, context.deadline));
  if (answer.disclosures.size() > static_cast<std::size_t>(limit)) {
    answer.disclosures.resize(static_cast<std::size_t>(limit));
    answer.next = std::to_string(answer.disclosures.back().first_position);
  }
  return answer;
}

}  // namespace vardkedja::referral::usecases
