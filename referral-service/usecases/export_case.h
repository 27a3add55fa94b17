// What leaves a case whole: for the archive, and for the person it is about. Both for its owner.
#pragma once

#include <string>
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

// What the record of a meeting says of one case.
struct MeetingText {
  std::string meeting_id;
  Date date{};
  std::string text;
};

// What of a case only an export reads.
class ExportStore {
 public:
  virtual ~ExportStore() = default;

  // Of the case and its documents together: domain::Retention::content_etag.
  virtual absl::StatusOr<std::string> ContentEtag(const auth::CallContext& context,
                                                  const domain::Referral& referral) = 0;
  // All revisions but the newest, oldest first.
  virtual absl::StatusOr<std::vector<domain::ImplementationPlan>> EarlierPlans(
      const auth::CallContext& context, std::string_view referral_id) = 0;
  // Oldest first.
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
  ConcernStore& concerns;
  LifeEventStore& life_events;
  ExportStore& more;
};

using ArchiveRecord = std::variant<CaseView, GroundView, domain::Plans, domain::ImplementationPlan,
                                   domain::Attachment, MeetingText, StepRecord, StoredDocument,
                                   ConcernView, domain::LifeEvent>;

struct ArchivePage {
  std::vector<ArchiveRecord> records;
  std::string next;
  std::string etag;
};

class ExportArchive {
 public:
  explicit ExportArchive(ExportPorts ports) : ports_(ports) {}
  // NotFound() to others than the owner; ILLEGAL_STATE unless the case is closed. The first page
  // has everything but the steps, each other page 100 steps. A cursor of another version of the
  // case is refused: the export begins anew.
  absl::StatusOr<ArchivePage> Run(const auth::CallContext& context, const std::string& referral_id,
                                  const std::string& cursor);

 private:
  absl::Status AddFirst(const auth::CallContext& context, SeenCase& seen, ArchivePage& page);
  ExportPorts ports_;
};

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
