-- Facilities, beds, queue, offers and stays, by ids and codes only: no name, no identity number and
-- no free text is in this schema.
--
-- Periods are half-open dateranges, local to Europe/Stockholm. The dates themselves are stored, and
-- the ranges generated from them, because a stay begun and ended on one date has an empty range but
-- counts one bed-day.

CREATE TABLE facility (
  facility_id          text PRIMARY KEY,
  name                 text NOT NULL,
  organisation_id      text NOT NULL,
  unit_id              text NOT NULL,
  care_level           text NOT NULL,
  offer_deadline_hours integer NOT NULL CHECK (offer_deadline_hours BETWEEN 1 AND 720),
  offer_reminder_hours integer NOT NULL CHECK (offer_reminder_hours >= 0),
  version              bigint NOT NULL DEFAULT 1,
  CONSTRAINT facility_reminder CHECK (offer_reminder_hours < offer_deadline_hours)
);
CREATE INDEX facility_unit ON facility (unit_id);

CREATE TABLE bed (
  bed_id           text PRIMARY KEY,
  facility_id      text NOT NULL REFERENCES facility,
  bed_kind         smallint NOT NULL CHECK (bed_kind BETWEEN 1 AND 3),
  extra            boolean NOT NULL,
  operational_from date NOT NULL,
  operational_to   date,
  version          bigint NOT NULL DEFAULT 1,
  CONSTRAINT bed_period CHECK (operational_to > operational_from)
);
CREATE INDEX bed_facility ON bed (facility_id, bed_kind);

CREATE TABLE bed_closure (
  closure_id uuid PRIMARY KEY,
  bed_id     text NOT NULL REFERENCES bed,
  from_date  date NOT NULL,
  to_date    date,
  reason     smallint NOT NULL CHECK (reason BETWEEN 1 AND 5),
  during     daterange NOT NULL GENERATED ALWAYS AS (daterange(from_date, to_date)) STORED,
  -- Equal dates: the closure was taken back before it began.
  CONSTRAINT closure_period CHECK (to_date >= from_date),
  CONSTRAINT closure_once EXCLUDE USING gist (bed_id WITH =, during WITH &&)
);

-- A bed held empty for an expected person (domain.md, 6).
CREATE TABLE bed_hold (
  hold_id   uuid PRIMARY KEY,
  bed_id    text NOT NULL REFERENCES bed,
  from_date date NOT NULL,
  to_date   date NOT NULL,
  during    daterange NOT NULL GENERATED ALWAYS AS (daterange(from_date, to_date)) STORED,
  CONSTRAINT hold_period CHECK (to_date >= from_date),
  CONSTRAINT hold_once EXCLUDE USING gist (bed_id WITH =, during WITH &&)
);

-- The order of the queue, a row per version (domain.md, 6).
CREATE TABLE queue_rule (
  version          integer PRIMARY KEY CHECK (version >= 1),
  effective_from   date NOT NULL,
  combination      text NOT NULL CHECK (combination IN ('leftmost_first', 'count')),
  criteria         text[] NOT NULL,
  alert_after_days integer NOT NULL CHECK (alert_after_days >= 1)
);

CREATE TABLE queue_entry (
  entry_id             uuid PRIMARY KEY,
  case_id              text NOT NULL,
  case_number          text NOT NULL,
  person_id            text NOT NULL,
  owner_unit_id        text NOT NULL,
  decision_id          text NOT NULL,
  facility_id          text NOT NULL REFERENCES facility,
  bed_kind             smallint NOT NULL CHECK (bed_kind BETWEEN 1 AND 3),
  transfer             boolean NOT NULL,
  lvm_investigation    boolean NOT NULL,
  child_perspective    boolean NOT NULL,
  lvm_section_27       boolean NOT NULL,
  external_placement   boolean NOT NULL,
  decision_date        date NOT NULL,
  submitted_at         timestamptz NOT NULL,
  decision_to          date,
  planned_move_in      date,
  state                text NOT NULL,
  left_reason          text,
  units_without_ground text[] NOT NULL DEFAULT '{}',
  -- Stored on the row that MakeOffer locks, so that a choice made at the same time sees it.
  open_offer_id        uuid,
  passed               boolean NOT NULL DEFAULT false,
  waiting_long         boolean NOT NULL DEFAULT false,
  rule_version         integer NOT NULL REFERENCES queue_rule,
  sort_key             bytea NOT NULL,
  version              bigint NOT NULL DEFAULT 1,
  CONSTRAINT entry_state CHECK (state IN ('waiting', 'reserved', 'placed', 'left')),
  CONSTRAINT entry_left CHECK ((state = 'left') = (left_reason IS NOT NULL)),
  CONSTRAINT entry_offer_waits CHECK (open_offer_id IS NULL OR state = 'waiting')
);
-- One queue in its order: a position is a count over this index.
CREATE UNIQUE INDEX entry_order ON queue_entry (facility_id, bed_kind, sort_key)
  WHERE state = 'waiting';
