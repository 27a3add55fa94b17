// The commission form, field by field. The tables below are checked against the descriptor of
// CommissionForm: a field that is added there and forgotten here, in the codec or in the data
// fails.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "lib/status/status.h"
#include "referral-service/domain/form_fields.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/storage/form_codec.h"
#include "referral-service/storage/seed.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::Worker;
using Violations = std::set<std::pair<std::string, std::string>>;  // field, rule

const Date kToday = MakeDate(2026, 11, 23);

// What a field's absence and its worst value come to; "" for nothing.
struct Leaf {
  std::string_view missing;
  std::string_view broken;
};

// Every leaf of the form. Lists are spoken of by their first element.
const std::map<std::string, Leaf>& Leaves() {
  static const auto& leaves = *new std::map<std::string, Leaf>{
      {"person.identity_number", {"REQUIRED", "IDENTITY_NUMBER"}},
      {"person.given_name", {"REQUIRED", "TOO_LONG"}},
      {"person.family_name", {"REQUIRED", "TOO_LONG"}},
      {"person.protected_identity", {"", ""}},
      {"person.legal_sex", {"REQUIRED", "UNKNOWN_VALUE"}},
      {"person.home_municipality_code", {"", "MUNICIPALITY_CODE"}},
      {"person.registration_municipality_code", {"", "MUNICIPALITY_CODE"}},
      {"person.interpreter_language", {"", "LANGUAGE_CODE"}},
      {"person.contact", {"", "TOO_LONG"}},
      {"ground", {"REQUIRED", "UNKNOWN_VALUE"}},
      {"lvm_investigation", {"", ""}},
      {"external_placement", {"", ""}},
      {"needs[0].kind_code", {"REQUIRED", "UNKNOWN_CODE"}},
      {"needs[0].level", {"REQUIRED", "UNKNOWN_VALUE"}},
      {"needs[0].text", {"REQUIRED", "TOO_LONG"}},
      {"needs[0].source", {"", "UNKNOWN_VALUE"}},
      {"needs[0].diagnosis_code", {"REQUIRED", "DIAGNOSIS_CODE"}},
      {"children.count", {"", "OUT_OF_RANGE"}},
      {"children.child_perspective", {"", ""}},
      {"children.child_perspective_reason", {"REQUIRED", "TOO_LONG"}},
      {"children.text", {"", "TOO_LONG"}},
      {"children.details.each[0].age", {"", "OUT_OF_RANGE"}},
      {"children.details.each[0].lives_with", {"", "TOO_LONG"}},
      {"children.details.visits", {"", "TOO_LONG"}},
      {"children.details.video_calls", {"", "TOO_LONG"}},
      {"children.details.information_given", {"", "TOO_LONG"}},
      {"children.details.childs_view", {"", "TOO_LONG"}},
      {"children.details.contact", {"", "TOO_LONG"}},
      {"wishes_and_goals", {"REQUIRED", "TOO_LONG"}},
      {"desired_start_date", {"", "DATE"}},
      {"earlier_interventions", {"", "TOO_LONG"}},
      {"less_intrusive_options", {"", "TOO_LONG"}},
      {"instruments[0].kind_code", {"REQUIRED", "UNKNOWN_CODE"}},
      {"instruments[0].score", {"", "OUT_OF_RANGE"}},
      {"instruments[0].date", {"REQUIRED", "DATE"}},
      {"sender.social_worker", {"", "TOO_LONG"}},
      {"sender.deputy", {"", "TOO_LONG"}},
  };
  return leaves;
}

// Cleared, these make another field wrong: that field and rule.
const std::map<std::string, std::pair<std::string, std::string>>& Followers() {
  static const auto& followers = *new std::map<std::string, std::pair<std::string, std::string>>{
      {"needs[0].source", {"form.needs[0].diagnosis_code", "CONTRADICTION"}},
      {"children.count", {"form.children.details.each", "CONTRADICTION"}},
  };
  return followers;
}

