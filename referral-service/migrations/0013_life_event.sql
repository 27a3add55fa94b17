-- What happened to a person or a unit outside the chain's steps; what was before is kept, encrypted.
CREATE TABLE life_event (
  life_event_id    uuid PRIMARY KEY,
  referral_id      uuid NOT NULL REFERENCES referral,
  version          bigint NOT NULL,  -- of the case after it
  kind             text NOT NULL CHECK (kind IN (
    'person_corrected', 'died', 'moved', 'protection_set')),
  reason_code      text NOT NULL,
  event_date       date,
  unit_id          text NOT NULL,
  subject          text NOT NULL,
  former_unit_id   text NOT NULL,
  former_person_id uuid REFERENCES person,
  content_sealed   bytea NOT NULL,
  recorded_at      timestamptz NOT NULL,
  UNIQUE (referral_id, version),
  CONSTRAINT life_event_death_dated CHECK ((kind = 'died') = (event_date IS NOT NULL)),
  CONSTRAINT life_event_moved_from CHECK ((kind = 'moved') = (former_unit_id <> ''))
);
REVOKE UPDATE, DELETE ON life_event FROM referral_runtime;
