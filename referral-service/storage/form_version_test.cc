// A form is filled in and broken by what GetFormVersion says and nothing else: what the schema
// announces is what the rules do.
#include "referral-service/rpc/form_version.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "referral-service/domain/form_rules.h"
#include "referral-service/storage/form_codec.h"
#include "referral-service/storage/seed.h"
#include "referral-service/storage/test_fixture.h"

namespace vardkedja::referral {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::Worker;
using v1::CommissionForm;
using v1::FormField;
using Violations = std::set<std::pair<std::string, std::string>>;  // field, rule

const Date kToday = MakeDate(2026, 11, 23);
constexpr char kTomorrow[] = "2026-11-24";
constexpr char kChild[] = "20120105-2386";
constexpr int kNoSuchValue = 99;

// Where a path of the schema leads to: the message that holds the value, and its field. Of a list's
// element the first, which is made when there is none.
struct Spot {
  Message* message;
  const FieldDescriptor* field;
};

Spot Find(CommissionForm& form, const std::string& path) {
  Spot spot{&form, nullptr};
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(path, '.'))) {
    if (spot.field != nullptr) {
      Message& holder = *spot.message;
      const auto& held = *holder.GetReflection();
      if (!spot.field->is_repeated()) {
        spot.message = held.MutableMessage(&holder, spot.field);
      } else if (held.FieldSize(holder, spot.field) == 0) {
        spot.message = held.AddMessage(&holder, spot.field);
      } else {
        spot.message = held.MutableRepeatedMessage(&holder, spot.field, 0);
      }
    }
    const std::string name(absl::StripSuffix(part, "[]"));
    spot.field = spot.message->GetDescriptor()->FindFieldByName(name);
    if (spot.field == nullptr) {
      ADD_FAILURE() << "the contract has no " << path;
      return spot;
    }
  }
  return spot;
}

void Clear(CommissionForm& form, const std::string& path) {
  const Spot spot = Find(form, path);
  spot.message->GetReflection()->ClearField(spot.message, spot.field);
}

// A value as text: a code, a date, digits, "true".
void Put(CommissionForm& form, const std::string& path, const std::string& value) {
  const auto [message, field] = Find(form, path);
  const auto& reflection = *message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(message, field, value);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(message, field, value == "true");
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(message, field, std::stoi(value));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumValueDescriptor* named = field->enum_type()->FindValueByName(value);
      return reflection.SetEnumValue(message, field,
                                     named == nullptr ? kNoSuchValue : named->number());
    }
    default:
      ADD_FAILURE() << path << " takes no value";
  }
}

std::string Get(CommissionForm& form, const std::string& path) {
  const auto [message, field] = Find(form, path);
  const auto& reflection = *message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(*message, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(*message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection.GetInt32(*message, field));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumValueDescriptor* value = reflection.GetEnum(*message, field);
      return value->name();
    }
    default:
      return "";
  }
}

// Adds copies of the first element until the list has so many.
void Lengthen(CommissionForm& form, const std::string& path, int length) {
  const auto [message, field] = Find(form, path);
  const auto& reflection = *message->GetReflection();
  while (reflection.FieldSize(*message, field) < length) {
    Message* added = reflection.AddMessage(message, field);
    added->CopyFrom(reflection.GetRepeatedMessage(*message, field, 0));
  }
}

// "needs[].text" -> "form.needs[0].text"
std::string Told(const std::string& path, const std::string& index = "0") {
  return "form." + absl::StrReplaceAll(path, {{"[]", "[" + index + "]"}});
}

class FormVersionTest : public ::testing::Test {
 protected:
  FormVersionTest() {
    const auto seed = storage::ReadSeedFiles("deploy/kronoberg");
    EXPECT_TRUE(seed.ok()) << seed.status();
    versions_ = seed->form_versions;
    for (const domain::FormVersion& version : versions_) schemas_.push_back(rpc::ToProto(version));
  }

  // Visits every field and sub-field, in order.
  static void Each(const v1::FormVersion& schema,
                   const std::function<void(const FormField&)>& visit) {
    const std::function<void(const FormField&)> deep = [&](const FormField& field) {
      visit(field);
      for (const FormField& sub : field.sub_fields()) deep(sub);
    };
    for (const FormField& field : schema.fields()) deep(field);
  }

