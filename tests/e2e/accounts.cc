#include "tests/e2e/accounts.h"

#include <iomanip>
#include <ostream>

namespace vardkedja::e2e {
namespace {

namespace nt = notification::v1;
namespace pl = placement::v1;
namespace rp = reporting::v1;

using std::chrono::days;

// Every page of one inbox.
template <class Visit>
void ForEachMessage(Stage& stage, const Actor& reader, Visit visit) {
  nt::ListMessagesRequest request;
  request.set_box(nt::MESSAGE_BOX_INBOX);
  request.set_limit(100);
  do {
    const auto page = stage.Must(reader, &nt::MessageService::Stub::ListMessages, request);
    for (const nt::Message& message : page.messages()) visit(message);
    request.set_cursor(page.next());
  } while (!request.cursor().empty());
}

template <class Request>
Request Period(Date from, Date to) {
  Request request;
  request.set_from_date(FormatDate(from));
  request.set_to_date(FormatDate(to));
  return request;
}

void Heading(std::ostream& out, std::string_view sv, std::string_view en) {
  out << "\n" << sv << " / " << en << "\n";
}

void PrintQueue(std::ostream& out, Stage& stage, const Story& story) {
  Heading(out, "Kön", "The queue");
  for (const char* facility : {"ekeliden", "novus"}) {
    pl::ListQueueRequest request;
    request.set_facility_id(facility);
    request.set_bed_kind(common::v1::BED_KIND_REGULAR);
    const auto queue = stage.Must(cast::NovusSeat(), &pl::QueueService::Stub::ListQueue, request);
    out << "  " << std::left << std::setw(10) << facility << queue.waiting() << " väntar / waiting";
    for (const pl::QueueEntry& entry : queue.entries()) {
      out << "  " << entry.position() << ". " << story.KeyOf(entry.case_number());
    }
    out << "\n";
  }
}

void PrintBeds(std::ostream& out, Stage& stage) {
  Heading(out, "Platser i dag", "Beds today");
  out << "  facility  kind      beds occupied closed reserved free\n";
  pl::GetAvailabilityRequest request;
  const auto days_of =
      stage.Must(cast::NovusStaff(), &pl::FacilityService::Stub::GetAvailability, request);
  for (const pl::AvailabilityDay& day : days_of.days()) {
    out << "  " << std::left << std::setw(10) << day.facility_id() << std::setw(10)
        << (day.bed_kind() == common::v1::BED_KIND_INTAKE ? "insluss" : "ordinarie") << std::right
        << std::setw(4) << day.beds() << std::setw(9) << day.occupied() << std::setw(7)
        << day.closed() << std::setw(9) << day.reserved() << std::setw(5) << day.free() << "\n";
  }
}

void PrintMessages(std::ostream& out, Stage& stage, const Story& story) {
  Heading(out, "Meddelanden per inkorg", "Messages per inbox");
  for (const auto& [unit, messages] : MessagesOf(stage, story)) {
    out << "  " << std::left << std::setw(22) << unit << messages.size() << "\n";
  }
}

void PrintFigures(std::ostream& out, Stage& stage, const Story& story) {
  Heading(out, "Siffror dag 0 till 49", "Figures, day 0 to 49");
  const auto occupancy = Occupancy(stage, story.day(0), story.day(49));
  for (const rp::OccupancyRow& row : occupancy.totals()) {
    out << "  " << std::left << std::setw(10) << row.facility_id() << "beläggning / occupancy "
        << row.bed_days() << "/" << row.available_days() << " bed-days = " << std::fixed
        << std::setprecision(1) << row.occupancy_percent() << " %\n";
  }
  const auto waiting = WaitingTimes(stage, story.day(0), story.day(50));
  out << "  väntetid, första placering / waiting, first placement: median "
      << waiting.first_placement().median_days() << " d, p90 "
      << waiting.first_placement().p90_days() << " d; överflytt / transfer: median "
      << waiting.transfer().median_days() << " d\n";
  const auto board = BoardFigures(stage, story.day(0), story.day(50));
  out << "  remissgruppen / the board: " << board.cases() << " ärenden / cases, "
      << board.decided_cases() << " beslutade / decided, " << board.followed_routine()
      << " följde rutinen / followed the routine, " << board.moved_in_in_time()
      << " i tid / in time\n";
}

}  // namespace

std::map<std::string, Actor> Inboxes() {
  std::map<std::string, Actor> inboxes;
  for (const Actor& actor :
       {cast::AlvestaWorker(), cast::VaxjoWorker(1), cast::VaxjoWorker(2), cast::EkelidenSeat(),
        cast::EkelidenStaff(), cast::NovusStaff(), cast::ClinicClinician()}) {
    inboxes.emplace(actor.unit, actor);
  }
  const std::vector<std::pair<std::string, std::string>> strangers = {
      {"vaxjo-child-family", "vaxjo"},
      {"vaxjo-clinic-municipal", "vaxjo"},
      {"piva", "region-kronoberg"},
      {"clinic-region-ljungby", "region-kronoberg"}};
  for (const auto& [unit, organisation] : strangers) {
    inboxes.emplace(unit, Actor{"Enheten " + unit, unit, organisation, "clinician", ""});
  }
  return inboxes;
}

std::map<std::string, std::multiset<std::string>> MessagesOf(Stage& stage, const Story& story) {
  std::map<std::string, std::multiset<std::string>> found;
  for (const auto& [unit, reader] : Inboxes()) {
    std::multiset<std::string>& inbox = found[unit];
    ForEachMessage(stage, reader, [&](const nt::Message& message) {
      if (message.kind() != nt::MESSAGE_KIND_DERIVED) return;
      inbox.insert(story.KeyOf(message.case_number()) + " " + message.verb_code());
    });
  }
  return found;
}

rp::OccupancyReport Occupancy(Stage& stage, Date from, Date to) {
  auto request = Period<rp::GetOccupancyRequest>(from, to);
  request.set_granularity(rp::GRANULARITY_PERIOD);
  return stage.Must(cast::Statistician(), &rp::ReportService::Stub::GetOccupancy, request);
}

rp::WaitingTimesReport WaitingTimes(Stage& stage, Date from, Date to) {
  return stage.Must(cast::EkelidenSeat(), &rp::ReportService::Stub::GetWaitingTimes,
                    Period<rp::GetWaitingTimesRequest>(from, to));
}

rp::BoardFiguresReport BoardFigures(Stage& stage, Date from, Date to) {
  return stage.Must(cast::EkelidenSeat(), &rp::ReportService::Stub::GetBoardFigures,
                    Period<rp::GetBoardFiguresRequest>(from, to));
}

void PrintAccounts(std::ostream& out, Stage& stage, const Story& story) {
  PrintQueue(out, stage, story);
  PrintBeds(out, stage);
  PrintMessages(out, stage, story);
  PrintFigures(out, stage, story);
}

}  // namespace vardkedja::e2e
