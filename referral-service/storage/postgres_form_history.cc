#include "referral-service/storage/postgres_form_history.h"

#include <utility>

#include "lib/status/status.h"
#include "referral-service/storage/postgres_cases.h"

namespace vardkedja::referral::storage {
namespace {

// $1 the case, $2 whether forms that were not sent are left out. `written` is what was written of
// the case, each time with the step that did; `form` those of it that wrote the form, each in force
// up to the next. A form was sent when the case was somewhere that shows others more than its place
// while that form was in force. `shown` puts those that were not sent together with the next one
// that was, whose changes are theirs too.
#define FORMS                                                                                    \
  "WITH written AS ("                                                                            \
  "  SELECT version, content_sealed FROM referral_content WHERE referral_id = $1::uuid"          \
  "  UNION ALL SELECT content_version, content_sealed FROM referral"                             \
  "   WHERE referral_id = $1::uuid),"                                                            \
  " form AS ("                                                                                   \
  "  SELECT w.version, w.content_sealed, s.action, s.at, s.unit_id, s.subject, s.role_codes,"    \
  "         s.changed_fields, lead(w.version) OVER (ORDER BY w.version) AS next"                 \
  "    FROM written w LEFT JOIN referral_step s"                                                 \
  "      ON s.referral_id = $1::uuid AND s.version = w.version"                                  \
  "   WHERE s.changed_fields IS NULL"                                                            \
  "      OR EXISTS (SELECT FROM unnest(s.changed_fields) f WHERE f LIKE 'form.%')),"             \
  " judged AS ("                                                                                 \
  "  SELECT form.*, EXISTS (SELECT FROM referral_step x WHERE x.referral_id = $1::uuid"          \
  "          AND x.version >= form.version AND (form.next IS NULL OR x.version < form.next)"     \
  "          AND x.to_state NOT IN ('draft', 'sent_back', 'discharged', 'closed')) AS sent"      \
  "    FROM form),"                                                                              \
  " grouped AS ("                                                                                \
  "  SELECT judged.*, CASE WHEN $2::boolean THEN count(*) FILTER (WHERE sent) OVER ("            \
  "    ORDER BY version ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) ELSE version END AS g" \
  "    FROM judged),"                                                                            \
  " shown AS ("                                                                                  \
  "  SELECT max(o.version) AS version, bool_or(o.sent) AS sent,"                                 \
  "         bool_and(o.changed_fields IS NOT NULL) AS changes_known,"                            \
  "         coalesce(array_agg(DISTINCT f ORDER BY f) FILTER (WHERE f IS NOT NULL), '{}')"       \
  "           AS changed_fields"                                                                 \
  "    FROM grouped o LEFT JOIN LATERAL unnest(o.changed_fields) f ON true"                      \
  "   GROUP BY o.g HAVING bool_or(o.sent) OR NOT $2::boolean)"                                   \
  " SELECT s.version, s.sent, s.changes_known, s.changed_fields, j.at, "                         \
  "        coalesce(j.action, '') AS action, coalesce(j.unit_id, '') AS unit_id,"                \
  "        coalesce(j.subject, '') AS subject, coalesce(j.role_codes, '{}') AS role_codes,"      \
  "        EXISTS (SELECT FROM life_event l WHERE l.referral_id = $1::uuid"                      \
  "          AND l.kind = 'person_corrected' AND l.reason_code = 'wrong_person'"                 \
  "          AND l.version > s.version) AS wrong_person"

constexpr std::string_view kForms = FORMS
    " FROM shown s JOIN judged j USING (version) WHERE s.version > $3 ORDER BY s.version LIMIT $4";
constexpr std::string_view kFormAt = FORMS
    ", j.content_sealed FROM shown s JOIN judged j USING (version)"
    " WHERE s.version = (SELECT max(version) FROM judged WHERE version <= $3)";
#undef FORMS

// A question and the first answer before the next question. What each of the two wrote is kept by
// its version.
constexpr std::string_view kQuestions = R"sql(
WITH written AS (
  SELECT version, content_sealed FROM referral_content WHERE referral_id = $1::uuid
  UNION ALL SELECT content_version, content_sealed FROM referral WHERE referral_id = $1::uuid),
asked AS (
  SELECT version, at, seat, deputy,
         lead(version) OVER (ORDER BY version) AS next
    FROM referral_step WHERE referral_id = $1::uuid AND action = 'request_information')
SELECT q.version, q.at, q.seat, q.deputy, wq.content_sealed AS asked_sealed,
       a.version AS answer_version, a.at AS answered_at, coalesce(a.unit_id, '') AS answer_unit_id,
       wa.content_sealed AS answered_sealed
  FROM asked q
  LEFT JOIN LATERAL (
    SELECT s.version, s.at, s.unit_id FROM referral_step s
     WHERE s.referral_id = $1::uuid AND s.action = 'provide_information' AND s.version > q.version
       AND (q.next IS NULL OR s.version < q.next) ORDER BY s.version LIMIT 1) a ON true
  LEFT JOIN written wq ON wq.version = q.version
  LEFT JOIN written wa ON wa.version = a.version
 WHERE q.version > $2 ORDER BY q.version LIMIT $3
)sql";

usecases::WrittenForm FormFrom(const pg::Row& row) {
  usecases::WrittenForm form;
  form.version = row.Int("version");
  form.at = row.OptionalInstant("at");
  form.action = row.Text("action");
  form.unit_id = row.Text("unit_id");
  form.subject = row.Text("subject");
  form.role_codes = row.Texts("role_codes");
  form.changed_fields = row.Texts("changed_fields");
  form.changes_known = row.Bool("changes_known");
  form.sent = row.Bool("sent");
  form.wrong_person = row.Bool("wrong_person");
  return form;
}

}  // namespace

