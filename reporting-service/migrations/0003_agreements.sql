-- Dated reference data, seeded from deploy/kronoberg/agreements.yaml; added to, never changed.

CREATE TABLE cost_agreement (
  agreement_id        text PRIMARY KEY,
  name                text NOT NULL CHECK (name <> ''),
  valid_from          date NOT NULL,
  valid_to            date CHECK (valid_to > valid_from),
  region_name         text NOT NULL,
  region_basis_points integer NOT NULL CHECK (region_basis_points BETWEEN 0 AND 10000),
  rent_bearer         text,
  deduct_revenue      boolean NOT NULL,
  renormalise         boolean NOT NULL,
  recorded_at         timestamptz NOT NULL
);

CREATE TABLE cost_share (
  agreement_id      text NOT NULL REFERENCES cost_agreement,
  municipality_code text NOT NULL CHECK (municipality_code ~ '^[0-9]{4}$'),
  printed_order     integer NOT NULL,
  name              text NOT NULL,
  basis_points      integer NOT NULL CHECK (basis_points BETWEEN 0 AND 10000),
  joined            date,
  left_on           date CHECK (left_on > joined),
  PRIMARY KEY (agreement_id, municipality_code),
  UNIQUE (agreement_id, printed_order)
);

-- What a facility cost in a year, in öre.
CREATE TABLE cost_outcome (
  year          integer NOT NULL,
  facility_id   text NOT NULL,
  printed_order integer NOT NULL,
  name          text NOT NULL,
  staff_ore     bigint NOT NULL CHECK (staff_ore >= 0),
  rent_ore      bigint NOT NULL CHECK (rent_ore >= 0),
  other_ore     bigint NOT NULL CHECK (other_ore >= 0),
  revenue_ore   bigint NOT NULL CHECK (revenue_ore >= 0),
  recorded_at   timestamptz NOT NULL,
  PRIMARY KEY (year, facility_id),
  UNIQUE (year, printed_order)
);

-- How many days after the planned date a move-in is in time, from a date on.
CREATE TABLE board_follow_up (
  valid_from     date PRIMARY KEY,
  tolerance_days integer NOT NULL CHECK (tolerance_days BETWEEN 0 AND 366),
  recorded_at    timestamptz NOT NULL
);
