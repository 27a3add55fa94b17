// ExportArchive: the sections of the layout, in order, cut into pages.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "lib/status/status.h"
#include "referral-service/usecases/export_case.h"

namespace vardkedja::referral::usecases {
namespace {

// Whole forms and documents are fetched a few at a time: one may hold some hundred kilobytes.
constexpr int kLargeAtOnce = 4;
constexpr std::size_t kSmallBytes = 300;

// Everything a section reads from.
struct Source {
  const ExportPorts& ports;
  const auth::CallContext& context;
  SeenCase& seen;
  std::int64_t until;  // the newest read of the case when the export began

  const std::string& id() const { return seen.stored.referral.referral_id; }
  bool sees_identity() const { return seen.access.categories.contains("identity"); }
};

// A record and where its section goes on after it.
struct Placed {
  std::int64_t position = 0;
  std::size_t bytes = kSmallBytes;  // about
  ArchiveRecord record;
};
using Section = absl::StatusOr<std::vector<Placed>> (*)(const Source&, std::int64_t after,
                                                        int limit);

VersionInfo Shown(const Source& source, VersionInfo info) {
  const std::string& owner = source.seen.stored.referral.owner_unit_id;
  if (!audit::MayKnowSubject(info.unit_id, info.subject, owner)) info.subject.clear();
  return info;
}

// Of a list that is short enough to be read whole: what comes after so many.
template <class T, class Make>
std::vector<Placed> Slice(std::vector<T> all, std::int64_t after, int limit, Make make) {
  std::vector<Placed> some;
  for (std::size_t i = static_cast<std::size_t>(after); i < all.size(); ++i) {
    if (some.size() == static_cast<std::size_t>(limit)) break;
    Placed placed = make(std::move(all[i]));
    placed.position = static_cast<std::int64_t>(i) + 1;
    some.push_back(std::move(placed));
  }
  return some;
}

absl::StatusOr<std::vector<Placed>> Case(const Source& source, std::int64_t after, int) {
  std::vector<Placed> one;
  if (after > 0) return one;
  const SeenCase& seen = source.seen;
  one.push_back({1,
                 seen.stored.sealed_content.size(),
                 {"case", {}, ViewOf(seen.stored.referral, seen.access, *seen.reference)}});
  return one;
}

absl::StatusOr<std::vector<Placed>> Contents(const Source& source, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(std::vector<ContentVersion> versions,
                      source.ports.more.Contents(source.context, source.id(), after,
                                                 std::min(limit, kLargeAtOnce)));
  const SeenCase& seen = source.seen;
  std::vector<Placed> some;
  for (ContentVersion& one : versions) {
    domain::Referral then = seen.stored.referral;
    then.content = std::move(one.content);
    ContentView view{ViewOf(then, seen.access, *seen.reference)};
    const std::int64_t version = one.info.version;
    some.push_back({version,
                    one.bytes,
                    {"contents/" + std::to_string(version), Shown(source, std::move(one.info)),
                     std::move(view)}});
  }
  return some;
}

absl::StatusOr<std::vector<Placed>> Grounds(const Source& source, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(std::vector<GroundView> all,
                      GroundsOf(source.ports.grounds, source.context, source.seen));
  return Slice(std::move(all), after, limit, [](GroundView ground) -> Placed {
    const std::string path = "grounds/" + ground.ground.ground_id;
    const std::size_t bytes = kSmallBytes + ground.text.size();
    return {0, bytes, {path, {}, std::move(ground)}};
  });
}

absl::StatusOr<std::vector<Placed>> Plans(const Source& source, std::int64_t after, int) {
  std::vector<Placed> one;
  if (after > 0) return one;
  VK_ASSIGN_OR_RETURN(domain::Plans plans, source.ports.plans.Find(source.context, source.id()));
  const std::size_t bytes = kSmallBytes * (1 + plans.home_support.size());
  one.push_back({1, bytes, {"plans", {}, std::move(plans)}});
  return one;
}

absl::StatusOr<std::vector<Placed>> ImplementationPlans(const Source& source, std::int64_t after,
                                                        int limit) {
  VK_ASSIGN_OR_RETURN(
      std::vector<domain::ImplementationPlan> plans,
      source.ports.more.ImplementationPlans(source.context, source.id(), after, limit));
  std::vector<Placed> some;
  for (domain::ImplementationPlan& plan : plans) {
    const std::size_t bytes = kSmallBytes + plan.goals.size() + plan.activities.size();
    const VersionInfo info{plan.revision, plan.recorded_at, "", ""};
    some.push_back(
        {plan.revision,
         bytes,
         {"implementation-plans/" + std::to_string(plan.revision), info, std::move(plan)}});
  }
  return some;
}

absl::StatusOr<std::vector<Placed>> HomeSupport(const Source& source, std::int64_t after,
                                                int limit) {
  VK_ASSIGN_OR_RETURN(std::vector<HomeSupportVersion> versions,
                      source.ports.more.HomeSupport(source.context, source.id(), after, limit));
  std::vector<Placed> some;
  for (HomeSupportVersion& one : versions) {
    const std::int64_t version = one.info.version;
    const std::size_t bytes = kSmallBytes * (1 + one.parts.size());
    domain::Plans plans;
    plans.case_id = source.id();
    plans.version = version;
    plans.home_support = std::move(one.parts);
    some.push_back({version,
                    bytes,
                    {"home-support/" + std::to_string(version), Shown(source, std::move(one.info)),
                     std::move(plans)}});
  }
  return some;
}

template <DocumentKind kKind>
absl::StatusOr<std::vector<Placed>> Documents(const Source& source, std::int64_t after, int limit) {
  constexpr auto kNames =
      std::to_array<std::string_view>({"coordinated-plan", "cost-split", "outcomes", "children"});
  VK_ASSIGN_OR_RETURN(std::vector<DocumentVersion> versions,
                      source.ports.more.Documents(source.context, source.id(), kKind, after,
                                                  std::min(limit, kLargeAtOnce)));
  std::vector<Placed> some;
  for (DocumentVersion& one : versions) {
    const std::int64_t version = one.info.version;
    std::string path = "documents/" + std::string(kNames[static_cast<std::size_t>(kKind)]) + "/" +
                       std::to_string(version);
    some.push_back({version,
                    one.bytes,
                    {std::move(path), Shown(source, std::move(one.info)), std::move(one.content)}});
  }
  return some;
}

absl::StatusOr<std::vector<Placed>> Attachments(const Source& source, std::int64_t after,
                                                int limit) {
  VK_ASSIGN_OR_RETURN(std::vector<domain::Attachment> all,
                      source.ports.attachments.OfCase(source.context, source.id()));
  return Slice(std::move(all), after, limit, [](domain::Attachment attachment) -> Placed {
    const std::string path = "attachments/" + attachment.attachment_id;
    return {0, kSmallBytes, {path, {}, std::move(attachment)}};
  });
}

absl::StatusOr<std::vector<Placed>> Meetings(const Source& source, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(std::vector<MeetingText> all,
                      source.ports.more.MeetingTexts(source.context, source.id()));
  return Slice(std::move(all), after, limit, [](MeetingText meeting) -> Placed {
    const std::string path = "meetings/" + meeting.meeting_id;
    const std::size_t bytes = kSmallBytes + meeting.text.size();
    return {0, bytes, {path, {}, std::move(meeting)}};
  });
}

absl::StatusOr<std::vector<Placed>> Concerns(const Source& source, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(const std::vector<StoredConcern> found,
                      source.ports.concerns.OfCase(source.context, source.id()));
  std::vector<ConcernView> all;
  for (const StoredConcern& stored : found) {
    VK_ASSIGN_OR_RETURN(ConcernContent content, source.ports.concerns.Open(stored));
    if (!source.sees_identity()) {
      content.parent_name.clear();
      content.parent_identity_number.clear();
    }
    all.push_back({stored.concern, std::move(content)});
  }
  return Slice(std::move(all), after, limit, [](ConcernView concern) -> Placed {
    const std::string path = "child-concerns/" + concern.concern.concern_id;
    const std::size_t bytes = kSmallBytes + concern.content.text.size();
    return {0, bytes, {path, {}, std::move(concern)}};
  });
}

absl::StatusOr<std::vector<Placed>> LifeEvents(const Source& source, std::int64_t after,
                                               int limit) {
  VK_ASSIGN_OR_RETURN(std::vector<domain::LifeEvent> all,
                      source.ports.life_events.OfCase(source.context, source.id()));
  const bool whole = source.sees_identity();
  return Slice(std::move(all), after, limit, [whole](domain::LifeEvent event) -> Placed {
    if (!whole) event = WithoutPerson(std::move(event));
    const std::string path = "life-events/" + event.life_event_id;
    const std::size_t bytes = kSmallBytes + event.text.size();
    return {0, bytes, {path, {}, std::move(event)}};
  });
}

absl::StatusOr<std::vector<Placed>> Steps(const Source& source, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(std::vector<StepRecord> steps,
                      source.ports.door.cases().Steps(source.context, source.id(), after, limit));
  std::vector<Placed> some;
  const std::string& owner = source.seen.stored.referral.owner_unit_id;
  for (StepRecord& step : steps) {
    const std::int64_t version = step.version;
    if (!audit::MayKnowSubject(step.unit_id, step.subject, owner)) step.subject.clear();
    some.push_back(
        {version, kSmallBytes, {"steps/" + std::to_string(version), {}, std::move(step)}});
  }
  return some;
}

absl::StatusOr<std::vector<Placed>> Disclosures(const Source& source, std::int64_t after,
                                                int limit) {
  VK_ASSIGN_OR_RETURN(
      std::vector<DisclosureRecord> disclosures,
      source.ports.history.Disclosures(source.context, source.id(),
                                       source.seen.stored.referral.owner_unit_id, after, limit));
  std::vector<Placed> some;
  for (DisclosureRecord& one : disclosures) {
    const std::int64_t first = one.first_position;
    some.push_back(
        {first, kSmallBytes, {"disclosures/" + std::to_string(first), {}, std::move(one)}});
  }
  return some;
}

// Newest first, from the newest when the export began: the export itself goes on leaving rows.
absl::StatusOr<std::vector<Placed>> Reads(const Source& source, std::int64_t after, int limit) {
  const audit::TrailPart part{after == 0 ? source.until + 1 : after, limit};
  VK_ASSIGN_OR_RETURN(std::vector<audit::TrailRow> reads,
                      audit::RowsForOwner(source.ports.trail, source.context, source.id(), part));
  std::vector<Placed> some;
  for (audit::TrailRow& read : reads) {
    const std::int64_t at = read.entry_id;
    some.push_back({at, kSmallBytes, {"reads/" + std::to_string(at), {}, std::move(read)}});
  }
  return some;
}

// The order of the layout; docs/archive.md.
constexpr auto kSections = std::to_array<Section>(
    {Case, Contents, Grounds, Plans, ImplementationPlans, HomeSupport,
     Documents<DocumentKind::kCoordinatedPlan>, Documents<DocumentKind::kCostSplit>,
     Documents<DocumentKind::kOutcomes>, Documents<DocumentKind::kChildren>, Attachments, Meetings,
     Concerns, LifeEvents, Steps, Disclosures, Reads});

struct Position {
  std::string etag;          // of what is exported
  std::int64_t section = 0;  // of kSections
  std::int64_t after = 0;    // in it
  std::int64_t until = 0;
};

std::string CursorOf(const Position& at) {
  return at.etag + "." + std::to_string(at.section) + "." + std::to_string(at.after) + "." +
         std::to_string(at.until);
}

std::optional<Position> PositionIn(std::string_view cursor) {
  Position at;
  const std::size_t dot = cursor.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  at.etag = cursor.substr(0, dot);
  cursor.remove_prefix(dot);
  for (std::int64_t* number : {&at.section, &at.after, &at.until}) {
    if (cursor.empty() || cursor.front() != '.') return std::nullopt;
    const char* end = cursor.data() + cursor.size();
    const auto [stopped, error] = std::from_chars(cursor.data() + 1, end, *number);
    if (error != std::errc() || *number < 0) return std::nullopt;
    cursor.remove_prefix(static_cast<std::size_t>(stopped - cursor.data()));
  }
  if (!cursor.empty() || at.section >= static_cast<std::int64_t>(kSections.size())) return {};
  return at;
}

// True when the page is full; `at` is where the next one begins.
absl::StatusOr<bool> FillFrom(const Source& source, Position& at, std::size_t& bytes,
                              ArchivePage& page) {
  const auto room = static_cast<int>(kMostArchiveRecords - page.records.size());
  if (room == 0) return true;
  VK_ASSIGN_OR_RETURN(std::vector<Placed> some,
                      kSections[static_cast<std::size_t>(at.section)](source, at.after, room));
  if (some.empty()) {
    ++at.section;
    at.after = 0;
  }
  for (Placed& placed : some) {
    if (!page.records.empty() && bytes + placed.bytes > kArchivePageBytes) return true;
    bytes += placed.bytes;
    at.after = placed.position;
    page.records.push_back(std::move(placed.record));
  }
  return false;
}

}  // namespace

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
  ArchivePage page;
  VK_ASSIGN_OR_RETURN(page.etag, ports_.more.ContentEtag(context, referral));
  std::optional<Position> at = Position{page.etag};
  if (!cursor.empty()) {
    at = PositionIn(cursor);
  } else {
    VK_ASSIGN_OR_RETURN(const std::vector<audit::TrailRow> newest,
                        ports_.trail.RowsOfCase(context, referral.referral_id, {std::nullopt, 1}));
    if (!newest.empty()) at->until = newest.front().entry_id;
  }
  if (!at || at->etag != page.etag) return BadCursor();
  const audit::Entry entry = CaseDoor::Entry(context, seen, referral.referral_id);
  VK_RETURN_IF_ERROR(ports_.door.cases().OpenContent(seen.stored));
  const Source source{ports_, context, seen, at->until};
  std::size_t bytes = 0;
  bool full = false;
  while (!full && at->section < static_cast<std::int64_t>(kSections.size())) {
    VK_ASSIGN_OR_RETURN(full, FillFrom(source, *at, bytes, page));
  }
  if (full) page.next = CursorOf(*at);
  VK_RETURN_IF_ERROR(ports_.door.audit().Record({entry}, context.deadline));
  return page;
}

}  // namespace vardkedja::referral::usecases
