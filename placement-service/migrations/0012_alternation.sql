-- Alternating stays: a time at home between two parts of a stay. The stay ends and its bed is free;
-- the return has a reservation of its own, under the same exclusion constraints as those of offers.
CREATE TABLE alternation (
  alternation_id uuid PRIMARY KEY,
  from_stay_id   uuid NOT NULL UNIQUE REFERENCES stay,
  to_stay_id     uuid UNIQUE REFERENCES stay,
  bed_id         text NOT NULL REFERENCES bed,
  state          text NOT NULL,
  home_from      date NOT NULL,
  return_date    date NOT NULL,
  ended_on       date,
  version        bigint NOT NULL DEFAULT 1,
  CONSTRAINT alternation_state CHECK (state IN ('at_home', 'returned', 'ended')),
  CONSTRAINT alternation_returned CHECK ((state = 'returned') = (to_stay_id IS NOT NULL)),
  CONSTRAINT alternation_ended CHECK ((state = 'at_home') = (ended_on IS NULL)),
  CONSTRAINT alternation_period CHECK (
    return_date > home_from AND return_date <= home_from + 92 AND ended_on >= home_from)
);
CREATE INDEX alternation_newest ON alternation (home_from DESC, alternation_id DESC);
CREATE INDEX alternation_at_home ON alternation (return_date) WHERE state = 'at_home';

-- A reservation is of an offer or of a return.
ALTER TABLE reservation DROP CONSTRAINT reservation_pkey;
ALTER TABLE reservation
  ALTER COLUMN offer_id DROP NOT NULL,
  ADD COLUMN alternation_id uuid UNIQUE REFERENCES alternation,
  ADD CONSTRAINT reservation_offer UNIQUE (offer_id),
  ADD CONSTRAINT reservation_of_one CHECK (num_nonnulls(offer_id, alternation_id) = 1);

ALTER TABLE stay
  DROP CONSTRAINT stay_discharge_reason_check,
  ADD CONSTRAINT stay_discharge_reason_check CHECK (discharge_reason BETWEEN 0 AND 8);
ALTER TABLE stay_history
  DROP CONSTRAINT stay_history_kind_check,
  ADD CONSTRAINT stay_history_kind_check CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged', 'corrected',
    'went_home', 'return_changed', 'came_back'));
