-- Finding: lists that cost the same however many cases there are, and a feed that loses nothing.

-- Since when a case waits where it is. An offer that comes and goes does not stop the clock of the
-- decision, so `decided` and `offered` count as one.
ALTER TABLE referral ADD COLUMN state_since timestamptz;
UPDATE referral SET state_since = updated_at;
ALTER TABLE referral ALTER COLUMN state_since SET NOT NULL;

CREATE FUNCTION referral_keep_state_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state_since := NEW.updated_at;
  ELSIF NEW.state <> OLD.state AND NOT (NEW.state IN ('decided', 'offered')
                                        AND OLD.state IN ('decided', 'offered')) THEN
    NEW.state_since := NEW.updated_at;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER referral_state_since BEFORE INSERT OR UPDATE ON referral
  FOR EACH ROW EXECUTE FUNCTION referral_keep_state_since();

-- Which unit may have to be shown which case: its owner, where the person lives, and whom a ground
-- that has not ended names (a facility only once it is on the path). A superset of what
-- access_policy permits; what comes out of it is judged there.
CREATE TABLE case_reader (
  referral_id   uuid NOT NULL REFERENCES referral,
  unit_id       text NOT NULL,
  state         text NOT NULL,
  owner_unit_id text NOT NULL,
  created_at    timestamptz NOT NULL,
  state_since   timestamptz NOT NULL,
  PRIMARY KEY (referral_id, unit_id)
);
CREATE INDEX case_reader_created ON case_reader (unit_id, state, created_at, referral_id);
CREATE INDEX case_reader_waiting ON case_reader (unit_id, state, state_since, referral_id);
CREATE INDEX case_reader_owner ON case_reader (unit_id, owner_unit_id, state, created_at, referral_id);

CREATE FUNCTION keep_case_readers(uuid) RETURNS void LANGUAGE sql AS $$
  WITH wanted AS (
    SELECT r.referral_id, u.unit_id, r.state, r.owner_unit_id, r.created_at, r.state_since
      FROM referral r
     CROSS JOIN LATERAL (
       SELECT r.owner_unit_id AS unit_id
       UNION SELECT r.present_unit_id WHERE r.present_unit_id IS NOT NULL
       UNION SELECT named.unit_id
               FROM disclosure_ground g, unnest(g.recipient_unit_ids) AS named (unit_id)
              WHERE g.referral_id = r.referral_id AND g.ended_at IS NULL AND r.state <> 'draft'
                AND (named.unit_id = ANY (r.path_unit_ids)
                     OR NOT EXISTS (SELECT FROM unit
                                     WHERE unit.unit_id = named.unit_id
                                       AND unit.kind_code = 'facility'))) u
     WHERE r.referral_id = $1),
  gone AS (
    DELETE FROM case_reader c
     WHERE c.referral_id = $1 AND c.unit_id NOT IN (SELECT unit_id FROM wanted))
  INSERT INTO case_reader (referral_id, unit_id, state, owner_unit_id, created_at, state_since)
  SELECT referral_id, unit_id, state, owner_unit_id, created_at, state_since FROM wanted
      ON CONFLICT (referral_id, unit_id) DO UPDATE
         SET state = excluded.state, owner_unit_id = excluded.owner_unit_id,
             state_since = excluded.state_since
       WHERE (case_reader.state, case_reader.owner_unit_id, case_reader.state_since)
             IS DISTINCT FROM (excluded.state, excluded.owner_unit_id, excluded.state_since)
$$;

-- What changed in an owner's cases. A number is given when the feed is read, under a lock of that
-- owner, to rows that are committed by then: a row that commits later gets a later number, so that
-- whoever has read up to a number has missed nothing before it. Dense per owner.
CREATE TABLE referral_change (
  change_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_unit_id text NOT NULL,
  referral_id   uuid NOT NULL REFERENCES referral,
  what          text NOT NULL CHECK (what IN ('case', 'ground', 'plans', 'left')),
  seq           bigint CHECK (seq > 0),
  CONSTRAINT referral_change_place UNIQUE (owner_unit_id, seq)
);
CREATE INDEX referral_change_unplaced ON referral_change (owner_unit_id, change_id)
  WHERE seq IS NULL;
REVOKE UPDATE, DELETE ON referral_change FROM referral_runtime;
GRANT UPDATE (seq) ON referral_change TO referral_runtime;

CREATE FUNCTION referral_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_case_readers(NEW.referral_id);
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  VALUES (NEW.owner_unit_id, NEW.referral_id, 'case');
  IF TG_OP = 'UPDATE' AND OLD.owner_unit_id <> NEW.owner_unit_id THEN
    INSERT INTO referral_change (owner_unit_id, referral_id, what)
    VALUES (OLD.owner_unit_id, NEW.referral_id, 'left');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER referral_changed AFTER INSERT OR UPDATE ON referral
  FOR EACH ROW EXECUTE FUNCTION referral_changed();

CREATE FUNCTION ground_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A case that is being changed at the same time is waited for, so that its readers are made from
  -- what both leave behind.
  PERFORM FROM referral WHERE referral_id = NEW.referral_id FOR NO KEY UPDATE;
  PERFORM keep_case_readers(NEW.referral_id);
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'ground' FROM referral WHERE referral_id = NEW.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ground_changed AFTER INSERT OR UPDATE ON disclosure_ground
  FOR EACH ROW EXECUTE FUNCTION ground_changed();

CREATE FUNCTION plans_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'plans' FROM referral WHERE referral_id = NEW.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER plans_changed AFTER INSERT OR UPDATE ON plans
  FOR EACH ROW EXECUTE FUNCTION plans_changed();

SELECT keep_case_readers(referral_id) FROM referral;

-- How long a case may stay in a state before it is overdue; dated, seeded from deploy/kronoberg.
CREATE TABLE response_time (
  state     text NOT NULL,
  from_date date NOT NULL,
  months    integer NOT NULL CHECK (months >= 0),
  days      integer NOT NULL CHECK (days >= 0),
  PRIMARY KEY (state, from_date),
  CHECK (months + days > 0)
);
REVOKE UPDATE, DELETE ON response_time FROM referral_runtime;

-- Cases of one person, for a search by identity number.
DROP INDEX referral_person;
CREATE INDEX referral_person ON referral (person_id, created_at, referral_id)
  WHERE person_id IS NOT NULL;
-- Lists no longer look for grounds by their recipient.
DROP INDEX disclosure_ground_recipient;
DROP INDEX referral_present;
