#include <map>
#include <set>
#include <utility>
#include <vector>

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/queue.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement::usecases {
namespace {

// Everything that a correction may touch, locked.
struct Locked {
  StayLinks links;
  std::optional<domain::Bed> to;  // the right bed
  std::map<domain::OfferId, OfferRecord> offers;
  std::map<domain::StayId, StayRecord> stays;
};

// Which stays may change: of a wrong person all on the offer, else the one and its neighbours.
std::vector<StayRef> Touched(const StayLinks& links, const domain::Stay& seen,
                             const domain::Correction& correction) {
  if (correction.reason == domain::CorrectionReason::kWrongPerson) return links.parts;
  std::vector<StayRef> touched = {{seen.id, seen.bed_id, seen.offer_id}};
  if (links.before) touched.push_back(*links.before);
  if (links.after) touched.push_back(*links.after);
  return touched;
}

// In the order of locks, and each kind by id, so that two corrections never wait for each other in
// a circle.
absl::StatusOr<Locked> LockAll(Session& session, const domain::Stay& seen,
                               const domain::Correction& correction) {
  Locked locked;
  VK_ASSIGN_OR_RETURN(locked.links, session.FindLinks(seen.id));
  std::set<domain::BedId> beds = {seen.bed_id};
  std::set<domain::OfferId> offers = {seen.offer_id};
  std::set<domain::StayId> stays = {seen.id};
  for (const StayRef& one : Touched(locked.links, seen, correction)) {
    beds.insert(one.bed);
    offers.insert(one.offer);
    stays.insert(one.id);
  }
  if (correction.bed) beds.insert(*correction.bed);
  if (correction.reason == domain::CorrectionReason::kWrongPerson) {
    for (const HomeRef& home : locked.links.homes) beds.insert(home.bed);
  }
  for (const domain::BedId& id : beds) {
    VK_ASSIGN_OR_RETURN(const std::optional<BedRecord> bed, session.LockBed(id));
    if (bed && correction.bed == id) locked.to = bed->bed;
  }
  for (const domain::OfferId& id : offers) {
    VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> offer, session.LockOffer(id));
    if (!offer) return absl::InternalError("a stay's offer is missing");
    locked.offers.emplace(id, *std::move(offer));
  }
  for (const domain::StayId& id : stays) {
    VK_ASSIGN_OR_RETURN(std::optional<StayRecord> stay, session.LockStay(id));
    if (!stay) return absl::InternalError("a stay is missing");
    locked.stays.emplace(id, *std::move(stay));
  }
  // What was found before the locks may have been moved or corrected meanwhile.
  VK_ASSIGN_OR_RETURN(const StayLinks now, session.FindLinks(seen.id));
  if (now != locked.links) return StaleEtag();
  return locked;
}

domain::Neighbour NeighbourOf(const Locked& locked, const StayRef& ref, bool adjacent) {
  return {locked.stays.at(ref.id).stay, locked.offers.at(ref.offer).entry, adjacent};
}

domain::StaySurroundings SurroundingsOf(const Locked& locked, const domain::Stay& stay,
                                        const domain::Correction& correction) {
  domain::StaySurroundings around;
  const StayLinks& links = locked.links;
  around.entry = locked.offers.at(stay.offer_id).entry;
  around.home = links.home;
  around.undoable = !links.transferred_in && !links.moves_on;
  around.to = locked.to;
  if (correction.reason == domain::CorrectionReason::kWrongPerson) {
    for (const StayRef& part : links.parts) around.parts.push_back(locked.stays.at(part.id).stay);
    return around;
  }
  if (links.before) around.before = NeighbourOf(locked, *links.before, !links.back_from_home);
  if (links.after) around.after = NeighbourOf(locked, *links.after, !links.went_home);
  return around;
}

// How the right stay began, as the wrong one did.
domain::StayFact BeginningOf(Session& session, const domain::Stay& right, bool back_from_home) {
  std::string kind = right.continues ? "moved_in" : "enrolled";
  if (right.continues && back_from_home) kind = "came_back";
  return {session.now(), std::move(kind), right.move_in, right.bed_id.value};
}

absl::Status AddRight(Session& session, const domain::Stay& wrong, const domain::Stay& right) {
  VK_ASSIGN_OR_RETURN(const StayLinks links, session.FindLinks(wrong.id));
  VK_ASSIGN_OR_RETURN(const auto recorded, session.Absences(wrong.id));
  VK_ASSIGN_OR_RETURN(const auto absences, domain::CarryOver(recorded, right));
  VK_RETURN_IF_ERROR(session.AddStay(right));
  for (const domain::AbsencePeriod& absence : absences) {
    VK_RETURN_IF_ERROR(session.AddAbsencePeriod(right.id, absence));
  }
  VK_RETURN_IF_ERROR(session.RelinkStay(wrong.id, right));
  VK_RETURN_IF_ERROR(
      session.AddStayFact(right.id, BeginningOf(session, right, links.back_from_home)));
  if (right.state != domain::StayState::kActive) return absl::OkStatus();
  return TellClosures(session, right.bed_id, right.id.value);
}

absl::StatusOr<std::string> CorrectIn(Session& session, const auth::CallContext& ctx,
                                      const CorrectStayCommand& command, const domain::Stay& seen,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const Locked locked, LockAll(session, seen, command.correction));
  const StayRecord& record = locked.stays.at(seen.id);
  const unsigned parties = PartiesOf(ctx, record.stay.owner_unit, record.facility.unit);
  const Date today = StockholmDate(session.now());
  const domain::NewStayIds ids{domain::StayId(NewUuidV7()), domain::StayId(NewUuidV7()),
                               domain::StayId(NewUuidV7())};
  VK_ASSIGN_OR_RETURN(
      const std::vector<domain::CorrectedStay> corrected,
      domain::CorrectStay(ids, record.stay, parties, command.correction,
                          SurroundingsOf(locked, record.stay, command.correction), today));
  VK_RETURN_IF_ERROR(CheckEtag(command.etag, record.stay.version));
  const std::string reason(domain::Code(command.correction.reason));
  for (const domain::CorrectedStay& one : corrected) {
    VK_RETURN_IF_ERROR(session.ChangeStay(one.wrong));
    VK_RETURN_IF_ERROR(
        session.AddStayFact(one.wrong.id, {session.now(), "corrected", today, reason}));
  }
  domain::StayId answer = seen.id;
  for (const domain::CorrectedStay& one : corrected) {
    if (one.right) {
      VK_RETURN_IF_ERROR(AddRight(session, one.wrong, *one.right));
      VK_RETURN_IF_ERROR(MoveStartOfCarePeriod(session, locked.stays.at(one.wrong.id).facility,
                                               one.wrong, *one.right));
    }
    const bool itself = one.wrong.id == seen.id;
    if (one.right && itself) answer = one.right->id;
    session.Publish(
        domain::StayEvent(one.right.value_or(one.wrong), locked.stays.at(one.wrong.id).facility,
                          domain::StayCorrected{one.wrong, one.right,
                                                itself ? std::nullopt : std::optional(seen.id)}));
    session.Audit(WriteEntry(ctx, one.wrong.id.value, decision));
  }
  if (command.correction.reason == domain::CorrectionReason::kWrongPerson) {
    for (const HomeRef& home : locked.links.homes) {
      VK_RETURN_IF_ERROR(TakeBackHome(session, home.id));
    }
    VK_RETURN_IF_ERROR(RestoreOffer(session, locked.offers.at(seen.offer_id)));
    VK_RETURN_IF_ERROR(EndCarePeriod(session, seen.entry_id));
  }
  return answer.value;
}

}  // namespace

