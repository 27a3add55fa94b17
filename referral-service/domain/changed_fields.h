// Which fields of a case a change has changed: paths of the contract, never what they say.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "referral-service/domain/documents.h"
#include "referral-service/domain/form.h"
#include "referral-service/domain/plans.h"
#include "referral-service/domain/referral.h"
#include "referral-service/domain/retention.h"

namespace vardkedja::referral::domain {

// Paths within vardkedja.referral.v1.Referral, in the order of that message: "form.needs",
// "criteria". Of a new case whatever is filled in.
std::vector<std::string> ChangedFields(const Referral& before, const Referral& after);

// Paths within the document's message: "content", "meetings".
std::vector<std::string> ChangedFields(const CaseDocument& before, const CaseDocument& after);

// Paths within vardkedja.referral.v1.Plans: "implementation_plan.goals", "home_support".
std::vector<std::string> ChangedFields(const Plans& before, const Plans& after);

// Fields of vardkedja.referral.v1.Retention.
std::vector<std::string> ChangedFields(const Retention& before, const Retention& after);

// Of a new ground: those fields of vardkedja.referral.v1.DisclosureGround that were given.
std::vector<std::string> FilledIn(const DisclosureGround& ground, bool has_text);

// The categories of which one is needed to be told that a field of a case has changed; "case" for
// everyone who sees the case. Nothing for a field that is the owner's alone.
std::set<std::string> CategoriesOfField(std::string_view path, const FormVersion& version);

// What the step is about, by its resource name: "referrals/<id>/decisions/<id>".
std::string ResourceOf(const Change& change);

}  // namespace vardkedja::referral::domain
