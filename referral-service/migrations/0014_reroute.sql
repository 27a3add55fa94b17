-- Handing a case over to another unit. The owner stands on the case alone; a hand-over changes it only
-- when the receiver takes over, in one commit.
CREATE TABLE reroute (
  reroute_id          uuid PRIMARY KEY,
  referral_id         uuid NOT NULL REFERENCES referral,
  version             integer NOT NULL CHECK (version > 0),
  state               text NOT NULL CHECK (state IN (
    'open', 'taken_over', 'declined', 'withdrawn', 'expired')),
  from_unit_id        text NOT NULL,
  to_unit_id          text NOT NULL,
  reason_code         text NOT NULL CHECK (reason_code <> ''),
  decline_reason_code text NOT NULL,
  respond_by          date NOT NULL,
  handed_over_at      timestamptz NOT NULL,
  ended_at            timestamptz,
  CONSTRAINT reroute_to_another CHECK (from_unit_id <> to_unit_id),
  CONSTRAINT reroute_ended CHECK ((state = 'open') = (ended_at IS NULL)),
  CONSTRAINT reroute_declined_with_reason CHECK ((state = 'declined') = (decline_reason_code <> ''))
);
CREATE UNIQUE INDEX reroute_one_open ON reroute (referral_id) WHERE state = 'open';
CREATE INDEX reroute_received ON reroute (to_unit_id, reroute_id);
CREATE INDEX reroute_sent ON reroute (from_unit_id, reroute_id);
REVOKE DELETE ON reroute FROM referral_runtime;

-- Begun by the owner of a case that is not closed; ended once.
CREATE FUNCTION reroute_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state <> 'open' THEN
    RAISE EXCEPTION 'an ended hand-over does not change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reroute_ended_once';
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
CREATE TRIGGER reroute_check BEFORE INSERT OR UPDATE ON reroute
  FOR EACH ROW EXECUTE FUNCTION reroute_check();

-- While a hand-over is open the case neither closes nor gets another owner. In the trigger that is
-- there already: one more, or a WHEN, would be paid by every change of every case.
CREATE OR REPLACE FUNCTION referral_keep_state_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state_since := NEW.updated_at;
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
  RETURN NEW;
END $$;

-- How long a receiver has, and the reasons that may be given; dated, seeded from deploy/kronoberg.
CREATE TABLE reroute_rule (
  from_date         date PRIMARY KEY,
  respond_days      integer NOT NULL CHECK (respond_days BETWEEN 1 AND 366),
  hand_over_reasons text[] NOT NULL CHECK (cardinality(hand_over_reasons) > 0),
  decline_reasons   text[] NOT NULL CHECK (cardinality(decline_reasons) > 0)
);
REVOKE UPDATE, DELETE ON reroute_rule FROM referral_runtime;
