#include "placement-service/storage/test_fixture.h"

#include "lib/id/uuid.h"
#include "lib/status/status.h"
#include "placement-service/events/consume_referral.h"
#include "placement-service/events/timers.h"
#include "placement-service/service.h"
#include "placement-service/storage/postgres_session.h"
#include "placement-service/usecases/reference_data.h"

namespace vardkedja::placement {
namespace {

constexpr char kFacilities[] = R"(
facilities:
  - {id: ekeliden, name: Ekeliden, organisation: region-kronoberg, unit: ekeliden, care_level: hvb,
     offer_deadline_hours: 72, offer_reminder_hours: 24,
     beds: [{kind: regular, prefix: ekeliden, count: 2, operational_from: 2025-01-01}]}
  - {id: novus, name: Novus, organisation: vaxjo, unit: novus, care_level: supported_housing,
     offer_deadline_hours: 72, offer_reminder_hours: 24,
     beds: [{kind: regular, prefix: novus, count: 2, operational_from: 2025-01-01},
            {kind: intake, prefix: novus-insluss, count: 1, operational_from: 2025-01-01}]}
)";
constexpr char kRules[] = R"(
queue_rules:
  - {version: 1, effective_from: 2025-01-01, combination: leftmost_first, alert_after_days: 30,
     criteria: [lvm_investigation, child_perspective, lvm_section_27, external_placement]}
)";

constexpr char kDeadlines[] = R"(
deadlines:
  - {kind: execution, valid_from: 2024-01-01, period_months: 3}
  - {kind: interruption, valid_from: 2024-01-01, period_months: 3}
  - {kind: lvm, valid_from: 2024-01-01, period_months: 6}
  - {kind: reconsideration, valid_from: 2024-01-01, period_months: 6}
)";

constexpr char kOrganisations[] = R"(
organisations:
  - {id: alvesta, participating: true}
  - {id: kalmar, participating: false}
)";

}  // namespace

std::string ReasonOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const auto detail = GetErrorDetail(status);
  return detail ? detail->reason : "NONE";
}

