#include "placement-service/usecases/agreements.h"

#include <utility>

#include "lib/status/status.h"

namespace vardkedja::placement::usecases {
namespace {

template <class Version>
absl::Status CheckVersion(const std::string& etag, const std::optional<Version>& existing) {
  if (existing) return CheckEtag(etag, existing->version);
  return etag.empty() ? absl::OkStatus() : StaleEtag();
}

// Versions of their own: the offer itself does not change.
domain::Event EventOf(const char* aggregate, int version, const OfferRecord& record,
                      domain::Happening happening) {
  domain::Event event =
      domain::OfferEvent(record.offer, record.entry, record.facility, std::move(happening));
  event.aggregate_type = aggregate;
  event.version = version;
  return event;
}

absl::StatusOr<OfferRecord> Lock(Session& session, const domain::OfferId& id) {
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, session.LockOffer(id));
  if (!record) return absl::InternalError("an offer is missing");
  return *std::move(record);
}

absl::StatusOr<std::string> WriteAgreement(Session& session, const auth::CallContext& ctx,
                                           const OfferRecord& record,
                                           const domain::Agreement& agreement,
                                           const auth::AccessDecision& decision) {
  const domain::Offer& offer = record.offer;
  VK_RETURN_IF_ERROR(session.AddAgreement(offer.id, agreement));
  session.Publish(EventOf("agreement", agreement.version, record,
                          domain::AgreementRecorded{offer.id, IsComplete(agreement)}));
  session.Audit(WriteEntry(ctx, offer.id.value, decision));
  return offer.id.value;
}

absl::StatusOr<std::string> ProposeIn(Session& session, const auth::CallContext& ctx,
                                      const ProposeCommand& command,
                                      const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const OfferRecord record, Lock(session, command.offer_id));
  VK_ASSIGN_OR_RETURN(const auto existing, session.FindAgreement(command.offer_id));
  const unsigned parties = PartiesOf(ctx, record.entry.owner_unit, record.facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::Agreement next,
                      domain::Propose(record.offer, existing, parties, command.terms));
  VK_RETURN_IF_ERROR(CheckVersion(command.etag, existing));
  return WriteAgreement(session, ctx, record, next, decision);
}

absl::StatusOr<std::string> AgreeIn(Session& session, const auth::CallContext& ctx,
                                    const AgreeCommand& command,
                                    const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const OfferRecord record, Lock(session, command.offer_id));
  VK_ASSIGN_OR_RETURN(const auto existing, session.FindAgreement(command.offer_id));
  const unsigned parties = PartiesOf(ctx, record.entry.owner_unit, record.facility.unit);
  const Date today = StockholmDate(session.now());
  VK_ASSIGN_OR_RETURN(const domain::Agreement next,
                      domain::Agree(record.offer, existing, parties, command.party,
                                    command.date.value_or(today), today));
  VK_RETURN_IF_ERROR(CheckVersion(command.etag, existing));
  return WriteAgreement(session, ctx, record, next, decision);
}

absl::StatusOr<std::string> PlanIn(Session& session, const auth::CallContext& ctx,
                                   const SetContactPlanCommand& command,
                                   const auth::AccessDecision& decision) {
  VK_ASSIGN_OR_RETURN(const OfferRecord record, Lock(session, command.offer_id));
  VK_ASSIGN_OR_RETURN(const auto existing, session.FindContactPlan(command.offer_id));
  const unsigned parties = PartiesOf(ctx, record.entry.owner_unit, record.facility.unit);
  VK_ASSIGN_OR_RETURN(const domain::ContactPlan next,
                      domain::SetContactPlan(record.offer, existing, parties, command.plan));
  VK_RETURN_IF_ERROR(CheckVersion(command.etag, existing));
  VK_RETURN_IF_ERROR(session.AddContactPlan(command.offer_id, next));
  session.Publish(
      EventOf("contact_plan", next.version, record, domain::ContactPlanned{command.offer_id}));
  session.Audit(WriteEntry(ctx, command.offer_id.value, decision));
  return command.offer_id.value;
}

}  // namespace

