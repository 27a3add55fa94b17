// Stays and transfers: move in, move on, move out.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/usecases/disclosure.h"
#include "placement-service/usecases/ports.h"

namespace vardkedja::placement::usecases {

struct StayAnswer {
  StayRecord record;
  auth::CaseDescription who;
  std::vector<std::string> actions;
  int bed_days = 0;
};

struct TransferAnswer {
  TransferRecord record;
  std::vector<std::string> actions;
};

// What all use cases of stays hold. Both outlive them.
struct StayPorts {
  Store& store;
  const Disclosure& disclosure;
};

// What the acting unit can do about it now.
std::vector<std::string> AvailableActions(const auth::CallContext& ctx, const StayRecord& record);
std::vector<std::string> AvailableActions(const auth::CallContext& ctx,
                                          const TransferRecord& record);

class ReadStays {
 public:
  explicit ReadStays(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Get(const auth::CallContext& ctx, const domain::StayId& id) const;

  struct Page {
    std::vector<StayAnswer> stays;
    std::string next;  // stay id; empty at the end
  };
  absl::StatusOr<Page> List(const auth::CallContext& ctx, StayPage page) const;

  absl::StatusOr<TransferAnswer> GetTransfer(const auth::CallContext& ctx,
                                             const domain::TransferId& id) const;

  // After a write whose commit holds the audit row. It does not ask again whether the unit may see:
  // the write may be what ended that.
  absl::StatusOr<StayAnswer> AfterWrite(const auth::CallContext& ctx, const std::string& id) const;
  absl::StatusOr<TransferAnswer> TransferAfterWrite(const auth::CallContext& ctx,
                                                    const std::string& id) const;

 private:
  StayPorts ports_;
};

struct EnrolCommand {
  domain::OfferId offer_id;
  std::string etag;             // of the offer
  std::optional<Date> move_in;  // today when absent
  domain::ExceptionReason agreement_exception = domain::ExceptionReason::kNone;
};

// Move-in on an accepted offer: stay, offer, entry, reservation and event in one commit.
// BED_CLOSED, BED_OCCUPIED, PERSON_PLACED_ELSEWHERE, NO_DECISION, AGREEMENT_MISSING.
class EnrolPerson {
 public:
  explicit EnrolPerson(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx, const EnrolCommand& command) const;

 private:
  StayPorts ports_;
};

struct PlanTransferCommand {
  domain::StayId stay_id;
  std::string etag;
  domain::OfferId offer_id;
  domain::TransferPlan plan;
};

class PlanStayTransfer {
 public:
  explicit PlanStayTransfer(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<TransferAnswer> Run(const auth::CallContext& ctx,
                                     const PlanTransferCommand& command) const;

 private:
  StayPorts ports_;
};

struct ConfirmTransferCommand {
  domain::TransferId transfer_id;
  std::string etag;
};

class ConfirmStayTransfer {
 public:
  explicit ConfirmStayTransfer(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<TransferAnswer> Run(const auth::CallContext& ctx,
                                     const ConfirmTransferCommand& command) const;

 private:
  StayPorts ports_;
};

struct ArrangeTransferCommand {
  domain::TransferId transfer_id;
  std::string etag;
  domain::TransferArrangements arrangements;
};

// Confirmations stand, and nothing is published: the units see it on the transfer and in its
// history.
class ArrangeStayTransfer {
 public:
  explicit ArrangeStayTransfer(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<TransferAnswer> Run(const auth::CallContext& ctx,
                                     const ArrangeTransferCommand& command) const;

 private:
  StayPorts ports_;
};

struct CompleteTransferCommand {
  domain::TransferId transfer_id;
  std::string etag;
  std::optional<Date> move;  // today when absent
  domain::ExceptionReason agreement_exception = domain::ExceptionReason::kNone;
};

// The atomic move. What a move-in can be refused for, and AGREEMENT_MISSING.
class CompleteStayTransfer {
 public:
  explicit CompleteStayTransfer(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<TransferAnswer> Run(const auth::CallContext& ctx,
                                     const CompleteTransferCommand& command) const;

 private:
  StayPorts ports_;
};

struct CancelTransferCommand {
  domain::TransferId transfer_id;
  std::string etag;
  domain::TransferCancelReason reason = domain::TransferCancelReason::kNone;
};

// Gives the reserved place back: it goes to the next in the same commit, and the entry waits again.
class CancelStayTransfer {
 public:
  explicit CancelStayTransfer(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<TransferAnswer> Run(const auth::CallContext& ctx,
                                     const CancelTransferCommand& command) const;

 private:
  StayPorts ports_;
};

struct UndoTransferCommand {
  domain::TransferId transfer_id;
  std::string etag;
};

// The person lives where they did, and the place moved to is reserved again. BED_* when the bed
// that was left is not free any more; PART_OF_A_MOVE when the person has moved on, or is to.
class UndoStayTransfer {
 public:
  explicit UndoStayTransfer(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<TransferAnswer> Run(const auth::CallContext& ctx,
                                     const UndoTransferCommand& command) const;

 private:
  StayPorts ports_;
};

struct PlanDischargeCommand {
  domain::StayId stay_id;
  std::string etag;
  Date planned{};
  domain::ExceptionReason exception = domain::ExceptionReason::kNone;
};

class PlanStayDischarge {
 public:
  explicit PlanStayDischarge(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx,
                                 const PlanDischargeCommand& command) const;

