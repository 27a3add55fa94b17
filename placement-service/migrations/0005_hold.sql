-- Who decided to hold a bed empty, why, for when, and how it ended.
ALTER TABLE bed_hold
  ADD COLUMN expected_date     date,
  ADD COLUMN reason            smallint CHECK (reason BETWEEN 1 AND 3),
  ADD COLUMN state             text,
  ADD COLUMN decided_by_seat   text CHECK (decided_by_seat <> ''),
  ADD COLUMN decided_by_deputy boolean,
  ADD COLUMN decided_at        timestamptz,
  ADD COLUMN version           bigint NOT NULL DEFAULT 1;
-- Nothing wrote holds before this.
ALTER TABLE bed_hold
  ALTER COLUMN expected_date SET NOT NULL,
  ALTER COLUMN reason SET NOT NULL,
  ALTER COLUMN state SET NOT NULL,
  ALTER COLUMN decided_by_seat SET NOT NULL,
  ALTER COLUMN decided_by_deputy SET NOT NULL,
  ALTER COLUMN decided_at SET NOT NULL,
  ADD CONSTRAINT hold_state CHECK (state IN ('held', 'released', 'expired', 'used')),
  -- A live hold holds at least a day, and the expected day is one of its days.
  ADD CONSTRAINT hold_live CHECK (
    state <> 'held' OR (to_date > from_date AND expected_date >= from_date
                        AND expected_date < to_date)),
  ADD CONSTRAINT hold_longest CHECK (to_date <= from_date + 92);
CREATE INDEX hold_newest ON bed_hold (decided_at DESC, hold_id DESC);
