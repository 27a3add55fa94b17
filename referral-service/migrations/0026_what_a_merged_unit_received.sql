-- A unit that is merged leaves nothing behind that waits: the open hand-overs it received and the
-- child concerns it answers for are the receiver's, and a case that is handed over goes along with
-- its hand-over. Grounds that name it stay as they are: a consent names its recipients.
ALTER TABLE unit_reorganisation ADD COLUMN hand_overs integer NOT NULL DEFAULT 0
  CHECK (hand_overs >= 0);
ALTER TABLE unit_reorganisation ADD COLUMN concerns integer NOT NULL DEFAULT 0 CHECK (concerns >= 0);
ALTER TABLE unit_reorganisation ADD COLUMN left_grounds integer NOT NULL DEFAULT 0
  CHECK (left_grounds >= 0);
GRANT UPDATE (hand_overs, concerns, left_grounds) ON unit_reorganisation TO referral_runtime;

-- The owner of a case changes while it is handed over only together with the hand-over's sender.
CREATE OR REPLACE FUNCTION referral_keep_state_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state_since := NEW.updated_at;
    NEW.content_version := NEW.version;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND NOT (NEW.state IN ('decided', 'offered', 'decision_ended')
                                     AND OLD.state IN ('decided', 'offered', 'decision_ended')) THEN
    NEW.state_since := NEW.updated_at;
  END IF;
  IF NEW.owner_unit_id <> OLD.owner_unit_id OR (NEW.state = 'closed' AND OLD.state <> 'closed') THEN
    IF EXISTS (SELECT FROM reroute WHERE referral_id = NEW.referral_id AND reroute.state = 'open'
                  AND (NEW.state = 'closed' OR reroute.from_unit_id <> NEW.owner_unit_id)) THEN
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

-- Who hands over and who receives changes with a unit that is being merged or split, and by nothing
-- else; of a split only the sender, with the case.
CREATE OR REPLACE FUNCTION reroute_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state <> 'open' THEN
    RAISE EXCEPTION 'an ended hand-over does not change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reroute_ended_once';
  END IF;
  IF TG_OP = 'UPDATE' AND (
      (NEW.from_unit_id <> OLD.from_unit_id AND NOT EXISTS (
        SELECT FROM unit_reorganisation u WHERE u.ended_at IS NULL
           AND u.from_unit_id = OLD.from_unit_id AND u.to_unit_id = NEW.from_unit_id))
      OR (NEW.to_unit_id <> OLD.to_unit_id AND NOT EXISTS (
        SELECT FROM unit_reorganisation u WHERE u.ended_at IS NULL AND u.kind = 'unit_merged'
           AND u.from_unit_id = OLD.to_unit_id AND u.to_unit_id = NEW.to_unit_id))) THEN
    RAISE EXCEPTION 'the parties of a hand-over change with their units alone'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reroute_parties';
  END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM FROM referral WHERE referral_id = NEW.referral_id AND owner_unit_id = NEW.from_unit_id
                            AND state <> 'closed' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a case is handed over by its owner'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reroute_by_owner';
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- To whom a concern was sent, and by which merge it became another unit's to answer for.
CREATE TABLE child_concern_passed (
  concern_id        uuid NOT NULL REFERENCES child_concern,
  reorganisation_id uuid NOT NULL REFERENCES unit_reorganisation,
  from_unit_id      text NOT NULL,
  to_unit_id        text NOT NULL,
  passed_at         timestamptz NOT NULL,
  PRIMARY KEY (concern_id, reorganisation_id)
);
REVOKE UPDATE, DELETE ON child_concern_passed FROM referral_runtime;
GRANT UPDATE (recipient_unit_id) ON child_concern TO referral_runtime;
CREATE FUNCTION child_concern_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM unit_reorganisation u WHERE u.ended_at IS NULL
                    AND u.kind = 'unit_merged' AND u.from_unit_id = OLD.recipient_unit_id
                    AND u.to_unit_id = NEW.recipient_unit_id) THEN
    RAISE EXCEPTION 'a concern stays with its recipient'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'child_concern_recipient';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER child_concern_check BEFORE UPDATE ON child_concern
  FOR EACH ROW EXECUTE FUNCTION child_concern_check();
CREATE TRIGGER child_concern_passed_on AFTER UPDATE ON child_concern
  FOR EACH ROW EXECUTE FUNCTION child_concern_changed();
