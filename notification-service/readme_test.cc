// README.md shows the recipient table; here it is compared with the table that runs.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "notification-service/domain/derivation.h"

namespace vardkedja::notification {
namespace {

std::string_view Name(domain::Recipient recipient) {
  switch (recipient) {
    case domain::Recipient::kNobody:
      return "nobody";
    case domain::Recipient::kOwner:
      return "owner";
    case domain::Recipient::kBoard:
      return "placement-board";
    case domain::Recipient::kFacility:
      return "the facility's unit";
    case domain::Recipient::kBothFacilities:
      return "both facilities' units";
    case domain::Recipient::kNoLongerReceives:
      return "units the ground named";
    case domain::Recipient::kHomeSupport:
      return "each part's unit";
    case domain::Recipient::kPlanParties:
      return "units of the plan";
    case domain::Recipient::kChildUnit:
      return "the unit for children";
    case domain::Recipient::kInformed:
      return "units a live ground names";
    case domain::Recipient::kSharesCost:
      return "units that share the cost";
    case domain::Recipient::kReceiver:
      return "the receiver";
    case domain::Recipient::kFormerOwner:
      return "the owner before";
  }
  return {};
}

std::string Table() {
  std::ostringstream table;
  table << "| log | event | recipient | message | also to the actor |\n|---|---|---|---|---|\n";
  for (const domain::DerivationRule& rule : domain::DerivationRules()) {
    const domain::Template* entry = domain::FindTemplate(rule.template_code);
    table << "| " << (rule.source == domain::Source::kReferral ? "referral" : "placement") << " | "
          << rule.event_type << " | " << Name(rule.recipient) << " | "
          << (entry == nullptr ? "" : entry->label_sv) << " | " << (rule.even_to_actor ? "yes" : "")
          << " |\n";
  }
  return table.str();
}

TEST(ReadmeTest, ShowsTheRecipientTableThatRuns) {
  std::ifstream file("notification-service/README.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(Table() + "\n"), std::string::npos)
      << "README.md must hold this table:\n"
      << Table();
}

}  // namespace
}  // namespace vardkedja::notification