v1::CommissionForm FullForm() {
  v1::CommissionForm form;
  const auto parsed = google::protobuf::util::JsonStringToMessage(R"({
    "person": {"identityNumber": "19900101-9802", "givenName": "Tove", "familyName": "Påhittad",
      "protectedIdentity": true, "legalSex": "LEGAL_SEX_FEMALE", "homeMunicipalityCode": "0764",
      "registrationMunicipalityCode": "0780", "interpreterLanguage": "so", "contact": "Per brev."},
    "ground": "GROUND_VOLUNTARY", "lvmInvestigation": true, "externalPlacement": true,
    "needs": [{"kindCode": "alcohol", "level": "NEED_LEVEL_SUBSTANTIAL", "text": "Dagligt bruk.",
      "source": "NEED_SOURCE_DIAGNOSED", "diagnosisCode": "F10.2"}],
    "children": {"count": 1, "childPerspective": true, "childPerspectiveReason": "Bor hemma.",
      "text": "Ett barn.", "details": {"each": [{"age": 7, "livesWith": "Andra föräldern"}],
        "visits": "Lördagar.", "videoCalls": "Onsdagar.", "informationGiven": "Vet om resan.",
        "childsView": "Vill hälsa på.", "contact": "Andra föräldern"}},
    "wishesAndGoals": "Vill bli nykter.", "desiredStartDate": "2026-12-01",
    "earlierInterventions": "Öppenvård.", "lessIntrusiveOptions": "Prövade utan resultat.",
    "instruments": [{"kindCode": "audit", "score": 31, "date": "2026-11-02"}],
    "sender": {"socialWorker": "Handläggare 1", "deputy": "Handläggare 2"}})",
                                                                  &form);
  EXPECT_TRUE(parsed.ok()) << parsed.ToString();
  return form;
}

// Calls `visit` for each leaf with its path and the message that holds it.
void Walk(Message& message, const std::string& prefix,
          const std::function<void(const std::string&, Message&, const FieldDescriptor&)>& visit) {
  const auto& descriptor = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const std::string path = prefix + field.name();
    if (field.is_repeated()) {
      if (reflection.FieldSize(message, &field) == 0) {
        ADD_FAILURE() << path << " is not in FullForm";
      } else {
        Walk(*reflection.MutableRepeatedMessage(&message, &field, 0), path + "[0].", visit);
      }
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Walk(*reflection.MutableMessage(&message, &field), path + ".", visit);
    } else {
      visit(path, message, field);
    }
  }
}

// The leaf's worst value: far too long, far too large, or unknown. False where there is none.
bool Break(Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string text;
      for (int i = 0; i < 4001; ++i) text += "å";
      reflection.SetString(&message, &field, text);
      return true;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection.SetEnumValue(&message, &field, 99);
      return true;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(&message, &field, 1000);
      return true;
    case FieldDescriptor::CPPTYPE_BOOL:
      return false;
    default:
      ADD_FAILURE() << field.full_name() << " has a type this test does not know";
      return false;
  }
}

class FormTest : public ::testing::Test {
 protected:
  FormTest() {
    const auto seed = storage::ReadSeedFiles("deploy/kronoberg");
    EXPECT_TRUE(seed.ok()) << seed.status();
    versions_ = seed->form_versions;
  }

  const domain::FormVersion& version(std::size_t number) const { return versions_.at(number - 1); }

  std::vector<FieldViolation> Check(const v1::CommissionForm& form, std::size_t number = 2) const {
    return domain::CheckComplete(storage::FromProto(form), version(number), kToday);
  }
  Violations Pairs(const v1::CommissionForm& form, std::size_t number = 2) const {
    Violations pairs;
    for (const FieldViolation& violation : Check(form, number)) {
      EXPECT_FALSE(violation.en.empty() || violation.sv.empty()) << violation.field;
      pairs.emplace(violation.field, violation.rule);
    }
    return pairs;
  }

  std::vector<domain::FormVersion> versions_;
};

