// The table itself, and the Swedish texts. README.md shows the same table; a test compares them.
#include <array>

#include "notification-service/domain/derivation.h"

namespace vardkedja::notification::domain {
namespace {

constexpr bool kEvenToActor = true;

constexpr std::array kRules = {
    // referral-service
    DerivationRule{Source::kReferral, "submitted", Recipient::kBoard, "submitted"},
    DerivationRule{Source::kReferral, "acknowledged", Recipient::kOwner, "acknowledged"},
    DerivationRule{Source::kReferral, "information_requested", Recipient::kOwner,
                   "information_requested"},
    DerivationRule{Source::kReferral, "information_provided", Recipient::kBoard,
                   "information_provided"},
    // The other seat reads the same inbox.
    DerivationRule{Source::kReferral, "assessment_proposed", Recipient::kBoard,
                   "assessment_proposed", kEvenToActor},
    DerivationRule{Source::kReferral, "assessed", Recipient::kOwner, "assessed"},
    DerivationRule{Source::kReferral, "sent_back", Recipient::kOwner, "sent_back"},
    DerivationRule{Source::kReferral, "study_visit_booked", Recipient::kOwner,
                   "study_visit_booked"},
    DerivationRule{Source::kReferral, "study_visit_booked", Recipient::kFacility,
                   "study_visit_booked"},
    DerivationRule{Source::kReferral, "study_visit_recorded", Recipient::kOwner,
                   "study_visit_recorded"},
    DerivationRule{Source::kReferral, "study_visit_recorded", Recipient::kBoard,
                   "study_visit_recorded"},
    DerivationRule{Source::kReferral, "answered", Recipient::kBoard, "answered"},
    // The decider reads the owner's inbox.
    DerivationRule{Source::kReferral, "decision_proposed", Recipient::kOwner, "decision_proposed",
                   kEvenToActor},
    DerivationRule{Source::kReferral, "decision_made", Recipient::kBoard, "decision_made"},
    DerivationRule{Source::kReferral, "decision_made", Recipient::kFacility, "decision_made"},
    DerivationRule{Source::kReferral, "assistance_refused", Recipient::kBoard,
                   "assistance_refused"},
    // The owner is told to act, also when its own member wrote the revocation (domain.md, 5).
    DerivationRule{Source::kReferral, "ground_ended", Recipient::kOwner, "ground_ended",
                   kEvenToActor},
    DerivationRule{Source::kReferral, "ground_ended", Recipient::kNoLongerReceives, "access_ended"},
    // Nothing is disclosed to the successor by it: the owner asks the person anew.
    DerivationRule{Source::kReferral, "ground_recipient_merged", Recipient::kOwner,
                   "ground_recipient_merged"},
    DerivationRule{Source::kReferral, "home_support_recorded", Recipient::kHomeSupport,
                   "home_support_recorded"},
    // Needs the principals bind each other by, and calls: to all that take part.
    DerivationRule{Source::kReferral, "coordinated_plan_needed", Recipient::kPlanParties,
                   "coordinated_plan_needed"},
    DerivationRule{Source::kReferral, "coordinated_plan_called", Recipient::kPlanParties,
                   "coordinated_plan_called"},
    DerivationRule{Source::kReferral, "coordinated_plan_recorded", Recipient::kPlanParties,
                   "coordinated_plan_recorded"},
    DerivationRule{Source::kReferral, "cost_split_recorded", Recipient::kSharesCost,
                   "cost_split_recorded"},
    // Law: it goes at once, to the unit that answers for children; the owner knows too.
    DerivationRule{Source::kReferral, "child_concern_reported", Recipient::kChildUnit,
                   "child_concern"},
    DerivationRule{Source::kReferral, "child_concern_reported", Recipient::kOwner, "child_concern"},
    DerivationRule{Source::kReferral, "person_corrected", Recipient::kInformed, "person_corrected"},
    DerivationRule{Source::kReferral, "person_died", Recipient::kInformed, "person_died"},
    DerivationRule{Source::kReferral, "case_moved", Recipient::kOwner, "case_received"},
    DerivationRule{Source::kReferral, "case_moved", Recipient::kInformed, "case_moved"},
    DerivationRule{Source::kReferral, "protection_set", Recipient::kInformed, "protection_set"},
    DerivationRule{Source::kReferral, "acute_placement_declared"},
    DerivationRule{Source::kReferral, "outcome_recorded"},
    DerivationRule{Source::kReferral, "handed_over", Recipient::kReceiver, "handed_over"},
    // Both are told what they did not do themselves; of an unanswered one, both.
    DerivationRule{Source::kReferral, "hand_over_ended", Recipient::kOwner, "hand_over_ended"},
    DerivationRule{Source::kReferral, "hand_over_ended", Recipient::kReceiver,
                   "hand_over_ended_receiver"},
    DerivationRule{Source::kReferral, "taken_over", Recipient::kFormerOwner, "taken_over"},
    DerivationRule{Source::kReferral, "taken_over", Recipient::kBoard, "owner_changed"},
    DerivationRule{Source::kReferral, "erasure_due", Recipient::kOwner, "erasure_due"},
    DerivationRule{Source::kReferral, "erased"},
    DerivationRule{Source::kReferral, "ground_recorded"},
    DerivationRule{Source::kReferral, "criteria_changed"},
    DerivationRule{Source::kReferral, "implementation_plan_recorded"},
    DerivationRule{Source::kReferral, "closed"},
    // placement-service
    // The suite queues the decision; the owner learns that it stands in the queue.
    DerivationRule{Source::kPlacement, "queued", Recipient::kOwner, "queued", kEvenToActor},
    DerivationRule{Source::kPlacement, "queued", Recipient::kBoard, "queued"},
    DerivationRule{Source::kPlacement, "queue_alert", Recipient::kBoard, "queue_alert"},
    DerivationRule{Source::kPlacement, "offer_made", Recipient::kOwner, "offer_made"},
    DerivationRule{Source::kPlacement, "offer_expiring", Recipient::kOwner, "offer_expiring"},
    DerivationRule{Source::kPlacement, "offer_expired", Recipient::kOwner, "offer_expired"},
    DerivationRule{Source::kPlacement, "offer_expired", Recipient::kFacility, "offer_expired"},
    DerivationRule{Source::kPlacement, "offer_expired", Recipient::kBoard, "offer_expired"},
    DerivationRule{Source::kPlacement, "offer_accepted", Recipient::kFacility, "offer_accepted"},
    DerivationRule{Source::kPlacement, "offer_accepted", Recipient::kBoard, "offer_accepted"},
    DerivationRule{Source::kPlacement, "offer_declined", Recipient::kFacility, "offer_declined"},
    DerivationRule{Source::kPlacement, "offer_declined", Recipient::kBoard, "offer_declined"},
    DerivationRule{Source::kPlacement, "reservation_ended", Recipient::kOwner, "reservation_ended"},
    DerivationRule{Source::kPlacement, "reservation_ended", Recipient::kFacility,
                   "reservation_ended"},
    DerivationRule{Source::kPlacement, "reservation_ended", Recipient::kBoard, "reservation_ended"},
    DerivationRule{Source::kPlacement, "reservation_changed", Recipient::kOwner,
                   "reservation_changed"},
    DerivationRule{Source::kPlacement, "reservation_changed", Recipient::kFacility,
                   "reservation_changed"},
    DerivationRule{Source::kPlacement, "reservation_changed", Recipient::kBoard,
                   "reservation_changed"},
    DerivationRule{Source::kPlacement, "move_in_overdue", Recipient::kOwner, "move_in_overdue"},
    DerivationRule{Source::kPlacement, "move_in_overdue", Recipient::kFacility, "move_in_overdue"},
    DerivationRule{Source::kPlacement, "move_in_overdue", Recipient::kBoard, "move_in_overdue"},
    DerivationRule{Source::kPlacement, "enrolled", Recipient::kOwner, "enrolled"},
    DerivationRule{Source::kPlacement, "enrolled", Recipient::kBoard, "enrolled"},
    // The facility's own staff enrol, and must remember to ask.
    DerivationRule{Source::kPlacement, "enrolled", Recipient::kFacility, "children_question",
                   kEvenToActor},
    DerivationRule{Source::kPlacement, "transfer_planned", Recipient::kOwner, "transfer_planned"},
    DerivationRule{Source::kPlacement, "transfer_planned", Recipient::kBothFacilities,
                   "transfer_planned"},
    DerivationRule{Source::kPlacement, "transfer_confirmed", Recipient::kOwner,
                   "transfer_confirmed"},
    DerivationRule{Source::kPlacement, "transfer_confirmed", Recipient::kBothFacilities,
                   "transfer_confirmed"},
    DerivationRule{Source::kPlacement, "transfer_cancelled", Recipient::kOwner,
                   "transfer_cancelled"},
    DerivationRule{Source::kPlacement, "transfer_cancelled", Recipient::kBothFacilities,
                   "transfer_cancelled"},
    DerivationRule{Source::kPlacement, "transfer_cancelled", Recipient::kBoard,
                   "transfer_cancelled"},
    DerivationRule{Source::kPlacement, "transfer_done", Recipient::kOwner, "transfer_done"},
    DerivationRule{Source::kPlacement, "transfer_done", Recipient::kBothFacilities,
                   "transfer_done"},
    DerivationRule{Source::kPlacement, "transfer_done", Recipient::kBoard, "transfer_done"},
    DerivationRule{Source::kPlacement, "discharge_planned", Recipient::kOwner, "discharge_planned"},
    DerivationRule{Source::kPlacement, "discharge_plan_cleared", Recipient::kOwner,
                   "discharge_plan_cleared"},
    DerivationRule{Source::kPlacement, "discharge_undone", Recipient::kOwner, "discharge_undone"},
    DerivationRule{Source::kPlacement, "discharge_undone", Recipient::kBoard, "discharge_undone"},
    DerivationRule{Source::kPlacement, "discharged", Recipient::kOwner, "discharged"},
    DerivationRule{Source::kPlacement, "discharged", Recipient::kBoard, "discharged"},
    // The other seat reads the same inbox.
    DerivationRule{Source::kPlacement, "override_proposed", Recipient::kBoard, "override_proposed",
                   kEvenToActor},
    DerivationRule{Source::kPlacement, "override_settled", Recipient::kBoard, "override_settled",
                   kEvenToActor},
    DerivationRule{Source::kPlacement, "entry_parked", Recipient::kOwner, "entry_parked"},
    DerivationRule{Source::kPlacement, "entry_parked", Recipient::kBoard, "entry_parked"},
    DerivationRule{Source::kPlacement, "entry_resumed", Recipient::kOwner, "entry_resumed"},
    DerivationRule{Source::kPlacement, "entry_resumed", Recipient::kBoard, "entry_resumed"},
    DerivationRule{Source::kPlacement, "facility_registered"},
    DerivationRule{Source::kPlacement, "bed_registered"},
    DerivationRule{Source::kPlacement, "bed_closed"},
    // Only where the decision ended: the others are the consequence of what somebody did.
    DerivationRule{Source::kPlacement, "dequeued", Recipient::kOwner, "decision_ended"},
    DerivationRule{Source::kPlacement, "dequeued", Recipient::kBoard, "decision_ended"},
    DerivationRule{Source::kPlacement, "leave_recorded"},
    DerivationRule{Source::kPlacement, "interruption_recorded", Recipient::kOwner,
                   "interruption_recorded"},
    DerivationRule{Source::kPlacement, "interruption_recorded", Recipient::kBoard,
                   "interruption_recorded"},
    DerivationRule{Source::kPlacement, "care_period_began"},
    DerivationRule{Source::kPlacement, "placement_reconsidered", Recipient::kFacility,
                   "placement_reconsidered"},
    DerivationRule{Source::kPlacement, "placement_reconsidered", Recipient::kBoard,
                   "placement_reconsidered"},
    DerivationRule{Source::kPlacement, "agreement_recorded", Recipient::kOwner,
                   "agreement_recorded"},
    DerivationRule{Source::kPlacement, "agreement_recorded", Recipient::kFacility,
                   "agreement_recorded"},
    DerivationRule{Source::kPlacement, "contact_planned", Recipient::kOwner, "contact_planned"},
    DerivationRule{Source::kPlacement, "contact_planned", Recipient::kFacility, "contact_planned"},
    DerivationRule{Source::kPlacement, "absence_corrected", Recipient::kOwner, "absence_corrected"},
    DerivationRule{Source::kPlacement, "absence_corrected", Recipient::kBoard, "absence_corrected"},
    DerivationRule{Source::kPlacement, "stay_moved", Recipient::kOwner, "stay_moved"},
    DerivationRule{Source::kPlacement, "stay_moved", Recipient::kBoard, "stay_moved"},
    DerivationRule{Source::kPlacement, "went_home", Recipient::kOwner, "went_home"},
    DerivationRule{Source::kPlacement, "went_home", Recipient::kBoard, "went_home"},
    DerivationRule{Source::kPlacement, "return_changed", Recipient::kOwner, "return_changed"},
    DerivationRule{Source::kPlacement, "returned_from_home", Recipient::kOwner,
                   "returned_from_home"},
    DerivationRule{Source::kPlacement, "returned_from_home", Recipient::kBoard,
                   "returned_from_home"},
    DerivationRule{Source::kPlacement, "return_overdue", Recipient::kFacility, "return_overdue"},
    DerivationRule{Source::kPlacement, "return_overdue", Recipient::kOwner, "return_overdue"},
    DerivationRule{Source::kPlacement, "return_overdue", Recipient::kBoard, "return_overdue"},
    DerivationRule{Source::kPlacement, "stay_corrected", Recipient::kOwner, "stay_corrected"},
    DerivationRule{Source::kPlacement, "stay_corrected", Recipient::kBoard, "stay_corrected"},
    DerivationRule{Source::kPlacement, "stay_corrected", Recipient::kFacility, "stay_corrected"},
    // The owner follows up; the board sees no content after the enrolment.
    DerivationRule{Source::kPlacement, "incident_recorded", Recipient::kOwner, "incident_recorded"},
    DerivationRule{Source::kPlacement, "bed_hold"},
    DerivationRule{Source::kPlacement, "external_stay_recorded"},
    DerivationRule{Source::kPlacement, "bed_conflict", Recipient::kFacility, "bed_conflict"},
    DerivationRule{Source::kPlacement, "bed_conflict", Recipient::kOwner, "bed_conflict"},
    DerivationRule{Source::kPlacement, "bed_conflict", Recipient::kBoard, "bed_conflict"},
};

// Verb codes are the template codes, apart from reminders, which all say "deadline_coming".
constexpr std::array kTemplates = {
    Template{"submitted", "submitted", "Ny uppdragsblankett i ärende {case}",
             "En uppdragsblankett har skickats in i ärende {case}. Remissgruppen behöver bekräfta "
             "att den har tagits emot.",
             "A commission form was submitted in case {case}. The board needs to acknowledge it."},
    Template{"acknowledged", "acknowledged", "Mottagen: ärende {case}",
             "Remissgruppen har tagit emot uppdragsblanketten i ärende {case}.",
             "The board has received the commission form in case {case}."},
    Template{"information_requested", "information_requested",
             "Komplettering begärd i ärende {case}",
             "Remissgruppen begär komplettering i ärende {case}. Öppna ärendet för att se vad som "
             "behövs.",
             "The board asks for more information in case {case}. Open the case to see what."},
    Template{"information_provided", "information_provided", "Komplettering i ärende {case}",
             "Begärd komplettering har lämnats i ärende {case}.",
             "The information asked for was provided in case {case}."},
    Template{
        "assessment_proposed", "assessment_proposed", "Förslag till bedömning i ärende {case}",
        "En av remissgruppens ledamöter har lämnat förslag till bedömning i ärende {case}. Den "
        "andra ledamoten behöver ta ställning.",
        "One seat of the board proposed an assessment in case {case}. The other seat needs to "
        "respond."},
    Template{"assessed", "assessed", "Bedömning klar i ärende {case}",
             "Remissgruppens bedömning är klar i ärende {case}. Nästa steg är studiebesök.",
             "The board's assessment is done in case {case}. The next step is a study visit."},
    Template{"sent_back", "sent_back", "Ärende {case} har återlämnats",
             "Remissgruppen bedömer att vårdkedjan saknar lämplig plats i ärende {case}. Ärendet "
             "har lämnats tillbaka till er.",
             "The board states that no place in the chain suits case {case}. It is back with you."},
    Template{"study_visit_booked", "study_visit_booked", "Studiebesök bokat i ärende {case}",
             "Ett studiebesök har bokats i ärende {case}.",
             "A study visit was booked in case {case}."},
    Template{"study_visit_recorded", "study_visit_recorded",
             "Utfall av studiebesök i ärende {case}",
             "Utfallet av ett studiebesök har registrerats i ärende {case}.",
             "The outcome of a study visit was recorded in case {case}."},
    Template{"answered", "answered", "Svar om plats i ärende {case}",
             "Den enskildes svar har registrerats i ärende {case}.",
             "The person's answer was recorded in case {case}."},
    Template{"decision_proposed", "decision_proposed", "Beslutsförslag i ärende {case}",
             "Ett förslag till biståndsbeslut väntar på beslutsfattare i ärende {case}.",
             "A proposed decision on assistance awaits a decider in case {case}."},
    Template{"decision_made", "decision_made", "Biståndsbeslut i ärende {case}",
             "Ett biståndsbeslut om placering har fattats i ärende {case}.",
             "A decision on assistance was made in case {case}."},
    Template{"assistance_refused", "assistance_refused", "Avslag i ärende {case}",
             "Ansökan om bistånd har avslagits i ärende {case}.",
             "Assistance was refused in case {case}."},
    Template{
        "ground_ended", "ground_ended", "Grund för utlämnande har upphört i ärende {case}",
        "Ett samtycke eller en annan grund för att lämna ut uppgifter har upphört i ärende "
        "{case}. Uppgifter lämnas inte längre ut med stöd av den. Ni behöver ta ställning till "
        "hur ärendet ska hanteras.",
        "A consent or another ground for disclosure ended in case {case}. Nothing more is "
        "disclosed on it. You need to decide how to proceed."},
    Template{"access_ended", "access_ended", "Er åtkomst har ändrats i ärende {case}",
             "En grund för att er enhet ska få ta del av uppgifter har upphört i ärende {case}.",
             "A ground for your unit to receive information ended in case {case}."},
    Template{"ground_recipient_merged", "ground_recipient_merged",
             "Mottagare har slagits samman: ärende {case}",
             "Ett samtycke eller en annan grund för att lämna ut uppgifter i ärende {case} anger "
             "en enhet "
             "som har slagits samman med en annan. Den andra enheten får inte ta del av något med "
             "stöd av "
             "grunden. Registrera en ny grund om den ska få det.",
             "A consent or another ground for disclosure in case {case} names a unit that was "
             "merged into "
             "another. The other unit sees nothing by it. Record a new ground if it is to."},
    Template{
        "home_support_recorded", "home_support_recorded", "Stöd i hemmet i ärende {case}",
        "Er enhet ansvarar för en insats i planen för stöd i hemmet i ärende {case}. Planen har "
        "upprättats eller ändrats.",
        "Your unit answers for a part of the home support leg in case {case}. It was written or "
        "revised."},
    Template{"coordinated_plan_needed", "coordinated_plan_needed", "SIP behövs i ärende {case}",
             "En huvudman har bedömt att en samordnad individuell plan (SIP) behövs i ärende "
             "{case}. Bedömningen binder även er. Planeringen ska påbörjas utan dröjsmål.",
             "A principal assessed that a coordinated individual plan is needed in case {case}. "
             "That binds you too. The planning starts without delay."},
    Template{"coordinated_plan_called", "sip_called", "Kallelse till SIP-möte i ärende {case}",
             "Er enhet kallas till SIP-möte i ärende {case}. Öppna ärendet för tid, form och länk.",
             "Your unit is called to a meeting about the coordinated individual plan in case "
             "{case}. Open the case for time, form and link."},
    Template{"coordinated_plan_recorded", "coordinated_plan_recorded",
             "SIP upprättad eller reviderad i ärende {case}",
             "Den samordnade individuella planen (SIP) i ärende {case} har upprättats eller "
             "reviderats.",
             "The coordinated individual plan in case {case} was written or revised."},
    Template{"cost_split_recorded", "cost_split_recorded", "Kostnadsfördelning i ärende {case}",
             "En skriftlig kostnadsfördelning som omfattar er enhet har upprättats eller ändrats "
             "i ärende {case}.",
             "A written cost split that includes your unit was made or changed in case {case}."},
    Template{"child_concern", "child_concern", "Orosanmälan om barn i ärende {case}",
             "En orosanmälan om barn har gjorts i ärende {case}. Mottagande enhet ska göra en "
             "skyddsbedömning genast.",
             "A concern about a child was reported in case {case}. The receiving unit assesses the "
             "need of protection at once."},
    Template{"children_question", "children_question", "Fråga om barn i ärende {case}",
             "Inskrivning har skett i ärende {case}. Fråga om det finns barn och planera besök och "
             "annan kontakt, om det inte redan är gjort.",
             "The person in case {case} has moved in. Ask about children and plan visits and other "
             "contact, if that is not done."},
    Template{
        "person_corrected", "person_corrected", "Personuppgifter rättade i ärende {case}",
        "Vem ärende {case} gäller har rättats. Öppna ärendet och kontrollera era egna uppgifter.",
        "Who case {case} is about was corrected. Open it and check your own records."},
    Template{"person_died", "person_died", "Dödsfall i ärende {case}",
             "Personen i ärende {case} har avlidit. Pågående planering avslutas.",
             "The person in case {case} has died. What is planned comes to an end."},
    Template{"case_received", "case_received", "Ärende {case} har flyttats till er",
             "Ärende {case} har flyttats till er enhet, som nu ansvarar för det.",
             "Case {case} was moved to your unit, which answers for it now."},
    Template{"case_moved", "case_moved", "Ärende {case} har en ny ansvarig enhet",
             "En annan enhet ansvarar nu för ärende {case}.",
             "Another unit answers for case {case} now."},
    Template{"protection_set", "protection_set", "Skydd av personuppgifter i ärende {case}",
             "Skyddet av personuppgifterna i ärende {case} har ändrats. Kontrollera vad ni själva "
             "visar.",
             "The protection of the identity in case {case} has changed. Check what you show."},
    Template{"queued", "queued", "Ärende {case} står i kö",
             "Ärende {case} står nu i kö till en plats i vårdkedjan.",
             "Case {case} is now in the queue for a place in the chain."},
    Template{
        "queue_alert", "queue_alert", "Uppmärksamma kön: ärende {case}",
        "Ärende {case} har passerats i kön eller har väntat länge. Remissgruppen behöver ta "
        "upp det.",
        "Case {case} was passed in the queue or has waited long. The board needs to look at it."},
    Template{"offer_made", "offer_made", "Erbjudande om plats i ärende {case}",
             "En plats erbjuds i ärende {case}. Svara innan erbjudandet går ut.",
             "A place is offered in case {case}. Answer before the offer expires."},
    Template{"offer_expiring", "offer_expiring", "Erbjudande går snart ut i ärende {case}",
             "Erbjudandet om plats i ärende {case} går snart ut och är ännu inte besvarat.",
             "The offer in case {case} expires soon and is not answered yet."},
    Template{"offer_expired", "offer_expired", "Erbjudande har gått ut i ärende {case}",
             "Erbjudandet om plats i ärende {case} besvarades inte i tid. Platsen går till nästa i "
             "kön. Ärendet behåller sin plats i kön och verkställighetstiden fortsätter att löpa.",
             "The offer in case {case} was not answered in time. The place goes to the next. The "
             "case keeps its place in the queue, and the execution clock keeps running."},
    Template{"offer_accepted", "offer_accepted", "Ja till plats i ärende {case}",
             "Erbjudandet om plats har accepterats i ärende {case}. Platsen är reserverad.",
             "The offer was accepted in case {case}. The place is reserved."},
    Template{"offer_declined", "offer_declined", "Nej till plats i ärende {case}",
             "Erbjudandet om plats har avböjts i ärende {case}. Platsen går till nästa i kön.",
             "The offer was declined in case {case}. The place goes to the next."},
    Template{"enrolled", "enrolled", "Inskriven: ärende {case}",
             "Inskrivning har skett i ärende {case}. Beslutet är verkställt.",
             "The person in case {case} has moved in. The decision is executed."},
    Template{"handed_over", "handed_over", "Överlämning av ärende {case}",
             "Ärende {case} lämnas över till er enhet. Ta över det eller avböj med skäl inom "
             "svarstiden. Avsändaren äger ärendet tills ni har tagit över det.",
             "Case {case} is handed over to your unit. Take it over, or decline with a reason, in "
             "time. The sender owns the case until you have taken it over."},
    Template{"hand_over_ended", "hand_over_ended", "Ärende {case} är fortfarande ert",
             "Överlämningen av ärende {case} avböjdes eller besvarades inte i tid. Ärendet är "
             "fortfarande ert.",
             "The hand-over of case {case} was declined or not answered in time. The case is still "
             "yours."},
    Template{
        "hand_over_ended_receiver", "hand_over_ended",
        "Överlämningen av ärende {case} gäller inte längre",
        "Överlämningen av ärende {case} har återtagits eller besvarades inte i tid. Ärendet är "
        "avsändarens.",
        "The hand-over of case {case} was taken back or not answered in time. The case is the "
        "sender's."},
    Template{"taken_over", "taken_over", "Ärende {case} har tagits över",
             "Mottagaren har tagit över ärende {case} och äger det nu.",
             "The receiver has taken over case {case} and owns it now."},
    Template{"owner_changed", "taken_over", "Ny ägare av ärende {case}",
             "En annan enhet har tagit över ärende {case} och äger det nu.",
             "Another unit has taken over case {case} and owns it now."},
    Template{
        "erasure_due", "erasure_due", "Ärende {case} kan gallras",
        "Gallringsfristen för ärende {case} har gått ut. Exportera det till arkivet och gallra "
        "det, eller spärra det med angivet skäl.",
        "The retention term of case {case} is over. Export it to the archive and erase it, or "
        "hold it with a reason."},
    Template{
        "transfer_planned", "transfer_planned", "Flytt planerad i ärende {case}",
        "En flytt mellan boendena har planerats i ärende {case}. Varje boende behöver bekräfta "
        "den.",
        "A transfer is planned in case {case}. Each facility needs to confirm it."},
    Template{"transfer_confirmed", "transfer_confirmed", "Flytt bekräftad i ärende {case}",
             "Ett av boendena har bekräftat den planerade flytten i ärende {case}.",
             "One of the facilities confirmed the planned transfer in case {case}."},
    Template{"transfer_cancelled", "transfer_cancelled", "Flytt avbruten i ärende {case}",
             "Den planerade flytten mellan boendena i ärende {case} blir inte av. Platsen går till "
             "nästa i kön. Så länge beslutet gäller väntar ärendet åter på plats.",
             "The planned transfer in case {case} is given up. The place goes to the next in the "
             "queue. As long as the decision holds, the case waits for a place again."},
    Template{"transfer_done", "transfer_done", "Flytt genomförd i ärende {case}",
             "Flytten mellan boendena har genomförts i ärende {case}.",
             "The transfer in case {case} is done."},
    Template{"discharge_planned", "discharge_planned", "Utskrivning planerad i ärende {case}",
             "En utskrivning har planerats i ärende {case}. Se till att stödet i hemmet är ordnat.",
             "A discharge is planned in case {case}. See to it that home support is in place."},
    Template{"discharge_plan_cleared", "discharge_plan_cleared",
             "Ingen utskrivning planerad i ärende {case}",
             "Den planerade utskrivningen i ärende {case} är borttagen. Vistelsen fortsätter.",
             "The planned discharge in case {case} is taken back. The stay goes on."},
    Template{
        "discharge_undone", "discharge_undone", "Rättad utskrivning i ärende {case}",
        "Utskrivningen i ärende {case} registrerades av misstag och har rättats. Vistelsen "
        "fortsätter.",
        "The discharge in case {case} was recorded by mistake and has been corrected. The stay "
        "goes on."},
    Template{"discharged", "discharged", "Utskriven: ärende {case}",
             "Utskrivning har skett i ärende {case}. Platsen är ledig.",
             "The person in case {case} has left. The place is free."},
    Template{
        "override_proposed", "override_proposed",
        "Förslag till avsteg från turordningen i ärende {case}",
        "En av remissgruppens ledamöter föreslår avsteg från turordningen i ärende {case}. Den "
        "andra ledamoten behöver ta ställning.",
        "One seat of the board proposes to leave the queue's order in case {case}. The other "
        "seat needs to respond."},
    Template{
        "override_settled", "override_settled", "Avsteg från turordningen avgjort i ärende {case}",
        "Förslaget till avsteg från turordningen i ärende {case} har bekräftats eller avslagits. "
        "Öppna ärendet för att se utfallet.",
        "The proposal to leave the queue's order in case {case} was confirmed or rejected. Open "
        "the case to see which."},
    Template{"entry_parked", "entry_parked", "Parkerat i kön: ärende {case}",
             "Ärende {case} är parkerat i kön. Det behåller sin plats och verkställighetstiden "
             "fortsätter att löpa, men ingen plats erbjuds så länge.",
             "Case {case} is parked in the queue. It keeps its place and the execution clock keeps "
             "running, but no place is offered meanwhile."},
    Template{"entry_resumed", "entry_resumed", "Åter i kön: ärende {case}",
             "Ärende {case} är inte längre parkerat och kan erbjudas en plats.",
             "Case {case} is no longer parked and can be offered a place."},
    Template{
        "decision_ended", "decision_ended", "Beslutet har löpt ut i ärende {case}",
        "Beslutet i ärende {case} löpte ut innan någon flyttade in, och ärendet står inte "
        "längre i kön. Ett nytt beslut ställer det i kön igen. Verkställighetstiden fortsätter "
        "att löpa.",
        "The decision in case {case} ended before anybody moved in, and the case is no longer "
        "in the queue. A new decision queues it again. The execution clock keeps running."},
    Template{
        "interruption_recorded", "interruption_recorded",
        "Avbrott eller återupptagen vistelse i ärende {case}",
        "Ett avbrott i vistelsen, eller att den har återupptagits, har registrerats i ärende "
        "{case}. Ett avbrott som inte återupptas inom tre månader ska rapporteras till IVO.",
        "An interruption of the stay, or its resumption, was recorded in case {case}. One that "
        "is not resumed within three months is reportable to IVO."},
    Template{"agreement_recorded", "agreement_recorded",
             "Placeringsöverenskommelse i ärende {case}",
             "Placeringsöverenskommelsen i ärende {case} har en ny version. Öppna den för att se "
             "vad som föreslås och vilka som har godkänt.",
             "The placement agreement in case {case} has a new version. Open it to see what is "
             "proposed and who has agreed."},
    Template{"contact_planned", "contact_planned", "Kontaktplan i ärende {case}",
             "Kontaktplanen i ärende {case} har en ny version.",
             "The contact plan in case {case} has a new version."},
    Template{"absence_corrected", "absence_corrected", "Rättad frånvaro i ärende {case}",
             "En permission eller ett avbrott i ärende {case} var felaktigt registrerat och har "
             "rättats. Öppna vistelsen för att se vad som gäller.",
             "Leave or an interruption in case {case} was recorded wrongly and has been corrected. "
             "Open the stay to see what holds."},
    Template{"stay_moved", "stay_moved", "Flytt inom boendet i ärende {case}",
             "En flytt till en annan plats inom boendet har genomförts i ärende {case}.",
             "The person in case {case} has moved to another place within the facility."},
    Template{
        "went_home", "went_home", "Växelvis boende: hemma i ärende {case}",
        "Personen i ärende {case} har åkt hem enligt planen för växelvis boende. Platsen är "
        "ledig, och en plats är reserverad för återkomsten. Placeringen fortsätter.",
        "The person in case {case} has gone home by the plan of an alternating stay. The place "
        "is free, and one is reserved for the return. The placement goes on."},
    Template{"return_changed", "return_changed", "Ändrad återkomst i ärende {case}",
             "Den planerade återkomsten i ärende {case} har ändrats.",
             "The planned return in case {case} was changed."},
    Template{"returned_from_home", "returned_from_home",
             "Växelvis boende: åter på boendet i ärende {case}",
             "Personen i ärende {case} är åter på boendet.",
             "The person in case {case} is back at the facility."},
    Template{"return_overdue", "return_overdue", "Utebliven återkomst i ärende {case}",
             "Personen i ärende {case} har inte kommit tillbaka på den planerade dagen. Platsen är "
             "fortfarande reserverad. Boendet behöver registrera återkomsten, ändra den eller "
             "skriva ut personen.",
             "The person in case {case} has not come back on the planned day. The place is still "
             "reserved. The facility needs to record the return, change it or discharge the "
             "person."},
    Template{"stay_corrected", "stay_corrected", "Rättad vistelse i ärende {case}",
             "En vistelse i ärende {case} var felaktigt registrerad och har rättats. Öppna ärendet "
             "för att se vad som gäller.",
             "A stay in case {case} was recorded wrongly and has been corrected. Open the case to "
             "see what holds."},
    Template{
        "incident_recorded", "incident_recorded", "Händelse under vistelsen i ärende {case}",
        "En händelse under vistelsen har registrerats i ärende {case}. Öppna vistelsen för att "
        "läsa om den.",
        "Something that happened during the stay was recorded in case {case}. Open the stay to "
        "read about it."},
    Template{
        "reservation_ended", "reservation_ended",
        "Reservationen gäller inte längre i ärende {case}",
        "Platsen som var reserverad i ärende {case} är inte längre reserverad: den har lämnats "
        "tillbaka, eller beslutet eller ärendet har upphört. Så länge beslutet gäller väntar "
        "ärendet åter i kön. Öppna ärendet för att se varför.",
        "The place that was reserved in case {case} is reserved no more: it was given back, or "
        "the decision or the case has ended. As long as the decision holds, the case waits in "
        "the queue again. Open the case to see why."},
    Template{"reservation_changed", "reservation_changed", "Ändrad inflyttning i ärende {case}",
             "Inflyttningen i ärende {case} är reserverad till en annan dag eller en annan plats.",
             "The move-in in case {case} is reserved for another day or another place."},
    Template{
        "move_in_overdue", "move_in_overdue", "Utebliven inflyttning i ärende {case}",
        "Ingen inflyttning har registrerats i ärende {case} på den reserverade dagen. Platsen är "
        "fortfarande reserverad. Registrera inflyttningen, ändra dagen eller lämna tillbaka "
        "platsen.",
        "No move-in was recorded in case {case} on the reserved day. The place is still "
        "reserved. Record the move-in, change the day or give the place back."},
    Template{
        "bed_conflict", "bed_conflict", "Platskonflikt i ärende {case}",
        "Platsen som är bebodd eller reserverad i ärende {case} är enligt planen stängd eller "
        "bebodd av någon annan under den tiden. Boendet behöver lösa det före dess.",
        "By the plan, the place that is lived in or reserved in case {case} is closed, or lived "
        "in by somebody else, at that time. The facility needs to solve it before then."},
    Template{
        "placement_reconsidered", "placement_reconsidered", "Omprövad placering i ärende {case}",
        "Den frivilliga placeringen i ärende {case} har omprövats. Utfallet står vid vistelsen.",
        "The voluntary placement in case {case} was reconsidered. The outcome stands with the "
        "stay."},
    Template{"lvm_reminder", "deadline_coming", "LVM-tiden är snart slut i ärende {case}",
             "Vård enligt LVM får pågå högst sex månader. I ärende {case} är den tiden snart slut. "
             "Planera vad som följer.",
             "Care under LVM lasts at most six months. In case {case} that time is over soon. Plan "
             "what follows."},
    Template{"reconsideration_reminder", "deadline_coming",
             "Omprövning av placeringen i ärende {case}",
             "Den frivilliga placeringen i ärende {case} ska omprövas. Registrera omprövningen när "
             "den är gjord.",
             "The voluntary placement in case {case} is to be reconsidered. Record the "
             "reconsideration when it is done."},
    Template{"interruption_reminder", "deadline_coming",
             "Avbrott som inte återupptagits i ärende {case}",
             "Vistelsen i ärende {case} är avbruten och har inte återupptagits. Tre månader efter "
             "avbrottet ska det rapporteras till IVO.",
             "The stay in case {case} is interrupted and not resumed. Three months after the "
             "interruption it is reportable to IVO."},
    Template{
        "execution_reminder", "deadline_coming", "Ej verkställt beslut i ärende {case}",
        "Biståndsbeslutet i ärende {case} är ännu inte verkställt. Tre månader efter "
        "beslutsdatumet ska det rapporteras till IVO.",
        "The decision in case {case} is not executed yet. Three months after the decision date "
        "it is reportable to IVO."},
    Template{
        "decision_period_reminder", "deadline_coming",
        "Beslutsperioden går snart ut i ärende {case}",
        "Beslutsperioden i ärende {case} går snart ut. Den förlängs bara genom ett nytt beslut.",
        "The decision's period in case {case} ends soon. Only a new decision extends it."},
    Template{"cost_split_reminder", "deadline_coming",
             "Skriftlig kostnadsfördelning saknas i ärende {case}",
             "Placeringen i ärende {case} är akut. En skriftlig kostnadsfördelning ska finnas inom "
             "två månader från placeringen. Till dess betalar den placerande huvudmannen.",
             "The placement in case {case} is acute. A written cost split is due within two months "
             "from it; until then the placing principal pays."},
    Template{"ground_term_reminder", "deadline_coming",
             "Samtycke eller annan grund går snart ut i ärende {case}",
             "Ett samtycke eller en annan grund för att lämna ut uppgifter går snart ut i ärende "
             "{case}.",
             "A consent or another ground for disclosure ends soon in case {case}."},
};

}  // namespace

std::span<const DerivationRule> DerivationRules() { return kRules; }
std::span<const Template> Templates() { return kTemplates; }

}  // namespace vardkedja::notification::domain