CREATE INDEX entry_case ON queue_entry (case_id);
-- One live entry per case, facility and kind: a new decision extends it.
CREATE UNIQUE INDEX entry_live ON queue_entry (case_id, facility_id, bed_kind)
  WHERE state IN ('waiting', 'reserved');

-- Every decision is taken in once, whatever it led to: an entry, an extended one, a longer stay.
CREATE TABLE decision (
  decision_id text PRIMARY KEY,
  case_id     text NOT NULL,
  entry_id    uuid REFERENCES queue_entry,
  decision_to date
);
CREATE INDEX decision_entry ON decision (entry_id);

-- Dated facts about an entry; what ranks is on the entry itself.
CREATE TABLE queue_history (
  entry_id           uuid NOT NULL REFERENCES queue_entry,
  ordinal            integer NOT NULL,
  at                 timestamptz NOT NULL,
  kind               text NOT NULL,
  lvm_investigation  boolean,
  child_perspective  boolean,
  lvm_section_27     boolean,
  external_placement boolean,
  offer_id           uuid,
  PRIMARY KEY (entry_id, ordinal),
  CONSTRAINT history_criteria CHECK (
    (kind IN ('queued', 'criteria_changed')) = (lvm_investigation IS NOT NULL))
);

CREATE TABLE offer (
  offer_id       uuid PRIMARY KEY,
  entry_id       uuid NOT NULL REFERENCES queue_entry,
  bed_id         text NOT NULL REFERENCES bed,
  state          text NOT NULL,
  available_from date NOT NULL,
  made_at        timestamptz NOT NULL,
  deadline       timestamptz NOT NULL,
  move_in        date,
  declined_by    smallint NOT NULL DEFAULT 0 CHECK (declined_by BETWEEN 0 AND 3),
  decline_reason smallint NOT NULL DEFAULT 0 CHECK (decline_reason BETWEEN 0 AND 6),
  cascaded       boolean NOT NULL,
  version        bigint NOT NULL DEFAULT 1,
  CONSTRAINT offer_state CHECK (
    state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn', 'consumed')),
  CONSTRAINT offer_deadline CHECK (deadline > made_at),
  CONSTRAINT offer_open_unanswered CHECK (
    state NOT IN ('open', 'declined', 'expired') OR move_in IS NULL),
  CONSTRAINT offer_accepted_dated CHECK (
    state NOT IN ('accepted', 'consumed') OR move_in >= available_from),
  CONSTRAINT offer_declined_coded CHECK (
    (state = 'declined') = (declined_by <> 0) AND (state = 'declined') = (decline_reason <> 0))
);
CREATE UNIQUE INDEX offer_one_open_per_bed ON offer (bed_id) WHERE state = 'open';
CREATE UNIQUE INDEX offer_one_open_per_entry ON offer (entry_id) WHERE state = 'open';
-- The same bed is never offered to the same entry again, unless the offer was taken back unanswered.
CREATE UNIQUE INDEX offer_bed_once_per_entry ON offer (entry_id, bed_id)
  WHERE state <> 'withdrawn';
CREATE INDEX offer_newest ON offer (made_at DESC, offer_id DESC);

-- What is planned: a bed promised by an accepted offer.
CREATE TABLE reservation (
  offer_id  uuid PRIMARY KEY REFERENCES offer,
  bed_id    text NOT NULL REFERENCES bed,
  person_id text NOT NULL,
  from_date date NOT NULL,
  to_date   date,
  state     text NOT NULL,
  during    daterange NOT NULL GENERATED ALWAYS AS (daterange(from_date, to_date)) STORED,
  CONSTRAINT reservation_state CHECK (state IN ('active', 'consumed', 'released')),
  CONSTRAINT reservation_period CHECK (to_date > from_date),
  CONSTRAINT reservation_bed EXCLUDE USING gist (bed_id WITH =, during WITH &&)
    WHERE (state = 'active'),
  CONSTRAINT reservation_person EXCLUDE USING gist (person_id WITH =, during WITH &&)
    WHERE (state = 'active')
);

-- What is: a person in a bed. Overlap with a reservation is a visible conflict, not an error.
CREATE TABLE stay (
  stay_id             uuid PRIMARY KEY,
  entry_id            uuid NOT NULL REFERENCES queue_entry,
  offer_id            uuid NOT NULL UNIQUE REFERENCES offer,
  case_id             text NOT NULL,
  case_number         text NOT NULL,
  person_id           text NOT NULL,
  owner_unit_id       text NOT NULL,
  decision_id         text NOT NULL,
  facility_id         text NOT NULL REFERENCES facility,
  bed_kind            smallint NOT NULL CHECK (bed_kind BETWEEN 1 AND 3),
  bed_id              text NOT NULL REFERENCES bed,
  state               text NOT NULL,
  move_in             date NOT NULL,
  departure           date,
  planned_departure   date,
  discharge_exception smallint NOT NULL DEFAULT 0 CHECK (discharge_exception BETWEEN 0 AND 5),
  discharge_reason    smallint NOT NULL DEFAULT 0 CHECK (discharge_reason BETWEEN 0 AND 6),
  unmet_items         bigint[] NOT NULL DEFAULT '{}',
  transferred_in      boolean NOT NULL,
  version             bigint NOT NULL DEFAULT 1,
  during              daterange NOT NULL GENERATED ALWAYS AS (daterange(move_in, departure)) STORED,
  CONSTRAINT stay_state CHECK (state IN ('active', 'ended')),
  CONSTRAINT stay_ended CHECK (
    (state = 'ended') = (departure IS NOT NULL)
    AND (state = 'ended') = (discharge_reason <> 0)),
  CONSTRAINT stay_period CHECK (departure >= move_in),
  CONSTRAINT stay_bed EXCLUDE USING gist (bed_id WITH =, during WITH &&),
  CONSTRAINT stay_person EXCLUDE USING gist (person_id WITH =, during WITH &&)
);
-- An active stay is open-ended, so these follow from the two above; they also answer "who is here".
CREATE UNIQUE INDEX stay_one_active_per_bed ON stay (bed_id) WHERE state = 'active';
CREATE UNIQUE INDEX stay_one_active_per_person ON stay (person_id) WHERE state = 'active';
CREATE INDEX stay_case ON stay (case_id);
CREATE INDEX stay_newest ON stay (move_in DESC, stay_id DESC);

CREATE TABLE transfer (
  transfer_id       uuid PRIMARY KEY,
  from_stay_id      uuid NOT NULL REFERENCES stay,
  offer_id          uuid NOT NULL REFERENCES offer,
  to_stay_id        uuid REFERENCES stay,
  state             text NOT NULL,
  meeting           date NOT NULL,
  move              date NOT NULL,
  exception         smallint NOT NULL DEFAULT 0 CHECK (exception BETWEEN 0 AND 5),
  confirmed_by_from boolean NOT NULL,
  confirmed_by_to   boolean NOT NULL,
  planned_at        timestamptz NOT NULL,
  version           bigint NOT NULL DEFAULT 1,
  CONSTRAINT transfer_state CHECK (state IN ('planned', 'confirmed', 'done', 'cancelled')),
  CONSTRAINT transfer_confirmed CHECK (
    state NOT IN ('confirmed', 'done') OR (confirmed_by_from AND confirmed_by_to)),
  CONSTRAINT transfer_planned CHECK (
    state <> 'planned' OR NOT (confirmed_by_from AND confirmed_by_to)),
  CONSTRAINT transfer_done CHECK ((state = 'done') = (to_stay_id IS NOT NULL))
);
CREATE UNIQUE INDEX transfer_one_live_per_stay ON transfer (from_stay_id)
  WHERE state IN ('planned', 'confirmed');
CREATE UNIQUE INDEX transfer_one_live_per_offer ON transfer (offer_id)
  WHERE state IN ('planned', 'confirmed');