  static FormField Field(const v1::FormVersion& schema, const std::string& path) {
    FormField found;
    Each(schema, [&](const FormField& field) {
      if (field.path() == path) found = field;
    });
    EXPECT_EQ(found.path(), path);
    return found;
  }

  static bool Holds(const v1::FormCondition& when, CommissionForm& form) {
    return ::testing::Value(when.codes(), ::testing::Contains(Get(form, when.path())));
  }

  static int Most(const v1::FormVersion& schema, const FormField& number, CommissionForm& form) {
    if (number.max_value_path().empty()) return number.max_value();
    const std::string chosen = Get(form, number.max_value_path());
    const FormField choice = Field(schema, number.max_value_path());
    for (const v1::FormCode& code : choice.codes()) {
      if (code.code() == chosen) return code.max_value();
    }
    ADD_FAILURE() << number.path();
    return 0;
  }

  // The most that the field takes.
  static void Fill(const v1::FormVersion& schema, const FormField& field, CommissionForm& form) {
    switch (field.type()) {
      case v1::FORM_FIELD_TYPE_TEXT: {
        std::string text = field.example();
        if (field.pattern().empty()) {
          text = field.several_lines() ? "Rad\n" : "Rad ";
          for (int length = 4; length < field.max_length(); ++length) text += "å";
        }
        return Put(form, field.path(), text);
      }
      case v1::FORM_FIELD_TYPE_IDENTITY_NUMBER:
        return Put(form, field.path(), field.example());
      case v1::FORM_FIELD_TYPE_CODE:
        ASSERT_FALSE(field.codes().empty()) << field.path();
        return Put(form, field.path(), field.codes().rbegin()->code());
      case v1::FORM_FIELD_TYPE_DATE:
        return Put(form, field.path(), FormatDate(kToday));
      case v1::FORM_FIELD_TYPE_BOOLEAN:
        return Put(form, field.path(), "true");
      case v1::FORM_FIELD_TYPE_NUMBER:
        return Put(form, field.path(), std::to_string(Most(schema, field, form)));
      default:
        EXPECT_FALSE(field.sub_fields().empty()) << field.path();
    }
  }

  static CommissionForm Filled(const v1::FormVersion& schema) {
    CommissionForm form;
    Each(schema, [&](const FormField& field) {
      if (!field.has_only_when() || Holds(field.only_when(), form)) Fill(schema, field, form);
    });
    return form;
  }

  Violations Broken(const CommissionForm& form, std::size_t at) const {
    Violations broken;
    for (const FieldViolation& one :
         domain::CheckComplete(storage::FromProto(form), versions_[at], kToday)) {
      EXPECT_FALSE(one.en.empty() || one.sv.empty()) << one.field;
      broken.emplace(one.field, one.rule);
    }
    return broken;
  }

  // For each field of each version, with a form that is whole.
  void ForEach(const std::function<void(const FormField&, CommissionForm, std::size_t)>& visit) {
    for (std::size_t at = 0; at < schemas_.size(); ++at) {
      const CommissionForm whole = Filled(schemas_[at]);
      Each(schemas_[at], [&](const FormField& field) {
        SCOPED_TRACE(field.path() + " of version " + std::to_string(at + 1));
        visit(field, whole, at);
      });
    }
  }

  // What follows elsewhere when the value stops to allow others.
  Violations Followers(const std::string& path, std::size_t at) const {
    Violations all;
    Each(schemas_[at], [&](const FormField& field) {
      if (field.only_when().path() == path) all.emplace(Told(field.path()), "CONTRADICTION");
    });
    return all;
  }

  std::vector<domain::FormVersion> versions_;
  std::vector<v1::FormVersion> schemas_;
};

TEST_F(FormVersionTest, AFormFilledInByTheSchemaKeepsEveryRule) {
  for (std::size_t at = 0; at < schemas_.size(); ++at) {
    EXPECT_EQ(Broken(Filled(schemas_[at]), at), Violations());
  }
}

TEST_F(FormVersionTest, AFormWithWhatIsRequiredAloneKeepsEveryRule) {
  for (std::size_t at = 0; at < schemas_.size(); ++at) {
    CommissionForm form;
    for (const FormField& field : schemas_[at].fields()) {
      if (!field.required()) continue;
      Fill(schemas_[at], field, form);
      for (const FormField& sub : field.sub_fields()) {
        if (sub.required() || (sub.has_required_when() && Holds(sub.required_when(), form))) {
          Fill(schemas_[at], sub, form);
        }
      }
    }
    EXPECT_EQ(Broken(form, at), Violations());
  }
}

