-- Each time somebody begins or ceases to wait in a queue with a key: from these, backwards from the
-- queue as it is, every past position is computed. Only added to.
CREATE TABLE queue_step (
  step_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id    uuid NOT NULL REFERENCES queue_entry,
  facility_id text NOT NULL REFERENCES facility,
  bed_kind    smallint NOT NULL,
  at          timestamptz NOT NULL,
  sort_key    bytea NOT NULL,
  change      smallint NOT NULL CHECK (change IN (1, -1))
);
CREATE INDEX queue_step_newest ON queue_step (facility_id, bed_kind, at DESC, step_id DESC);
CREATE INDEX queue_step_entry ON queue_step (entry_id, at);

-- Who waits already: since what last gave the key that they have.
INSERT INTO queue_step (entry_id, facility_id, bed_kind, at, sort_key, change)
SELECT e.entry_id, e.facility_id, e.bed_kind, h.at, e.sort_key, 1
  FROM queue_entry e
  JOIN LATERAL (SELECT max(h.at) AS at FROM queue_history h WHERE h.entry_id = e.entry_id
                   AND h.kind IN ('queued', 'returned', 'criteria_changed', 'extended')) h
    ON h.at IS NOT NULL
 WHERE e.state = 'waiting'
 ORDER BY h.at;
