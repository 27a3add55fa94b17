// Every public method of this service called by every role in every relation to a case, over a real
// socket. What is let in makes docs/access.md of this service; the test fails when the file
// differs (set VARDKEDJA_WRITE_DOCS=1 to write it anew).
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iterator>

#include "lib/audit/postgres_trail.h"
#include "lib/auth/policy.h"
#include "lib/auth/role_names.h"
#include "lib/id/uuid.h"
#include "lib/rpc/audit_rpc.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/process.h"
#include "lib/rpc/test_fixture.h"
#include "lib/status/status.h"
#include "referral-service/rpc/attachment_rpc.h"
#include "referral-service/rpc/board_rpc.h"
#include "referral-service/rpc/children_rpc.h"
#include "referral-service/rpc/coordinated_plan_rpc.h"
#include "referral-service/rpc/cost_split_rpc.h"
#include "referral-service/rpc/form_rpc.h"
#include "referral-service/rpc/ground_rpc.h"
#include "referral-service/rpc/history_rpc.h"
#include "referral-service/rpc/life_event_rpc.h"
#include "referral-service/rpc/meeting_rpc.h"
#include "referral-service/rpc/outcome_rpc.h"
#include "referral-service/rpc/plan_rpc.h"
#include "referral-service/rpc/referral_rpc.h"
#include "referral-service/rpc/rerouting_rpc.h"
#include "referral-service/rpc/retention_rpc.h"
#include "referral-service/rpc/search_rpc.h"
#include "referral-service/storage/postgres_archive.h"
#include "referral-service/storage/postgres_attachments.h"
#include "referral-service/storage/postgres_form_history.h"
#include "referral-service/storage/postgres_history.h"
#include "referral-service/storage/postgres_meetings.h"
#include "referral-service/storage/postgres_reorganisations.h"
#include "referral-service/storage/postgres_reroutes.h"
#include "referral-service/storage/postgres_retention.h"
#include "referral-service/storage/test_fixture.h"
#include "vardkedja/placement/v1/events.pb.h"
#include "vardkedja/referral/v1/audit_service.grpc.pb.h"

namespace vardkedja::referral {
namespace {

namespace pb = google::protobuf;

constexpr char kDocument[] = "referral-service/docs/access.md";
constexpr char kHeader[] =
    "# Who is let in\n\n"
    "Written by `referral_service_test`, which calls every public method of this service as every "
    "role\nin every relation to a case; it fails when this file differs (set "
    "`VARDKEDJA_WRITE_DOCS=1` to write\nit anew). A cell names the roles that are let in: the call "
    "is then judged by the state and by its\nfields. All others are answered as if the case did "
    "not "
    "exist, or that their role may not. What of the\ncase is shown is another matter: see the "
    "README. An empty cell lets nobody in.\n\n";

// As whom one meets a case.
struct Relation {
  std::string name;
  std::string organisation;
  std::string unit;
  std::function<std::string()> make;  // a case that the unit is in this relation to
  std::string referral_id = {};
  std::string ground_id = {};
  std::string attachment_id = {};  // complete, of the owner
  std::string concern_id = {};     // of the owner, about a child
  std::string reroute_id = {};
  std::string etag = {};
};

class AccessMatrixTest : public testing::Fixture {
 protected:
  AccessMatrixTest() {
    clock_.Set(SystemClock().Now());
    vardkedja::rpc::ServiceMain main;
    main.service = "referral";
    main.build = [this](vardkedja::rpc::Process& process) {
      auto& core = process.adapters();
      process.Serve(std::make_shared<rpc::ReferralRpc>(core, *door_, *index_, *document_store_));
      process.Serve(std::make_shared<rpc::SearchRpc>(core, *door_, *index_));
      process.Serve(std::make_shared<rpc::BoardRpc>(core, *door_, *index_));
      process.Serve(std::make_shared<rpc::MeetingRpc>(core, *door_, meetings_));
      process.Serve(std::make_shared<rpc::FormRpc>(core, *reference_, *door_, forms_));
      process.Serve(std::make_shared<rpc::GroundRpc>(core, *ground_door_));
      process.Serve(std::make_shared<rpc::PlanRpc>(core, *door_, *plans_));
      process.Serve(std::make_shared<rpc::CoordinatedPlanRpc>(core, *documents_));
      process.Serve(std::make_shared<rpc::CostSplitRpc>(core, *documents_));
      process.Serve(std::make_shared<rpc::OutcomeRpc>(core, *documents_));
      process.Serve(std::make_shared<rpc::ChildrenRpc>(core, *documents_, *door_, *concerns_));
      process.Serve(std::make_shared<rpc::LifeEventRpc>(core, *door_, *life_events_, units_));
      process.Serve(std::make_shared<rpc::HistoryRpc>(core, *door_, history_, trail_));
      process.Serve(std::make_shared<rpc::AttachmentRpc>(core, attachments_));
      process.Serve(std::make_shared<rpc::ReroutingRpc>(core, *door_, reroutes_));
      const usecases::ExportPorts exports{*door_,           *index_,           *grounds_, *plans_,
                                          *document_store_, attachment_store_, history_,  trail_,
                                          *concerns_,       *life_events_,     archive_};
      process.Serve(std::make_shared<rpc::RetentionRpc>(core, retention_, exports));
      process.Serve(std::make_shared<vardkedja::rpc::AuditRpc<v1::AuditService>>(core, trail_,
                                                                                 door_->audit()));
      return absl::OkStatus();
    };
    auto started = vardkedja::rpc::ProcessRunner::Start(
        vardkedja::rpc::TestConfig("referral", tokens_.auth()), main);
    EXPECT_TRUE(started.ok()) << started.status();
    process_ = *std::move(started);
    stub_ = std::make_unique<grpc::GenericStub>(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(process_->port()), grpc::InsecureChannelCredentials()));
    domain::NewMeeting meeting;
    meeting.date = FormatDate(StockholmDate(clock_.Now()));
    meeting.form = domain::MeetingForm::kVideo;
    meeting.attendance = {{"novus", false}};
    meeting_id_ = usecases::BoardMeetings(*door_, meetings_)
                      .Record(Write(testing::NovusSeat()), meeting)
                      ->meeting_id;
    domain::ReorganiseUnitRequest merge;
    merge.kind = domain::ReorganisationKind::kUnitMerged;
    merge.to_unit_id = "vaxjo-ifo2";
    merge.text = "Beslut.";
    reorganisation_id_ = usecases::Reorganisations(*door_, units_)
                             .Begin(Write(testing::OtherWorker()), merge)
                             ->reorganisation_id;
  }

