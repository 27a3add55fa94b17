#include "placement-service/usecases/available_actions.h"

#include <utility>

#include "lib/status/status.h"
#include "placement-service/usecases/alternations.h"
#include "placement-service/usecases/care_periods.h"
#include "placement-service/usecases/offers.h"
#include "placement-service/usecases/overrides.h"

namespace vardkedja::placement::usecases {
namespace {

constexpr int kMostOfEach = 100;

// What is gathered, of one case for one unit.
class Gathering {
 public:
  Gathering(Store& store, const auth::CallContext& ctx, const domain::CaseId& case_id)
      : store_(store), ctx_(ctx), case_id_(case_id) {}

  absl::Status AddQueue() {
    VK_ASSIGN_OR_RETURN(const auto entries, store_.EntriesOf(ctx_, case_id_));
    if (entries.empty()) return absl::OkStatus();
    VK_ASSIGN_OR_RETURN(const auto facilities, store_.Facilities(ctx_));
    for (const domain::QueueEntry& entry : entries) {
      for (const domain::Facility& facility : facilities) {
        if (facility.id != entry.facility_id) continue;
        const unsigned parties = PartiesOf(ctx_, entry.owner_unit, facility.unit);
        Add({"entry", entry.id.value, facility.id, std::string(domain::StandingOf(entry)),
             entry.version, domain::AvailableActions(entry, parties)});
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddOverrides() {
    VK_ASSIGN_OR_RETURN(const auto overrides, store_.ListOverrides(ctx_, PageOf<OverridePage>()));
    for (const OverrideRecord& one : overrides) {
      Add({"override", one.proposal.id.value, one.facility.id,
           std::string(domain::Name(one.proposal.state)), one.proposal.version,
           AvailableActions(ctx_, one)});
    }
    return absl::OkStatus();
  }

  absl::Status AddOffers() {
    VK_ASSIGN_OR_RETURN(const auto offers, store_.ListOffers(ctx_, PageOf<OfferPage>()));
    for (const OfferRecord& one : offers) {
      VK_ASSIGN_OR_RETURN(auto actions, AvailableActions(store_, ctx_, one));
      Add({"offer", one.offer.id.value, one.facility.id, std::string(domain::Name(one.offer.state)),
           one.offer.version, std::move(actions)});
      if (one.offer.state != domain::OfferState::kAccepted) continue;
      const unsigned parties = PartiesOf(ctx_, one.entry.owner_unit, one.facility.unit);
      VK_RETURN_IF_ERROR(AddAgreement(one.offer.id, one.facility.id, parties));
    }
    return absl::OkStatus();
  }

  absl::Status AddStays(bool own_only) {
    VK_ASSIGN_OR_RETURN(const auto stays, store_.ListStays(ctx_, PageOf<StayPage>()));
    for (const StayRecord& one : stays) {
      if (own_only && one.facility.unit.value != ctx_.acting_unit) continue;
      Add({"stay", one.stay.id.value, one.facility.id, std::string(domain::Name(one.stay.state)),
           one.stay.version, AvailableActions(ctx_, one)});
      if (one.stay.state != domain::StayState::kActive) continue;
      const unsigned parties = PartiesOf(ctx_, one.stay.owner_unit, one.facility.unit);
      VK_RETURN_IF_ERROR(AddAgreement(one.stay.offer_id, one.facility.id, parties));
    }
    if (own_only) return absl::OkStatus();
    for (const StayRecord& one : stays) {
      if (one.transfer) VK_RETURN_IF_ERROR(AddTransfer(one.transfer->id));
      if (one.stay.state == domain::StayState::kActive) {
        VK_RETURN_IF_ERROR(AddCarePeriods(one.stay.entry_id));
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddAlternations(bool own_only) {
    VK_ASSIGN_OR_RETURN(const auto alternations,
                        store_.ListAlternations(ctx_, PageOf<AlternationPage>()));
    for (const AlternationRecord& one : alternations) {
      if (own_only && one.from.facility.unit.value != ctx_.acting_unit) continue;
      Add({"alternation", one.alternation.id.value, one.from.facility.id,
           std::string(domain::Name(one.alternation.state)), one.alternation.version,
           AvailableActions(ctx_, one)});
    }
    return absl::OkStatus();
  }

  std::vector<ResourceActions> Take() { return std::move(gathered_); }

 private:
  template <class Page>
  Page PageOf() const {
    Page page;
    page.case_id = case_id_.value;
    page.limit = kMostOfEach;
    return page;
  }

  // Agreement and contact plan of an accepted offer.
  absl::Status AddAgreement(const domain::OfferId& id, const domain::FacilityId& facility,
                            unsigned parties) {
    std::vector<std::string> plan_actions = domain::ContactPlanActions(parties);
    if (plan_actions.empty()) return absl::OkStatus();
    VK_ASSIGN_OR_RETURN(const auto agreements, store_.Agreements(ctx_, id));
    VK_ASSIGN_OR_RETURN(const auto plans, store_.ContactPlans(ctx_, id));
    const std::optional<domain::Agreement> agreement =
        agreements.empty() ? std::nullopt : std::optional(agreements.front());
    Add({"agreement", id.value, facility, std::string(domain::StandingOf(agreement)),
         agreement ? agreement->version : 0, domain::AgreementActions(agreement, parties)});
    Add({"contact_plan", id.value, facility, plans.empty() ? "none" : "planned",
         plans.empty() ? 0 : plans.front().version, std::move(plan_actions)});
    return absl::OkStatus();
  }

  absl::Status AddTransfer(const domain::TransferId& id) {
    VK_ASSIGN_OR_RETURN(const auto found, store_.FindTransfer(ctx_, id));
    if (!found) return absl::OkStatus();
    Add({"transfer", id.value, found->from.facility.id,
         std::string(domain::Name(found->transfer.state)), found->transfer.version,
         AvailableActions(ctx_, *found)});
    return absl::OkStatus();
  }

  absl::Status AddCarePeriods(const domain::EntryId& id) {
    VK_ASSIGN_OR_RETURN(const auto periods, store_.ListCarePeriods(ctx_, id));
    for (const CarePeriodRecord& one : periods) {
      Add({"care_period", one.period.id.value, one.facility.id,
           std::string(domain::Name(one.period.state)), one.period.version,
           AvailableActions(ctx_, one)});
    }
    return absl::OkStatus();
  }

  void Add(ResourceActions one) {
    if (!one.actions.empty()) gathered_.push_back(std::move(one));
  }

  Store& store_;
  const auth::CallContext& ctx_;
  const domain::CaseId& case_id_;
  std::vector<ResourceActions> gathered_;
};

}  // namespace

absl::StatusOr<std::vector<ResourceActions>> ReadAvailableActions::Run(
    const auth::CallContext& ctx, const domain::CaseId& case_id) const {
  VK_ASSIGN_OR_RETURN(const auth::AccessDecision decision,
                      ports_.disclosure.Require(ctx, case_id.value, case_id.value));
  const bool own_only = decision.rule_id == kOwnStayRecordRule;
  Gathering gathering(ports_.store, ctx, case_id);
  if (!own_only) {
    VK_RETURN_IF_ERROR(gathering.AddQueue());
    VK_RETURN_IF_ERROR(gathering.AddOverrides());
    VK_RETURN_IF_ERROR(gathering.AddOffers());
  }
  VK_RETURN_IF_ERROR(gathering.AddStays(own_only));
  VK_RETURN_IF_ERROR(gathering.AddAlternations(own_only));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, case_id.value, decision));
  return gathering.Take();
}

}  // namespace vardkedja::placement::usecases
