#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/e2e/play.h"

namespace vardkedja::e2e {
namespace {

namespace pl = placement::v1;

using Agreements = pl::AgreementService::Stub;
using Facilities = pl::FacilityService::Stub;
using Offers = pl::OfferService::Stub;
using Queue = pl::QueueService::Stub;
using Stays = pl::StayService::Stub;

std::string NovusBed(int number) {
  return std::string("novus-") + (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

void Play::AwaitQueued(Case& c, std::string_view facility) {
  stage_.Await("case " + c.person.key + " in the queue for " + std::string(facility), [&] {
    pl::ListQueueRequest request;
    request.set_facility_id(std::string(facility));
    request.set_bed_kind(common::v1::BED_KIND_REGULAR);
    request.set_case_id(c.referral_id);
    const auto queue = stage_.Must(c.worker, &Queue::ListQueue, request);
    for (const pl::QueueEntry& entry : queue.entries()) {
      if (entry.case_id() == c.referral_id) c.entry_id = entry.entry_id();
    }
    return queue.entries_size() > 0;
  });
}

pl::Offer Play::OfferOf(const Case& c) {
  pl::GetOfferRequest request;
  request.set_offer_id(c.offer_id);
  return stage_.Must(c.worker, &Offers::GetOffer, request);
}

// The owner sees the open offer that a cascade made.
void Play::AwaitOffer(Case& c) {
  stage_.Await("an offer to case " + c.person.key, [&] {
    pl::ListOffersRequest request;
    request.set_case_id(c.referral_id);
    request.set_state(pl::OFFER_STATE_OPEN);
    const auto offers = stage_.Must(c.worker, &Offers::ListOffers, request);
    if (offers.offers_size() == 0) return false;
    c.offer_id = offers.offers(0).offer_id();
    return true;
  });
}

void Play::OfferTo(Case& c, const Actor& staff, std::string_view bed) {
  pl::MakeOfferRequest request;
  request.set_request_id(NewRequestId());
  request.set_bed_id(std::string(bed));
  request.set_available_from(FormatDate(stage_.Today()));
  // The answer hides whose offer it is when referral-service cannot be asked; its owner sees it.
  c.offer_id = stage_.Must(staff, &Offers::MakeOffer, request).offer_id();
  if (OfferOf(c).case_id() != c.referral_id) {
    throw StoryError("the offer of " + std::string(bed) + " went past case " + c.person.key);
  }
}

void Play::Accept(Case& c, Date move_in) {
  pl::AcceptOfferRequest request;
  request.set_request_id(NewRequestId());
  request.set_offer_id(c.offer_id);
  request.set_etag(OfferOf(c).etag());
  request.set_move_in_date(FormatDate(move_in));
  stage_.Must(c.worker, &Offers::AcceptOffer, request);
}

void Play::Agree(const Case& c, const Actor& staff) {
  pl::ProposeAgreementRequest propose;
  propose.set_request_id(NewRequestId());
  propose.set_offer_id(c.offer_id);
  propose.set_house_rules_code("2026-1");
  propose.add_conditions(pl::AGREEMENT_CONDITION_SOBRIETY);
  pl::PlacementAgreement now = stage_.Must(staff, &Agreements::ProposeAgreement, propose);
  const auto agree = [&](const Actor& actor, pl::AgreementParty party) {
    pl::AgreeToPlacementRequest request;
    request.set_request_id(NewRequestId());
    request.set_offer_id(c.offer_id);
    request.set_etag(now.etag());
    request.set_party(party);
    request.set_date(FormatDate(stage_.Today()));
    now = stage_.Must(actor, &Agreements::AgreeToPlacement, request);
  };
  agree(staff, pl::AGREEMENT_PARTY_FACILITY);
  agree(c.worker, pl::AGREEMENT_PARTY_OWNER);
  agree(c.worker, pl::AGREEMENT_PARTY_PERSON);
}

pl::EnrolRequest Play::EnrolmentOf(const Case& c) {
  pl::EnrolRequest request;
  request.set_request_id(NewRequestId());
  request.set_offer_id(c.offer_id);
  request.set_etag(OfferOf(c).etag());
  request.set_move_in_date(FormatDate(stage_.Today()));
  return request;
}

std::string Play::TryEnrol(const Case& c, const Actor& staff) {
  pl::Stay stay;
  const grpc::Status status = stage_.Try(staff, &Stays::Enrol, EnrolmentOf(c), &stay);
  google::rpc::Status rich;
  if (status.ok() || !rich.ParseFromString(status.error_details())) return {};
  for (const google::protobuf::Any& detail : rich.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return {};
}

void Play::Enrol(Case& c, const Actor& staff) {
  c.stay_id = stage_.Must(staff, &Stays::Enrol, EnrolmentOf(c)).stay_id();
  stage_.Await("the enrolment of case " + c.person.key + " in the referral service",
               [&] { return State(c) == referral::v1::REFERRAL_STATE_PLACED; });
}

pl::PositionExplanation Play::Explain(const Case& c, const Actor& reader) {
  pl::ExplainPositionRequest request;
  request.set_entry_id(c.entry_id);
  return stage_.Must(reader, &Queue::ExplainPosition, request);
}

std::vector<std::string> Play::QueueNumbers(const Actor& reader, std::string_view facility) {
  pl::ListQueueRequest request;
  request.set_facility_id(std::string(facility));
  request.set_bed_kind(common::v1::BED_KIND_REGULAR);
  std::vector<std::string> numbers;
  const auto queue = stage_.Must(reader, &Queue::ListQueue, request);
  for (const pl::QueueEntry& entry : queue.entries()) numbers.push_back(entry.case_number());
  return numbers;
}

pl::Stay Play::StayOf(const Case& c, const Actor& reader) {
  pl::GetStayRequest request;
  request.set_stay_id(c.stay_id);
  return stage_.Must(reader, &Stays::GetStay, request);
}

pl::Transfer Play::TransferOf(const Case& c, const Actor& reader) {
  pl::GetTransferRequest request;
  request.set_transfer_id(c.transfer_id);
  return stage_.Must(reader, &Stays::GetTransfer, request);
}

void Play::PlanTransfer(Case& c, const Actor& staff, Date meeting, Date move) {
  pl::PlanTransferRequest request;
  request.set_request_id(NewRequestId());
  request.set_stay_id(c.stay_id);
  request.set_etag(StayOf(c, staff).etag());
  request.set_offer_id(c.offer_id);
  request.set_meeting_date(FormatDate(meeting));
  request.set_move_date(FormatDate(move));
  pl::Transfer transfer;
  const grpc::Status status = stage_.Try(staff, &Stays::PlanTransfer, request, &transfer);
  if (!status.ok()) throw StoryError(staff.name + ": " + status.error_message());
  c.transfer_id = transfer.transfer_id();
}

void Play::ConfirmTransfer(Case& c, const Actor& staff) {
  pl::ConfirmTransferRequest request;
  request.set_request_id(NewRequestId());
  request.set_transfer_id(c.transfer_id);
  request.set_etag(TransferOf(c, staff).etag());
  stage_.Must(staff, &Stays::ConfirmTransfer, request);
}

void Play::CompleteTransfer(Case& c, const Actor& staff) {
  pl::CompleteTransferRequest request;
  request.set_request_id(NewRequestId());
  request.set_transfer_id(c.transfer_id);
  request.set_etag(TransferOf(c, staff).etag());
  request.set_move_date(FormatDate(stage_.Today()));
  c.stay_id = stage_.Must(staff, &Stays::CompleteTransfer, request).to_stay_id();
}

void Play::PlanDischarge(Case& c, const Actor& staff, Date leaves) {
  pl::PlanDischargeRequest request;
  request.set_request_id(NewRequestId());
  request.set_stay_id(c.stay_id);
  request.set_etag(StayOf(c, staff).etag());
  request.set_planned_date(FormatDate(leaves));
  stage_.Must(staff, &Stays::PlanDischarge, request);
}

void Play::Discharge(Case& c, const Actor& staff) {
  pl::DischargeRequest request;
  request.set_request_id(NewRequestId());
  request.set_stay_id(c.stay_id);
  request.set_etag(StayOf(c, staff).etag());
  request.set_departure_date(FormatDate(stage_.Today()));
  request.set_reason(pl::DISCHARGE_REASON_COMPLETED);
  request.add_unmet_items(pl::CHECKLIST_ITEM_OCCUPATION);
  stage_.Must(staff, &Stays::Discharge, request);
}

void Play::CloseBeds(const Actor& staff, int first, int last) {
  pl::ListBedsRequest list;
  list.set_facility_id("novus");
  const auto beds = stage_.Must(staff, &Facilities::ListBeds, list);
  for (int number = first; number <= last; ++number) {
    for (const pl::Bed& bed : beds.beds()) {
      if (bed.bed_id() != NovusBed(number)) continue;
      pl::CloseBedRequest request;
      request.set_request_id(NewRequestId());
      request.set_bed_id(bed.bed_id());
      request.set_etag(bed.etag());
      request.set_from_date(FormatDate(stage_.Today()));
      request.set_reason(pl::CLOSURE_REASON_STAFFING);
      stage_.Must(staff, &Facilities::CloseBed, request);
    }
  }
}

void Play::ReopenBed(const Actor& staff, std::string_view bed_id) {
  pl::ListBedsRequest list;
  list.set_facility_id("novus");
  const auto beds = stage_.Must(staff, &Facilities::ListBeds, list);
  for (const pl::Bed& bed : beds.beds()) {
    if (bed.bed_id() != bed_id) continue;
    pl::ReopenBedRequest request;
    request.set_request_id(NewRequestId());
    request.set_bed_id(bed.bed_id());
    request.set_etag(bed.etag());
    request.set_closure_id(bed.closures(0).closure_id());
    request.set_open_date(FormatDate(stage_.Today()));
    stage_.Must(staff, &Facilities::ReopenBed, request);
  }
}

}  // namespace vardkedja::e2e