  std::vector<Relation> Relations() {
    const auto acknowledged = [this] {
      std::string id = Submitted();
      EXPECT_TRUE(Step(testing::EkelidenSeat(), id, domain::Acknowledge).ok());
      return id;
    };
    const auto placed = [this] {
      std::string id = Decided({"ekeliden", "novus"});
      MoveIn(id, "ekeliden");
      return id;
    };
    const auto gone = [this, placed] {
      std::string id = placed();
      placement::v1::PlacementEvent left;
      left.set_case_id(id);
      left.set_facility_id("ekeliden");
      left.set_facility_unit_id("ekeliden");
      left.mutable_discharged();
      Tell("told", left.SerializeAsString(), id);
      return id;
    };
    const auto transfer = [this, placed] {
      std::string id = placed();
      Grant(id, "novus");
      return id;
    };
    const auto assessed = [this] { return Assessed({"ekeliden"}); };
    const auto named = [this, acknowledged] {
      std::string id = acknowledged();
      domain::NewGround ground;
      ground.kind = domain::GroundKind::kConsent;
      ground.consent_form = domain::ConsentForm::kWritten;
      ground.recipient_unit_ids = {"clinic-region-vaxjo"};
      ground.categories = {"identity", "needs", "plan"};
      EXPECT_TRUE(
          usecases::RecordGround(*ground_door_).Run(Write(testing::Worker()), id, ground).ok());
      return id;
    };
    const auto revoked = [this, acknowledged] {
      std::string id = acknowledged();
      EXPECT_TRUE(usecases::RevokeGround(*ground_door_)
                      .Run(Write(testing::Worker()), GroundOf(id), "1")
                      .ok());
      return id;
    };
    const auto draft = [this] {
      std::string id = Draft();
      Consent(id);
      return id;
    };
    const auto shared = [this, assessed] { return WithSharedCost(assessed()); };
    const auto handed_over = [this, acknowledged] {
      std::string id = acknowledged();
      EXPECT_TRUE(
          usecases::Rerouting(*door_, reroutes_)
              .HandOver(Write(testing::Worker()), {id, Etag(id)}, {"vaxjo-ifo2", "wrong_unit"})
              .ok());
      return id;
    };
    const std::string board = "placement-board";
    return {{"owner", "alvesta", "alvesta-authority", acknowledged},
            {"owner of a draft", "alvesta", "alvesta-authority", draft},
            {"board, a draft", "vaxjo", board, draft},
            {"board, before it", "vaxjo", board, acknowledged},
            {"board, no live ground", "vaxjo", board, revoked},
            {"board, moved in", "vaxjo", board, placed},
            {"next facility", "region-kronoberg", "ekeliden", assessed},
            {"next facility, pays a share", "region-kronoberg", "ekeliden", shared},
            {"facility lived at", "region-kronoberg", "ekeliden", placed},
            {"facility lived at before", "region-kronoberg", "ekeliden", gone},
            {"facility of an open transfer", "vaxjo", "novus", transfer},
            {"facility not on the path", "vaxjo", "novus", assessed},
            {"named by a ground", "region-kronoberg", "clinic-region-vaxjo", named},
            {"received a concern", "vaxjo", "vaxjo-child-family", acknowledged},
            {"owner, handed over", "alvesta", "alvesta-authority", handed_over},
            {"receiver of a hand-over", "vaxjo", "vaxjo-ifo2", handed_over},
            {"nobody", "vaxjo", "vaxjo-ifo1", handed_over}};
  }

