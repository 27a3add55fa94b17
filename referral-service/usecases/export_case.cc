#include "referral-service/usecases/export_case.h"

#include <charconv>
#include <optional>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::referral::usecases {
namespace {

constexpr int kStepsPerPage = 100;
constexpr int kMostDisclosures = 1000;

struct Position {
  std::string etag;       // of what is exported
  std::int64_t step = 0;  // the last one exported
};

std::optional<std::int64_t> Whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stopped != text.data() + text.size() || value < 0) return {};
  return value;
}

// "<etag>.<step>".
std::optional<Position> ReadPosition(std::string_view cursor) {
  const std::size_t dot = cursor.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto step = Whole(cursor.substr(dot + 1));
  if (!step) return std::nullopt;
  return Position{std::string(cursor.substr(0, dot)), *step};
}

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

absl::StatusOr<std::vector<ConcernView>> ConcernsOf(ConcernStore& concerns,
                                                    const auth::CallContext& context,
                                                    const std::string& referral_id) {
  VK_ASSIGN_OR_RETURN(const std::vector<StoredConcern> found,
                      concerns.OfCase(context, referral_id));
  std::vector<ConcernView> views;
  for (const StoredConcern& stored : found) {
    VK_ASSIGN_OR_RETURN(ConcernContent content, concerns.Open(stored));
    views.push_back({stored.concern, std::move(content)});
  }
  return views;
}

template <class Record>
void Append(std::vector<Record> from, std::vector<ArchiveRecord>& to) {
  for (Record& record : from) to.emplace_back(std::move(record));
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

absl::Status ExportArchive::AddFirst(const auth::CallContext& context, SeenCase& seen,
                                     ArchivePage& page) {
  const std::string id = seen.stored.referral.referral_id;
  VK_RETURN_IF_ERROR(ports_.door.cases().OpenContent(seen.stored));
  page.records.emplace_back(ViewOf(seen.stored.referral, seen.access, *seen.reference));
  VK_ASSIGN_OR_RETURN(auto grounds, GroundsOf(ports_.grounds, context, seen));
  Append(std::move(grounds), page.records);
  VK_ASSIGN_OR_RETURN(auto plans, ports_.plans.Find(context, id));
  page.records.emplace_back(std::move(plans));
  VK_ASSIGN_OR_RETURN(auto earlier, ports_.more.EarlierPlans(context, id));
  Append(std::move(earlier), page.records);
  for (const DocumentKind kind : {DocumentKind::kCoordinatedPlan, DocumentKind::kCostSplit,
                                  DocumentKind::kOutcomes, DocumentKind::kChildren}) {
    VK_ASSIGN_OR_RETURN(StoredDocument document, ports_.documents.Find(context, id, kind));
    if (document.version > 0) page.records.emplace_back(std::move(document));
  }
  VK_ASSIGN_OR_RETURN(auto attachments, ports_.attachments.OfCase(context, id));
  Append(std::move(attachments), page.records);
  VK_ASSIGN_OR_RETURN(auto meetings, ports_.more.MeetingTexts(context, id));
  Append(std::move(meetings), page.records);
  VK_ASSIGN_OR_RETURN(auto concerns, ConcernsOf(ports_.concerns, context, id));
  Append(std::move(concerns), page.records);
  VK_ASSIGN_OR_RETURN(auto life_events, ports_.life_events.OfCase(context, id));
  Append(std::move(life_events), page.records);
  return absl::OkStatus();
}

absl::StatusOr<ArchivePage> ExportArchive::Run(const auth::CallContext& context,
                                               const std::string& referral_id,
                                               const std::string& cursor) {
  VK_ASSIGN_OR_RETURN(SeenCase seen, EnterAsOwner(ports_.door, context, referral_id));
  const domain::Referral& referral = seen.stored.referral;
  if (referral.state != domain::State::kClosed) {
    ErrorDetail detail;
    detail.reason = "ILLEGAL_STATE";
    detail.metadata = {{"state", std::string(Name(referral.state))}, {"allowed_actions", ""}};
    return MakeError(absl::StatusCode::kFailedPrecondition, "The case is not closed.",
                     std::move(detail));
  }
  const std::string id = referral.referral_id;
  ArchivePage page;
  VK_ASSIGN_OR_RETURN(page.etag, ports_.more.ContentEtag(context, referral));
  std::optional<Position> position = Position{page.etag, 0};
  if (!cursor.empty()) position = ReadPosition(cursor);
  if (!position || position->etag != page.etag) return BadCursor();
  VK_ASSIGN_OR_RETURN(std::vector<StepRecord> steps,
                      ports_.door.cases().Steps(context, id, position->step, kStepsPerPage + 1));
  const audit::Entry entry = CaseDoor::Entry(context, seen, id);
  if (cursor.empty()) VK_RETURN_IF_ERROR(AddFirst(context, seen, page));
  if (steps.size() > kStepsPerPage) {
    steps.resize(kStepsPerPage);
    page.next = page.etag + "." + std::to_string(steps.back().version);
  }
  Append(std::move(steps), page.records);
  VK_RETURN_IF_ERROR(ports_.door.audit().Record({entry}, context.deadline));
  return page;
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
