#include "reporting-service/domain/definitions.h"

namespace vardkedja::reporting::domain {
namespace {

constexpr char kOccupancySv[] =
    "Vårddygn: ett per kalenderdatum (svensk tid) från inflyttning till, men inte med, "
    "utflyttning; en vistelse som börjar och slutar samma datum räknas som ett. Ett datum räknas "
    "en gång per person: vid flytt på den plats dit personen flyttade. Permissionsdygn ingår i "
    "vårddygnen och visas även för sig. Disponibla vårddygn: ett per driftsatt plats och "
    "datum; stängda platser och extraplatser räknas inte, och därför kan beläggningen överstiga "
    "100 procent. Platser som hålls eller är reserverade är disponibla; deras tomma dygn visas "
    "bredvid. Vårddygn som sålts till köpare utanför kedjan ingår i vårddygnen och visas även för "
    "sig med sin intäkt; där räknas inga personer. Dygn efter rapportens kunskapstidpunkt räknas "
    "inte. Unika personer får inte "
    "summeras över rader.";

constexpr char kOccupancyEn[] =
    "Bed-day: one per local date (Europe/Stockholm) from move-in up to, not including, "
    "departure; begun and ended on one date counts one. A date counts once per person: on the "
    "date of a move for the place moved to. Leave is included and also shown apart. "
    "Available bed-day: one per operational bed and date; closed and extra places are not "
    "counted, which is how occupancy can exceed 100 per cent. Held and reserved beds are "
    "available; their empty days are shown beside. Days sold outside the chain are bed-days, and "
    "also shown apart with their revenue; no people are counted there. Days after as_of are not "
    "counted. Unique "
    "people must not be added up over lines.";

constexpr char kWaitingTimesSv[] =
    "Väntetid: hela dygn från beslutsdatum till inflyttning, för beslut fattade under perioden. "
    "Den som ännu väntar räknas som väntande fram till kunskapstidpunkten, och den vars ärende "
    "avslutats utan verkställighet fram till avslutet. Ett avböjt eller obesvarat erbjudande, "
    "och ett beslut som löper ut under väntan, avslutar inget. Median och 90:e percentil enligt "
    "Kaplan-Meier: det minsta antal dygn då "
    "högst 50 respektive 10 procent fortfarande väntar; saknas värdet har nivån inte nåtts. Mer "
    "än tre månader: samma dag tre kalendermånader senare, eller den månadens sista dag, har "
    "infallit. Första placering och planerad övergång mellan enheterna redovisas var för sig.";

constexpr char kWaitingTimesEn[] =
    "Waiting time: whole days from decision date to move-in, for decisions made in the period. "
    "Whoever still waits is counted as waiting until as_of, and whoever was closed without "
    "execution until the closing. A declined or unanswered offer, and a "
    "decision that ends meanwhile, close nothing. Median and 90th "
    "percentile by Kaplan-Meier: the smallest number of days at which at most 50 and 10 per cent "
    "still wait; absent when that level is not reached. Over three months: the same day three "
    "calendar months later, or that month's last day, has come. First placements and planned "
    "transfers are reported apart.";

constexpr char kQueueSv[] =
    "Väntande: köplatser som finns kvar vid kunskapstidpunkten, oavsett när beslutet fattades. "
    "Tillkomna, lämnade och inflyttade räknas på datumet det skedde under perioden. Erbjudanden "
    "räknas på datumet de lämnades, och varje erbjudande har exakt ett utfall: accepterat, "
    "avböjt, obesvarat i tid eller ännu öppet. Avböjt eller obesvarat erbjudande behåller "
    "platsen i kön.";

constexpr char kQueueEn[] =
    "Waiting: queue entries that remain at as_of, whenever decided. Entered, left and moved in "
    "are counted on the date it happened in the period. Offers are counted on the date they were "
    "made, and each has exactly one outcome: accepted, declined, not answered in time, or still "
    "open. A declined or unanswered offer keeps its place in the queue.";

constexpr char kBoardFiguresSv[] =
    "Ärenden vars uppdragsblankett först skickades in under perioden. Följt rutinen: inskickad, "
    "mottagen, föreslagen, bekräftad av andra ledamoten, studiebesök genomfört, personens ja och "
    "beslut, i den ordningen (ett besök som man har avstått från med skäl är ett undantag); räknas "
    "mot "
    "ärenden med beviljat beslut. I tid: inflyttning senast planerat datum med avtalad tolerans, "
    "mot de första placeringar vars datum infallit. Undantag är motiverade avsteg per "
    "kontrollpunkt (formulärets ordning, studiebesök, placeringsöverenskommelse före inflyttning "
    "eller överflyttning, mötet före överflyttning, utskrivningsplan); avsteg från köordningen "
    "visas för sig. Varje ärende har exakt ett utfall. "
    "Tid till mottagande: minuter från inskickat till mottaget, median och 90:e percentil enligt "
    "Kaplan-Meier.";

constexpr char kBoardFiguresEn[] =
    "Cases whose commission form was first submitted in the period. Followed the routine: "
    "submitted, acknowledged, proposed, confirmed by the second seat, study visit done, the "
    "person's yes, and decision, in that order (a visit waived with a reason is an exception); "
    "counted against cases with a granted decision. In time: moved in by the planned date with "
    "the agreed tolerance, against the first placements whose date has come. Exceptions are "
    "reasoned ones by gate (order of the form, study visit, placement agreement before a move-in "
    "or a transfer, meeting before a transfer, discharge plan); overrides of the queue's order are "
    "shown apart. Each case has exactly one outcome. Time to acknowledgement: minutes from "
    "submission, median and 90th percentile by Kaplan-Meier.";

constexpr char kNonExecutedSv[] =
    "Gynnande beslut och avbrott att rapportera till IVO för kvartalet. A: tre månader har gått "
    "senast på kvartalets sista dag, och beslutet är då varken verkställt (återupptaget) eller "
    "avslutat. B: verkställt (återupptaget) under kvartalet, efter sina tre månader. C: avslutat "
    "av annat skäl under kvartalet, efter sina tre månader. Högst en av dem gäller per beslut, "
    "avbrott och kvartal. När beslutet fattades saknar betydelse. Ett avböjt eller obesvarat "
    "erbjudande, och ett beslut som löper ut under väntan, avslutar inget. Ett sådant beslut är "
    "verkställt vid inflyttning på det beslut som följer. Ett beslut redovisas av den kommun som "
    "fattade det, också när ärendet därefter flyttas; ett avbrott av den kommun vars beslut "
    "personen då bodde på. Rapporten är ett underlag; den är inte inskickad.";

constexpr char kNonExecutedEn[] =
    "Granted decisions and interruptions to report to IVO for the quarter. A: three months have "
    "ended on or before the quarter's last day, and it was then neither executed (resumed) nor "
    "closed. B: executed (resumed) in the quarter, after its three months. C: closed for another "
    "reason in the quarter, after its three months. At most one of them per decision, "
    "interruption and quarter. When the decision was made plays no part. A declined or "
    "unanswered offer, and a decision that ends meanwhile, close nothing; such a decision is "
    "executed by the move-in on the one that follows. A decision is reported by the municipality "
    "that made it, also when the case is moved afterwards; an interruption by the one whose "
    "decision the person lived by then. The report is a draft; it has not been submitted.";

constexpr char kCostAllocationSv[] =
    "Årets utfall fördelat enligt det avtal som gällde den 1 januari: regionens andel, "
    "kommunernas del enligt nyckel, hyra enligt avtalets regel. Tillträde eller utträde under "
    "året delar året vid datumet, efter antal dagar. Belopp räknas i hela ören; överskjutande "
    "ören går till de största resterna, vid lika till regionen och därefter till lägst "
    "kommunkod, så att delarna alltid summerar. Tusental kronor avrundas cell för cell från "
    "oavrundade belopp, så en utskriven rad behöver inte summera.";

constexpr char kCostAllocationEn[] =
    "The year's outcome divided by the agreement in force on 1 January: the region's share, the "
    "municipal part by key, rent by the agreement's rule. Joining or leaving inside the year "
    "splits it at the date, by days. Amounts are integer öre; what is left over goes to the "
    "largest remainders, at a tie to the region and then to the smaller municipality code, so "
    "that the parts always add up. Thousand SEK are rounded cell by cell from unrounded amounts, "
    "so a printed row need not add up.";

}  // namespace

const Definition kOccupancyDefinition{"occupancy", "occupancy/3", kOccupancySv, kOccupancyEn};
const Definition kWaitingTimesDefinition{"waiting_times", "waiting_times/2", kWaitingTimesSv,
                                         kWaitingTimesEn};
const Definition kQueueDefinition{"queue", "queue/1", kQueueSv, kQueueEn};
const Definition kBoardFiguresDefinition{"board_figures", "board_figures/2", kBoardFiguresSv,
                                         kBoardFiguresEn};
const Definition kNonExecutedDefinition{"non_executed_decisions", "non_executed_decisions/3",
                                        kNonExecutedSv, kNonExecutedEn};
const Definition kCostAllocationDefinition{"cost_allocation", "cost_allocation/1",
                                           kCostAllocationSv, kCostAllocationEn};

}  // namespace vardkedja::reporting::domain