  // The same case; Ekeliden's principal pays half of it.
  std::string WithSharedCost(const std::string& id) {
    const auto split = usecases::WriteCostSplit({{{"alvesta-authority", 5000}, {"ekeliden", 5000}},
                                                 184'200,
                                                 FormatDate(StockholmDate(clock_.Now())),
                                                 ""},
                                                clock_.Now());
    const auto kind = usecases::DocumentKind::kCostSplit;
    EXPECT_TRUE(documents_->Write(Write(testing::Worker()), {id, "0"}, kind, split).ok());
    return id;
  }

  std::string GroundOf(const std::string& id) const {
    return database_
        .Query("referral",
               "SELECT ground_id::text AS id FROM disclosure_ground WHERE referral_id = $1::uuid"
               " LIMIT 1",
               {id})[0]
        .Text("id");
  }

  std::string AttachmentOf(const std::string& id) {
    domain::Attachment announced;
    announced.file_name = "plan.txt";
    announced.category = "plan";
    announced.byte_size = 4;
    const auto owner = [this] { return Write(testing::Worker()); };
    const auto begun = attachments_.Begin(owner(), id, announced);
    EXPECT_TRUE(begun.ok()) << begun.status();
    EXPECT_TRUE(attachments_.Append(owner(), begun->attachment_id, 0, "plan").ok());
    EXPECT_TRUE(attachments_.Complete(owner(), begun->attachment_id).ok());
    return begun->attachment_id;
  }

  std::string ConcernOf(const std::string& id) {
    const auto sent = usecases::ReportChildConcern(*door_, *concerns_)
                          .Run(Write(testing::Worker()), id, "vaxjo-child-family", "Oro.");
    EXPECT_TRUE(sent.ok()) << sent.status();
    return sent->concern.concern_id;
  }

  // One that is not there for a case that is not handed over.
  std::string RerouteOf(const std::string& id) const {
    return database_
        .Query("referral",
               "SELECT coalesce(max(reroute_id::text), $2) AS id FROM reroute"
               " WHERE referral_id = $1::uuid",
               {id, NewUuidV7()})[0]
        .Text("id");
  }

  // Signing is most of what a refused call costs.
  const std::string& TokenOf(const Relation& relation, auth::Role role) {
    std::string& token = tokens_of_[{relation.unit, role}];
    const bool seated = role == auth::Role::kBoardMember || role == auth::Role::kBoardDeputy;
    if (token.empty()) {
      token = tokens_.Sign({.organisation = relation.organisation,
                            .unit = relation.unit,
                            .roles = {std::string(auth::RoleName(role))},
                            .seat = seated ? "novus" : ""});
    }
    return token;
  }

