-- A unit merged or split: whose cases go where, and what became of each.
CREATE TABLE unit_reorganisation (
  reorganisation_id uuid PRIMARY KEY,
  kind              text NOT NULL CHECK (kind IN ('unit_merged', 'unit_split')),
  from_unit_id      text NOT NULL,
  to_unit_id        text NOT NULL,
  effective_date    date NOT NULL,
  handler_subjects  text[] NOT NULL CHECK (cardinality(handler_subjects) <= 11),
  text_sealed       bytea NOT NULL,
  -- Who began it: the rows of the trail that the background work writes name the same.
  organisation_id   text NOT NULL,
  subject           text NOT NULL CHECK (subject <> ''),
  roles             text[] NOT NULL,
  purpose           text NOT NULL,
  call_id           text NOT NULL,
  traceparent       text NOT NULL,
  begun_at          timestamptz NOT NULL,
  moved             integer NOT NULL DEFAULT 0 CHECK (moved >= 0),
  refused           integer NOT NULL DEFAULT 0 CHECK (refused >= 0),
  ended_at          timestamptz,
  CONSTRAINT unit_reorganisation_to_another CHECK (from_unit_id <> to_unit_id)
);
CREATE UNIQUE INDEX unit_reorganisation_one_running ON unit_reorganisation (from_unit_id)
  WHERE ended_at IS NULL;
REVOKE UPDATE, DELETE ON unit_reorganisation FROM referral_runtime;
GRANT UPDATE (moved, refused, ended_at) ON unit_reorganisation TO referral_runtime;

-- A move made by it names it, and its date.
ALTER TABLE life_event ADD COLUMN reorganisation_id uuid REFERENCES unit_reorganisation;
ALTER TABLE life_event DROP CONSTRAINT life_event_death_dated;
ALTER TABLE life_event ADD CONSTRAINT life_event_dated CHECK (
  (kind = 'died' OR reorganisation_id IS NOT NULL) = (event_date IS NOT NULL));
ALTER TABLE life_event ADD CONSTRAINT life_event_reorganised_moved CHECK (
  reorganisation_id IS NULL OR kind = 'moved');

-- One row per case: none is handled twice, and none is moved without its life event.
CREATE TABLE reorganised_case (
  reorganisation_id uuid NOT NULL REFERENCES unit_reorganisation,
  referral_id       uuid NOT NULL REFERENCES referral,
  place             integer NOT NULL CHECK (place > 0),
  state             text NOT NULL CHECK (state IN ('waiting', 'moved', 'refused')),
  reason_code       text NOT NULL DEFAULT '',
  version           bigint,  -- of the case after it was moved
  PRIMARY KEY (reorganisation_id, referral_id),
  CONSTRAINT reorganised_case_place UNIQUE (reorganisation_id, place),
  CONSTRAINT reorganised_case_moved FOREIGN KEY (referral_id, version)
    REFERENCES life_event (referral_id, version),
  CONSTRAINT reorganised_case_refused_with_reason CHECK ((state = 'refused') = (reason_code <> '')),
  CONSTRAINT reorganised_case_moved_whole CHECK ((state = 'moved') = (version IS NOT NULL))
);
REVOKE UPDATE, DELETE ON reorganised_case FROM referral_runtime;
GRANT UPDATE (state, reason_code, version) ON reorganised_case TO referral_runtime;
CREATE FUNCTION reorganised_case_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what became of a case does not change'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'reorganised_case_once';
END $$;
CREATE TRIGGER reorganised_case_once BEFORE UPDATE ON reorganised_case FOR EACH ROW
  WHEN (OLD.state <> 'waiting') EXECUTE FUNCTION reorganised_case_refuse_change();