TEST_F(FormVersionTest, EveryRequiredValueIsMissed) {
  std::size_t required = 0;
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (!field.required() && !field.has_required_when()) return;
    ++required;
    Clear(form, field.path());
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "REQUIRED"}}));
    if (!field.has_required_when()) return;
    Clear(form, field.required_when().path());
    EXPECT_FALSE(Broken(form, at).contains({Told(field.path()), "REQUIRED"}));
  });
  EXPECT_EQ(required, 25U);
}

TEST_F(FormVersionTest, EveryTextHasItsLength) {
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (field.max_length() == 0) return;
    Put(form, field.path(), Get(form, field.path()) + "å");
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "TOO_LONG"}}));
    Put(form, field.path(), field.several_lines() ? "a\ab" : "a\nb");
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "CONTROL_CHARACTER"}}));
  });
}

TEST_F(FormVersionTest, EveryTextWithAFormFitsIt) {
  std::size_t patterns = 0;
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (field.pattern().empty()) return;
    ++patterns;
    for (const std::string& wrong : {"!" + field.example(), field.example() + "!"}) {
      Put(form, field.path(), wrong);
      EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), field.pattern_rule()}}));
    }
  });
  EXPECT_EQ(patterns, 7U);
}

TEST_F(FormVersionTest, AnIdentityNumberIsValidAndAnAdults) {
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (field.type() != v1::FORM_FIELD_TYPE_IDENTITY_NUMBER) return;
    EXPECT_EQ(field.minimum_age(), 18);
    Put(form, field.path(), field.example() + "0");
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "IDENTITY_NUMBER"}}));
    Put(form, field.path(), kChild);
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "NOT_ADULT"}}));
  });
}

TEST_F(FormVersionTest, EveryCodeCanBeChosenAndNoOther) {
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (field.type() != v1::FORM_FIELD_TYPE_CODE) return;
    const CommissionForm whole = form;
    Put(form, field.path(), "no_such_code");
    const bool is_enum = Find(form, field.path()).field->enum_type() != nullptr;
    Violations expected = Followers(field.path(), at);
    expected.emplace(Told(field.path()), is_enum ? "UNKNOWN_VALUE" : "UNKNOWN_CODE");
    EXPECT_EQ(Broken(form, at), expected);
    for (const v1::FormCode& code : field.codes()) {
      EXPECT_FALSE(code.label_sv().empty() || code.label_en().empty()) << code.code();
      form = whole;
      Put(form, field.path(), code.code());
      Each(schemas_[at], [&](const FormField& other) {
        if (other.has_only_when() && !Holds(other.only_when(), form)) Clear(form, other.path());
        if (other.max_value_path() == field.path()) Fill(schemas_[at], other, form);
      });
      EXPECT_EQ(Broken(form, at), Violations()) << code.code();
    }
  });
}

TEST_F(FormVersionTest, EveryNumberHasItsRange) {
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (field.type() != v1::FORM_FIELD_TYPE_NUMBER) return;
    const Violations outside = {{Told(field.path()), "OUT_OF_RANGE"}};
    const int most = Most(schemas_[at], field, form);
    Put(form, field.path(), std::to_string(most + 1));
    EXPECT_EQ(Broken(form, at), outside);
    Put(form, field.path(), "0");
    EXPECT_FALSE(Broken(form, at).contains(*outside.begin()));
    Put(form, field.path(), "-1");
    EXPECT_TRUE(Broken(form, at).contains(*outside.begin()));
  });
}

TEST_F(FormVersionTest, EveryDateIsADay) {
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (field.type() != v1::FORM_FIELD_TYPE_DATE) return;
    Put(form, field.path(), "2026-02-30");
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "DATE"}}));
    Put(form, field.path(), kTomorrow);
    const Violations later = {{Told(field.path()), "IN_THE_FUTURE"}};
    EXPECT_EQ(Broken(form, at), field.not_in_future() ? later : Violations());
  });
}

