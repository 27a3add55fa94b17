-- A wrong entry is never removed: it is marked, and what replaces it is a stay of its own.
ALTER TABLE stay
  ADD COLUMN correction_reason smallint NOT NULL DEFAULT 0 CHECK (correction_reason BETWEEN 0 AND 3),
  ADD COLUMN corrects_stay_id  uuid UNIQUE REFERENCES stay,
  DROP CONSTRAINT stay_state,
  DROP CONSTRAINT stay_ended,
  DROP CONSTRAINT stay_bed,
  DROP CONSTRAINT stay_person,
  ADD CONSTRAINT stay_state CHECK (state IN ('active', 'ended', 'corrected')),
  ADD CONSTRAINT stay_corrected CHECK ((state = 'corrected') = (correction_reason <> 0)),
  ADD CONSTRAINT stay_ended CHECK (
    state = 'corrected' OR ((state = 'ended') = (departure IS NOT NULL)
                            AND (state = 'ended') = (discharge_reason <> 0))),
  ADD CONSTRAINT stay_bed EXCLUDE USING gist (bed_id WITH =, during WITH &&)
    WHERE (state <> 'corrected'),
  ADD CONSTRAINT stay_person EXCLUDE USING gist (person_id WITH =, during WITH &&)
    WHERE (state <> 'corrected');
-- Made anew behind the exclusion constraints, so that those are the first to refuse, as before.
DROP INDEX stay_one_active_per_bed, stay_one_active_per_person;
CREATE UNIQUE INDEX stay_one_active_per_bed ON stay (bed_id) WHERE state = 'active';
CREATE UNIQUE INDEX stay_one_active_per_person ON stay (person_id) WHERE state = 'active';
DROP INDEX stay_first_of_offer;
CREATE UNIQUE INDEX stay_first_of_offer ON stay (offer_id)
  WHERE continues_stay_id IS NULL AND state <> 'corrected';
ALTER TABLE stay_history
  DROP CONSTRAINT stay_history_kind_check,
  ADD CONSTRAINT stay_history_kind_check CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged', 'corrected'));
