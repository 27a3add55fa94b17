-- When reporting knew what. These tables are kept when the facts are rebuilt.

-- From which instant (domain time) on an event counts: when it happened, but never before an event
-- ahead of it in the same log, and never at or before an `as_of` that was already answered.
CREATE TABLE log_position (
  source   text NOT NULL CHECK (source IN ('referral', 'placement', 'notification')),
  seq      bigint NOT NULL CHECK (seq > 0),
  known_at timestamptz NOT NULL,
  PRIMARY KEY (source, seq)
);
CREATE INDEX log_position_known_at ON log_position (source, known_at, seq);

-- The latest `as_of` that was answered. One row: consumers share its lock, reports take it alone, so
-- that no event becomes known behind a report's back.
CREATE TABLE watermark (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  promised timestamptz NOT NULL
);
INSERT INTO watermark (promised) VALUES ('-infinity');

-- How far the facts reach; behind log_position only while they are being rebuilt.
CREATE TABLE source_progress (
  source      text PRIMARY KEY CHECK (source IN ('referral', 'placement', 'notification')),
  applied_seq bigint NOT NULL CHECK (applied_seq > 0)
);

-- What stands for a decision or an interruption in reports to IVO: random, and the same for ever.
CREATE TABLE substitute (
  reference     text PRIMARY KEY,
  substitute_id uuid NOT NULL UNIQUE
);
