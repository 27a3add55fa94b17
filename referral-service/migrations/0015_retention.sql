-- After the closing: how long a case is kept, what was exported, and its erasure.

-- Dated rules, seeded from deploy/kronoberg; "*" is for every owner without one of its own.
CREATE TABLE retention_rule (
  organisation_id text NOT NULL,
  from_date       date NOT NULL,
  months          integer NOT NULL CHECK (months BETWEEN 1 AND 1200),
  hold_reasons    text[] NOT NULL CHECK (cardinality(hold_reasons) > 0),
  waiver_reasons  text[] NOT NULL,
  PRIMARY KEY (organisation_id, from_date)
);
REVOKE UPDATE, DELETE ON retention_rule FROM referral_runtime;

-- What is recorded of one case; a case without a row has version 0.
CREATE TABLE retention (
  referral_id        uuid PRIMARY KEY REFERENCES referral,
  version            bigint NOT NULL CHECK (version > 0),
  hold_reason_code   text NOT NULL DEFAULT '',
  archived_at        timestamptz,
  archive_reference  text NOT NULL DEFAULT '',
  archived_etag      text NOT NULL DEFAULT '',
  due_at             timestamptz,  -- when the owner was told
  erased_at          timestamptz,
  waiver_reason_code text NOT NULL DEFAULT '',
  CONSTRAINT retention_archived_whole CHECK (
    (archived_at IS NULL) = (archive_reference = '') AND (archived_at IS NULL) = (archived_etag = '')),
  CONSTRAINT retention_erased_archived CHECK (
    erased_at IS NULL OR archived_at IS NOT NULL OR waiver_reason_code <> ''),
  CONSTRAINT retention_erased_not_held CHECK (erased_at IS NULL OR hold_reason_code = '')
);
REVOKE DELETE ON retention FROM referral_runtime;
CREATE FUNCTION retention_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is erased stays erased'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'retention_erased_for_good';
END $$;
CREATE TRIGGER retention_erased_for_good BEFORE UPDATE ON retention FOR EACH ROW
  WHEN (OLD.erased_at IS NOT NULL) EXECUTE FUNCTION retention_refuse_change();

-- An erased case is a pseudonymous row: closed, no content, no name, and for good.
ALTER TABLE referral ADD COLUMN erased_at timestamptz;
CREATE OR REPLACE FUNCTION referral_keep_state_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state_since := NEW.updated_at;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND NOT (NEW.state IN ('decided', 'offered')
                                     AND OLD.state IN ('decided', 'offered')) THEN
    NEW.state_since := NEW.updated_at;
  END IF;
  IF NEW.owner_unit_id <> OLD.owner_unit_id OR (NEW.state = 'closed' AND OLD.state <> 'closed') THEN
    IF EXISTS (SELECT FROM reroute WHERE referral_id = NEW.referral_id AND reroute.state = 'open') THEN
      RAISE EXCEPTION 'a hand-over of the case is open'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_reroute_open';
    END IF;
  END IF;
  IF OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at THEN
    RAISE EXCEPTION 'what is erased stays erased'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_erased_for_good';
  END IF;
  IF NEW.erased_at IS NOT NULL AND (NEW.state <> 'closed' OR NEW.content_sealed <> ''
                                    OR NEW.name_sealed IS NOT NULL) THEN
    RAISE EXCEPTION 'an erased case has no content'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_erased_dark';
  END IF;
  RETURN NEW;
END $$;
CREATE INDEX referral_closed_kept ON referral (owner_unit_id, state_since, referral_id)
  WHERE state = 'closed' AND erased_at IS NULL;

-- Nobody is found by a number any more once the last case is erased.
ALTER TABLE person ALTER COLUMN identity_index DROP NOT NULL;

-- An erased case is on nobody's list.
CREATE OR REPLACE FUNCTION keep_case_readers(uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r record;
  readers text[];
BEGIN
  SELECT owner_unit_id, present_unit_id, path_unit_ids, state, created_at, state_since, erased_at INTO r
    FROM referral WHERE referral_id = $1;
  IF r.erased_at IS NOT NULL THEN
    DELETE FROM case_reader WHERE referral_id = $1;
    RETURN;
  END IF;
  readers := ARRAY(
    SELECT r.owner_unit_id
    UNION SELECT r.present_unit_id WHERE r.present_unit_id IS NOT NULL
    UNION SELECT named.unit_id
            FROM disclosure_ground g, unnest(g.recipient_unit_ids) AS named (unit_id)
           WHERE g.referral_id = $1 AND g.ended_at IS NULL AND r.state <> 'draft'
             AND (named.unit_id = ANY (r.path_unit_ids)
                  OR NOT EXISTS (SELECT FROM unit
                                  WHERE unit.unit_id = named.unit_id
                                    AND unit.kind_code = 'facility')));
  DELETE FROM case_reader WHERE referral_id = $1 AND unit_id <> ALL (readers);
  INSERT INTO case_reader (referral_id, unit_id, state, owner_unit_id, created_at, state_since)
  SELECT $1, reader, r.state, r.owner_unit_id, r.created_at, r.state_since
    FROM unnest(readers) AS reader
      ON CONFLICT (referral_id, unit_id) DO UPDATE
         SET state = excluded.state, owner_unit_id = excluded.owner_unit_id,
             state_since = excluded.state_since
       WHERE (case_reader.state, case_reader.owner_unit_id, case_reader.state_since)
             IS DISTINCT FROM (excluded.state, excluded.owner_unit_id, excluded.state_since);
END $$;