TEST_F(FormTest, EveryLeafOfTheContractIsKnownHere) {
  v1::CommissionForm form = FullForm();
  std::set<std::string> in_contract;
  Walk(form, "", [&](const std::string& path, Message& message, const FieldDescriptor& field) {
    in_contract.insert(path);
    EXPECT_TRUE(message.GetReflection()->HasField(message, &field))
        << path << " is not in FullForm";
  });
  std::set<std::string> in_table;
  for (const auto& [path, leaf] : Leaves()) in_table.insert(path);
  EXPECT_EQ(in_contract, in_table);
  EXPECT_EQ(Pairs(form), Violations());
}

TEST_F(FormTest, TheCodecKeepsEveryLeaf) {
  const v1::CommissionForm form = FullForm();
  const v1::CommissionForm back = storage::ToProto(storage::FromProto(form));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(form, back));
}

TEST_F(FormTest, EachLeafMissing) {
  for (const auto& [path, leaf] : Leaves()) {
    v1::CommissionForm form = FullForm();
    Walk(form, "",
         [&, &path = path](const std::string& at, Message& message, const FieldDescriptor& field) {
           if (at == path) message.GetReflection()->ClearField(&message, &field);
         });
    Violations expected;
    if (!leaf.missing.empty()) expected.emplace("form." + path, leaf.missing);
    if (const auto follower = Followers().find(path); follower != Followers().end()) {
      expected.insert(follower->second);
    }
    EXPECT_EQ(Pairs(form), expected) << path;
  }
}

TEST_F(FormTest, EachLeafTooLongTooLargeOrUnknown) {
  for (const auto& [path, leaf] : Leaves()) {
    v1::CommissionForm form = FullForm();
    bool broken = false;
    Walk(form, "",
         [&, &path = path](const std::string& at, Message& message, const FieldDescriptor& field) {
           if (at == path) broken = Break(message, field);
         });
    EXPECT_EQ(broken, !leaf.broken.empty()) << path;
    if (!broken) continue;
    EXPECT_THAT(Pairs(form), ::testing::Contains(
                                 std::pair<std::string, std::string>("form." + path, leaf.broken)))
        << path;
  }
}

TEST_F(FormTest, EachLeafOfAnotherType) {
  for (const auto& [path, leaf] : Leaves()) {
    v1::CommissionForm form = FullForm();
    Walk(form, "",
         [&, &path = path](const std::string& at, Message& message, const FieldDescriptor& field) {
           if (at != path) return;
           const auto read = google::protobuf::util::JsonStringToMessage(
               "{\"" + field.json_name() + "\": {\"a\": [1]}}", &message);
           EXPECT_FALSE(read.ok()) << path;
         });
  }
}

TEST_F(FormTest, EverythingWrongIsToldAtOnce) {
  v1::CommissionForm form = FullForm();
  std::set<std::string> broken;
  Walk(form, "", [&](const std::string& path, Message& message, const FieldDescriptor& field) {
    if (path != "children.count" && Break(message, field)) broken.insert("form." + path);
  });
  std::set<std::string> told;
  for (const auto& [field, rule] : Pairs(form)) told.insert(field);
  // Scores have no limit before their instrument is known.
  broken.erase("form.instruments[0].score");
  for (const std::string& field : broken) EXPECT_TRUE(told.contains(field)) << field;
}

