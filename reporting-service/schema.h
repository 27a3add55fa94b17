// The migrations of the schema `reporting`, in order.
#pragma once

#include <vector>

#include "lib/pg/migrate.h"

namespace vardkedja::reporting {

std::vector<pg::MigrationSet> SchemaMigrations();

}  // namespace vardkedja::reporting
