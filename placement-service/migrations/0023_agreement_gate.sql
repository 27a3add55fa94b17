-- Nobody moves in before person, owner and facility have agreed on the placement, unless somebody says
-- by a code why. Stays that began before this have none.
ALTER TABLE stay
  ADD COLUMN agreement_exception smallint NOT NULL DEFAULT 0
    CHECK (agreement_exception BETWEEN 0 AND 5),
  ADD CONSTRAINT stay_agreement_of_case CHECK (purchaser IS NULL OR agreement_exception = 0);

-- What holds is the newest version. A stay that goes on in another bed or after a time at home, or
-- that replaces one recorded wrongly, began before and is not judged again.
CREATE FUNCTION refuse_move_in_not_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT num_nonnulls(g.person_agreed, g.owner_agreed, g.facility_agreed)
        FROM placement_agreement g WHERE g.offer_id = NEW.offer_id
       ORDER BY g.version DESC LIMIT 1) IS DISTINCT FROM 3 THEN
    RAISE EXCEPTION 'not all have agreed on the placement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stay_agreed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stay_agreed BEFORE INSERT ON stay
  FOR EACH ROW WHEN (NEW.offer_id IS NOT NULL AND NEW.agreement_exception = 0
                     AND NEW.continues_stay_id IS NULL AND NEW.corrects_stay_id IS NULL)
  EXECUTE FUNCTION refuse_move_in_not_agreed();