  // What a call about the relation's case carries: nothing that could succeed but ids and etag.
  std::unique_ptr<pb::Message> RequestFor(const pb::MethodDescriptor& method, Relation& relation) {
    if (relation.referral_id.empty()) {
      relation.referral_id = relation.make();
      relation.ground_id = GroundOf(relation.referral_id);
      relation.attachment_id = AttachmentOf(relation.referral_id);
      relation.concern_id = ConcernOf(relation.referral_id);
      relation.reroute_id = RerouteOf(relation.referral_id);
      relation.etag = Etag(relation.referral_id);
    }
    std::unique_ptr<pb::Message> request(
        pb::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
    const auto set = [&](const char* name, const std::string& value) {
      const pb::FieldDescriptor* field = method.input_type()->FindFieldByName(name);
      if (field != nullptr) request->GetReflection()->SetString(request.get(), field, value);
    };
    // What has an etag of its own has not been written yet.
    static const std::set<std::string> kOwnEtag = {"PlanService",      "CoordinatedPlanService",
                                                   "CostSplitService", "OutcomeService",
                                                   "ChildrenService",  "RetentionService"};
    const bool hand_over = method.input_type()->FindFieldByName("reroute_id") != nullptr;
    set("request_id", NewUuidV4());
    set("referral_id", relation.referral_id);
    set("ground_id", relation.ground_id);
    set("attachment_id", relation.attachment_id);
    set("concern_id", relation.concern_id);
    set("reroute_id", relation.reroute_id);
    set("part_id", NewUuidV4());
    set("meeting_id", meeting_id_);
    set("reorganisation_id", reorganisation_id_);
    set("kept_referral_id", relation.referral_id);
    const pb::FieldDescriptor* version = method.input_type()->FindFieldByName("version");
    if (version != nullptr && version->cpp_type() == pb::FieldDescriptor::CPPTYPE_INT64) {
      request->GetReflection()->SetInt64(request.get(), version, 1);
    }
    const bool own_etag = kOwnEtag.contains(method.service()->name());
    set("etag", own_etag ? "0" : hand_over ? "1" : relation.etag);
    return request;
  }

  absl::Status Do(const pb::MethodDescriptor& method, const Relation& relation, auth::Role role,
                  const pb::Message& message) {
    grpc::ClientContext client;
    client.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    client.AddMetadata("authorization", "Bearer " + TokenOf(relation, role));
    const grpc::Slice slice(message.SerializeAsString());
    const grpc::ByteBuffer request(&slice, 1);
    const std::string path = "/" + method.service()->full_name() + "/" + method.name();
    if (method.server_streaming()) return Hear(client, path, request);
    grpc::ByteBuffer response;
    std::promise<grpc::Status> done;
    stub_->UnaryCall(&client, path, {}, &request, &response,
                     [&done](grpc::Status status) { done.set_value(std::move(status)); });
    return vardkedja::rpc::FromGrpc(done.get_future().get());
  }

  // A stream to its end.
  absl::Status Hear(grpc::ClientContext& client, const std::string& path,
                    const grpc::ByteBuffer& request) {
    grpc::CompletionQueue queue;
    const auto await = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    const auto stream = stub_->PrepareCall(&client, path, &queue);
    stream->StartCall(nullptr);
    if (await()) {
      stream->WriteLast(request, grpc::WriteOptions(), nullptr);
      await();
    }
    grpc::ByteBuffer item;
    do {
      stream->Read(&item, nullptr);
    } while (await());
    grpc::Status status;
    stream->Finish(&status, nullptr);
    await();
    return vardkedja::rpc::FromGrpc(status);
  }

  bool LetIn(const pb::MethodDescriptor& method, Relation& relation, auth::Role role) {
    const auto request = RequestFor(method, relation);
    const absl::Status status = Do(method, relation, role, *request);
    const std::string reason = status.ok() ? "" : testing::Reason(status);
    EXPECT_TRUE(status.ok() ||
                (reason != "INTERNAL" && status.code() != absl::StatusCode::kUnknown))
        << method.full_name() << " " << status;
    EXPECT_NE(status.code(), absl::StatusCode::kUnimplemented) << method.full_name();
    // The case has changed: the next call meets a new one.
    const bool writes = method.input_type()->FindFieldByName("request_id") != nullptr;
    if (status.ok() && writes) relation.referral_id.clear();
    return status.code() != absl::StatusCode::kPermissionDenied &&
           status.code() != absl::StatusCode::kNotFound;
  }

  // Whom the contract's rule refuses is refused before any case is looked at: once per method.
  std::string Cell(const pb::MethodDescriptor& method, Relation& relation) {
    const auth::AccessRule& rule =
        *policy_.Find("/" + method.service()->full_name() + "/" + method.name());
    const bool first = refused_.insert(method.full_name()).second;
    std::string cell;
    for (int i = 1; i <= static_cast<int>(auth::Role::kSystem); ++i) {
      const auto role = static_cast<auth::Role>(i);
      const bool may = rule.roles.contains(role);
      if (!may && !first) continue;
      const bool let_in = LetIn(method, relation, role);
      EXPECT_TRUE(may || !let_in) << method.full_name() << " lets in " << auth::RoleName(role);
      if (!let_in) continue;
      cell += (cell.empty() ? "" : ", ") + std::string(auth::RoleName(role));
      const bool no_case_work =
          role == auth::Role::kStatistician ||
          (role == auth::Role::kAuditor && method.service()->name() != "AuditService") ||
          role == auth::Role::kOperator ||
          (role == auth::Role::kChildRepresentative && method.name() != "GetFormVersion");
      EXPECT_FALSE(no_case_work) << method.full_name() << " lets in " << auth::RoleName(role);
    }
    return cell;
  }

  storage::PostgresMeetings meetings_{*pool_, *vault_};
  storage::PostgresHistory history_{*pool_};
  storage::PostgresFormHistory forms_{*pool_, *vault_};
  storage::PostgresAttachments attachment_store_{*pool_, *vault_};
  usecases::Attachments attachments_{*door_, attachment_store_};
  storage::PostgresReorganisations units_{*pool_, *vault_};
  storage::PostgresReroutes reroutes_{*pool_};
  storage::PostgresRetention retention_{*pool_, *vault_};
  storage::PostgresArchive archive_{*pool_, *vault_};
  audit::PostgresTrail trail_{*pool_, *ring_, ""};
  std::string meeting_id_;
  std::string reorganisation_id_;  // of Växjö's units
  vardkedja::rpc::TestDirectory files_;
  vardkedja::rpc::TestTokens tokens_{files_};
  std::unique_ptr<vardkedja::rpc::ProcessRunner> process_;
  std::unique_ptr<grpc::GenericStub> stub_;
  std::map<std::pair<std::string, auth::Role>, std::string> tokens_of_;
  const auth::Policy policy_ = auth::Policy::FromDescriptors();
  std::set<std::string> refused_;  // methods whose other roles were seen to be refused
};

// Every method of this service's package that is linked into this program and that others than
// services may call: none can be forgotten. By service, then as declared.
std::vector<const pb::MethodDescriptor*> Methods(const auth::Policy& policy) {
  constexpr std::string_view kPackage = "/vardkedja.referral.v1.";
  std::vector<const pb::MethodDescriptor*> methods;
  for (std::string name : auth::LinkedMethods()) {
    const auth::AccessRule* rule = policy.Find(name);
    if (!name.starts_with(kPackage) || (rule != nullptr && rule->internal)) continue;
    name.erase(0, 1);
    std::replace(name.begin(), name.end(), '/', '.');
    methods.push_back(pb::DescriptorPool::generated_pool()->FindMethodByName(name));
  }
  std::sort(methods.begin(), methods.end(), [](const auto* a, const auto* b) {
    return std::pair(a->service()->name(), a->index()) <
           std::pair(b->service()->name(), b->index());
  });
  return methods;
}

bool IsAboutACase(const pb::MethodDescriptor& method) {
  const auto has = [&](const char* name) {
    return method.input_type()->FindFieldByName(name) != nullptr;
  };
  return has("referral_id") || has("ground_id") || has("attachment_id") || has("concern_id") ||
         has("reroute_id");
}

TEST_F(AccessMatrixTest, TheDocumentIsWhatHappens) {
  std::vector<Relation> relations = Relations();
  std::string without = "## Without a case\n\n| method | roles |\n|---|---|\n";
  std::string with = "## With a case\n";
  for (const pb::MethodDescriptor* method : Methods(policy_)) {
    if (!IsAboutACase(*method)) {
      // Meetings are the board's, the reorganisation is the last one's; everything else without a
      // case is tried as a municipal unit.
      const bool board = method->service()->name() == "MeetingService";
      const bool unit = method->service()->name() == "LifeEventService";
      Relation& as = board ? relations[3] : unit ? relations.back() : relations[0];
      without += "| " + method->name() + " | " + Cell(*method, as) + " |\n";
      continue;
    }
    with += "\n### " + method->name() + "\n\n| relation | roles |\n|---|---|\n";
    for (Relation& relation : relations) {
      with += "| " + relation.name + " | " + Cell(*method, relation) + " |\n";
    }
  }
  const std::string table = kHeader + without + "\n" + with;
  if (std::getenv("VARDKEDJA_WRITE_DOCS") != nullptr) std::ofstream(kDocument) << table;
  std::ifstream file(kDocument);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(written, table);
}

}  // namespace
}  // namespace vardkedja::referral
