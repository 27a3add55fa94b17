-- What person, owner and facility agree on before a move-in, and how contact is kept during the stay.
-- Codes, dates and ids only. Each change is a version; nothing is overwritten.
CREATE TABLE placement_agreement (
  offer_id         uuid NOT NULL REFERENCES offer,
  version          integer NOT NULL CHECK (version > 0),
  house_rules      text NOT NULL CHECK (house_rules ~ '^[a-z0-9-]{1,32}$'),
  conditions       bigint[] NOT NULL,
  person_agreed    date,
  owner_agreed     date,
  facility_agreed  date,
  recorded_by_unit text NOT NULL,
  recorded_at      timestamptz NOT NULL,
  PRIMARY KEY (offer_id, version)
);

CREATE TABLE contact_plan (
  offer_id           uuid NOT NULL REFERENCES offer,
  version            integer NOT NULL CHECK (version > 0),
  contact_person     text NOT NULL CHECK (contact_person ~ '^[A-Za-z0-9._-]{1,64}$'),
  social_worker_days smallint NOT NULL CHECK (social_worker_days BETWEEN 1 AND 92),
  relatives_days     smallint NOT NULL CHECK (relatives_days BETWEEN 0 AND 92),
  children_days      smallint NOT NULL CHECK (children_days BETWEEN 0 AND 92),
  child_forms        bigint[] NOT NULL,
  next_child_contact date,
  next_unit_from     date,
  earlier_by_wish    boolean NOT NULL,
  recorded_by_unit   text NOT NULL,
  recorded_at        timestamptz NOT NULL,
  PRIMARY KEY (offer_id, version),
  CONSTRAINT contact_children CHECK (
    (children_days > 0) = (cardinality(child_forms) > 0)
    AND (children_days > 0 OR next_child_contact IS NULL))
);

