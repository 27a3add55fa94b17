-- The read model: facts without persons, from the events of the other services.
--
-- Bitemporal: a fact is known from the event `known_seq` of the log `source` on, until the event
-- `superseded_seq` of the same log replaced it. A report at positions (r, p, n) sees the rows with
-- known_seq <= position < superseded_seq, and so the same rows for ever. Rows are replaced, never
-- changed; the tables of facts can be emptied and filled again from the logs.

CREATE TABLE municipality_fact (
  fact_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id text NOT NULL,
  code            text NOT NULL CHECK (code ~ '^[0-9]{4}$'),
  name            text NOT NULL,
  participating   boolean NOT NULL,
  source          text NOT NULL CHECK (source = 'notification'),
  known_seq       bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq  bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX municipality_fact_current ON municipality_fact (organisation_id)
  WHERE superseded_seq IS NULL;

CREATE TABLE facility_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  facility_id    text NOT NULL,
  name           text NOT NULL,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX facility_fact_current ON facility_fact (facility_id)
  WHERE superseded_seq IS NULL;

CREATE TABLE bed_fact (
  fact_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bed_id           text NOT NULL,
  facility_id      text NOT NULL,
  bed_kind         smallint NOT NULL CHECK (bed_kind BETWEEN 0 AND 3),
  operational_from date NOT NULL,
  operational_to   date,
  extra            boolean NOT NULL,
  source           text NOT NULL CHECK (source = 'placement'),
  known_seq        bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq   bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX bed_fact_current ON bed_fact (bed_id) WHERE superseded_seq IS NULL;

CREATE TABLE closure_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  closure_id     text NOT NULL,
  bed_id         text NOT NULL,
  from_date      date NOT NULL,
  to_date        date,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX closure_fact_current ON closure_fact (closure_id)
  WHERE superseded_seq IS NULL;

CREATE TABLE hold_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hold_id        text NOT NULL,
  bed_id         text NOT NULL,
  from_date      date NOT NULL,
  to_date        date,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX hold_fact_current ON hold_fact (hold_id) WHERE superseded_seq IS NULL;

CREATE TABLE case_fact (
  fact_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id           text NOT NULL,
  person_id         text NOT NULL,
  municipality_code text NOT NULL,
  submitted_at      timestamptz NOT NULL,
  legal_sex         smallint NOT NULL CHECK (legal_sex BETWEEN 0 AND 2),
  age_band          smallint NOT NULL CHECK (age_band BETWEEN 0 AND 6),
  source            text NOT NULL CHECK (source = 'referral'),
  known_seq         bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq    bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX case_fact_current ON case_fact (case_id) WHERE superseded_seq IS NULL;

-- What happened in a case, one row per event; nothing replaces a step.
CREATE TABLE step_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id        text NOT NULL,
  kind           smallint NOT NULL CHECK (kind BETWEEN 1 AND 17),
  occurred_at    timestamptz NOT NULL,
  event_seq      bigint NOT NULL,
  code           text NOT NULL,
  exception      boolean NOT NULL,
  transfer       boolean NOT NULL,
  source         text NOT NULL CHECK (source IN ('referral', 'placement')),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq IS NULL),
  UNIQUE (source, event_seq)
);

CREATE TABLE decision_fact (
  fact_id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  decision_id          text NOT NULL,
  case_id              text NOT NULL,
  person_id            text NOT NULL,
  municipality_code    text NOT NULL,
  facility_id          text NOT NULL,
  bed_kind             smallint NOT NULL CHECK (bed_kind BETWEEN 0 AND 3),
  decision_date        date NOT NULL,
  planned_move_in_date date,
  transfer             boolean NOT NULL,
  source               text NOT NULL CHECK (source = 'referral'),
  known_seq            bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq       bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX decision_fact_current ON decision_fact (decision_id)
  WHERE superseded_seq IS NULL;

CREATE TABLE queue_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id       text NOT NULL,
  case_id        text NOT NULL,
  decision_id    text NOT NULL,
  facility_id    text NOT NULL,
  bed_kind       smallint NOT NULL CHECK (bed_kind BETWEEN 0 AND 3),
  transfer       boolean NOT NULL,
  decision_date  date NOT NULL,
  queued_on      date NOT NULL,
  left_on        date,
  left_reason    text NOT NULL,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq),
  CHECK ((left_on IS NULL) = (left_reason = ''))
);
CREATE UNIQUE INDEX queue_fact_current ON queue_fact (entry_id) WHERE superseded_seq IS NULL;
CREATE INDEX queue_fact_decision ON queue_fact (decision_id) WHERE superseded_seq IS NULL;

CREATE TABLE offer_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  offer_id       text NOT NULL,
  entry_id       text NOT NULL,
  case_id        text NOT NULL,
  decision_id    text NOT NULL,
  facility_id    text NOT NULL,
  bed_kind       smallint NOT NULL CHECK (bed_kind BETWEEN 0 AND 3),
  bed_id         text NOT NULL,
  made_on        date NOT NULL,
  override_rule  boolean NOT NULL,
  outcome        smallint NOT NULL CHECK (outcome BETWEEN 0 AND 3),
  answered_on    date,
  decline_code   text NOT NULL,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq),
  CHECK ((outcome = 0) = (answered_on IS NULL)),
  CHECK ((outcome = 2) = (decline_code <> ''))
);
CREATE UNIQUE INDEX offer_fact_current ON offer_fact (offer_id) WHERE superseded_seq IS NULL;

-- One row per alert; nothing replaces it.
CREATE TABLE alert_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id       text NOT NULL,
  facility_id    text NOT NULL,
  bed_kind       smallint NOT NULL CHECK (bed_kind BETWEEN 0 AND 3),
  code           text NOT NULL,
  alerted_on     date NOT NULL,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq IS NULL)
);

CREATE TABLE stay_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stay_id        text NOT NULL,
  case_id        text NOT NULL,
  person_id      text NOT NULL,
  decision_id    text NOT NULL,
  facility_id    text NOT NULL,
  bed_kind       smallint NOT NULL CHECK (bed_kind BETWEEN 0 AND 3),
  bed_id         text NOT NULL,
  move_in_date   date NOT NULL,
  departure_date date CHECK (departure_date >= move_in_date),
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX stay_fact_current ON stay_fact (stay_id) WHERE superseded_seq IS NULL;

CREATE TABLE leave_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stay_id        text NOT NULL,
  from_date      date NOT NULL,
  to_date        date,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX leave_fact_current ON leave_fact (stay_id, from_date)
  WHERE superseded_seq IS NULL;

CREATE TABLE interruption_fact (
  fact_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stay_id        text NOT NULL,
  from_date      date NOT NULL,
  resumed_date   date,
  source         text NOT NULL CHECK (source = 'placement'),
  known_seq      bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX interruption_fact_current ON interruption_fact (stay_id, from_date)
  WHERE superseded_seq IS NULL;
