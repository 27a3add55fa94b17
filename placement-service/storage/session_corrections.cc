// What a session reads and writes when something recorded of a stay was wrong.
#include <algorithm>

#include "lib/status/status.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/storage/rows.h"

namespace vardkedja::placement::storage {
namespace {

usecases::StayRef RefOf(const pg::Row& row) {
  return {domain::StayId(row.Text("stay_id")), domain::BedId(row.Text("bed_id")),
          domain::OfferId(row.Text("offer_id"))};
}

// The plan stands as it was, and a time at home that is over ended when it did.
domain::Period HomeCanBegin(const pg::Row& row) {
  const Date planned = row.Date("return_date");
  Date end = planned;  // exclusive
  if (const auto ended = row.OptionalDate("ended_on")) {
    end = std::min(end, row.Bool("returned") ? *ended : *ended + std::chrono::days(1));
  }
  return {planned - std::chrono::days(domain::kLongestAtHomeDays), end};
}

}  // namespace

absl::StatusOr<std::vector<domain::AbsencePeriod>> PostgresSession::Absences(
    const domain::StayId& id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT kind, from_date, to_date, departed FROM stay_absence"
                                  " WHERE stay_id = $1 AND correction_reason = 0"
                                  " ORDER BY from_date, kind",
                                  {id.value}));
  std::vector<domain::AbsencePeriod> absences;
  for (const pg::Row& row : rows) {
    absences.push_back({EnumOf<domain::AbsenceKind>(row, "kind"), row.Date("from_date"),
                        row.OptionalDate("to_date"), row.Bool("departed")});
  }
  return absences;
}

absl::Status PostgresSession::MarkAbsenceCorrected(const domain::StayId& id,
                                                   const domain::AbsencePeriod& wrong,
                                                   domain::AbsenceCorrectionReason reason) {
  return WriteOne(
      "UPDATE stay_absence SET correction_reason = $4"
      " WHERE stay_id = $1 AND kind = $2 AND from_date = $3 AND correction_reason = 0",
      {id.value, static_cast<int>(wrong.kind), wrong.from, static_cast<int>(reason)});
}

absl::Status PostgresSession::AddAbsencePeriod(const domain::StayId& id,
                                               const domain::AbsencePeriod& absence) {
  return WriteOne(
      "INSERT INTO stay_absence (stay_id, kind, from_date, to_date, departed)"
      " VALUES ($1, $2, $3, $4, $5)",
      {id.value, static_cast<int>(absence.kind), absence.from, absence.to, absence.departed});
}

