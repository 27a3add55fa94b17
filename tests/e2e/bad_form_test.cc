// Every field of the commission form given wrongly through the public REST door. The fields come
// from the contract itself, so that a new one is either in the full form below or fails.
#include <google/protobuf/descriptor.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "tests/e2e/bad_input.h"
#include "vardkedja/referral/v1/referral_service.pb.h"

namespace vardkedja::e2e {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::json;
using Violations = std::set<std::pair<std::string, std::string>>;  // field, rule

constexpr char kReferrals[] = "/referral/v1/referrals";
constexpr std::size_t kLongestText = 4000;

// A field of the form: where it stands in the JSON, and what it is called in an answer.
struct Place {
  std::string pointer;  // "/needs/0/kindCode"
  std::string name;     // "form.needs[0].kindCode"
  const FieldDescriptor* field;
};

// All fields of the contract, lists by their first element; `inner` also those that hold others.
std::vector<Place> Places(const Descriptor& type, bool inner, const std::string& pointer = "",
                          const std::string& name = "form") {
  std::vector<Place> places;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    Place place{pointer + "/" + field->json_name(), name + "." + field->json_name(), field};
    const bool leaf = field->message_type() == nullptr;
    if (leaf || inner) places.push_back(place);
    if (leaf) continue;
    const std::string first = field->is_repeated() ? "0" : "";
    const auto below =
        Places(*field->message_type(), inner, place.pointer + (first.empty() ? "" : "/" + first),
               place.name + (first.empty() ? "" : "[" + first + "]"));
    places.insert(places.end(), below.begin(), below.end());
  }
  return places;
}

std::vector<Place> Leaves() { return Places(*referral::v1::CommissionForm::descriptor(), false); }

json::json_pointer At(const Place& place) { return json::json_pointer(place.pointer); }

json FullForm() {
  const std::string number = TestIdentityNumber(MakeDate(1982, 5, 6), 238);
  json form = json::parse(R"({
    "person": {"givenName": "Tove", "familyName": "Påhittad",
      "protectedIdentity": false, "legalSex": "LEGAL_SEX_FEMALE", "homeMunicipalityCode": "0764",
      "registrationMunicipalityCode": "0764", "interpreterLanguage": "so", "contact": "Per brev."},
    "ground": "GROUND_VOLUNTARY", "lvmInvestigation": false, "externalPlacement": false,
    "needs": [{"kindCode": "alcohol", "level": "NEED_LEVEL_SUBSTANTIAL", "text": "Dagligt bruk.",
      "source": "NEED_SOURCE_DIAGNOSED", "diagnosisCode": "F10.2"}],
    "children": {"count": 1, "childPerspective": true, "childPerspectiveReason": "Bor hemma.",
      "text": "Ett barn.", "details": {"each": [{"age": 7, "livesWith": "Andra föräldern"}],
        "visits": "Lördagar.", "videoCalls": "Onsdagar.", "informationGiven": "Vet om resan.",
        "childsView": "Vill hälsa på.", "contact": "Andra föräldern"}},
    "wishesAndGoals": "Vill bli nykter.", "desiredStartDate": "2026-12-01",
    "earlierInterventions": "Öppenvård.", "lessIntrusiveOptions": "Prövade utan resultat.",
    "instruments": [{"kindCode": "audit", "score": 31, "date": "2026-01-02"}],
    "sender": {"socialWorker": "Handläggare 1", "deputy": "Handläggare 2"}})");
  form["person"]["identityNumber"] = number;
  return form;
}

// Values of JSON types that the field does not take.
std::vector<json> WrongTypes(const FieldDescriptor& field) {
  const json object = {{"a", {1}}};
  if (field.is_repeated()) return {"x", object};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return {42, true, object};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {"true", 1, object};
    case FieldDescriptor::CPPTYPE_ENUM:
      return {1, true, object};
    case FieldDescriptor::CPPTYPE_INT32:
      return {"seven", 1.5, 4294967296, object};
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return {"x", 1, json::array()};
    default:
      ADD_FAILURE() << field.full_name() << " has a type this test does not know";
      return {};
  }
}