absl::StatusOr<std::vector<usecases::WrittenForm>> PostgresFormHistory::Forms(
    const auth::CallContext& context, const usecases::FormQuery& query) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kForms, {query.referral_id, query.sent_only, query.after, query.limit},
                 context.deadline));
  std::vector<usecases::WrittenForm> forms;
  for (const pg::Row row : rows) forms.push_back(FormFrom(row));
  return forms;
}

absl::StatusOr<std::optional<usecases::OpenedForm>> PostgresFormHistory::FormAt(
    const auth::CallContext& context, const std::string& referral_id, std::int64_t version,
    bool sent_only) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kFormAt, {referral_id, sent_only, version}, context.deadline));
  if (rows.empty()) return std::nullopt;
  VK_ASSIGN_OR_RETURN(domain::Content content,
                      OpenContent(vault_, referral_id, rows[0].Bytes("content_sealed")));
  return usecases::OpenedForm{FormFrom(rows[0]), std::move(content)};
}

absl::StatusOr<std::vector<usecases::AskedInformation>> PostgresFormHistory::Questions(
    const auth::CallContext& context, const std::string& referral_id, std::int64_t after,
    int limit) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kQuestions, {referral_id, after, limit}, context.deadline));
  std::vector<usecases::AskedInformation> all;
  for (const pg::Row row : rows) {
    usecases::AskedInformation one;
    one.version = row.Int("version");
    one.asked_at = row.Instant("at");
    one.seat = row.Text("seat");
    one.deputy = row.Bool("deputy");
    one.answered_at = row.OptionalInstant("answered_at");
    one.answer_unit_id = row.Text("answer_unit_id");
    if (one.answered_at) one.answer_version = row.Int("answer_version");
    // Nothing is known of what was written before versions were kept.
    if (const auto asked = row.OptionalBytes("asked_sealed")) {
      VK_ASSIGN_OR_RETURN(domain::Content content, OpenContent(vault_, referral_id, *asked));
      one.question = std::move(content.notes.question);
    }
    if (const auto answered = row.OptionalBytes("answered_sealed")) {
      VK_ASSIGN_OR_RETURN(domain::Content content, OpenContent(vault_, referral_id, *answered));
      one.answer = std::move(content.notes.answer);
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace vardkedja::referral::storage
