-- Instruments (AUDIT, DUDIT, ASI) that a version of the form knows, with their highest score.
CREATE TABLE form_instrument (
  version   integer NOT NULL REFERENCES form_version,
  code      text NOT NULL,
  max_score integer NOT NULL CHECK (max_score > 0),
  PRIMARY KEY (version, code)
);
REVOKE UPDATE, DELETE ON form_instrument FROM referral_runtime;
