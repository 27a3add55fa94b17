-- The append-only log of one service, and how far it has come with the logs of others.
CREATE TABLE event (
  event_id       uuid PRIMARY KEY,
  aggregate_type text NOT NULL CHECK (aggregate_type <> ''),
  aggregate_id   text NOT NULL CHECK (aggregate_id <> ''),
  version        bigint NOT NULL CHECK (version > 0),
  -- Its place among the events of the same commit.
  ordinal        integer NOT NULL CHECK (ordinal > 0),
  type           text NOT NULL CHECK (type <> ''),
  payload        bytea NOT NULL,
  occurred_at    timestamptz NOT NULL,
  traceparent    text NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  seq            bigint UNIQUE CHECK (seq > 0),
  sequenced_at   timestamptz,
  CHECK ((seq IS NULL) = (sequenced_at IS NULL)),
  -- Two commits cannot both have made the same version of an aggregate.
  UNIQUE (aggregate_type, aggregate_id, version, ordinal)
);
CREATE INDEX event_unsequenced ON event (recorded_at) WHERE seq IS NULL;

CREATE TABLE consumer_cursor (
  consumer     text PRIMARY KEY,
  seq          bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  -- When the source had sequenced that event.
  sequenced_at timestamptz,
  moved_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Events that could not be applied, and all later ones of the same aggregate.
CREATE TABLE consumer_parked (
  consumer       text NOT NULL,
  seq            bigint NOT NULL,
  aggregate_type text NOT NULL,
  aggregate_id   text NOT NULL,
  event          bytea NOT NULL,
  reason         text NOT NULL,
  parked_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (consumer, seq)
);
CREATE INDEX consumer_parked_aggregate
  ON consumer_parked (consumer, aggregate_type, aggregate_id, seq);

-- A service adds facts and numbers them; it can neither change nor remove one.
DO $$
DECLARE runtime name := current_schema() || '_runtime';
BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE ON event FROM %I', runtime);
  EXECUTE format('GRANT UPDATE (seq, sequenced_at) ON event TO %I', runtime);
END
$$;
CREATE FUNCTION event_keep_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an event keeps its place' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER event_keep_place BEFORE UPDATE ON event
  FOR EACH ROW WHEN (OLD.seq IS NOT NULL) EXECUTE FUNCTION event_keep_place();
