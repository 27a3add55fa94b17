-- How long a placement may go on before somebody must have looked at it again: LVM lasts at most six
-- months, a voluntary placement is reconsidered every six. The lengths are dated rules.
CREATE TABLE care_period_rule (
  kind       smallint NOT NULL CHECK (kind IN (1, 2)),
  valid_from date NOT NULL,
  months     integer NOT NULL CHECK (months BETWEEN 1 AND 120),
  PRIMARY KEY (kind, valid_from)
);

CREATE TABLE care_period (
  care_period_id uuid PRIMARY KEY,
  entry_id       uuid NOT NULL REFERENCES queue_entry,
  stay_id        uuid NOT NULL REFERENCES stay,
  kind           smallint NOT NULL CHECK (kind IN (1, 2)),
  state          text NOT NULL,
  start_date     date NOT NULL,
  due_date       date NOT NULL,
  done_date      date,
  done_by_unit   text,
  done_by        text,
  outcome        smallint NOT NULL DEFAULT 0 CHECK (outcome BETWEEN 0 AND 3),
  reason         smallint NOT NULL DEFAULT 0 CHECK (reason BETWEEN 0 AND 5),
  recorded_at    timestamptz,
  version        bigint NOT NULL DEFAULT 1,
  CONSTRAINT care_period_state CHECK (state IN ('open', 'reconsidered', 'replaced', 'ended')),
  CONSTRAINT care_period_length CHECK (due_date > start_date),
  -- Reconsidered is only what is recorded in full, and LVM is not prolonged so.
  CONSTRAINT care_period_reconsidered CHECK (
    CASE WHEN state = 'reconsidered'
         THEN kind = 2 AND num_nulls(done_date, done_by_unit, done_by, recorded_at) = 0
              AND done_date >= start_date AND outcome <> 0 AND reason <> 0
         ELSE num_nonnulls(done_date, done_by_unit, done_by, recorded_at) = 0
              AND outcome = 0 AND reason = 0 END)
);
CREATE UNIQUE INDEX care_period_one_open ON care_period (entry_id) WHERE state = 'open';
CREATE INDEX care_period_due ON care_period (due_date) WHERE state = 'open';
CREATE INDEX care_period_entry ON care_period (entry_id, care_period_id DESC);
CREATE INDEX stay_entry ON stay (entry_id);
