// Facts about documents of a case as events of referral-service's log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/eventlog/event.h"
#include "referral-service/domain/documents.h"
#include "referral-service/domain/life_events.h"
#include "referral-service/events/publish.h"

namespace vardkedja::referral::events {

// Aggregate `kind`, for example "coordinated_plan", with the document's version.
eventlog::NewEvent OfDocument(const domain::Referral& referral, std::string_view kind,
                              std::int64_t version, const domain::DocumentEvent& fact,
                              const Envelope& envelope);

// Aggregate "child_concern".
eventlog::NewEvent ChildConcernReported(const domain::Referral& referral,
                                        const std::string& concern_id,
                                        const std::string& recipient_unit_id,
                                        const Envelope& envelope);

// Aggregate "referral", with the version of the case after it.
eventlog::NewEvent OfLifeEvent(const domain::LifeChange& change, const Envelope& envelope);

}  // namespace vardkedja::referral::events