TEST_F(FormTest, WhatContradictsItself) {
  using Change = std::function<void(v1::CommissionForm&)>;
  const std::vector<std::tuple<Change, std::string, std::string>> cases = {
      {[](auto& f) { f.clear_needs(); }, "form.needs", "REQUIRED"},
      {[](auto& f) { f.mutable_needs(0)->set_text(" \n"); }, "form.needs[0].text", "REQUIRED"},
      {[](auto& f) { *f.add_needs() = f.needs(0); }, "form.needs[1].kind_code", "REPEATED"},
      {[](auto& f) { f.mutable_needs(0)->set_diagnosis_code("F20"); },
       "form.needs[0].diagnosis_code", "DIAGNOSIS_CODE"},
      {[](auto& f) { f.mutable_needs(0)->set_source(v1::NEED_SOURCE_SELF_REPORTED); },
       "form.needs[0].diagnosis_code", "CONTRADICTION"},
      {[](auto& f) { *f.add_instruments() = f.instruments(0); }, "form.instruments[1].kind_code",
       "REPEATED"},
      {[](auto& f) { f.mutable_instruments(0)->set_date("2026-11-24"); },
       "form.instruments[0].date", "IN_THE_FUTURE"},
      {[](auto& f) { f.mutable_instruments(0)->set_score(41); }, "form.instruments[0].score",
       "OUT_OF_RANGE"},
      {[](auto& f) { f.mutable_instruments(0)->set_score(-1); }, "form.instruments[0].score",
       "OUT_OF_RANGE"},
      {[](auto& f) { f.mutable_children()->mutable_details()->add_each(); },
       "form.children.details.each", "CONTRADICTION"},
      {[](auto& f) { f.mutable_children()->set_count(-1); }, "form.children.count", "OUT_OF_RANGE"},
      {[](auto& f) { f.mutable_children()->set_child_perspective_reason("  "); },
       "form.children.child_perspective_reason", "REQUIRED"},
      {[](auto& f) { f.mutable_person()->set_given_name("  "); }, "form.person.given_name",
       "REQUIRED"},
      {[](auto& f) { f.mutable_person()->set_identity_number("19900101-9803"); },
       "form.person.identity_number", "IDENTITY_NUMBER"},
      {[](auto& f) { f.mutable_person()->set_identity_number("20120105-2386"); },
       "form.person.identity_number", "NOT_ADULT"},
      {[](auto& f) { f.mutable_person()->set_home_municipality_code("9999"); },
       "form.person.home_municipality_code", "MUNICIPALITY_CODE"},
      {[](auto& f) { f.mutable_person()->set_home_municipality_code("0700"); },
       "form.person.home_municipality_code", "MUNICIPALITY_CODE"},
  };
  for (const auto& [change, field, rule] : cases) {
    v1::CommissionForm form = FullForm();
    change(form);
    EXPECT_THAT(Pairs(form), ::testing::Contains(std::pair(field, rule)));
  }
}

TEST_F(FormTest, TextsHaveNoControlCharactersAndNamesAreOneLine) {
  for (const std::string& bad :
       {std::string("a\0b", 3), std::string("a\ab"), std::string("a\nb"), std::string("\n"),
        std::string("a\x7F"), std::string("a\xC2\x85")}) {
    v1::CommissionForm form = FullForm();
    form.mutable_person()->set_given_name(bad);
    form.mutable_person()->set_family_name(bad);
    form.mutable_sender()->set_social_worker(bad);
    const Violations pairs = Pairs(form);
    for (const char* field :
         {"form.person.given_name", "form.person.family_name", "form.sender.social_worker"}) {
      EXPECT_TRUE(pairs.contains({field, "CONTROL_CHARACTER"})) << field;
    }
  }
  v1::CommissionForm form = FullForm();
  form.set_wishes_and_goals("En rad.\r\n\tOch en till: \u00e5.");
  form.mutable_person()->set_given_name("Zo\u00eb \u00c2ke");
  EXPECT_EQ(Pairs(form), Violations());
  form.set_wishes_and_goals("\x1B[31m");
  EXPECT_EQ(Pairs(form), (Violations{{"form.wishes_and_goals", "CONTROL_CHARACTER"}}));
}

TEST_F(FormTest, WhoTurnsEighteenBeforeTheDesiredStartIsAnAdultThen) {
  v1::CommissionForm form = FullForm();
  form.mutable_person()->set_identity_number("20081201-2383");
  EXPECT_EQ(Pairs(form), Violations());
  form.set_desired_start_date("2026-11-30");
  EXPECT_EQ(Pairs(form), (Violations{{"form.person.identity_number", "NOT_ADULT"}}));
}

