-- Out of the queue's order: by two seats and with a reason, or not at all. And entries that cannot
-- take a place for now.

CREATE TABLE queue_override (
  override_id        uuid PRIMARY KEY,
  entry_id           uuid NOT NULL REFERENCES queue_entry,
  bed_id             text NOT NULL REFERENCES bed,
  available_from     date NOT NULL,
  reason             smallint NOT NULL CHECK (reason BETWEEN 1 AND 6),
  state              text NOT NULL,
  proposed_by_seat   text NOT NULL CHECK (proposed_by_seat <> ''),
  proposed_by_deputy boolean NOT NULL,
  proposed_at        timestamptz NOT NULL,
  settled_by_seat    text CHECK (settled_by_seat <> ''),
  settled_by_deputy  boolean,
  settled_at         timestamptz,
  offer_id           uuid UNIQUE REFERENCES offer,
  version            bigint NOT NULL DEFAULT 1,
  CONSTRAINT override_state CHECK (state IN ('proposed', 'confirmed', 'rejected')),
  CONSTRAINT override_settled CHECK (
    (state = 'proposed') = (settled_by_seat IS NULL)
    AND (settled_by_seat IS NULL) = (settled_at IS NULL)
    AND (settled_by_seat IS NULL) = (settled_by_deputy IS NULL)),
  CONSTRAINT override_offer CHECK ((state = 'confirmed') = (offer_id IS NOT NULL)),
  -- Nobody confirms what the own seat has proposed.
  CONSTRAINT override_two_seats CHECK (
    state <> 'confirmed' OR settled_by_seat <> proposed_by_seat)
);
CREATE UNIQUE INDEX override_one_proposed_per_entry ON queue_override (entry_id)
  WHERE state = 'proposed';
CREATE INDEX override_newest ON queue_override (proposed_at DESC, override_id DESC);

-- Why just this entry was offered the bed. Offers made before this were all by the rule.
ALTER TABLE offer
  ADD COLUMN first_eligible  uuid REFERENCES queue_entry,
  ADD COLUMN eligible_before integer NOT NULL DEFAULT 0 CHECK (eligible_before >= 0),
  ADD COLUMN rule_version    integer REFERENCES queue_rule,
  ADD COLUMN sort_key        bytea,
  ADD COLUMN override_id     uuid UNIQUE REFERENCES queue_override;
UPDATE offer o SET first_eligible = o.entry_id, rule_version = e.rule_version, sort_key = e.sort_key
  FROM queue_entry e WHERE e.entry_id = o.entry_id;
ALTER TABLE offer
  ALTER COLUMN first_eligible SET NOT NULL,
  ALTER COLUMN rule_version SET NOT NULL,
  ALTER COLUMN sort_key SET NOT NULL,
  -- An offer never passes the first eligible person without an override.
  ADD CONSTRAINT offer_first_or_override CHECK (
    override_id IS NOT NULL OR (first_eligible = entry_id AND eligible_before = 0)),
  ADD CONSTRAINT offer_passed_counted CHECK ((first_eligible = entry_id) = (eligible_before = 0));

ALTER TABLE queue_entry
  ADD COLUMN park_reason  smallint CHECK (park_reason BETWEEN 1 AND 6),
  ADD COLUMN parked_since date,
  ADD COLUMN parked_until date,
  ADD CONSTRAINT entry_parked CHECK (
    (park_reason IS NULL) = (parked_since IS NULL)
    AND (parked_until IS NULL OR parked_until > parked_since)),
  -- Parking is a way of waiting, and nothing is offered meanwhile.
  ADD CONSTRAINT entry_parked_waits CHECK (
    park_reason IS NULL OR (state = 'waiting' AND open_offer_id IS NULL));

ALTER TABLE queue_history ADD COLUMN reason_code text NOT NULL DEFAULT '';
