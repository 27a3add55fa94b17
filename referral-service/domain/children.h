// Children as relatives (barn som anhöriga; domain.md, 4, the form's content): asked at the latest
// at enrolment, contact planned during the stay. Nothing here sets the child's perspective, which
// only the social worker does, with a reason.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/time/time.h"

namespace vardkedja::referral::domain {

// Numbered as vardkedja.referral.v1.ChildrenAnswer and ContactKind.
enum class ChildrenAnswer { kUnspecified = 0, kHasChildren = 1, kNone = 2, kDeclined = 3 };
enum class ContactKind { kUnspecified = 0, kVisit = 1, kVideoCall = 2, kTelephone = 3 };

struct ChildRelative {
  int age = 0;
  std::string lives_with;
  std::string information_given;
  std::string own_view;
  std::string contact;

  bool operator==(const ChildRelative&) const = default;
};

struct ChildContact {
  ContactKind kind = ContactKind::kUnspecified;
  Instant contact_time{};
  std::string text;

  bool operator==(const ChildContact&) const = default;
};

struct ChildrenAsRelatives {
  ChildrenAnswer answer = ChildrenAnswer::kUnspecified;
  std::optional<Date> asked_date;  // none before the person was asked
  std::vector<ChildRelative> children;
  std::vector<ChildContact> contacts;  // in order of time

  bool operator==(const ChildrenAsRelatives&) const = default;
};

struct InquiryRequest {
  ChildrenAnswer answer = ChildrenAnswer::kUnspecified;
  std::string asked_date;
  std::vector<ChildRelative> children;
};
// The newest answer, or all violations at once. Planned contact stays.
absl::StatusOr<ChildrenAsRelatives> RecordInquiry(const ChildrenAsRelatives& before,
                                                  const InquiryRequest& request, Date today);

struct ContactRequest {
  ContactKind kind = ContactKind::kUnspecified;
  std::optional<Instant> contact_time;
  std::string text;
};
absl::StatusOr<ChildrenAsRelatives> PlanContacts(const ChildrenAsRelatives& before,
                                                 const std::vector<ContactRequest>& requests,
                                                 Instant now);

}  // namespace vardkedja::referral::domain
