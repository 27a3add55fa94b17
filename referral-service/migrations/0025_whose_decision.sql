-- A decision stays with the municipality that made it, whoever owns the case later: its row in the
-- report, its execution clock, its cost. Of older ones it follows from who decided; another
-- organisation's is the municipality's that recorded it.
ALTER TABLE decision ADD COLUMN municipality_code text NOT NULL DEFAULT '';
UPDATE decision d SET municipality_code = coalesce(
    (SELECT nullif(o.municipality_code, '') FROM organisation o
      WHERE o.organisation_id = d.deciding_organisation_id), r.municipality_code)
  FROM referral r WHERE r.referral_id = d.referral_id AND d.status <> 'proposed';
ALTER TABLE decision ADD CONSTRAINT decision_of_a_municipality CHECK (
  (status = 'proposed') = (municipality_code = ''));

-- What was decided does not change: a new decision follows.
CREATE FUNCTION decision_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was decided does not change'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_once';
END $$;
CREATE TRIGGER decision_once BEFORE UPDATE ON decision FOR EACH ROW
  WHEN (OLD.status <> 'proposed') EXECUTE FUNCTION decision_refuse_change();
