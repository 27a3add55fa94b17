#include "referral-service/migration_sets.h"

#include "lib/audit/migrations.h"
#include "lib/commit/migrations.h"
#include "lib/eventlog/migrations.h"
#include "lib/jobs/migrations.h"
#include "referral-service/migrations.h"

namespace vardkedja::referral {

std::vector<pg::MigrationSet> SchemaMigrations() {
  return {eventlog::Migrations(), commit::Migrations(), audit::Migrations(), jobs::Migrations(),
          Migrations()};
}

}  // namespace vardkedja::referral
