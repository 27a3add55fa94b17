#include "tests/e2e/doors.h"

namespace vardkedja::e2e {

Suite* Doors::suite_ = nullptr;

void Doors::SetUpTestSuite() { suite_ = new Suite(Suite::Fresh()); }

void Doors::TearDownTestSuite() {
  suite_->Erase();
  delete suite_;
}

}  // namespace vardkedja::e2e
