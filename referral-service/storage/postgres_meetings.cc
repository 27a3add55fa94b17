#include "referral-service/storage/postgres_meetings.h"

#include <algorithm>
#include <utility>

#include "lib/commit/commit.h"
#include "lib/id/uuid.h"
#include "lib/status/status.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kTextClass = "form";

constexpr std::string_view kFind = R"sql(
SELECT m.meeting_id::text AS meeting_id, m.meeting_date, m.form, m.seats, m.deputy_seats,
       m.item_count, coalesce(m.corrects_meeting_id::text, '') AS corrects, m.recorded_by_seat,
       m.recorded_at
  FROM board_meeting m WHERE m.meeting_id = $1::uuid
)sql";
constexpr std::string_view kItems =
    "SELECT referral_id::text AS referral_id, text_sealed FROM board_meeting_item"
    " WHERE meeting_id = $1::uuid ORDER BY place";
constexpr std::string_view kList = R"sql(
SELECT m.meeting_id::text AS meeting_id, m.meeting_date, m.form, m.seats, m.deputy_seats,
       m.item_count, coalesce(m.corrects_meeting_id::text, '') AS corrects, m.recorded_by_seat,
       m.recorded_at
  FROM board_meeting m WHERE m.meeting_id < $1::uuid ORDER BY m.meeting_id DESC LIMIT $2
)sql";
constexpr std::string_view kInsert = R"sql(
INSERT INTO board_meeting (meeting_id, meeting_date, form, seats, deputy_seats, item_count,
                           corrects_meeting_id, recorded_by_seat, recorded_at)
VALUES ($1::uuid, $2, $3, $4::text[], $5::text[], $6, $7::uuid, $8, $9)
)sql";
constexpr std::string_view kInsertItem =
    "INSERT INTO board_meeting_item (meeting_id, place, referral_id, text_sealed)"
    " VALUES ($1::uuid, $2, $3::uuid, $4)";

std::string TagOf(const std::string& meeting_id) { return "referral.meeting.item/" + meeting_id; }

domain::BoardMeeting MeetingFrom(const pg::Row& row) {
  domain::BoardMeeting meeting;
  meeting.meeting_id = row.Text("meeting_id");
  meeting.date = row.Date("meeting_date");
  meeting.form = static_cast<domain::MeetingForm>(row.Int("form"));
  const auto deputies = row.Texts("deputy_seats");
  for (const std::string& seat : row.Texts("seats")) {
    const bool deputy = std::find(deputies.begin(), deputies.end(), seat) != deputies.end();
    meeting.attendance.push_back({seat, deputy});
  }
  meeting.item_count = static_cast<int>(row.Int("item_count"));
  meeting.corrects_meeting_id = row.Text("corrects");
  meeting.recorded_by_seat = row.Text("recorded_by_seat");
  meeting.recorded_at = row.Instant("recorded_at");
  return meeting;
}

}  // namespace

absl::StatusOr<std::string> OpenMeetingText(vault::Vault& vault, std::string_view referral_id,
                                            const std::string& meeting_id,
                                            std::string_view sealed) {
  return vault.Open(referral_id, kTextClass, TagOf(meeting_id), sealed);
}

absl::StatusOr<std::optional<usecases::StoredMeeting>> PostgresMeetings::Find(
    const auth::CallContext& context, std::string_view meeting_id) {
  if (!IsUuid(meeting_id)) return std::nullopt;
  VK_ASSIGN_OR_RETURN(const pg::Result rows, pool_.Read(kFind, {meeting_id}, context.deadline));
  if (rows.empty()) return std::nullopt;
  usecases::StoredMeeting stored;
  stored.meeting = MeetingFrom(rows[0]);
  VK_ASSIGN_OR_RETURN(const pg::Result items, pool_.Read(kItems, {meeting_id}, context.deadline));
  for (const pg::Row row : items) {
    stored.meeting.items.push_back({row.Text("referral_id"), ""});
    stored.sealed_texts.push_back(row.OptionalBytes("text_sealed").value_or(""));
  }
  return stored;
}

absl::StatusOr<std::vector<domain::BoardMeeting>> PostgresMeetings::List(
    const auth::CallContext& context, std::string_view before, int limit) {
  constexpr std::string_view kLast = "ffffffff-ffff-ffff-ffff-ffffffffffff";
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kList, {before.empty() ? kLast : before, limit}, context.deadline));
  std::vector<domain::BoardMeeting> meetings;
  for (const pg::Row row : rows) meetings.push_back(MeetingFrom(row));
  return meetings;
}

absl::Status PostgresMeetings::OpenTexts(usecases::StoredMeeting& stored) {
  std::vector<vault::SealedField> fields;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < stored.sealed_texts.size(); ++i) {
    if (stored.sealed_texts[i].empty()) continue;
    fields.push_back({stored.meeting.items[i].referral_id, std::string(kTextClass),
                      TagOf(stored.meeting.meeting_id), stored.sealed_texts[i]});
    places.push_back(i);
  }
  if (fields.empty()) return absl::OkStatus();
  VK_ASSIGN_OR_RETURN(const auto opened, vault_.OpenAll(fields));
  for (std::size_t i = 0; i < opened.size(); ++i) {
    // An erased text is an empty one; that the case was gone through stays.
    if (opened[i].ok()) stored.meeting.items[places[i]].text = *opened[i];
  }
  return absl::OkStatus();
}

absl::Status PostgresMeetings::Insert(const auth::CallContext& context,
                                      const domain::BoardMeeting& meeting,
                                      std::vector<audit::Entry> audit) {
  std::vector<std::optional<pg::Bytes>> texts;
  for (const domain::MeetingItem& item : meeting.items) {
    texts.emplace_back();
    if (item.text.empty()) continue;
    VK_ASSIGN_OR_RETURN(std::string sealed, vault_.Seal(item.referral_id, kTextClass,
                                                        TagOf(meeting.meeting_id), item.text));
    texts.back() = pg::Bytes{std::move(sealed)};
  }
  std::vector<std::string> seats;
  std::vector<std::string> deputies;
  for (const domain::Attendance& one : meeting.attendance) {
    seats.push_back(one.seat);
    if (one.deputy) deputies.push_back(one.seat);
  }
  std::optional<std::string> corrects;
  if (!meeting.corrects_meeting_id.empty()) corrects = meeting.corrects_meeting_id;
  const commit::Write write{context.request_key, {meeting.meeting_id, "1"}, {}, std::move(audit)};
  return pool_.InTransaction(
      {.deadline = context.deadline}, [&](pg::Transaction& tx) -> absl::Status {
        VK_RETURN_IF_ERROR(
            tx.Execute(kInsert, {meeting.meeting_id, meeting.date, static_cast<int>(meeting.form),
                                 seats, deputies, meeting.item_count, corrects,
                                 meeting.recorded_by_seat, meeting.recorded_at})
                .status());
        for (std::size_t i = 0; i < meeting.items.size(); ++i) {
          VK_RETURN_IF_ERROR(tx.Execute(kInsertItem, {meeting.meeting_id, static_cast<int>(i),
                                                      meeting.items[i].referral_id, texts[i]})
                                 .status());
        }
        return commit::Append(tx, write);
      });
}

}  // namespace vardkedja::referral::storage
