#include "referral-service/storage/postgres_archive.h"

#include <utility>

#include "lib/status/status.h"
#include "referral-service/storage/postgres_cases.h"
#include "referral-service/storage/postgres_documents.h"
#include "referral-service/storage/postgres_meetings.h"
#include "referral-service/storage/postgres_plans.h"

namespace vardkedja::referral::storage {
namespace {

constexpr std::string_view kDocumentCount =
    "SELECT count(*) AS documents FROM case_document WHERE referral_id = $1::uuid";
// The step that wrote a version says who and when.
constexpr std::string_view kContents = R"sql(
SELECT c.version, c.content_sealed, s.at AS recorded_at, coalesce(s.unit_id, '') AS unit_id,
       coalesce(s.subject, '') AS subject
  FROM (SELECT referral_id, version, content_sealed FROM referral_content
         WHERE referral_id = $1::uuid AND version > $2
        UNION ALL
        SELECT referral_id, content_version, content_sealed FROM referral
         WHERE referral_id = $1::uuid AND content_version > $2) c
  LEFT JOIN referral_step s USING (referral_id, version)
 ORDER BY c.version LIMIT $3
)sql";
constexpr std::string_view kDocuments =
    "SELECT version, content_sealed, recorded_at, unit_id, subject FROM case_document"
    " WHERE referral_id = $1::uuid AND kind = $2 AND version > $3 ORDER BY version LIMIT $4";
constexpr std::string_view kPlans =
    "SELECT revision, facility_id, content_sealed, follow_up_date, recorded_at"
    " FROM implementation_plan WHERE referral_id = $1::uuid AND revision > $2"
    " ORDER BY revision LIMIT $3";
constexpr std::string_view kMeetingTexts =
    "SELECT m.meeting_id::text AS meeting_id, m.meeting_date, m.recorded_at, i.text_sealed,"
    " coalesce(m.corrects_meeting_id::text, '') AS corrects_meeting_id"
    " FROM board_meeting_item i JOIN board_meeting m USING (meeting_id)"
    " WHERE i.referral_id = $1::uuid ORDER BY m.meeting_id";

usecases::VersionInfo InfoFrom(const pg::Row& row) {
  return {row.Int("version"), row.OptionalInstant("recorded_at"), row.Text("unit_id"),
          row.Text("subject")};
}

}  // namespace

std::string ContentEtagOf(const domain::Referral& referral, std::int64_t documents) {
  return std::to_string(referral.version) + "-" + std::to_string(documents);
}

absl::StatusOr<std::string> PostgresArchive::ContentEtag(const auth::CallContext& context,
                                                         const domain::Referral& referral) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kDocumentCount, {referral.referral_id}, context.deadline));
  return ContentEtagOf(referral, rows[0].Int("documents"));
}

absl::StatusOr<std::vector<usecases::ContentVersion>> PostgresArchive::Contents(
    const auth::CallContext& context, std::string_view referral_id, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kContents, {referral_id, after, limit}, context.deadline));
  std::vector<usecases::ContentVersion> versions;
  for (const pg::Row row : rows) {
    const std::string sealed = row.Bytes("content_sealed");
    VK_ASSIGN_OR_RETURN(domain::Content content, OpenContent(vault_, referral_id, sealed));
    versions.push_back({InfoFrom(row), std::move(content), sealed.size()});
  }
  return versions;
}

absl::StatusOr<std::vector<usecases::DocumentVersion>> PostgresArchive::Documents(
    const auth::CallContext& context, std::string_view referral_id, usecases::DocumentKind kind,
    std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(
      const pg::Result rows,
      pool_.Read(kDocuments, {referral_id, NameOf(kind), after, limit}, context.deadline));
  std::vector<usecases::DocumentVersion> versions;
  for (const pg::Row row : rows) {
    const std::string sealed = row.Bytes("content_sealed");
    VK_ASSIGN_OR_RETURN(domain::CaseDocument content,
                        OpenDocument(vault_, referral_id, kind, row.Int("version"), sealed));
    versions.push_back({InfoFrom(row), kind, std::move(content), sealed.size()});
  }
  return versions;
}

absl::StatusOr<std::vector<domain::ImplementationPlan>> PostgresArchive::ImplementationPlans(
    const auth::CallContext& context, std::string_view referral_id, std::int64_t after, int limit) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kPlans, {referral_id, after, limit}, context.deadline));
  std::vector<domain::ImplementationPlan> plans;
  for (const pg::Row row : rows) {
    VK_ASSIGN_OR_RETURN(domain::ImplementationPlan plan, OpenPlan(vault_, referral_id, row));
    plans.push_back(std::move(plan));
  }
  return plans;
}

absl::StatusOr<std::vector<usecases::HomeSupportVersion>> PostgresArchive::HomeSupport(
    const auth::CallContext& context, std::string_view referral_id, std::int64_t after, int limit) {
  return HomeSupportVersions(pool_, referral_id, after, limit, context.deadline);
}

absl::StatusOr<std::vector<usecases::MeetingText>> PostgresArchive::MeetingTexts(
    const auth::CallContext& context, std::string_view referral_id) {
  VK_ASSIGN_OR_RETURN(const pg::Result rows,
                      pool_.Read(kMeetingTexts, {referral_id}, context.deadline));
  std::vector<usecases::MeetingText> texts;
  for (const pg::Row row : rows) {
    usecases::MeetingText text{row.Text("meeting_id"), row.Date("meeting_date"),
                               row.Instant("recorded_at"), row.Text("corrects_meeting_id"), ""};
    const std::string sealed = row.OptionalBytes("text_sealed").value_or("");
    if (!sealed.empty()) {
      VK_ASSIGN_OR_RETURN(text.text, OpenMeetingText(vault_, referral_id, text.meeting_id, sealed));
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace vardkedja::referral::storage
