-- A live ground that names a unit which was merged lets nobody else see anything: the owner of its
-- case is told, once of each merge.
CREATE TABLE merged_recipient (
  notice_id         uuid PRIMARY KEY,
  ground_id         uuid NOT NULL REFERENCES disclosure_ground,
  referral_id       uuid NOT NULL REFERENCES referral,
  reorganisation_id uuid NOT NULL REFERENCES unit_reorganisation,
  from_unit_id      text NOT NULL,
  to_unit_id        text NOT NULL,
  told_at           timestamptz NOT NULL,
  CONSTRAINT merged_recipient_once UNIQUE (ground_id, from_unit_id, to_unit_id),
  CONSTRAINT merged_recipient_to_another CHECK (from_unit_id <> to_unit_id)
);
REVOKE UPDATE, DELETE ON merged_recipient FROM referral_runtime;
-- It stands in the owner's timeline, so its feed moves.
CREATE FUNCTION merged_recipient_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'ground' FROM referral WHERE referral_id = NEW.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER merged_recipient_told AFTER INSERT ON merged_recipient
  FOR EACH ROW EXECUTE FUNCTION merged_recipient_told();