absl::StatusOr<usecases::StayLinks> PostgresSession::FindLinks(const domain::StayId& id) {
  // A stay that continues another is on the same offer, one that a transfer led to is not.
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      tx_.Execute(
          "SELECT x.role, y.stay_id, y.bed_id, y.offer_id, h.return_date, h.ended_on,"
          " h.state = 'returned' AS returned FROM stay s JOIN LATERAL ("
          " SELECT 'before' AS role, s.continues_stay_id AS stay_id"
          "  WHERE s.continues_stay_id IS NOT NULL"
          " UNION ALL SELECT 'before', t.from_stay_id FROM transfer t"
          "  WHERE t.to_stay_id = s.stay_id AND t.state = 'done'"
          " UNION ALL SELECT 'after', n.stay_id FROM stay n"
          "  WHERE n.continues_stay_id = s.stay_id AND n.state <> 'corrected'"
          " UNION ALL SELECT 'after', t.to_stay_id FROM transfer t"
          "  WHERE t.from_stay_id = s.stay_id AND t.state = 'done'"
          " UNION ALL SELECT 'part', n.stay_id FROM stay n"
          "  WHERE n.offer_id = s.offer_id AND n.state <> 'corrected'"
          " UNION ALL SELECT 'arrived', t.to_stay_id FROM transfer t"
          "    JOIN stay n ON n.stay_id = t.to_stay_id"
          "  WHERE n.offer_id = s.offer_id AND n.state <> 'corrected' AND t.state = 'done'"
          " UNION ALL SELECT 'moves_on', t.from_stay_id FROM transfer t"
          "    JOIN stay n ON n.stay_id = t.from_stay_id"
          "  WHERE n.offer_id = s.offer_id AND n.state <> 'corrected' AND t.state <> 'cancelled'"
          " UNION ALL SELECT 'back', l.to_stay_id FROM alternation l WHERE l.to_stay_id = s.stay_id"
          " UNION ALL SELECT 'home', l.from_stay_id FROM alternation l"
          "  WHERE l.from_stay_id = s.stay_id) x ON true"
          " JOIN stay y ON y.stay_id = x.stay_id"
          " LEFT JOIN alternation h ON x.role = 'home' AND h.from_stay_id = s.stay_id"
          " WHERE s.stay_id = $1 ORDER BY x.role, y.stay_id",
          {id.value}));
  usecases::StayLinks links;
  for (const pg::Row& row : rows) {
    const std::string role = row.Text("role");
    if (role == "before") links.before = RefOf(row);
    if (role == "after") links.after = RefOf(row);
    if (role == "part") links.parts.push_back(RefOf(row));
    if (role == "arrived") links.transferred_in = true;
    if (role == "moves_on") links.moves_on = true;
    if (role == "back") links.back_from_home = true;
    if (role == "home") {
      links.went_home = true;
      links.home = HomeCanBegin(row);
    }
  }
  VK_ASSIGN_OR_RETURN(
      const pg::Result homes,
      tx_.Execute("SELECT l.alternation_id, l.bed_id FROM stay s JOIN stay n USING (offer_id)"
                  " JOIN alternation l ON l.from_stay_id = n.stay_id"
                  " WHERE s.stay_id = $1 AND n.state <> 'corrected' ORDER BY l.alternation_id",
                  {id.value}));
  for (const pg::Row& row : homes) {
    links.homes.push_back(
        {domain::AlternationId(row.Text("alternation_id")), domain::BedId(row.Text("bed_id"))});
  }
  return links;
}

absl::Status PostgresSession::RelinkStay(const domain::StayId& wrong, const domain::Stay& right) {
  VK_RETURN_IF_ERROR(tx_.Execute("UPDATE stay SET continues_stay_id = $2, version = version + 1"
                                 " WHERE continues_stay_id = $1 AND state <> 'corrected'",
                                 {wrong.value, right.id.value})
                         .status());
  VK_RETURN_IF_ERROR(tx_.Execute("UPDATE transfer SET from_stay_id = $2, version = version + 1"
                                 " WHERE from_stay_id = $1 AND state <> 'cancelled'",
                                 {wrong.value, right.id.value})
                         .status());
  VK_RETURN_IF_ERROR(
      tx_.Execute("UPDATE transfer SET to_stay_id = $2, move = $3, version = version + 1"
                  " WHERE to_stay_id = $1",
                  {wrong.value, right.id.value, right.move_in})
          .status());
  VK_RETURN_IF_ERROR(
      tx_.Execute("UPDATE alternation SET from_stay_id = $2, home_from = $3, version = version + 1"
                  " WHERE from_stay_id = $1",
                  {wrong.value, right.id.value, right.departure})
          .status());
  return tx_
      .Execute(
          "UPDATE alternation SET to_stay_id = $2, ended_on = $3, version = version + 1"
          " WHERE to_stay_id = $1",
          {wrong.value, right.id.value, right.move_in})
      .status();
}

absl::StatusOr<std::optional<domain::StayFact>> PostgresSession::FindStayFact(
    const domain::StayId& id, int ordinal) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT " + std::string(kStayFactColumns) +
                                      " FROM stay_history WHERE stay_id = $1 AND ordinal = $2",
                                  {id.value, ordinal}));
  if (rows.empty()) return std::optional<domain::StayFact>();
  return std::optional<domain::StayFact>(StayFactOf(rows[0]));
}

absl::StatusOr<bool> PostgresSession::IsFactCorrected(const domain::StayId& id, int ordinal) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      tx_.Execute("SELECT 1 AS found FROM stay_history"
                                  " WHERE stay_id = $1 AND corrects_ordinal = $2",
                                  {id.value, ordinal}));
  return !rows.empty();
}

}  // namespace vardkedja::placement::storage