TEST_F(FormVersionTest, EveryListHasItsLengthAndNoElementTwice) {
  std::size_t lists = 0;
  ForEach([&](const FormField& field, CommissionForm form, std::size_t at) {
    if (field.type() != v1::FORM_FIELD_TYPE_LIST) return;
    ++lists;
    const CommissionForm whole = form;
    if (!field.unique_paths().empty()) {
      Lengthen(form, field.path(), 2);
      EXPECT_EQ(Broken(form, at), (Violations{{Told(field.unique_paths(0), "1"), "REPEATED"}}));
    }
    form = whole;
    Lengthen(form, field.path(), field.max_count() + 1);
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "TOO_MANY"}}));
    if (field.max_count_path().empty()) return;
    form = whole;
    Put(form, field.max_count_path(), "0");
    EXPECT_EQ(Broken(form, at), (Violations{{Told(field.path()), "CONTRADICTION"}}));
  });
  EXPECT_EQ(lists, 4U);
}

TEST_F(FormVersionTest, EveryFieldHasALabelAPlaceAndAClass) {
  ForEach([&](const FormField& field, const CommissionForm&, std::size_t at) {
    EXPECT_FALSE(field.label_sv().empty() || field.label_en().empty());
    EXPECT_FALSE(field.category().empty());
    std::set<std::string> sections;
    for (const v1::FormSection& one : schemas_[at].sections()) sections.insert(one.code());
    EXPECT_TRUE(sections.contains(field.section_code())) << field.section_code();
  });
}

// Type and codes as the contract has them, and nothing of the contract left out.
TEST_F(FormVersionTest, TheLatestSchemaIsTheContract) {
  std::map<std::string, FormField> known;
  Each(schemas_.back(), [&](const FormField& field) { known.emplace(field.path(), field); });
  const std::function<void(const google::protobuf::Descriptor&, const std::string&)> walk =
      [&](const google::protobuf::Descriptor& type, const std::string& prefix) {
        for (int i = 0; i < type.field_count(); ++i) {
          const FieldDescriptor& field = *type.field(i);
          const std::string path = prefix + field.name();
          if (field.is_repeated() || field.message_type() == nullptr) {
            ASSERT_TRUE(known.contains(path)) << path;
            EXPECT_EQ(known[path].type() == v1::FORM_FIELD_TYPE_LIST, field.is_repeated()) << path;
          }
          if (field.message_type() != nullptr) {
            walk(*field.message_type(), path + (field.is_repeated() ? "[]." : "."));
          }
          if (field.enum_type() == nullptr) continue;
          std::vector<std::string> names;
          for (int v = 1; v < field.enum_type()->value_count(); ++v) {
            names.push_back(field.enum_type()->value(v)->name());
          }
          std::vector<std::string> codes;
          for (const v1::FormCode& code : known[path].codes()) codes.push_back(code.code());
          EXPECT_EQ(codes, names) << path;
        }
      };
  walk(*CommissionForm::descriptor(), "");
}

class FormVersionCaseTest : public testing::Fixture {
 protected:
  // As the client has it.
  v1::FormVersion Shown() {
    const auto version = usecases::ReadForm(*reference_).Run(Call(Worker()), 0);
    EXPECT_TRUE(version.ok()) << version.status();
    return rpc::ToProto(*version);
  }
};

TEST_F(FormVersionCaseTest, WhatTheServiceShowsIsWhatTheDataSays) {
  const auto seed = storage::ReadSeedFiles("deploy/kronoberg");
  v1::FormVersion shown = Shown();
  v1::FormVersion wanted = rpc::ToProto(seed->form_versions.back());
  // The codes of instruments have no order of their own.
  EXPECT_EQ(shown.fields_size(), wanted.fields_size());
  EXPECT_EQ(shown.instruments_size(), wanted.instruments_size());
  for (int i = 0; i < wanted.fields_size(); ++i) {
    EXPECT_EQ(shown.fields(i).SerializeAsString(), wanted.fields(i).SerializeAsString())
        << wanted.fields(i).path();
  }
}

TEST_F(FormVersionCaseTest, AFormFilledInByTheSchemaIsSubmitted) {
  class Filler : public FormVersionTest {
   public:
    static CommissionForm Form(const v1::FormVersion& schema) { return Filled(schema); }

   private:
    void TestBody() override {}
  };
  const domain::Form form = storage::FromProto(Filler::Form(Shown()));
  const auto made = usecases::CreateReferral(*door_).Run(Write(Worker()), {form, {}});
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string id = made->referral.referral_id;
  Consent(id);
  const auto sent = Step(Worker(), id, testing::Submit);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->referral.content.form, form);
}

}  // namespace
}  // namespace vardkedja::referral
