// What leaves a case whole: for the archive, and for the person it is about. Both for its owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/usecases/attachments.h"
#include "referral-service/usecases/case_list.h"
#include "referral-service/usecases/child_concerns.h"
#include "referral-service/usecases/documents.h"
#include "referral-service/usecases/grounds.h"
#include "referral-service/usecases/history.h"
#include "referral-service/usecases/life_events.h"
#include "referral-service/usecases/retention.h"

namespace vardkedja::referral::usecases {

// Who wrote a version, and when, as far as it is known.
struct VersionInfo {
  std::int64_t version = 0;
  std::optional<Instant> at;
  std::string unit_id;
  std::string subject;
};

// What was written of the case, from a version of it until the next one that wrote.
struct ContentVersion {
  VersionInfo info;
  domain::Content content;
  std::size_t bytes = 0;  // about
};

struct DocumentVersion {
  VersionInfo info;
  DocumentKind kind = DocumentKind::kCoordinatedPlan;
  domain::CaseDocument content;
  std::size_t bytes = 0;  // about
};

// The version is that of the plans.
struct HomeSupportVersion {
  VersionInfo info;
  std::vector<domain::HomeSupportPart> parts;
};

// What the record of a meeting says of one case.
struct MeetingText {
  std::string meeting_id;
  Date date{};
  Instant recorded_at{};
  std::string corrects_meeting_id;  // the earlier record that this one corrects; may be empty
  std::string text;
};

// What of a case only an export reads: every version of it.
class ExportStore {
 public:
  virtual ~ExportStore() = default;

  // Of the case and its documents together: domain::Retention::content_etag.
  virtual absl::StatusOr<std::string> ContentEtag(const auth::CallContext& context,
                                                  const domain::Referral& referral) = 0;
  // Each: those after a version, oldest first, the latest one too.
  virtual absl::StatusOr<std::vector<ContentVersion>> Contents(const auth::CallContext& context,
                                                               std::string_view referral_id,
                                                               std::int64_t after, int limit) = 0;
  virtual absl::StatusOr<std::vector<DocumentVersion>> Documents(const auth::CallContext& context,
                                                                 std::string_view referral_id,
                                                                 DocumentKind kind,
                                                                 std::int64_t after, int limit) = 0;
  virtual absl::StatusOr<std::vector<domain::ImplementationPlan>> ImplementationPlans(
      const auth::CallContext& context, std::string_view referral_id, std::int64_t after,
      int limit) = 0;
  virtual absl::StatusOr<std::vector<HomeSupportVersion>> HomeSupport(
      const auth::CallContext& context, std::string_view referral_id, std::int64_t after,
      int limit) = 0;
  // All of them, oldest first.
  virtual absl::StatusOr<std::vector<MeetingText>> MeetingTexts(const auth::CallContext& context,
                                                                std::string_view referral_id) = 0;
};

struct ExportPorts {
  CaseDoor& door;
  CaseIndex& index;
  GroundStore& grounds;
  PlanStore& plans;
  DocumentStore& documents;
  AttachmentStore& attachments;
  HistoryStore& history;
  audit::Trail& trail;
  ConcernStore& concerns;
  LifeEventStore& life_events;
  ExportStore& more;
};

// What was written of the case, as its reader may see it.
struct ContentView {
  CaseView view;  // but for the content as the case is now
};

using ArchiveContent =
    std::variant<CaseView, ContentView, GroundView, domain::Plans, domain::ImplementationPlan,
                 domain::Attachment, MeetingText, StepRecord, domain::CaseDocument, ConcernView,
                 domain::LifeEvent, DisclosureRecord, audit::TrailRow>;

// One record of the layout that docs/archive.md describes.
struct ArchiveRecord {
  std::string path;  // "documents/cost_split/3": of one record, in every export
  VersionInfo info;  // of what has versions; 0 otherwise
  ArchiveContent content;
};

// A page ends after so many records, or once it holds about so many bytes.
inline constexpr std::size_t kMostArchiveRecords = 100;
inline constexpr std::size_t kArchivePageBytes = 1'000'000;

struct ArchivePage {
  std::vector<ArchiveRecord> records;
  std::string next;
  std::string etag;
};

class ExportArchive {
 public:
  explicit ExportArchive(ExportPorts ports) : ports_(ports) {}
  // NotFound() to others than the owner; ILLEGAL_STATE unless the case is closed. Section by
  // section, every version of everything. A cursor of another version of the case is refused: the
  // export begins anew.
  absl::StatusOr<ArchivePage> Run(const auth::CallContext& context, const std::string& referral_id,
                                  const std::string& cursor);

 private:
  ExportPorts ports_;
};

// The grounds of a case with their texts.
absl::StatusOr<std::vector<GroundView>> GroundsOf(GroundStore& grounds,
                                                  const auth::CallContext& context,
                                                  const SeenCase& seen);

struct RegisteredCase {
  CaseView view;
  std::vector<GroundView> grounds;
  domain::Plans plans;
  std::vector<DisclosureRecord> disclosures;
  std::vector<domain::Attachment> attachments;
  StoredDocument coordinated_plan;
  StoredDocument outcomes;
  std::vector<domain::LifeEvent> life_events;
};

struct RegisterPage {
  std::vector<RegisteredCase> cases;
  std::string next;
};

class ExportRegister {
 public:
  explicit ExportRegister(ExportPorts ports) : ports_(ports) {}
  // The person's cases with the acting unit, erased ones apart. NotFound() to others than the
  // owner.
  absl::StatusOr<RegisterPage> Run(const auth::CallContext& context, const std::string& referral_id,
                                   const Page& page);

 private:
  absl::StatusOr<RegisteredCase> Export(const auth::CallContext& context, SeenCase& seen);
  ExportPorts ports_;
};

}  // namespace vardkedja::referral::usecases