absl::StatusOr<Agreements::AdmittedOffer> Agreements::Admit(const auth::CallContext& ctx,
                                                            const domain::OfferId& id) const {
  VK_ASSIGN_OR_RETURN(std::optional<OfferRecord> record, ports_.store.FindOffer(ctx, id));
  // To the board and the next facility it is content, which they do not see (domain.md 4.7).
  const bool party = record && (PartiesOf(ctx, record->entry.owner_unit, record->facility.unit) &
                                (domain::kOwner | domain::kFacility)) != 0;
  const auto case_id =
      party ? std::optional<std::string>(record->entry.case_id.value) : std::nullopt;
  VK_ASSIGN_OR_RETURN(auth::AccessDecision decision,
                      ports_.disclosure.Require(ctx, case_id, id.value));
  return AdmittedOffer{*std::move(record), std::move(decision)};
}

absl::Status Agreements::Write(const auth::CallContext& ctx, const domain::OfferId& id,
                               const WriteIn& write) const {
  VK_ASSIGN_OR_RETURN(const AdmittedOffer admitted, Admit(ctx, id));
  const auto body = [&](Session& session) { return write(session, admitted.decision); };
  return ports_.store.Commit(ctx, body).status();
}

absl::StatusOr<AgreementAnswer> Agreements::NextVersion(const auth::CallContext& ctx,
                                                        const domain::OfferId& id,
                                                        const WriteIn& write) const {
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return Get(ctx, domain::OfferId(*replay));
  VK_RETURN_IF_ERROR(Write(ctx, id, write));
  VK_ASSIGN_OR_RETURN(auto versions, ports_.store.Agreements(ctx, id));
  return AgreementAnswer{id, std::move(versions)};
}

absl::StatusOr<AgreementAnswer> Agreements::Propose(const auth::CallContext& ctx,
                                                    const ProposeCommand& command) const {
  return NextVersion(ctx, command.offer_id, [&](Session& session, const auto& decision) {
    return ProposeIn(session, ctx, command, decision);
  });
}

absl::StatusOr<AgreementAnswer> Agreements::Agree(const auth::CallContext& ctx,
                                                  const AgreeCommand& command) const {
  return NextVersion(ctx, command.offer_id, [&](Session& session, const auto& decision) {
    return AgreeIn(session, ctx, command, decision);
  });
}

absl::StatusOr<AgreementAnswer> Agreements::Get(const auth::CallContext& ctx,
                                                const domain::OfferId& id) const {
  VK_ASSIGN_OR_RETURN(const AdmittedOffer admitted, Admit(ctx, id));
  VK_ASSIGN_OR_RETURN(auto versions, ports_.store.Agreements(ctx, id));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, id.value, admitted.decision));
  if (versions.empty()) return NotFound();
  return AgreementAnswer{id, std::move(versions)};
}

absl::StatusOr<ContactPlanAnswer> Agreements::SetContactPlan(
    const auth::CallContext& ctx, const SetContactPlanCommand& command) const {
  VK_ASSIGN_OR_RETURN(const std::optional<std::string> replay, ports_.store.FindReplay(ctx));
  if (replay) return GetContactPlan(ctx, domain::OfferId(*replay));
  VK_RETURN_IF_ERROR(Write(ctx, command.offer_id, [&](Session& session, const auto& decision) {
    return PlanIn(session, ctx, command, decision);
  }));
  VK_ASSIGN_OR_RETURN(auto versions, ports_.store.ContactPlans(ctx, command.offer_id));
  return ContactPlanAnswer{command.offer_id, std::move(versions)};
}

absl::StatusOr<ContactPlanAnswer> Agreements::GetContactPlan(const auth::CallContext& ctx,
                                                             const domain::OfferId& id) const {
  VK_ASSIGN_OR_RETURN(const AdmittedOffer admitted, Admit(ctx, id));
  VK_ASSIGN_OR_RETURN(auto versions, ports_.store.ContactPlans(ctx, id));
  VK_RETURN_IF_ERROR(ports_.disclosure.RecordRead(ctx, id.value, admitted.decision));
  if (versions.empty()) return NotFound();
  return ContactPlanAnswer{id, std::move(versions)};
}

}  // namespace vardkedja::placement::usecases
