-- The owner's feed tells of files too, once there is something to see, and of what is recorded of a
-- closed case: all that its system would otherwise have to ask for case by case.
ALTER TABLE referral_change DROP CONSTRAINT referral_change_what_check;
ALTER TABLE referral_change ADD CONSTRAINT referral_change_what_check CHECK (what IN (
  'case', 'ground', 'plans', 'document', 'child_concern', 'attachment', 'retention', 'left'));

CREATE FUNCTION attachment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'attachment' FROM referral
   WHERE referral_id = OLD.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER attachment_completed AFTER UPDATE ON attachment FOR EACH ROW
  WHEN (OLD.media_type IS NULL AND NEW.media_type IS NOT NULL) EXECUTE FUNCTION attachment_changed();
CREATE TRIGGER attachment_removed AFTER DELETE ON attachment FOR EACH ROW
  WHEN (OLD.media_type IS NOT NULL) EXECUTE FUNCTION attachment_changed();

CREATE FUNCTION retention_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'retention' FROM referral WHERE referral_id = NEW.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER retention_changed AFTER INSERT OR UPDATE ON retention
  FOR EACH ROW EXECUTE FUNCTION retention_changed();