absl::Status RestoreOffer(Session& session, const OfferRecord& record) {
  VK_ASSIGN_OR_RETURN(const domain::Offer offer, domain::Restore(record.offer));
  VK_RETURN_IF_ERROR(session.ChangeOffer(offer));
  VK_RETURN_IF_ERROR(session.RestoreReservation(offer.id));
  VK_RETURN_IF_ERROR(WatchMoveIn(session, offer, *offer.move_in));
  domain::QueueEntry entry = record.entry;
  VK_ASSIGN_OR_RETURN(entry.state,
                      domain::Step(domain::EntryTable(), "queue entry", entry.state,
                                   domain::EntryAction::kRestore, domain::kConsequence));
  ++entry.version;
  VK_RETURN_IF_ERROR(session.ChangeEntry(entry));
  VK_RETURN_IF_ERROR(WatchDecision(session, entry));
  return session.AddHistory(entry.id,
                            {session.now(), "accepted", std::nullopt, offer.id, "corrected"});
}

absl::Status TakeBackHome(Session& session, const domain::AlternationId& id) {
  VK_ASSIGN_OR_RETURN(const std::optional<AlternationRecord> record, session.LockAlternation(id));
  if (!record) return absl::InternalError("a time at home is missing");
  VK_ASSIGN_OR_RETURN(const domain::Alternation corrected,
                      domain::CorrectWithStay(record->alternation));
  VK_RETURN_IF_ERROR(session.ChangeAlternation(corrected));
  if (record->alternation.state != domain::AlternationState::kAtHome) return absl::OkStatus();
  VK_RETURN_IF_ERROR(session.EndReturnReservation(corrected));
  return session.CancelTimer(kReturnWatch, id.value);
}

absl::StatusOr<StayAnswer> CorrectStayRecord::Run(const auth::CallContext& ctx,
                                                  const CorrectStayCommand& command) const {
  return WriteStay(ports_, ctx, command.stay_id, [&](Session& session, const auto& admitted) {
    return CorrectIn(session, ctx, command, admitted.record.stay, admitted.decision);
  });
}

}  // namespace vardkedja::placement::usecases
