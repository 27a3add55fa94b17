#include "reporting-service/schema.h"

#include "lib/audit/migrations.h"
#include "lib/eventlog/migrations.h"
#include "reporting-service/migrations.h"

namespace vardkedja::reporting {

std::vector<pg::MigrationSet> SchemaMigrations() {
  return {audit::Migrations(), eventlog::Migrations(), Migrations()};
}

}  // namespace vardkedja::reporting
