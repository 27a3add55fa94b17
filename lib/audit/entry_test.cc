#include "lib/audit/entry.h"

#include <gtest/gtest.h>

#include "lib/auth/role_names.h"

namespace vardkedja::audit {
namespace {

auth::CallContext BoardCall() {
  auth::CallContext context;
  context.principal.organisation = "region-kronoberg";
  context.principal.units = {"placement-board"};
  context.principal.roles = {auth::Role::kBoardDeputy, auth::Role::kBoardMember};
  context.principal.subject = "s-1";
  context.principal.seat = "ekeliden";
  context.acting_unit = "placement-board";
  context.purpose = "case_work";
  context.method = "/a.B/C";
  context.call_id = "call-1";
  context.now = *ParseInstant("2026-11-21T10:00:00Z");
  return context;
}

TEST(Entry, IsFilledFromTheCall) {
  const Entry entry = MakeEntry(BoardCall(), "r-1");
  EXPECT_EQ(entry.unit, "placement-board");
  EXPECT_EQ(entry.organisation, "region-kronoberg");
  EXPECT_EQ(entry.subject, "s-1");
  EXPECT_EQ(entry.acting_for, "ekeliden");
  EXPECT_EQ(entry.action, "/a.B/C");
  EXPECT_EQ(entry.resource_id, "r-1");
  EXPECT_FALSE(entry.permitted) << "an entry permits nothing until the caller says so";
  EXPECT_EQ(RolesText(entry), "board_member,board_deputy");
}

TEST(Entry, InternalCallNamesTheService) {
  auth::CallContext context = BoardCall();
  context.principal = {};
  context.peer_service = "placement";
  EXPECT_EQ(MakeEntry(context, "r-1").subject, "system:placement");
}

TEST(Entry, DetailsAreJoined) {
  Entry entry;
  EXPECT_EQ(DetailsText(entry), "");
  entry.details = {"categories=identity", "protected"};
  EXPECT_EQ(DetailsText(entry), "categories=identity,protected");
}

TEST(RoleNames, RoundTrip) {
  for (int i = 1; i <= 12; ++i) {
    const auto role = static_cast<auth::Role>(i);
    EXPECT_EQ(auth::ParseRole(auth::RoleName(role)), role);
  }
  EXPECT_EQ(auth::ParseRole("unspecified"), std::nullopt);
  EXPECT_EQ(auth::ParseRole("SOCIAL_WORKER"), std::nullopt);
  EXPECT_EQ(auth::ParseAssurance("high"), auth::Assurance::kHigh);
  EXPECT_EQ(auth::ParseAssurance(""), std::nullopt);
}

}  // namespace
}  // namespace vardkedja::audit
