-- Facilities are changed by calls, and each change is a dated fact.
ALTER TABLE facility
  ADD COLUMN operator_type        smallint NOT NULL DEFAULT 0 CHECK (operator_type BETWEEN 0 AND 5),
  ADD COLUMN ivo_standing         smallint NOT NULL DEFAULT 0 CHECK (ivo_standing BETWEEN 0 AND 2),
  ADD COLUMN ivo_reference        text NOT NULL DEFAULT '',
  ADD COLUMN in_house_health_care boolean NOT NULL DEFAULT false,
  ADD COLUMN framework_contract   boolean NOT NULL DEFAULT false;

-- Seasons: planned intake is closed, acute intake is open; the beds stay operational.
CREATE TABLE intake_closure (
  intake_closure_id uuid PRIMARY KEY,
  facility_id       text NOT NULL REFERENCES facility,
  from_date         date NOT NULL,
  to_date           date,
  during            daterange NOT NULL GENERATED ALWAYS AS (daterange(from_date, to_date)) STORED,
  -- Equal dates: the closure was taken back before it began.
  CONSTRAINT intake_closure_period CHECK (to_date >= from_date),
  CONSTRAINT intake_closure_once EXCLUDE USING gist (facility_id WITH =, during WITH &&)
);

-- What a place costs a day, from a date until the next one of its kind.
CREATE TABLE facility_price (
  facility_id text NOT NULL REFERENCES facility,
  bed_kind    smallint NOT NULL CHECK (bed_kind BETWEEN 1 AND 3),
  from_date   date NOT NULL,
  ore_per_day bigint NOT NULL CHECK (ore_per_day BETWEEN 1 AND 100000000),
  PRIMARY KEY (facility_id, bed_kind, from_date)
);

-- Dated facts about facilities and beds. Only added to. What was there before this migration has no
-- fact of its own.
CREATE TABLE facility_history (
  fact_id     uuid PRIMARY KEY,
  facility_id text NOT NULL REFERENCES facility,
  bed_id      text REFERENCES bed,
  at          timestamptz NOT NULL,
  kind        text NOT NULL CHECK (kind IN (
    'registered', 'changed', 'bed_added', 'bed_retired', 'bed_kept', 'bed_closed', 'bed_reopened',
    'intake_closed', 'intake_opened', 'price_set')),
  field       text NOT NULL DEFAULT '',
  before      text NOT NULL DEFAULT '',
  after       text NOT NULL DEFAULT '',
  from_date   date,
  to_date     date,
  unit_id     text NOT NULL
);
-- Ids are ordered by time.
CREATE INDEX facility_history_newest ON facility_history (facility_id, fact_id DESC);
