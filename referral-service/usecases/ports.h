// What the use cases need from the outside. storage/ implements it on PostgreSQL and the vault.
// Implementations are thread-safe; every call keeps to the context's deadline and returns
// UNAVAILABLE, DEADLINE_EXCEEDED or INTERNAL when the outside fails.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/audit/entry.h"
#include "lib/auth/call_context.h"
#include "referral-service/domain/plans.h"
#include "referral-service/domain/reference.h"
#include "referral-service/domain/referral.h"

namespace vardkedja::referral::usecases {

// A case as stored: everything but the encrypted content, which OpenContent fills in once access
// was decided.
struct StoredCase {
  domain::Referral referral;
  std::string sealed_content;
  std::string sealed_name;  // empty without a name
};

// One thing that was done, for the timeline: a committed step, or a write of something that belongs
// to the case.
struct StepRecord {
  std::int64_t version = 0;  // 0 for what is not a step
  std::string action;
  std::optional<domain::State> from;  // none for what is not a step
  std::optional<domain::State> to;
  Instant at{};
  std::string unit_id;
  std::string subject;
  std::vector<std::string> role_codes;
  std::string seat;
  bool deputy = false;
  bool exception = false;
  std::string resource;  // what it is about; empty for the case
  std::vector<std::string> changed_fields;
  bool changes_known = true;
  std::int64_t audit_row = 0;  // of what is not a step
};

// A place in the timeline: by time, steps before other writes of the same instant.
struct TimelinePosition {
  Instant at{};
  bool step = true;
  std::int64_t number = 0;  // a version, or a row of the trail
};

// Which part of a timeline. Of writes that are no steps only those that belong to one of the
// categories.
struct TimelineQuery {
  std::string referral_id;
  std::vector<std::string> categories;
  TimelinePosition after;
  int limit = 25;
};

// What goes into the commit of a write beside the state.
struct WriteTail {
  const auth::CallContext& context;
  domain::Actor actor;
  audit::Entry audit;
};

class CaseStore {
 public:
  virtual ~CaseStore() = default;

  // The resource id of an earlier write with this request key; REQUEST_ID_REUSED for another body.
  virtual absl::StatusOr<std::optional<std::string>> FindReplay(
      const auth::CallContext& context) = 0;

  // One statement, whether the case exists or not.
  virtual absl::StatusOr<std::optional<StoredCase>> Find(const auth::CallContext& context,
                                                         std::string_view referral_id) = 0;
  // Those of the cases that exist, in no order.
  virtual absl::StatusOr<std::vector<StoredCase>> FindAll(
      const auth::CallContext& context, const std::vector<std::string>& referral_ids) = 0;
  // Steps with version > after, oldest first.
  virtual absl::StatusOr<std::vector<StepRecord>> Steps(const auth::CallContext& context,
                                                        std::string_view referral_id,
                                                        std::int64_t after, int limit) = 0;
  // Steps and other writes, in the order of their places.
  virtual absl::StatusOr<std::vector<StepRecord>> Timeline(const auth::CallContext& context,
                                                           const TimelineQuery& query) = 0;

  // Decrypts into stored.referral.content.
  virtual absl::Status OpenContent(StoredCase& stored) = 0;
  // The names of the cases, in order; empty where there is none or it cannot be opened.
  virtual absl::StatusOr<std::vector<std::string>> OpenNames(
      const std::vector<const StoredCase*>& cases) = 0;

  // The pseudonymous id of the person with this normalised identity number; made when new.
  virtual absl::StatusOr<std::string> ResolvePerson(const auth::CallContext& context,
                                                    std::string_view identity_number) = 0;

