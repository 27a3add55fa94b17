// What the program knows of each field of the form: where it stands, how to tell that it is empty,
// how to empty it, and whether two forms say the same in it. Which fields a version has, who sees
// them and which are required is data (FormVersion).
#pragma once

#include <span>
#include <string_view>

#include "referral-service/domain/form.h"

namespace vardkedja::referral::domain {

// A heading of the form.
struct FormSection {
  std::string_view code;
  std::string_view label_sv;
  std::string_view label_en;
};

struct FieldAccess {
  std::string_view path;
  std::string_view section;  // its code
  bool (*empty)(const Form&);
  void (*clear)(Form&);
  bool (*same)(const Form&, const Form&);  // a part with a path of its own is left out
};

// In the order of the form.
std::span<const FormSection> FormSections();

// Every field a version may name, in the order of the form.
std::span<const FieldAccess> FormFields();

// Null for a path the program does not know.
const FieldAccess* FindField(std::string_view path);

// Null when the version does not have the field.
const FormField* FieldOf(const FormVersion& version, std::string_view path);

}  // namespace vardkedja::referral::domain