absl::StatusOr<std::vector<auth::AccessDecision>> PlayedCaseAccess::Authorize(
    const auth::CallContext& context, const std::vector<std::string>& case_ids) {
  if (broken_) return absl::UnavailableError("referral-service does not answer");
  std::vector<auth::AccessDecision> decisions;
  for (const std::string& case_id : case_ids) {
    auth::AccessDecision decision;
    decision.case_id = case_id;
    const auto rule = permitted_.find({context.acting_unit, case_id});
    decision.permitted = rule != permitted_.end();
    decision.rule_id = decision.permitted ? rule->second : "deny";
    decision.awaits_cost_split = decision.permitted && awaits_cost_split_;
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

absl::StatusOr<std::vector<auth::CaseDescription>> PlayedCaseAccess::Describe(
    const auth::CallContext& context, const std::vector<std::string>& case_ids) {
  if (broken_) return absl::UnavailableError("referral-service does not answer");
  std::vector<auth::CaseDescription> described;
  for (const std::string& case_id : case_ids) {
    if (!permitted_.contains({context.acting_unit, case_id})) continue;
    described.push_back({case_id, "number of " + case_id, "Test Testsson", false});
  }
  return described;
}

absl::Status PlayedReadAudit::Record(std::vector<audit::Entry> entries,
                                     std::chrono::steady_clock::time_point) {
  const std::lock_guard lock(mutex_);
  for (audit::Entry& entry : entries) entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

std::vector<audit::Entry> PlayedReadAudit::Taken() {
  const std::lock_guard lock(mutex_);
  return std::exchange(entries_, {});
}

PlacementFixture::PlacementFixture()
    : database_("placement", SchemaMigrations()),
      pool_(database_.NewPool("placement", 8)),
      clock_(StartOfDay(MakeDate(2026, 11, 23)) + std::chrono::hours(9)),
      store_(*pool_),
      disclosure_(access_, audit_),
      runner_(*pool_, clock_, events::TimerHandlers()) {
  SeedSmall();
}

void PlacementFixture::SeedSmall() {
  const auto data = usecases::ParseReferenceData(kFacilities, kRules, kDeadlines, kOrganisations);
  ASSERT_TRUE(data.ok()) << data.status();
  const absl::Status seeded = pool_->InTransaction({}, [&](pg::Transaction& tx) {
    return storage::RunInSession(tx, {clock_.Now(), "", ""}, [&](usecases::Session& session) {
      return usecases::SeedReferenceData(session, *data).status();
    });
  });
  ASSERT_TRUE(seeded.ok()) << seeded;
}

void PlacementFixture::AddBed(const std::string& facility, const std::string& bed) {
  domain::Bed added;
  added.id = domain::BedId(bed);
  added.facility_id = domain::FacilityId(facility);
  added.operational = {MakeDate(2015, 1, 1), std::nullopt};
  const absl::Status status = pool_->InTransaction({}, [&](pg::Transaction& tx) {
    return storage::RunInSession(tx, {clock_.Now(), "", ""}, [&](usecases::Session& session) {
      return session.AddBed(added).status();
    });
  });
  ASSERT_TRUE(status.ok()) << status;
}

void PlacementFixture::FillQueue(const std::string& facility, int people) {
  // The key of rule version 1, as domain/queue_rule.cc builds it, for nobody who meets a criterion.
  database_.Query(
      "placement",
      "INSERT INTO queue_entry (entry_id, case_id, case_number, person_id, owner_unit_id,"
      " decision_id, facility_id, bed_kind, transfer, lvm_investigation, child_perspective,"
      " lvm_section_27, external_placement, decision_date, submitted_at, state, rule_version,"
      " sort_key)"
      " SELECT id, gen_random_uuid(), 'VK-FILL-' || n, gen_random_uuid(), 'alvesta-authority',"
      "        gen_random_uuid(), $1, 1, false, false, false, false, false, decided,"
      "        decided::timestamp AT TIME ZONE 'UTC', 'waiting', 1, '\\x01010101'::bytea"
      "        || int8send(decided - DATE '1970-01-01' - 9223372036854775807 - 1)"
      "        || int8send((extract(epoch FROM decided::timestamp) * 1000000)::bigint"
      "                    - 9223372036854775807 - 1)"
      "        || convert_to(id::text, 'UTF8')"
      "   FROM (SELECT n, gen_random_uuid() AS id, $2::date - n % 500 AS decided"
      "           FROM generate_series(1, $3::int) n) x",
      {facility, Today(), people});
  // As autovacuum would.
  database_.Query("placement", "VACUUM ANALYZE queue_entry");
}

auth::CallContext PlacementFixture::As(const std::string& unit, std::optional<std::string> seat) {
  auth::CallContext ctx;
  ctx.principal.organisation = "test";
  ctx.principal.units = {unit};
  ctx.principal.subject = "subject-of-" + unit;
  ctx.principal.seat = std::move(seat);
  ctx.principal.assurance = auth::Assurance::kHigh;
  ctx.acting_unit = unit;
  ctx.purpose = "case_work";
  ctx.method = "/test/Method";
  ctx.call_id = "call";
  ctx.now = clock_.Now();
  ctx.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  return ctx;
}

auth::CallContext PlacementFixture::Writing(const std::string& unit,
                                            std::optional<std::string> seat) {
  auth::CallContext ctx = As(unit, std::move(seat));
  ctx.request_key = auth::RequestKey{"test/" + unit, ctx.method, NewUuidV4(), "fingerprint"};
  return ctx;
}

PlayedCase PlacementFixture::NewCase(const std::string& owner) {
  PlayedCase played;
  played.case_id = NewUuidV4();
  played.number = "VK-2026-" + std::to_string(++cases_);
  played.person_id = NewUuidV4();
  played.owner = owner;
  for (const std::string& unit :
       {owner, std::string("placement-board"), std::string("ekeliden"), std::string("novus")}) {
    access_.Permit(unit, played.case_id);
  }
  return played;
}

referral::v1::ReferralEvent PlacementFixture::EventOf(const PlayedCase& played) const {
  referral::v1::ReferralEvent event;
  event.set_case_id(played.case_id);
  event.set_case_number(played.number);
  event.set_person_id(played.person_id);
  event.set_owner_unit_id(played.owner);
  return event;
}

absl::Status PlacementFixture::Consume(const referral::v1::ReferralEvent& event) {
  eventlog::v1::Event log;
  const auto* oneof = event.GetDescriptor()->FindOneofByName("event");
  log.set_type(event.GetReflection()->GetOneofFieldDescriptor(event, oneof)->name());
  log.set_payload(event.SerializeAsString());
  return pool_->InTransaction({}, [&](pg::Transaction& tx) {
    return storage::RunInSession(tx, {clock_.Now(), "", ""}, [&](usecases::Session& session) {
      return events::ConsumeReferral(session, log);
    });
  });
}

void PlacementFixture::Decide(PlayedCase& played, const std::string& facility, Date date,
                              const domain::Criteria& criteria, bool transfer) {
  played.decision_id = NewUuidV7();
  referral::v1::ReferralEvent event = EventOf(played);
  auto* made = event.mutable_decision_made();
  made->set_decision_id(played.decision_id);
  made->set_facility_id(facility);
  made->set_bed_kind(common::v1::BED_KIND_REGULAR);
  made->set_decision_date(FormatDate(date));
  made->set_to_date(FormatDate(AddMonths(date, 6)));
  const auto submitted = std::chrono::floor<std::chrono::seconds>(StartOfDay(date));
  made->mutable_submitted_at()->set_seconds(submitted.time_since_epoch().count());
  made->mutable_criteria()->set_lvm_investigation(criteria.lvm_investigation);
  made->mutable_criteria()->set_child_perspective(criteria.child_perspective);
  made->mutable_criteria()->set_lvm_section_27(criteria.lvm_section_27);
  made->mutable_criteria()->set_external_placement(criteria.external_placement);
  made->set_transfer(transfer);
  const absl::Status status = Consume(event);
  ASSERT_TRUE(status.ok()) << status;
}

usecases::OfferAnswer PlacementFixture::MakeOffer(const std::string& bed) {
  const auto offer = usecases::MakeOffer(store_, disclosure_)
                         .Run(Writing("placement-board", "novus"), {domain::BedId(bed), {}});
  EXPECT_TRUE(offer.ok()) << offer.status();
  return offer.ok() ? *offer : usecases::OfferAnswer();
}

absl::StatusOr<usecases::OfferAnswer> PlacementFixture::Accept(const domain::OfferId& offer,
                                                               Date move_in,
                                                               const std::string& owner) {
  return usecases::AcceptOffer(store_, disclosure_).Run(Writing(owner), {offer, "1", move_in});
}

void PlacementFixture::AgreeAll(const domain::OfferId& offer, const std::string& facility,
                                const std::string& owner) {
  const usecases::Agreements agreements(stays_);
  ASSERT_TRUE(agreements.Propose(Writing(facility), {offer, "", {"2026-1", {}}}).ok());
  using Party = domain::AgreementParty;
  int version = 0;
  for (const auto& [unit, party] :
       {std::pair(facility, Party::kFacility), std::pair(owner, Party::kOwner),
        std::pair(owner, Party::kPerson)}) {
    const auto agreed =
        agreements.Agree(Writing(unit), {offer, std::to_string(++version), party, {}});
    ASSERT_TRUE(agreed.ok()) << agreed.status();
  }
}

usecases::StayAnswer PlacementFixture::Enrol(const domain::OfferId& offer,
                                             const std::string& facility) {
  const auto stay =
      usecases::EnrolPerson(stays_).Run(Writing(facility), {offer, "2", {}, kNotAgreed});
  EXPECT_TRUE(stay.ok()) << stay.status();
  return stay.ok() ? *stay : usecases::StayAnswer();
}

usecases::StayAnswer PlacementFixture::PlaceIn(PlayedCase& played, const std::string& facility,
                                               const std::string& bed) {
  Decide(played, facility, Today());
  const usecases::OfferAnswer offer = MakeOffer(bed);
  EXPECT_EQ(offer.record.entry.case_id.value, played.case_id);
  const auto accepted = Accept(offer.record.offer.id, Today(), played.owner);
  EXPECT_TRUE(accepted.ok()) << accepted.status();
  return Enrol(offer.record.offer.id, facility);
}

std::optional<domain::QueueEntry> PlacementFixture::EntryOf(const PlayedCase& played,
                                                            const std::string& facility) {
  const pg::Result rows =
      database_.Query("placement",
                      "SELECT entry_id FROM queue_entry WHERE case_id = $1 AND facility_id = $2"
                      " ORDER BY entry_id DESC",
                      {played.case_id, facility});
  if (rows.empty()) return std::nullopt;
  const auto entry = store_.FindEntry(As(played.owner), domain::EntryId(rows[0].Text("entry_id")));
  EXPECT_TRUE(entry.ok()) << entry.status();
  return *entry;
}

void PlacementFixture::Advance(std::chrono::microseconds by) {
  clock_.Advance(by);
  for (int round = 0; round < 20; ++round) {
    const auto run = runner_.RunDue();
    ASSERT_TRUE(run.ok()) << run.status();
    if (*run == 0) return;
  }
}

std::vector<v1::PlacementEvent> PlacementFixture::Events(const std::string& type) {
  std::vector<v1::PlacementEvent> events;
  const pg::Result rows = database_.Query(
      "placement", "SELECT payload FROM event WHERE type = $1 ORDER BY recorded_at, ordinal",
      {type});
  for (const pg::Row& row : rows) {
    v1::PlacementEvent event;
    EXPECT_TRUE(event.ParseFromString(row.Bytes("payload")));
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace vardkedja::placement
