#include "referral-service/usecases/export_case.h"

#include <charconv>
#include <optional>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr int kMostDisclosures = 1000;

std::optional<std::int64_t> Whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stopped != text.data() + text.size() || value < 0) return {};
  return value;
}

// What is about others than the person: the children's part, who works with the case, and whom it
// was taken to be about before a correction.
void LeaveOutOthers(RegisteredCase& registered) {
  domain::Referral& referral = registered.view.referral;
  referral.handler_subjects.clear();
  referral.content.form.children.text.clear();
  referral.content.form.children.child_perspective_reason.clear();
  referral.content.form.children.details = {};
  referral.content.form.sender = {};
  for (domain::Decision& decision : referral.decisions) {
    decision.proposer_subject.clear();
    decision.decider_subject.clear();
  }
  for (GroundView& ground : registered.grounds) ground.ground.judged_by_subject.clear();
  for (domain::LifeEvent& event : registered.life_events) {
    event.former_person.reset();
    event.text.clear();
  }
}

}  // namespace

absl::StatusOr<std::vector<GroundView>> GroundsOf(GroundStore& grounds,
                                                  const auth::CallContext& context,
                                                  const SeenCase& seen) {
  VK_ASSIGN_OR_RETURN(const std::vector<StoredGround> found,
                      grounds.OfCase(context, seen.stored.referral.referral_id));
  std::vector<GroundView> views;
  for (const StoredGround& stored : found) {
    VK_ASSIGN_OR_RETURN(std::string text, grounds.OpenText(stored));
    views.push_back({stored.ground, std::move(text), domain::IsLive(stored.ground, seen.today)});
  }
  return views;
}

absl::StatusOr<RegisteredCase> ExportRegister::Export(const auth::CallContext& context,
                                                      SeenCase& seen) {
  const std::string id = seen.stored.referral.referral_id;
  RegisteredCase registered;
  VK_RETURN_IF_ERROR(ports_.door.cases().OpenContent(seen.stored));
  registered.view = ViewOf(seen.stored.referral, seen.access, *seen.reference);
  VK_ASSIGN_OR_RETURN(registered.grounds, GroundsOf(ports_.grounds, context, seen));
  VK_ASSIGN_OR_RETURN(registered.plans, ports_.plans.Find(context, id));
  VK_ASSIGN_OR_RETURN(registered.coordinated_plan,
                      ports_.documents.Find(context, id, DocumentKind::kCoordinatedPlan));
  VK_ASSIGN_OR_RETURN(registered.outcomes,
                      ports_.documents.Find(context, id, DocumentKind::kOutcomes));
  VK_ASSIGN_OR_RETURN(registered.life_events, ports_.life_events.OfCase(context, id));
  VK_ASSIGN_OR_RETURN(registered.attachments, ports_.attachments.OfCase(context, id));
  std::erase_if(registered.attachments,
                [](const auto& attachment) { return attachment.category == "children"; });
  VK_ASSIGN_OR_RETURN(registered.disclosures,
                      ports_.history.Disclosures(context, id, seen.stored.referral.owner_unit_id, 0,
                                                 kMostDisclosures));
  LeaveOutOthers(registered);
  return registered;
}

absl::StatusOr<RegisterPage> ExportRegister::Run(const auth::CallContext& context,
                                                 const std::string& referral_id, const Page& page) {
  VK_ASSIGN_OR_RETURN(const int limit, CheckLimit(page.limit));
  std::int64_t passed = 0;
  if (!page.cursor.empty()) {
    const auto cursor = Whole(page.cursor);
    if (!cursor) return BadCursor();
    passed = *cursor;
  }
  VK_ASSIGN_OR_RETURN(SeenCase asked, EnterAsOwner(ports_.door, context, referral_id));
  // A draft about nobody yet is about nobody else either.
  std::vector<StoredCase> found;
  if (asked.stored.referral.person_id.empty()) {
    found.push_back(asked.stored);
  } else {
    VK_ASSIGN_OR_RETURN(found, ports_.index.OfPerson(context, asked.stored.referral.person_id));
  }
  const CaseLister lister(ports_.door);
  VK_ASSIGN_OR_RETURN(const CaseLister::Reader reader, lister.ReaderOf(context));
  RegisterPage answer;
  std::vector<audit::Entry> audit;
  std::int64_t place = 0;
  for (StoredCase& stored : found) {
    auto seen = CaseLister::Judge(context, reader, std::move(stored));
    if (!seen || seen->actor.side != domain::Side::kOwner || place++ < passed) continue;
    if (answer.cases.size() == static_cast<std::size_t>(limit)) {
      answer.next = std::to_string(place - 1);
      break;
    }
    audit.push_back(CaseDoor::Entry(context, *seen, seen->stored.referral.referral_id));
    VK_ASSIGN_OR_RETURN(RegisteredCase registered, Export(context, *seen));
    answer.cases.push_back(std::move(registered));
  }
  VK_RETURN_IF_ERROR(ports_.door.audit().Record(std::move(audit), context.deadline));
  return answer;
}

}  // namespace vardkedja::referral::usecases
