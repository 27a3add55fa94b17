-- Places sold to purchasers outside the chain. They are rows of `stay`, so that the same exclusion
-- constraint keeps them and everybody else out of one bed; they have a purchaser where the others
-- have a case, and point at no person.
ALTER TABLE stay
  ALTER COLUMN entry_id DROP NOT NULL,
  ALTER COLUMN offer_id DROP NOT NULL,
  ALTER COLUMN case_id DROP NOT NULL,
  ALTER COLUMN case_number DROP NOT NULL,
  ALTER COLUMN person_id DROP NOT NULL,
  ALTER COLUMN owner_unit_id DROP NOT NULL,
  ALTER COLUMN decision_id DROP NOT NULL,
  ADD COLUMN purchaser           text CHECK (purchaser ~ '^[a-z0-9-]{1,64}$'),
  ADD COLUMN purchaser_reference text CHECK (length(purchaser_reference) <= 64),
  ADD COLUMN ore_per_day         bigint CHECK (ore_per_day BETWEEN 1 AND 100000000),
  -- Of a case, or of a purchaser; never something of both.
  ADD CONSTRAINT stay_of_case_or_purchaser CHECK (
    CASE WHEN purchaser IS NULL
         THEN num_nulls(entry_id, offer_id, case_id, case_number, person_id, owner_unit_id,
                        decision_id) = 0
              AND num_nonnulls(purchaser_reference, ore_per_day) = 0
              AND correction_reason <= 3
         ELSE num_nonnulls(entry_id, offer_id, case_id, case_number, person_id, owner_unit_id,
                           decision_id, continues_stay_id) = 0
              AND num_nulls(purchaser_reference, ore_per_day) = 0
              AND correction_reason <> 3 AND NOT transferred_in END),
  DROP CONSTRAINT stay_correction_reason_check,
  ADD CONSTRAINT stay_correction_reason_check CHECK (correction_reason BETWEEN 0 AND 5),
  DROP CONSTRAINT stay_ended,
  -- Why it ended is told of a person's stay only.
  ADD CONSTRAINT stay_ended CHECK (
    state = 'corrected'
    OR ((state = 'ended') = (departure IS NOT NULL)
        AND (state = 'ended' AND purchaser IS NULL) = (discharge_reason <> 0)));
CREATE INDEX stay_external ON stay (move_in DESC, stay_id DESC) WHERE purchaser IS NOT NULL;
