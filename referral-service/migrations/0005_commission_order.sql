-- In which order a municipality sends the form and decides; dated, seeded from deploy/kronoberg.
CREATE TABLE commission_order (
  municipality_code text NOT NULL CHECK (municipality_code ~ '^([0-9]{4}|[*])$'),
  from_date         date NOT NULL,
  order_code        text NOT NULL CHECK (order_code IN ('form_first', 'decision_first', 'either')),
  PRIMARY KEY (municipality_code, from_date)
);
REVOKE UPDATE, DELETE ON commission_order FROM referral_runtime;
