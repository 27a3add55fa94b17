-- What was recorded wrongly of a move, of leave, of an interruption or of an incident is marked and
-- stays; what is right stands beside it.
-- compatible-from: 18
-- The stay that replaces one of two that follow each other continues what the wrong one continued.
ALTER TABLE stay DROP CONSTRAINT stay_continues_stay_id_key;
CREATE UNIQUE INDEX stay_continued_once ON stay (continues_stay_id) WHERE state <> 'corrected';

ALTER TABLE stay_absence
  ADD COLUMN correction_reason smallint NOT NULL DEFAULT 0 CHECK (correction_reason BETWEEN 0 AND 4),
  ADD COLUMN absence_id uuid NOT NULL DEFAULT gen_random_uuid(),
  DROP CONSTRAINT stay_absence_pkey,
  ADD PRIMARY KEY (absence_id),
  DROP CONSTRAINT absence_once,
  ADD CONSTRAINT absence_once EXCLUDE USING gist (stay_id WITH =, during WITH &&)
    WHERE (correction_reason = 0);
DROP INDEX absence_one_open;
CREATE UNIQUE INDEX absence_one_open ON stay_absence (stay_id)
  WHERE to_date IS NULL AND correction_reason = 0;
-- One that began and ended on one date has an empty range, which the constraint above does not see.
CREATE UNIQUE INDEX absence_by_day ON stay_absence (stay_id, kind, from_date)
  WHERE correction_reason = 0;
CREATE INDEX absence_of_stay ON stay_absence (stay_id);

ALTER TABLE stay_history
  ADD COLUMN corrects_ordinal integer,
  DROP CONSTRAINT stay_history_kind_check,
  ADD CONSTRAINT stay_history_kind_check CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged', 'corrected',
    'went_home', 'return_changed', 'came_back', 'discharge_plan_cleared', 'discharge_undone',
    'transfer_planned', 'transfer_confirmed', 'transfer_cancelled', 'leave_corrected',
    'interruption_corrected', 'incident_corrected')),
  ADD CONSTRAINT history_corrects CHECK (
    (kind = 'incident_corrected') = (corrects_ordinal IS NOT NULL)),
  ADD CONSTRAINT history_corrected_once UNIQUE (stay_id, corrects_ordinal),
  ADD CONSTRAINT history_corrected_fact FOREIGN KEY (stay_id, corrects_ordinal)
    REFERENCES stay_history (stay_id, ordinal);

-- A date counts once per person: on the date of a move it counts for the bed moved to. What was known
-- of such a bed until now stays readable as of then.
UPDATE bed_fact f SET known_to = GREATEST(f.known_from, now())
  FROM stay s
 WHERE f.kind = 'stay' AND f.known_to IS NULL AND f.source_id = s.stay_id::text
   AND s.departure = s.move_in AND s.discharge_reason IN (6, 7);
