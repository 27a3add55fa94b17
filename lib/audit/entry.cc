#include "lib/audit/entry.h"

#include "lib/auth/role_names.h"

namespace vardkedja::audit {

Entry MakeEntry(const auth::CallContext& context, std::string_view resource_id) {
  Entry entry;
  entry.at = context.now;
  entry.organisation = context.principal.organisation;
  entry.unit = context.acting_unit;
  entry.roles = context.principal.roles;
  entry.subject =
      context.peer_service ? "system:" + *context.peer_service : context.principal.subject;
  entry.acting_for = context.principal.seat;
  entry.purpose = context.purpose;
  entry.action = context.method;
  entry.resource_id = std::string(resource_id);
  entry.call_id = context.call_id;
  return entry;
}

std::string RolesText(const Entry& entry) {
  std::string text;
  for (const auth::Role role : entry.roles) {
    if (!text.empty()) text += ',';
    text += auth::RoleName(role);
  }
  return text;
}

std::string DetailsText(const Entry& entry) {
  std::string text;
  for (const std::string& detail : entry.details) {
    if (!text.empty()) text += ',';
    text += detail;
  }
  return text;
}

}  // namespace vardkedja::audit
