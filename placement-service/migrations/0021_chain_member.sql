-- The organisations that take part in the chain, from organisations.yaml: they place by the queue, and
-- buy no place beside it.
CREATE TABLE chain_member (
  organisation_id text PRIMARY KEY
);

CREATE FUNCTION refuse_member_as_purchaser() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- What replaces a stay that was recorded wrongly may name the purchaser that it had: whoever has
  -- joined the chain since was outside it then.
  IF EXISTS (SELECT 1 FROM chain_member m WHERE m.organisation_id = NEW.purchaser)
     AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.stay_id = NEW.corrects_stay_id
                        AND s.purchaser = NEW.purchaser) THEN
    RAISE EXCEPTION 'a member of the chain buys no place'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stay_purchaser_outside';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stay_purchaser_outside BEFORE INSERT ON stay
  FOR EACH ROW WHEN (NEW.purchaser IS NOT NULL) EXECUTE FUNCTION refuse_member_as_purchaser();