  // Commits state, step, events, audit and request key at once. STALE_ETAG when someone else
  // changed the case first; ALREADY_EXISTS when the same request came in first (see Once).
  // Insert fills in the case number.
  virtual absl::Status Insert(domain::Change& change, const WriteTail& tail) = 0;
  virtual absl::Status Save(const domain::Change& change, const WriteTail& tail) = 0;
};

// Where a page of a list begins: after this case. From the beginning by default.
struct ListPosition {
  Instant at{};  // when it was created, or since when it is in its state
  std::string referral_id = "00000000-0000-0000-0000-000000000000";
};

// Cases in a state whose instant of the order lies before a bound.
struct StateBound {
  domain::State state = domain::State::kDraft;
  Instant before{};
};

enum class ListOrder { kCreated, kStateSince };

struct ListQuery {
  std::string unit_id;
  std::string owner_unit_id;              // empty for any
  ListOrder order = ListOrder::kCreated;  // kStateSince is for any owner
  std::vector<StateBound> states;         // never empty
  ListPosition after;
  int limit = 25;
};

// One entry of an owner's feed.
struct ChangeRecord {
  std::int64_t seq = 0;
  std::string referral_id;
  std::string case_number;
  std::string what;
  std::optional<domain::State> state;  // none when the case is another owner's now
  std::int64_t version = 0;
};

// Finding cases. What is found is a superset of what the unit may see and is judged by the policy.
class CaseIndex {
 public:
  virtual ~CaseIndex() = default;

  // At most query.limit cases that the unit might see, in the order asked for. Costs the same
  // however many cases there are.
  virtual absl::StatusOr<std::vector<StoredCase>> List(const auth::CallContext& context,
                                                       const ListQuery& query) = 0;
  virtual absl::StatusOr<std::vector<StoredCase>> OfCaseNumber(const auth::CallContext& context,
                                                               std::string_view case_number) = 0;
  // Oldest first; at most kMostOfPerson.
  virtual absl::StatusOr<std::vector<StoredCase>> OfPerson(const auth::CallContext& context,
                                                           std::string_view person_id) = 0;
  virtual absl::StatusOr<std::vector<StoredCase>> OfIdentityNumber(
      const auth::CallContext& context, std::string_view identity_number) = 0;
  // Changes with seq > after in the owner's cases, in order; all that was committed before the call
  // began is numbered by then.
  virtual absl::StatusOr<std::vector<ChangeRecord>> Changes(const auth::CallContext& context,
                                                            std::string_view owner_unit_id,
                                                            std::int64_t after, int limit) = 0;
};
inline constexpr int kMostOfPerson = 500;

// A ground and its encrypted text.
struct StoredGround {
  domain::DisclosureGround ground;
  std::string sealed_text;
};

class GroundStore {
 public:
  virtual ~GroundStore() = default;

  virtual absl::StatusOr<std::optional<StoredGround>> Find(const auth::CallContext& context,
                                                           std::string_view ground_id) = 0;
  virtual absl::StatusOr<std::vector<StoredGround>> OfCase(const auth::CallContext& context,
                                                           std::string_view referral_id) = 0;
  virtual absl::StatusOr<std::string> OpenText(const StoredGround& stored) = 0;

  // Also schedules or cancels the job that ends the ground when its term is over.
  virtual absl::Status Insert(const domain::Referral& referral,
                              const domain::DisclosureGround& ground, std::string_view text,
                              const WriteTail& tail) = 0;
  virtual absl::Status SaveEnded(const domain::Referral& referral,
                                 const domain::DisclosureGround& ground, const WriteTail& tail) = 0;
};

class PlanStore {
 public:
  virtual ~PlanStore() = default;

  virtual absl::StatusOr<domain::Plans> Find(const auth::CallContext& context,
                                             std::string_view referral_id) = 0;
  enum class What { kImplementationPlan, kHomeSupport };
  virtual absl::Status Save(const domain::Referral& referral, const domain::Plans& plans, What what,
                            const WriteTail& tail) = 0;
};

class ReferenceSource {
 public:
  virtual ~ReferenceSource() = default;

  // As of at most a few seconds ago. UNAVAILABLE reason REFERENCE_NOT_LOADED until the directory
  // and the seeded data are there.
  virtual absl::StatusOr<std::shared_ptr<const domain::Reference>> Current(
      const auth::CallContext& context) = 0;
};

}  // namespace vardkedja::referral::usecases
