#include "notification-service/migration_sets.h"

#include "lib/audit/migrations.h"
#include "lib/commit/migrations.h"
#include "lib/eventlog/migrations.h"
#include "lib/jobs/migrations.h"
#include "notification-service/migrations.h"

namespace vardkedja::notification {

std::vector<pg::MigrationSet> SchemaMigrations() {
  return {eventlog::Migrations(), commit::Migrations(), audit::Migrations(), jobs::Migrations(),
          Migrations()};
}

}  // namespace vardkedja::notification
