// Reads and writes the documents of a case. All are alike but for who may see them and the pure
// function that decides: replay, load, access, etag, decide, commit.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/documents.h"
#include "referral-service/usecases/case_access.h"
#include "referral-service/usecases/take_step.h"

namespace vardkedja::referral::usecases {

enum class DocumentKind { kCoordinatedPlan, kCostSplit, kOutcomes, kChildren };

// The latest version; version 0 and an empty document before the first.
struct StoredDocument {
  std::int64_t version = 0;
  domain::CaseDocument content;
  std::vector<domain::MergedUnit> merged_units = {};  // of those named, as known now
};

class DocumentStore {
 public:
  virtual ~DocumentStore() = default;

  virtual absl::StatusOr<StoredDocument> Find(const auth::CallContext& context,
                                              std::string_view referral_id, DocumentKind kind) = 0;
  // Commits `change` as `version`, with event, audit and request key. STALE_ETAG when the version
  // is there already.
  virtual absl::Status Save(const domain::Referral& referral, std::int64_t version,
                            const domain::DocumentChange& change, const WriteTail& tail) = 0;
};

// Given the document as it is and the case as it was entered, what it shall be.
using ReviseDocument = std::function<absl::StatusOr<domain::DocumentChange>(
    const domain::CaseDocument& before, const SeenCase& seen)>;

// Whether the unit that has entered the case is one of its principals: the owner, or one that
// carries a share of the cost.
absl::StatusOr<bool> IsPrincipal(DocumentStore& store, const auth::CallContext& context,
                                 const SeenCase& seen);

class Documents {
 public:
  Documents(CaseDoor& door, DocumentStore& store) : door_(door), store_(store) {}

  // NotFound() unless the caller sees this kind of document, by category or, for the cost split, as
  // the owner or a unit that carries a share.
  absl::StatusOr<StoredDocument> Read(const auth::CallContext& context,
                                      const std::string& referral_id, DocumentKind kind);
  // Also ILLEGAL_STATE for a draft, and for a closed case unless it is about outcomes.
  absl::StatusOr<StoredDocument> Write(const auth::CallContext& context, const StepTarget& target,
                                       DocumentKind kind, const ReviseDocument& revise);

 private:
  // The case, and the document if the caller may see it.
  absl::StatusOr<std::pair<SeenCase, StoredDocument>> Enter(const auth::CallContext& context,
                                                            std::string_view referral_id,
                                                            DocumentKind kind);
  absl::StatusOr<StoredDocument> Attempt(const auth::CallContext& context, const StepTarget& target,
                                         DocumentKind kind, const ReviseDocument& revise);
  CaseDoor& door_;
  DocumentStore& store_;
};

// The writes, as Documents::Write takes them; `now` is the call's. ROLE_NOT_ALLOWED for a unit that
// sees the document and may not write it.
//   coordinated plan   every unit that sees it
//   cost split         the owner
//   outcomes, children   the owner, and the facility the person lives at or is about to
ReviseDocument AssessPlanNeed(domain::NeedRequest request, Instant now);
ReviseDocument RecordPlanAgreement(bool agreed, std::string text, Instant now);
ReviseDocument CallPlanMeeting(domain::MeetingRequest request, Instant now);
ReviseDocument WritePlanContent(domain::PlanContentRequest request, Instant now);
ReviseDocument FollowUpPlan(domain::FollowUpRequest request, Instant now);
ReviseDocument WriteCostSplit(domain::CostSplitRequest request, Instant now);
ReviseDocument DeclareAcute(std::string placement_date, std::string reason, Instant now);
ReviseDocument RecordOutcome(domain::OutcomeRequest request, Instant now);
ReviseDocument RecordChildrenInquiry(domain::InquiryRequest request, Instant now);
ReviseDocument PlanChildContact(std::vector<domain::ContactRequest> requests, Instant now);
ReviseDocument RecordIndividualFollowUp(std::string done_date, std::string text, Instant now);

}  // namespace vardkedja::referral::usecases
