// What the suite says when the story is over, read through the public gateway.
#pragma once

#include <iosfwd>
#include <map>
#include <set>
#include <string>

#include "tests/e2e/story.h"

namespace vardkedja::e2e {

// Units whose inboxes are read, with somebody who may read them.
std::map<std::string, Actor> Inboxes();

// unit -> "A submitted", once per message; only derived messages about the story's cases.
std::map<std::string, std::multiset<std::string>> MessagesOf(Stage& stage, const Story& story);

reporting::v1::OccupancyReport Occupancy(Stage& stage, Date from, Date to);
reporting::v1::WaitingTimesReport WaitingTimes(Stage& stage, Date from, Date to);
reporting::v1::BoardFiguresReport BoardFigures(Stage& stage, Date from, Date to);

// Tables for people: queue, beds, messages, figures.
void PrintAccounts(std::ostream& out, Stage& stage, const Story& story);

}  // namespace vardkedja::e2e