TEST_F(FormTest, AFieldOfALaterVersionHasNoPlaceInAnEarlierOne) {
  const Violations expected = {{"form.sender", "NOT_IN_VERSION"},
                               {"form.needs.diagnosis", "NOT_IN_VERSION"},
                               {"form.instruments", "NOT_IN_VERSION"},
                               {"form.instruments[0].kind_code", "UNKNOWN_CODE"},
                               {"form.less_intrusive_options", "NOT_IN_VERSION"},
                               {"form.children.details", "NOT_IN_VERSION"}};
  EXPECT_EQ(Pairs(FullForm(), 1), expected);
}

TEST_F(FormTest, TheLatestVersionHasEveryField) {
  std::set<std::string_view> paths;
  for (const domain::FormField& field : versions_.back().fields) paths.insert(field.path);
  const auto known = domain::KnownFormPaths();
  EXPECT_EQ(paths, std::set<std::string_view>(known.begin(), known.end()));
}

// A reader sees the fields of its categories and no other; together the fields are the whole form.
TEST_F(FormTest, EachFieldIsSeenWithItsCategoryAlone) {
  const domain::Form full = storage::FromProto(FullForm());
  const domain::Form nothing = domain::Redact(full, version(2), {});
  for (const domain::FormField& field : version(2).fields) {
    const domain::FieldAccess& access = *domain::FindField(field.path);
    EXPECT_EQ(access.empty(nothing), field.category != "case") << field.path;
    for (const std::string& category : domain::AllCategories()) {
      const bool seen = !access.empty(domain::Redact(full, version(2), {category}));
      EXPECT_EQ(seen, field.category == "case" || field.category == category) << field.path;
    }
  }
  EXPECT_EQ(domain::Redact(full, version(2), domain::AllCategories()), full);
  domain::Form emptied = full;
  for (const domain::FieldAccess& access : domain::FormFields()) access.clear(emptied);
  EXPECT_EQ(emptied, domain::Form{}) << "a leaf belongs to no field, so nothing would hide it";
}

class FormCaseTest : public testing::Fixture {};

TEST_F(FormCaseTest, ACaseKeepsTheVersionItsFormWasBegunIn) {
  const auto year = std::chrono::hours(24 * 365);
  clock_.Advance(-year);
  const std::string id = Draft();
  clock_.Advance(year);
  const auto update = [&](const v1::CommissionForm& form, const std::string& part) {
    return Step(Worker(), id, [&](const domain::Step& step) {
      return domain::Update(step, {storage::FromProto(form), {part}});
    });
  };
  const auto refused = GetErrorDetail(update(FullForm(), "instruments").status());
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->violations.back().rule, "NOT_IN_VERSION");
  Consent(id);
  const auto sent = Step(Worker(), id, testing::Submit);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->referral.form_version, 1);
  EXPECT_EQ(sent->referral.content.form, testing::CompleteForm());

  usecases::ReadForm read(*reference_);
  EXPECT_EQ(read.Run(Call(Worker()), 1)->fields.size(), 17U);
  EXPECT_EQ(read.Run(Call(Worker()), 0)->version, 2);
  EXPECT_EQ(read.Run(Call(Worker()), 3).status(), NotFound());
}

TEST_F(FormCaseTest, TheFormIsRevisedForATransferAndThePersonStaysWhoItIs) {
  const std::string id = Decided({"ekeliden", "novus"});
  MoveIn(id, "ekeliden");
  domain::Form form = testing::CompleteForm();
  form.wishes_and_goals = "Vill ha sysselsättning.";
  const auto revise = [&](const std::string& part) {
    return Step(Worker(), id, [&](const domain::Step& step) {
      return domain::Update(step, {form, {part}});
    });
  };
  const auto revised = revise("wishes_and_goals");
  ASSERT_TRUE(revised.ok()) << revised.status();
  EXPECT_EQ(revised->referral.state, domain::State::kPlaced);
  EXPECT_EQ(revised->referral.content.form.wishes_and_goals, "Vill ha sysselsättning.");
  form.person.identity_number = "19850101-9809";
  const auto detail = GetErrorDetail(revise("person").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->violations.back().rule, "PLACED");
}

}  // namespace
}  // namespace vardkedja::referral