// Far too long, far too large or unknown; null where no value of the type is too much.
json Excess(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string text;
      for (std::size_t i = 0; i <= kLongestText; ++i) text += "å";
      return text;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return "NO_SUCH_VALUE";
    case FieldDescriptor::CPPTYPE_INT32:
      return 1000;
    default:
      return nullptr;
  }
}

// The rule that an excess breaks, where it is not the one of the field's type.
std::string RuleOfExcess(const Place& place) {
  static const auto& named =
      *new std::map<std::string, std::string>{{"identityNumber", "IDENTITY_NUMBER"},
                                              {"homeMunicipalityCode", "MUNICIPALITY_CODE"},
                                              {"registrationMunicipalityCode", "MUNICIPALITY_CODE"},
                                              {"interpreterLanguage", "LANGUAGE_CODE"},
                                              {"kindCode", "UNKNOWN_CODE"},
                                              {"diagnosisCode", "DIAGNOSIS_CODE"},
                                              {"desiredStartDate", "DATE"},
                                              {"date", "DATE"}};
  if (const auto rule = named.find(place.field->json_name()); rule != named.end()) {
    return rule->second;
  }
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return "UNKNOWN_ENUM_VALUE";
    case FieldDescriptor::CPPTYPE_INT32:
      return "OUT_OF_RANGE";
    default:
      return "TOO_LONG";
  }
}

// What a draft without the field breaks at once; the fields that only submitting needs are data.
const std::map<std::string, Violations>& MissingInADraft() {
  static const auto& missing = *new std::map<std::string, Violations>{
      {"form.needs[0].kindCode", {{"form.needs[0].kindCode", "REQUIRED"}}},
      {"form.needs[0].level", {{"form.needs[0].level", "REQUIRED"}}},
      {"form.needs[0].text", {{"form.needs[0].text", "REQUIRED"}}},
      {"form.needs[0].source", {{"form.needs[0].diagnosisCode", "CONTRADICTION"}}},
      {"form.needs[0].diagnosisCode", {{"form.needs[0].diagnosisCode", "REQUIRED"}}},
      {"form.instruments[0].kindCode", {{"form.instruments[0].kindCode", "REQUIRED"}}},
      {"form.instruments[0].date", {{"form.instruments[0].date", "REQUIRED"}}},
      {"form.children.count", {{"form.children.details.each", "CONTRADICTION"}}},
      {"form.children.childPerspectiveReason",
       {{"form.children.childPerspectiveReason", "REQUIRED"}}}};
  return missing;
}

std::string Body(const std::string& request_id, const json& form) {
  return json{{"requestId", request_id}, {"form", form}}.dump();
}

// "person.given_name" -> "person.givenName".
std::string JsonName(std::string_view path) {
  std::string name;
  bool upper = false;
  for (const char c : path) {
    if (c != '_') name += upper ? absl::ascii_toupper(static_cast<unsigned char>(c)) : c;
    upper = c == '_';
  }
  return name;
}

// Whether the published list of fields says that nothing is submitted without it.
bool IsRequired(const json& version, const Place& place) {
  const std::string path = place.name.substr(std::string("form.").size());
  for (const json& field : version.value("fields", json::array())) {
    if (JsonName(field.value("path", "")) == path) return field.value("required", false);
  }
  return false;
}

// The whole form, as UpdateReferral's mask names it in JSON.
std::string EveryPart() {
  std::string mask;
  const Descriptor& form = *referral::v1::CommissionForm::descriptor();
  for (int i = 0; i < form.field_count(); ++i) {
    mask += (i == 0 ? "" : ",") + form.field(i)->json_name();
  }
  return mask;
}

// The violations of a refusal, each with its texts.
Violations Told(const RestReply& reply) {
  ExpectProblem(reply, 400, "FIELD_VIOLATIONS");
  Violations told;
  const json body = reply.Json();
  for (const json& violation : body.value("violations", json::array())) {
    EXPECT_FALSE(violation.value("en", "").empty()) << reply.body;
    EXPECT_FALSE(violation.value("sv", "").empty()) << reply.body;
    told.emplace(violation.value("field", ""), violation.value("rule", ""));
  }
  return told;
}

