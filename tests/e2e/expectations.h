// What the suite must say when the story is over, worked out by hand.
#pragma once

#include "tests/e2e/accounts.h"

namespace vardkedja::e2e {

// Every inbox holds exactly the messages it should, and no other inbox any.
void ExpectMessages(Stage& stage, const Story& story);

// Occupancy, waiting times and the board's figures equal the hand calculation.
void ExpectFigures(Stage& stage, const Story& story);

// No identity number and no family name of the story stands in any log, metric or event.
void ExpectNoPersonalData(const Suite& suite, const Story& story);

}  // namespace vardkedja::e2e
