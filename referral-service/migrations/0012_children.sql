-- Children as relatives are one more document; concerns about children have rows of their own, since
-- units that see nothing else of a case receive them.
ALTER TABLE case_document DROP CONSTRAINT case_document_kind;
ALTER TABLE case_document ADD CONSTRAINT case_document_kind CHECK (kind IN (
  'coordinated_plan', 'cost_split', 'outcomes', 'children'));

CREATE TABLE child_concern (
  concern_id        uuid PRIMARY KEY,
  referral_id       uuid NOT NULL REFERENCES referral,
  sender_unit_id    text NOT NULL CHECK (sender_unit_id <> ''),
  subject           text NOT NULL,
  recipient_unit_id text NOT NULL CHECK (recipient_unit_id <> ''),
  content_sealed    bytea NOT NULL,
  reported_at       timestamptz NOT NULL
);
CREATE INDEX child_concern_received ON child_concern (recipient_unit_id, reported_at, concern_id);
CREATE INDEX child_concern_referral ON child_concern (referral_id);
REVOKE UPDATE, DELETE ON child_concern FROM referral_runtime;

-- The owner's feed tells of a concern.
ALTER TABLE referral_change DROP CONSTRAINT referral_change_what_check;
ALTER TABLE referral_change ADD CONSTRAINT referral_change_what_check
  CHECK (what IN ('case', 'ground', 'plans', 'document', 'child_concern', 'left'));
CREATE FUNCTION child_concern_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'child_concern' FROM referral
   WHERE referral_id = NEW.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER child_concern_changed AFTER INSERT ON child_concern
  FOR EACH ROW EXECUTE FUNCTION child_concern_changed();
