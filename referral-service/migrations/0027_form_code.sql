-- How the codes of needs and instruments read, so that a form can be shown by its version alone. Their
-- rows are added by `seed`; a label once added is never changed, as a form is shown as it was.
CREATE TABLE form_code (
  code     text PRIMARY KEY,
  label_sv text NOT NULL,
  label_en text NOT NULL
);
REVOKE UPDATE, DELETE ON form_code FROM referral_runtime;
