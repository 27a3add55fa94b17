#include "tests/e2e/story.h"

#include <utility>

namespace vardkedja::e2e {
namespace {

namespace pl = placement::v1;
namespace rf = referral::v1;

using std::chrono::days;

// Everything happens in working hours, far from midnight, so that a slow machine cannot move a
// date.
constexpr std::chrono::hours kMorning{9};

void Expect(bool held, const std::string& what) {
  if (!held) throw StoryError("expected: " + what);
}

}  // namespace

Story::Story(Stage& stage) : stage_(stage), play_(stage) {
  AddPeople();
  AddEarlierResidents();
  AddReferrals();
  AddBoard();
  AddVisitsAndDecisions();
  AddQueue();
  AddOffers();
  AddTransfer();
  AddHomecoming();
}

void Story::Add(Actor actor, std::string sv, std::string en, std::function<void()> play) {
  steps_.push_back({std::move(actor), std::move(sv), std::move(en), std::move(play)});
}

std::string Story::KeyOf(const std::string& case_number) const {
  for (const auto& [key, c] : cases_) {
    if (c.number == case_number) return key;
  }
  return case_number;
}

void Story::AddPeople() {
  const auto add = [&](std::string key, std::string given, std::string family, Date born,
                       int birth_number, Actor worker, Actor decider, std::string municipality) {
    Case& c = cases_[key];
    c.person = {key,
                std::move(given),
                std::move(family),
                TestIdentityNumber(born, birth_number),
                birth_number % 2 == 0,
                std::move(municipality)};
    c.worker = std::move(worker);
    c.decider = std::move(decider);
  };
  using cast::AlvestaDecider, cast::AlvestaWorker, cast::VaxjoDecider, cast::VaxjoWorker;
  add("R1", "Rut", "Provberg", MakeDate(1971, 3, 2), 238, VaxjoWorker(1), VaxjoDecider(1), "0780");
  add("R2", "Rolf", "Provdal", MakeDate(1966, 8, 19), 239, VaxjoWorker(1), VaxjoDecider(1), "0780");
  add("A", "Alva", "Exempelström", MakeDate(1984, 5, 14), 238, AlvestaWorker(), AlvestaDecider(),
      "0764");
  add("B", "Bodil", "Exempelgren", MakeDate(1990, 1, 30), 238, VaxjoWorker(1), VaxjoDecider(1),
      "0780");
  add("C", "Casper", "Exempelkvist", MakeDate(1995, 11, 7), 239, VaxjoWorker(2), VaxjoDecider(2),
      "0780");
  add("D", "Dag", "Exempelmark", MakeDate(1958, 12, 24), 239, VaxjoWorker(2), VaxjoDecider(2),
      "0780");
  add("E", "Elna", "Exempelsjö", MakeDate(1979, 6, 6), 238, AlvestaWorker(), AlvestaDecider(),
      "0764");
}

void Story::WholeWayToNovus(Case& c, const std::string& bed) {
  play_.Refer(c, {});
  play_.Consent(c);
  play_.Submit(c);
  play_.Acknowledge(c, cast::EkelidenSeat());
  play_.Propose(c, cast::NovusSeat(), {"novus"});
  play_.Confirm(c, cast::EkelidenSeat());
  play_.Visit(c, cast::NovusStaff(), "novus", true);
  play_.Answer(c, rf::ANSWER_KIND_YES);
  play_.Decide(c, "novus", 0);
  play_.AwaitQueued(c, "novus");
  play_.OfferTo(c, cast::NovusStaff(), bed);
  play_.Accept(c, stage_.Today());
  play_.SplitCost(c, "");
  play_.Agree(c, cast::NovusStaff());
  play_.Enrol(c, cast::NovusStaff());
}

void Story::AddEarlierResidents() {
  Add(cast::NovusStaff(), "Elva platser på Novus stängs: personalbrist. Två är öppna.",
      "Eleven places at Novus are closed for lack of staff. Two are open.", [this] {
        const Instant morning = StartOfDay(stage_.Today() + days(1)) + kMorning;
        const auto ahead = std::chrono::duration_cast<std::chrono::minutes>(morning - stage_.Now());
        stage_.MoveClock("+" + std::to_string(ahead.count()) + "m");
        day_0_ = stage_.Today();
        play_.CloseBeds(cast::NovusStaff(), 3, 13);
      });
  Add(cast::VaxjoWorker(1), "Två personer från Växjö går hela vägen till de två öppna platserna.",
      "Two people from Växjö go the whole way to the two open places.", [this] {
        WholeWayToNovus(cases_["R1"], "novus-01");
        WholeWayToNovus(cases_["R2"], "novus-02");
      });
}

void Story::AddReferrals() {
  Add(cast::AlvestaWorker(), "Samtycke dokumenteras och uppdragsblanketten skickas för A.",
      "Consent is recorded and the commission form is submitted for A.", [this] {
        Case& a = cases_["A"];
        play_.Refer(a, {});
        play_.Consent(a);
        play_.Submit(a);
      });
  Add(cast::VaxjoWorker(1),
      "Växjös eget system skickar B genom REST. Barnperspektivet ska beaktas.",
      "Växjö's own system submits B through REST. The child's perspective must be considered.",
      [this] {
        Case& b = cases_["B"];
        play_.ReferByRest(b, {.child_perspective = true});
        play_.Consent(b);
        play_.Submit(b);
      });
  Add(cast::VaxjoWorker(2), "C och D skickas från Växjö IFO 2, E från Alvesta.",
      "C and D are submitted by Växjö IFO 2, E by Alvesta.", [this] {
        for (const char* key : {"C", "D", "E"}) {
          play_.Refer(cases_[key], {});
          play_.Consent(cases_[key]);
          play_.Submit(cases_[key]);
        }
      });
}

void Story::AddBoard() {
  Add(cast::EkelidenSeat(), "Remissgruppen bekräftar att ärendena är mottagna.",
      "The board acknowledges the cases.", [this] {
        for (const char* key : {"A", "B", "C", "D", "E"}) {
          play_.Acknowledge(cases_[key], cast::EkelidenSeat());
        }
      });
  Add(cast::EkelidenSeat(), "Remissgruppen begär komplettering av A. Klockan går vidare.",
      "The board asks for more information about A. The clock keeps running.", [this] {
        play_.AskForMore(cases_["A"], cast::EkelidenSeat(),
                         "Finns pågående läkemedelsinställning?");
      });
  Add(cast::AlvestaWorker(), "Alvesta kompletterar A.", "Alvesta provides the information.",
      [this] { play_.Provide(cases_["A"], "Ja, inställning pågår och behöver nattpersonal."); });
  Add(cast::EkelidenSeat(), "Ekelidens plats föreslår Ekeliden, därefter Novus, för A.",
      "Ekeliden's seat proposes Ekeliden, then Novus, for A.", [this] {
        play_.Propose(cases_["A"], cast::EkelidenSeat(), {"ekeliden", "novus"});
      });
  Add(cast::NovusSeat(), "Novus plats bekräftar: förslag och bekräftelse kommer från två platser.",
      "Novus's seat confirms: a proposal and its confirmation come from two seats.", [this] {
        Case& a = cases_["A"];
        rf::ConfirmAssessmentRequest request;
        request.set_request_id(NewRequestId());
        request.set_referral_id(a.referral_id);
        request.set_etag(a.etag);
        rf::Referral answer;
        const grpc::Status own = stage_.Try(
            cast::EkelidenSeat(), &rf::ReferralService::Stub::ConfirmAssessment, request, &answer);
        Expect(!own.ok(), "the proposing seat cannot confirm its own proposal");
        play_.Confirm(a, cast::NovusSeat());
      });
  Add(cast::NovusDeputy(),
      "Samordnaren på Novus föreslår Novus för B, C och D; Ekeliden bekräftar.",
      "Novus's coordinator, as deputy, proposes Novus for B, C and D; Ekeliden confirms.", [this] {
        for (const char* key : {"B", "C", "D"}) {
          play_.Propose(cases_[key], cast::NovusDeputy(), {"novus"});
          play_.Confirm(cases_[key], cast::EkelidenSeat());
        }
      });
}

void Story::AddVisitsAndDecisions() {
  Add(cast::EkelidenStaff(), "Studiebesök: A på Ekeliden och B på Novus, behoven kan mötas.",
      "Study visits: A at Ekeliden and B at Novus, the needs can be met.", [this] {
        play_.Visit(cases_["A"], cast::EkelidenStaff(), "ekeliden", true);
        play_.Visit(cases_["B"], cast::NovusStaff(), "novus", true);
      });
  Add(cast::NovusStaff(),
      "Studiebesök: D på Novus, behoven kan inte mötas. Åter till remissgruppen.",
      "Study visit: D at Novus, the needs cannot be met. Back to the board.",
      [this] { play_.Visit(cases_["D"], cast::NovusStaff(), "novus", false); });
  Add(cast::EkelidenSeat(), "Ingen lämplig plats i kedjan för D: åter till Växjö med alternativ.",
      "No suitable place in the chain for D: back to its owner with alternatives.", [this] {
        play_.SendBack(cases_["D"], cast::NovusSeat(), cast::EkelidenSeat());
        Expect(play_.State(cases_["D"]) == rf::REFERRAL_STATE_SENT_BACK, "D is sent back");
      });
  Add(cast::VaxjoWorker(2), "C har redan bott på Novus: studiebesöket ersätts med ett skäl.",
      "C has lived at Novus before: the visit is waived with a reason.",
      [this] { play_.WaiveVisit(cases_["C"], "Bodde på Novus för två år sedan."); });
  Add(cast::VaxjoWorker(2), "Svaren: A och B säger ja, C behöver först betänketid.",
      "The answers: A and B say yes, C needs time first.", [this] {
        play_.Answer(cases_["A"], rf::ANSWER_KIND_YES);
        play_.Answer(cases_["B"], rf::ANSWER_KIND_YES);
        play_.Answer(cases_["C"], rf::ANSWER_KIND_NEEDS_TIME);
        play_.Answer(cases_["C"], rf::ANSWER_KIND_YES);
      });
  Add(cast::AlvestaDecider(), "Beslut: A till Ekeliden, C till Novus.",
      "Decisions: A to Ekeliden, C to Novus.", [this] {
        play_.Decide(cases_["A"], "ekeliden", 7);
        play_.Decide(cases_["C"], "novus", 14);
        play_.AwaitQueued(cases_["A"], "ekeliden");
        play_.AwaitQueued(cases_["C"], "novus");
      });
  Add(cast::EkelidenStaff(),
      "A får plats på Ekeliden. Inskrivningen väntar på den skriftliga kostnadsfördelningen och på "
      "att alla har godkänt placeringsöverenskommelsen.",
      "A is offered a place at Ekeliden. The move-in waits for the written cost split, and for all "
      "to agree on the placement.",
      [this] {
        play_.OfferTo(cases_["A"], cast::EkelidenStaff(), "ekeliden-01");
        play_.Accept(cases_["A"], stage_.Today());
        Expect(play_.TryEnrol(cases_["A"], cast::EkelidenStaff()) == "COST_SPLIT_MISSING",
               "nobody moves in before the cost split is written");
        play_.SplitCost(cases_["A"], "ekeliden");
        Expect(play_.TryEnrol(cases_["A"], cast::EkelidenStaff()) == "AGREEMENT_MISSING",
               "nobody moves in before person, owner and facility have agreed");
        play_.Agree(cases_["A"], cast::EkelidenStaff());
        play_.Enrol(cases_["A"], cast::EkelidenStaff());
      });
  Add(cast::AlvestaWorker(), "E återkallar sitt samtycke. Dörren stängs i samma ögonblick.",
      "E revokes the consent. The door closes at that moment.", [this] {
        Case& e = cases_["E"];
        play_.Read(e, cast::EkelidenSeat());
        play_.Revoke(e);
        rf::GetReferralRequest request;
        rf::Referral answer;
        request.set_referral_id(e.referral_id);
        const grpc::Status denied = stage_.Try(
            cast::EkelidenSeat(), &rf::ReferralService::Stub::GetReferral, request, &answer);
        request.set_referral_id(NewRequestId());
        const grpc::Status missing = stage_.Try(
            cast::EkelidenSeat(), &rf::ReferralService::Stub::GetReferral, request, &answer);
        Expect(denied.error_code() == grpc::StatusCode::NOT_FOUND, "the board is shut out");
        Expect(denied.error_message() == missing.error_message() &&
                   denied.error_details() == missing.error_details(),
               "denied and not existing are the same answer");
        Expect(play_.Read(e, cast::AlvestaWorker()).case_number() == e.number,
               "the owner still reads");
      });
}

void Story::AddQueue() {
  Add(cast::VaxjoDecider(1), "Två dagar senare beslutar Växjö IFO 1 om B till Novus.",
      "Two days later Växjö IFO 1 decides: B to Novus.", [this] {
        stage_.MoveClock("+2d");
        play_.Decide(cases_["B"], "novus", 14);
        play_.AwaitQueued(cases_["B"], "novus");
      });
  Add(cast::NovusSeat(),
      "Novus är fullt. Kön: B före C, fast C har tidigare beslut. Kön säger varför.",
      "Novus is full. The queue: B before C, although C was decided earlier. It says why.", [this] {
        ExpectQueue({"B", "C"});
        const pl::PositionExplanation why = play_.Explain(cases_["C"], cases_["C"].worker);
        Expect(why.entry().position() == 2, "C stands second");
        Expect(why.before_size() == 1 && why.before(0).column_code() == "child_perspective",
               "B stands before C by the child's perspective");
        Expect(!why.why_sv().empty() && !why.why_en().empty(), "the reason is told in words");
        pl::MakeOfferRequest request;
        request.set_request_id(NewRequestId());
        request.set_bed_id("novus-01");
        request.set_available_from(FormatDate(stage_.Today()));
        pl::Offer offer;
        const grpc::Status full =
            stage_.Try(cast::NovusStaff(), &pl::OfferService::Stub::MakeOffer, request, &offer);
        Expect(full.error_code() == grpc::StatusCode::FAILED_PRECONDITION ||
                   full.error_code() == grpc::StatusCode::ABORTED,
               "an occupied bed cannot be offered");
      });
  Add(cast::NovusStaff(), "R1:s utskrivning planeras fjorton dagar i förväg, med stöd hemma.",
      "R1's departure is planned fourteen days ahead, with support at home.", [this] {
        play_.PlanHome(cases_["R1"]);
        play_.PlanDischarge(cases_["R1"], cast::NovusStaff(), day(16));
      });
  Add(cast::NovusStaff(), "Fjorton dagar senare flyttar R1 hem. Platsen är fri vid flytten.",
      "Fourteen days later R1 goes home. The place is free at the actual departure.", [this] {
        stage_.MoveClock("+14d");
        play_.Discharge(cases_["R1"], cast::NovusStaff());
        play_.StartHomeSupport(cases_["R1"], 0);
        play_.Close(cases_["R1"]);
      });
}

void Story::ExpectQueue(const std::vector<std::string>& keys) {
  std::string found;
  std::string wanted;
  for (const std::string& number : play_.QueueNumbers(cast::NovusSeat(), "novus")) {
    found += KeyOf(number) + " ";
  }
  for (const std::string& key : keys) wanted += key + " ";
  Expect(found == wanted, "the queue for Novus is " + wanted + "but it is " + found);
}

void Story::AddOffers() {
  Add(cast::NovusStaff(), "Platsen erbjuds den som står först: B.",
      "The place is offered to the first in the queue: B.",
      [this] { play_.OfferTo(cases_["B"], cast::NovusStaff(), "novus-01"); });
  Add(cast::VaxjoWorker(1), "Erbjudandet besvaras inte i tid. Det går vidare till C av sig självt.",
      "The offer is not answered in time. It goes to C by itself.", [this] {
        // The deadline is 72 hours and the reminder 24 hours before
        // (deploy/kronoberg/facilities.yaml).
        stage_.MoveClock("+49h");
        play_.AwaitMessage(cases_["B"], "offer_expiring");
        stage_.MoveClock("+24h");
        play_.AwaitOffer(cases_["C"]);
        ExpectQueue({"B", "C"});
      });
  Add(cast::VaxjoWorker(2), "C tackar ja och flyttar in på Novus.",
      "C accepts and moves in at Novus.", [this] {
        play_.Accept(cases_["C"], stage_.Today());
        play_.SplitCost(cases_["C"], "");
        play_.Agree(cases_["C"], cast::NovusStaff());
        play_.Enrol(cases_["C"], cast::NovusStaff());
        ExpectQueue({"B"});
      });
}

void Story::AddTransfer() {
  Add(cast::EkelidenStaff(), "Genomförandeplanen för A skrivs på Ekeliden.",
      "A's implementation plan is written at Ekeliden.",
      [this] { play_.WritePlan(cases_["A"], cast::EkelidenStaff(), "ekeliden"); });
  Add(cast::AlvestaDecider(), "Nytt beslut för nästa steg: A till Novus. Kön: B, A.",
      "A new decision for the next step: A to Novus. The queue: B, A.", [this] {
        play_.Decide(cases_["A"], "novus", 30);
        play_.AwaitQueued(cases_["A"], "novus");
        ExpectQueue({"B", "A"});
      });
  Add(cast::NovusStaff(), "Personalen är tillbaka: två platser öppnas. Den första går till B.",
      "The staff are back: two places open. The first goes to B.", [this] {
        play_.ReopenBed(cast::NovusStaff(), "novus-03");
        play_.ReopenBed(cast::NovusStaff(), "novus-04");
        play_.OfferTo(cases_["B"], cast::NovusStaff(), "novus-03");
        play_.Accept(cases_["B"], stage_.Today());
        play_.SplitCost(cases_["B"], "");
        play_.Agree(cases_["B"], cast::NovusStaff());
        play_.Enrol(cases_["B"], cast::NovusStaff());
      });
  Add(cast::AlvestaWorker(),
      "Den andra erbjuds A, som reserverar den till flytten om sexton dagar.",
      "The second is offered to A, who reserves it for the move in sixteen days.", [this] {
        play_.OfferTo(cases_["A"], cast::NovusStaff(), "novus-04");
        play_.Accept(cases_["A"], day(35));
      });
  Add(cast::EkelidenStaff(), "Överflytten planeras: mötet senast fjorton dagar före.",
      "The transfer is planned: the meeting at the latest fourteen days before.", [this] {
        bool too_late_was_refused = false;
        try {
          play_.PlanTransfer(cases_["A"], cast::EkelidenStaff(), day(22), day(35));
        } catch (const StoryError&) {
          too_late_was_refused = true;
        }
        Expect(too_late_was_refused, "a meeting thirteen days before needs a reasoned exception");
        play_.PlanTransfer(cases_["A"], cast::EkelidenStaff(), day(21), day(35));
      });
  Add(cast::NovusStaff(), "Båda verksamheterna bekräftar.", "Both facilities confirm.", [this] {
    play_.ConfirmTransfer(cases_["A"], cast::EkelidenStaff());
    play_.ConfirmTransfer(cases_["A"], cast::NovusStaff());
  });
  Add(cast::NovusStaff(),
      "Sexton dagar senare flyttar A: en enda flytt, aldrig noll eller två platser.",
      "Sixteen days later A moves: one move, never zero or two places.", [this] {
        stage_.MoveClock("+16d");
        play_.Agree(cases_["A"], cast::NovusStaff());
        play_.CompleteTransfer(cases_["A"], cast::NovusStaff());
      });
}

void Story::AddHomecoming() {
  Add(cast::AlvestaWorker(),
      "Hemgången planeras: boendestöd och öppenvård, ansvarig enhet och datum. A ber om en SIP.",
      "The way home is planned: housing support and open care, with unit and date. A asks for a "
      "coordinated individual plan.",
      [this] {
        play_.PlanHome(cases_["A"]);
        play_.CoordinatePlan(cases_["A"], cast::NovusStaff());
        play_.StartHomeSupport(cases_["A"], 0);
        play_.PlanDischarge(cases_["A"], cast::NovusStaff(), day(49));
      });
  Add(cast::NovusStaff(), "A flyttar hem. Det som inte blev klart antecknas men hindrar inte.",
      "A goes home. What was not finished is recorded and stops nobody.", [this] {
        stage_.MoveClock("+14d");
        play_.Discharge(cases_["A"], cast::NovusStaff());
        play_.StartHomeSupport(cases_["A"], 1);
        play_.Close(cases_["A"]);
      });
}

}  // namespace vardkedja::e2e
