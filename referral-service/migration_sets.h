// The migrations of this service's schema, in order: those of the libraries it uses, then its own.
#pragma once

#include <vector>

#include "lib/pg/migrate.h"

namespace vardkedja::referral {

std::vector<pg::MigrationSet> SchemaMigrations();

}  // namespace vardkedja::referral