 private:
  StayPorts ports_;
};

struct StayCommand {
  domain::StayId stay_id;
  std::string etag;
};

class ClearStayDischarge {
 public:
  explicit ClearStayDischarge(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx, const StayCommand& command) const;

 private:
  StayPorts ports_;
};

// The stay goes on while nothing else is planned in its bed: BED_OFFERED, BED_OCCUPIED,
// BED_RESERVED, BED_HELD, BED_CLOSED when it was retired, PERSON_PLACED_ELSEWHERE.
class UndoStayDischarge {
 public:
  explicit UndoStayDischarge(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx, const StayCommand& command) const;

 private:
  StayPorts ports_;
};

struct DischargeCommand {
  domain::StayId stay_id;
  std::string etag;
  std::optional<Date> departure;  // today when absent
  domain::DischargeReason reason = domain::DischargeReason::kUnspecified;
  std::vector<domain::ChecklistItem> unmet_items;
};

// Frees the bed; a transfer that was planned comes to nothing.
class DischargePerson {
 public:
  explicit DischargePerson(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx,
                                 const DischargeCommand& command) const;

 private:
  StayPorts ports_;
};

// Shared by the use cases above: the parties of the acting unit to a transfer, and the stay or
// transfer asked for together with the permission to see it. A facility always keeps its own stays.
unsigned TransferParties(const auth::CallContext& ctx, const TransferRecord& record);

template <class Record>
struct Admitted {
  Record record;
  auth::AccessDecision decision;
};
absl::StatusOr<Admitted<StayRecord>> AdmitToStay(StayPorts ports, const auth::CallContext& ctx,
                                                 const domain::StayId& id);
absl::StatusOr<Admitted<TransferRecord>> AdmitToTransfer(StayPorts ports,
                                                         const auth::CallContext& ctx,
                                                         const domain::TransferId& id);

// A write on one stay or transfer by who is let in to it, which is given as it was before any lock.
// It returns the id of what is answered with. A repeated request is answered from what was written.
using StayWrite = std::function<absl::StatusOr<std::string>(Session&, const Admitted<StayRecord>&)>;
absl::StatusOr<StayAnswer> WriteStay(StayPorts ports, const auth::CallContext& ctx,
                                     const domain::StayId& id, const StayWrite& write);
using TransferWrite =
    std::function<absl::StatusOr<std::string>(Session&, const Admitted<TransferRecord>&)>;
absl::StatusOr<TransferAnswer> WriteTransfer(StayPorts ports, const auth::CallContext& ctx,
                                             const domain::TransferId& id,
                                             const TransferWrite& write);

// A facility keeps the record of its own stays when a ground ends (domain.md, 5): it must be able
// to write down a departure. Names come from Describe alone, which then gives none.
auth::AccessDecision OwnRecord(const Disclosure::Decisions& permitted, const domain::Stay& stay);

// What the exclusion constraints do not see: a stay begun and ended on one date has an empty range.
// BED_OCCUPIED, PERSON_PLACED_ELSEWHERE when one lies after the move-in.
absl::Status CheckNoLaterStay(Session& session, const domain::Stay& stay);

struct MoveInto {
  Date date{};
  domain::ExceptionReason agreement_exception = domain::ExceptionReason::kNone;
};
// The stay that begins on an accepted offer; not written yet. Bed and offer are locked. When
// several things stand in the way, the first is the error, and `also` in its metadata names the
// others.
absl::StatusOr<domain::Stay> BeginStay(Session& session, const OfferRecord& record,
                                       const BedRecord& bed, const MoveInto& move);

// Uses up the offer, its reservation and its entry: the person has moved in.
absl::Status ConsumeOffer(Session& session, OfferRecord record, domain::OfferAction action,
                          unsigned parties);

}  // namespace vardkedja::placement::usecases
