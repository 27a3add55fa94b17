// What corrections are tried on: a stay in novus-01 that began thirty days ago.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/status/status.h"
#include "placement-service/storage/test_fixture.h"
#include "placement-service/usecases/stay_life.h"

namespace vardkedja::placement {

class RecordFixture : public PlacementFixture {
 protected:
  RecordFixture() : person_(NewCase()) {
    stay_ = PlaceIn(person_, "novus", "novus-01").record.stay;
    Advance(std::chrono::days(30));
  }

  absl::StatusOr<usecases::StayAnswer> Correct(const domain::Correction& correction,
                                               const std::string& unit = "novus") {
    return Keep(
        usecases::CorrectStayRecord(stays_).Run(Writing(unit), {stay_.id, Etag(), correction}));
  }
  absl::StatusOr<usecases::StayAnswer> CorrectMoveIn(Date date) {
    return Correct({domain::CorrectionReason::kWrongDate, {}, date, {}});
  }
  absl::StatusOr<usecases::StayAnswer> CorrectDeparture(Date date) {
    return Correct({domain::CorrectionReason::kWrongDate, {}, {}, date});
  }
  absl::StatusOr<usecases::StayAnswer> Move(const std::string& bed, Date date) {
    return Keep(usecases::MoveToBed(stays_).Run(Writing("novus"),
                                                {stay_.id, Etag(), domain::BedId(bed), date}));
  }
  absl::StatusOr<usecases::StayAnswer> Change(domain::StayAction action, Date date) {
    return Keep(
        usecases::RecordAbsence(stays_).Run(Writing("novus"), {stay_.id, Etag(), action, date}));
  }
  absl::StatusOr<usecases::StayAnswer> CorrectAbsence(domain::AbsenceKind kind, Date from,
                                                      domain::AbsenceCorrectionReason reason,
                                                      std::optional<Date> right_from = {},
                                                      std::optional<Date> right_to = {}) {
    return Keep(usecases::CorrectAbsenceRecord(stays_).Run(
        Writing("novus"), {stay_.id, Etag(), {kind, from, reason, right_from, right_to}}));
  }
  absl::StatusOr<usecases::StayAnswer> CorrectIncident(int ordinal,
                                                       domain::IncidentCorrectionReason reason,
                                                       std::optional<domain::Incident> right = {}) {
    return Keep(usecases::CorrectIncidentRecord(stays_).Run(
        Writing("novus"), {stay_.id, Etag(), {ordinal, reason, right}}));
  }
  absl::StatusOr<usecases::StayAnswer> Keep(absl::StatusOr<usecases::StayAnswer> answer) {
    if (answer.ok()) stay_ = answer->record.stay;
    return answer;
  }
  std::string Etag() const { return std::to_string(stay_.version); }
  domain::Stay Read(const domain::StayId& id, const std::string& unit = "novus") {
    return usecases::ReadStays(stays_).Get(As(unit), id)->record.stay;
  }
  domain::Stay Replacing(const domain::StayId& wrong) {
    const pg::Result rows = database_.Query(
        "placement", "SELECT stay_id FROM stay WHERE corrects_stay_id = $1", {wrong.value});
    return Read(domain::StayId(rows[0].Text("stay_id")));
  }
  std::vector<std::string> History(const std::string& unit = "novus") {
    const auto facts = usecases::ReadStayHistory(stays_, As(unit), stay_.id);
    std::vector<std::string> kinds;
    for (const auto& fact : *facts) {
      kinds.push_back(fact.kind + " " + FormatDate(fact.on) + " " + fact.code);
    }
    return kinds;
  }
  domain::DayCount Count(Date date, domain::BedKind kind = domain::BedKind::kRegular) {
    return usecases::ReadBeds(store_)
        .Availability(As("novus"), {domain::FacilityId("novus"), kind, date, {}, {}})
        ->days.at(0);
  }
  static std::string FieldOf(const absl::Status& status) {
    const auto detail = GetErrorDetail(status);
    if (!detail || detail->violations.empty()) return "none";
    return detail->violations[0].field + " " + detail->violations[0].rule;
  }
  std::string Text(Date date) { return FormatDate(date); }

  PlayedCase person_;
  domain::Stay stay_;
};

}  // namespace vardkedja::placement
