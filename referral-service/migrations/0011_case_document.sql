-- Documents of a case beside its form and plans: each version kept, whole and encrypted.
CREATE TABLE case_document (
  referral_id    uuid NOT NULL REFERENCES referral,
  kind           text NOT NULL CONSTRAINT case_document_kind CHECK (kind IN (
    'coordinated_plan', 'cost_split', 'outcomes')),
  version        bigint NOT NULL CHECK (version > 0),
  content_sealed bytea NOT NULL,
  unit_id        text NOT NULL,
  subject        text NOT NULL,
  recorded_at    timestamptz NOT NULL,
  PRIMARY KEY (referral_id, kind, version)
);
REVOKE UPDATE, DELETE ON case_document FROM referral_runtime;

-- The owner's feed tells of a new version; what it says is read apart.
ALTER TABLE referral_change DROP CONSTRAINT referral_change_what_check;
ALTER TABLE referral_change ADD CONSTRAINT referral_change_what_check
  CHECK (what IN ('case', 'ground', 'plans', 'document', 'left'));
CREATE FUNCTION document_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'document' FROM referral WHERE referral_id = NEW.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER document_changed AFTER INSERT ON case_document
  FOR EACH ROW EXECUTE FUNCTION document_changed();

-- Hosts of the organisations' secure video services, dated; seeded from deploy/kronoberg.
CREATE TABLE video_host (
  organisation_id text NOT NULL,
  host            text NOT NULL CHECK (host ~ '^[a-z0-9.-]+$'),
  from_date       date NOT NULL,
  to_date         date CHECK (to_date > from_date),
  PRIMARY KEY (organisation_id, host, from_date)
);
REVOKE UPDATE, DELETE ON video_host FROM referral_runtime;
