-- What happens during a stay: leave, interruptions, moves between beds of one facility, relapses and
-- tests. Codes only, never free text.

-- Nights elsewhere that keep the bed (1), and interruptions, which open a clock of their own (2). One
-- at a time, and the open one is without an end.
CREATE TABLE stay_absence (
  stay_id   uuid NOT NULL REFERENCES stay,
  kind      smallint NOT NULL CHECK (kind IN (1, 2)),
  from_date date NOT NULL,
  to_date   date,
  -- Ended because the stay ended, not because the person came back.
  departed  boolean NOT NULL DEFAULT false,
  during    daterange NOT NULL GENERATED ALWAYS AS (daterange(from_date, to_date)) STORED,
  PRIMARY KEY (stay_id, kind, from_date),
  CONSTRAINT absence_period CHECK (to_date >= from_date),
  CONSTRAINT absence_departed CHECK (NOT departed OR to_date IS NOT NULL),
  CONSTRAINT absence_once EXCLUDE USING gist (stay_id WITH =, during WITH &&)
);
CREATE UNIQUE INDEX absence_one_open ON stay_absence (stay_id) WHERE to_date IS NULL;

-- Dated facts about a stay; what is true now is on the stay itself. Only added to.
CREATE TABLE stay_history (
  stay_id     uuid NOT NULL REFERENCES stay,
  ordinal     integer NOT NULL,
  at          timestamptz NOT NULL,
  kind        text NOT NULL CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged')),
  on_date     date NOT NULL,
  code        text NOT NULL DEFAULT '',
  consequence text NOT NULL DEFAULT '',
  unit_id     text NOT NULL,
  PRIMARY KEY (stay_id, ordinal),
  CONSTRAINT history_consequence CHECK (
    (kind IN ('relapse', 'drug_test')) = (consequence <> '')),
  CONSTRAINT history_test CHECK (
    kind <> 'drug_test' OR code IN ('negative', 'positive', 'declined', 'unclear'))
);

-- A move to another bed of the facility ends one stay and begins the next on the same offer.
ALTER TABLE stay
  ADD COLUMN continues_stay_id uuid UNIQUE REFERENCES stay,
  DROP CONSTRAINT stay_offer_id_key,
  DROP CONSTRAINT stay_discharge_reason_check,
  ADD CONSTRAINT stay_discharge_reason_check CHECK (discharge_reason BETWEEN 0 AND 7);
CREATE UNIQUE INDEX stay_first_of_offer ON stay (offer_id) WHERE continues_stay_id IS NULL;