TEST_F(BadInput, EveryFieldOfTheContractIsInTheFullForm) {
  const json form = FullForm();
  for (const Place& place : Leaves()) EXPECT_TRUE(form.contains(At(place))) << place.name;
}

TEST_F(BadInput, EachFieldOfAWrongType) {
  const std::string before = Listed();
  const std::string id = NewRequestId();
  for (const Place& place : Places(*referral::v1::CommissionForm::descriptor(), true)) {
    for (const json& wrong : WrongTypes(*place.field)) {
      json form = FullForm();
      form[At(place)] = wrong;
      EXPECT_EQ(Told(Post(kReferrals, Body(id, form))), (Violations{{place.name, "WRONG_TYPE"}}))
          << place.name << " as " << wrong;
    }
  }
  EXPECT_EQ(Listed(), before) << "nothing is stored";
}

TEST_F(BadInput, EveryWrongTypeIsToldAtOnce) {
  const std::string before = Listed();
  const std::string id = NewRequestId();
  json form = FullForm();
  Violations expected;
  for (const Place& place : Leaves()) {
    form[At(place)] = WrongTypes(*place.field).front();
    expected.emplace(place.name, "WRONG_TYPE");
  }
  EXPECT_EQ(Told(Post(kReferrals, Body(id, form))), expected);
  EXPECT_EQ(Listed(), before) << "nothing is stored";
}

TEST_F(BadInput, EachFieldTooLongTooLargeOrUnknown) {
  const std::string before = Listed();
  const std::string id = NewRequestId();
  for (const Place& place : Leaves()) {
    const json excess = Excess(*place.field);
    if (excess.is_null()) continue;
    json form = FullForm();
    form[At(place)] = excess;
    const RestReply reply = Post(kReferrals, Body(id, form));
    EXPECT_TRUE(Told(reply).contains({place.name, RuleOfExcess(place)})) << reply.body;
    EXPECT_LT(reply.body.size(), kLongestText) << "the value is not echoed";
  }
  EXPECT_EQ(Listed(), before) << "nothing is stored";
}

TEST_F(BadInput, EachFieldMissingInADraft) {
  const std::string before = Listed();
  const std::string id = NewRequestId();
  for (const Place& place : Leaves()) {
    const auto broken = MissingInADraft().find(place.name);
    if (broken == MissingInADraft().end()) continue;
    json form = FullForm();
    form[At(place).parent_pointer()].erase(place.field->json_name());
    EXPECT_EQ(Told(Post(kReferrals, Body(id, form))), broken->second) << place.name;
  }
  EXPECT_EQ(Listed(), before) << "nothing is stored";
}

TEST_F(BadInput, EachFieldMissingAtSubmission) {
  const json version = Get(cast::AlvestaWorker(), "/referral/v1/form-versions/2").Json();
  json draft = Post(kReferrals, Body(NewRequestId(), FullForm())).Json();
  const std::string target = std::string(kReferrals) + "/" + draft.value("referralId", "");
  std::size_t required = 0;
  for (const Place& place : Places(*referral::v1::CommissionForm::descriptor(), true)) {
    if (!IsRequired(version, place)) continue;
    ++required;
    json form = FullForm();
    form[At(place).parent_pointer()].erase(place.field->json_name());
    json update = {{"requestId", NewRequestId()},
                   {"etag", draft.value("etag", "")},
                   {"form", form},
                   {"updateMask", EveryPart()}};
    const RestReply saved =
        Call(worker_token_, {.method = "PATCH", .target = target, .body = update.dump()});
    ASSERT_EQ(saved.status, 200) << saved.body;
    draft = saved.Json();
    const json submit = {{"requestId", NewRequestId()}, {"etag", draft.value("etag", "")}};
    EXPECT_EQ(Told(Post(target + "/submit", submit.dump())),
              (Violations{{place.name, "REQUIRED"}}));
  }
  EXPECT_EQ(required, 7U);
  EXPECT_EQ(Call(worker_token_, {.target = target}).Json().value("state", ""),
            "REFERRAL_STATE_DRAFT");
}

}  // namespace
}  // namespace vardkedja::e2e
