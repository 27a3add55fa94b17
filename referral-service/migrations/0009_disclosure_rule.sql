-- What the collaboration demands of a ground, dated; seeded from deploy/kronoberg.
CREATE TABLE disclosure_rule (
  from_date                 date PRIMARY KEY,
  longest_days              integer NOT NULL CHECK (longest_days BETWEEN 1 AND 3660),
  written_consent_unit_ids  text[] NOT NULL
);
REVOKE UPDATE, DELETE ON disclosure_rule FROM referral_runtime;
