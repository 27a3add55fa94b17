// What happens during a stay: leave, interruption, moves between beds, incidents, and its history.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/auth/call_context.h"
#include "placement-service/domain/stay_correction.h"
#include "placement-service/domain/stay_life.h"
#include "placement-service/usecases/ports.h"
#include "placement-service/usecases/stays.h"

namespace vardkedja::placement::usecases {

struct AbsenceCommand {
  domain::StayId stay_id;
  std::string etag;
  domain::StayAction action = domain::StayAction::kBeginLeave;
  std::optional<Date> date;  // today when absent
};

// Leave or an interruption begins or ends; leave ends when an interruption begins. ABSENCE_OVERLAPS
// when an earlier one covers the date.
class RecordAbsence {
 public:
  explicit RecordAbsence(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx, const AbsenceCommand& command) const;

 private:
  StayPorts ports_;
};

struct MoveBedCommand {
  domain::StayId stay_id;
  std::string etag;
  domain::BedId to_bed;
  std::optional<Date> date;  // today when absent
};

// The atomic move; answers with the new stay, which a planned transfer goes on from. BED_* when the
// new bed is not free; QUEUE_WAITS when somebody waits for a place of that other kind.
class MoveToBed {
 public:
  explicit MoveToBed(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx, const MoveBedCommand& command) const;

 private:
  StayPorts ports_;
};

struct IncidentCommand {
  domain::StayId stay_id;
  std::string etag;
  std::optional<Date> date;   // today when absent
  domain::Incident incident;  // without `date`
};

class RecordStayIncident {
 public:
  explicit RecordStayIncident(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx,
                                 const IncidentCommand& command) const;

 private:
  StayPorts ports_;
};

struct CorrectStayCommand {
  domain::StayId stay_id;
  std::string etag;
  domain::Correction correction;
};

// Marks the wrong stay and adds the right one in one commit, with the other half of a move whose
// date was wrong; answers with the right one, or with the wrong one when there is none.
// BED_OCCUPIED, PERSON_PLACED_ELSEWHERE when the right one cannot be; BED_RESERVED when the place
// of a wrong person was promised to another meanwhile; ABSENCE_OUTSIDE_STAY.
class CorrectStayRecord {
 public:
  explicit CorrectStayRecord(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx,
                                 const CorrectStayCommand& command) const;

 private:
  StayPorts ports_;
};

struct CorrectAbsenceCommand {
  domain::StayId stay_id;
  std::string etag;
  domain::AbsenceCorrection correction;
};

// Marks leave or an interruption as wrong and adds what is right. ABSENCE_OVERLAPS.
class CorrectAbsenceRecord {
 public:
  explicit CorrectAbsenceRecord(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx,
                                 const CorrectAbsenceCommand& command) const;

 private:
  StayPorts ports_;
};

struct CorrectIncidentCommand {
  domain::StayId stay_id;
  std::string etag;
  domain::IncidentCorrection correction;
};

// Adds to the history that a relapse or test was recorded wrongly, and what is right.
class CorrectIncidentRecord {
 public:
  explicit CorrectIncidentRecord(StayPorts ports) : ports_(ports) {}
  absl::StatusOr<StayAnswer> Run(const auth::CallContext& ctx,
                                 const CorrectIncidentCommand& command) const;

 private:
  StayPorts ports_;
};

// Oldest first. Incidents are content: only the facility and the owner see them (domain.md 4.7).
absl::StatusOr<std::vector<domain::StayFact>> ReadStayHistory(StayPorts ports,
                                                              const auth::CallContext& ctx,
                                                              const domain::StayId& id);

// Shared by what goes from one bed to another: both locked, in the order of ids, so that two moves
// between the same beds cannot block each other; the second is given. NOT_FOUND when there is none.
absl::StatusOr<BedRecord> LockTarget(Session& session, const domain::BedId& from,
                                     const domain::BedId& to);

// The fact that an incident is in the history.
domain::StayFact IncidentFact(const Session& session, const domain::Incident& incident);

// Shared by what takes a stay back. Nobody moved in on the offer: the place is reserved again and
// the entry waits for the move-in.
absl::Status RestoreOffer(Session& session, const OfferRecord& record);
// Nobody was at home either: what is reserved for a return is free.
absl::Status TakeBackHome(Session& session, const domain::AlternationId& id);
// The bed of what is to go on must be in use and promised to nobody, from now or the departure on.
absl::Status CheckStillFree(Session& session, BedRecord bed, const domain::Stay& ended);
// The stay that had ended goes on as `stay`: absence, care period and event; the history has
// `fact`.
absl::Status GoOn(Session& session, const StayRecord& ended, const domain::Stay& stay,
                  std::string_view fact);

// Shared by what ends a stay: an open absence ends with it.
absl::Status EndAbsenceWithStay(Session& session, const domain::Stay& ended);

}  // namespace vardkedja::placement::usecases
