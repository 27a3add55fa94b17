-- That the board went through a case stands in the timeline of its owner, so the feed tells of it.
ALTER TABLE referral_change DROP CONSTRAINT referral_change_what_check;
ALTER TABLE referral_change ADD CONSTRAINT referral_change_what_check CHECK (what IN (
  'case', 'ground', 'plans', 'document', 'child_concern', 'attachment', 'retention', 'meeting',
  'left'));
CREATE FUNCTION board_meeting_item_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral_change (owner_unit_id, referral_id, what)
  SELECT owner_unit_id, referral_id, 'meeting' FROM referral WHERE referral_id = NEW.referral_id;
  RETURN NULL;
END $$;
CREATE TRIGGER board_meeting_item_told AFTER INSERT ON board_meeting_item
  FOR EACH ROW EXECUTE FUNCTION board_meeting_item_told();
