-- Every version of what is written of a case, not only the last: forms and notes as they were, and
-- the home support as it was planned.

-- What a later version of the case has replaced. The latest stands in `referral` itself.
CREATE TABLE referral_content (
  referral_id    uuid NOT NULL REFERENCES referral,
  version        bigint NOT NULL CHECK (version > 0),  -- of the case that wrote it
  content_sealed bytea NOT NULL,
  PRIMARY KEY (referral_id, version)
);
REVOKE UPDATE, DELETE ON referral_content FROM referral_runtime;

-- The version that wrote the content. Of a case from before this migration that is not known: it is
-- the one the case had.
ALTER TABLE referral ADD COLUMN content_version bigint NOT NULL DEFAULT 1;
ALTER TABLE referral DISABLE TRIGGER USER;
UPDATE referral SET content_version = version;
ALTER TABLE referral ENABLE TRIGGER USER;

-- In the trigger that is there already: one more would be paid by every change of every case.
CREATE OR REPLACE FUNCTION referral_keep_state_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state_since := NEW.updated_at;
    NEW.content_version := NEW.version;
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
  IF NEW.content_sealed <> OLD.content_sealed AND NEW.erased_at IS NULL THEN
    INSERT INTO referral_content (referral_id, version, content_sealed)
    VALUES (OLD.referral_id, OLD.content_version, OLD.content_sealed);
    NEW.content_version := NEW.version;
  END IF;
  RETURN NEW;
END $$;

-- The home support as planned, each time whole: `home_support_part` has it as it is.
CREATE TABLE home_support_version (
  referral_id  uuid NOT NULL REFERENCES referral,
  version      bigint NOT NULL CHECK (version > 0),  -- of the plans
  part_ids     text[] NOT NULL,
  kinds        text[] NOT NULL,
  unit_ids     text[] NOT NULL,
  law_sections text[] NOT NULL,
  start_dates  text[] NOT NULL,
  started      text[] NOT NULL,
  recorded_at  timestamptz,  -- not known of what is older than this table
  unit_id      text NOT NULL,
  subject      text NOT NULL,
  PRIMARY KEY (referral_id, version)
);
REVOKE UPDATE, DELETE ON home_support_version FROM referral_runtime;
INSERT INTO home_support_version
SELECT p.referral_id, p.version, array_agg(x.part_id::text ORDER BY x.place),
       array_agg(x.kind ORDER BY x.place), array_agg(x.unit_id ORDER BY x.place),
       array_agg(x.law_section ORDER BY x.place), array_agg(x.start_date::text ORDER BY x.place),
       array_agg(x.started::text ORDER BY x.place), NULL, '', ''
  FROM plans p JOIN home_support_part x USING (referral_id) GROUP BY p.referral_id, p.version;
