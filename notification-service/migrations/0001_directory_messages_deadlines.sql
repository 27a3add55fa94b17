-- The directory: what is registered is published as an event, so a row's version grows with it.
CREATE TABLE organisation (
  organisation_id   text PRIMARY KEY CHECK (organisation_id ~ '^[a-z][a-z0-9-]{1,63}$'),
  name              text NOT NULL CHECK (name <> ''),
  kind              text NOT NULL CHECK (kind IN ('region', 'municipality', 'state', 'joint')),
  municipality_code text UNIQUE CHECK (municipality_code ~ '^[0-9]{4}$'),
  participating     boolean NOT NULL,
  version           bigint NOT NULL CHECK (version >= 1),
  CONSTRAINT organisation_code_of_municipality
    CHECK ((kind = 'municipality') = (municipality_code IS NOT NULL))
);

CREATE TABLE unit (
  unit_id              text PRIMARY KEY CHECK (unit_id ~ '^[a-z][a-z0-9-]{1,63}$'),
  organisation_id      text NOT NULL REFERENCES organisation,
  name                 text NOT NULL CHECK (name <> ''),
  kind                 text NOT NULL CHECK (kind IN ('social_services', 'facility', 'clinic',
                                                     'ward', 'board', 'state_institution')),
  functional_address   text NOT NULL UNIQUE,
  facility_id          text UNIQUE,
  host_organisation_id text REFERENCES organisation,
  version              bigint NOT NULL CHECK (version >= 1),
  CONSTRAINT unit_facility_link CHECK ((kind = 'facility') = (facility_id IS NOT NULL)),
  CONSTRAINT unit_board_host CHECK (kind <> 'board' OR host_organisation_id IS NOT NULL)
);
CREATE INDEX unit_organisation_idx ON unit (organisation_id, unit_id);

CREATE TABLE seat (
  seat         text PRIMARY KEY CHECK (seat ~ '^[a-z][a-z0-9-]{1,63}$'),
  unit_id      text NOT NULL REFERENCES unit,
  facility_id  text NOT NULL UNIQUE,
  holder_role  text NOT NULL CHECK (holder_role IN ('unit_head')),
  deputy_role  text CHECK (deputy_role IN ('coordinator')),
  version      bigint NOT NULL CHECK (version >= 1)
);

-- The exchange as a table: which action leads from which state to which. The same rows stand in
-- domain/message.h, where decisions are made; a test compares the two.
CREATE TABLE message_transition (
  from_state text NOT NULL,
  action     text NOT NULL,
  to_state   text NOT NULL,
  PRIMARY KEY (from_state, action)
);
INSERT INTO message_transition (from_state, action, to_state) VALUES
  ('NEW', 'deliver', 'ACCEPTED'),
  ('NEW', 'submit', 'SUBMITTED'),
  ('NEW', 'fail', 'MESSAGE_EXCHANGE_ERROR'),
  ('SUBMITTED', 'await_receipt', 'WAITING_FOR_RECEIPT'),
  ('SUBMITTED', 'retry_later', 'SCHEDULED_FOR_RESEND'),
  ('SUBMITTED', 'fail', 'MESSAGE_EXCHANGE_ERROR'),
  ('WAITING_FOR_RECEIPT', 'accept', 'ACCEPTED'),
  ('WAITING_FOR_RECEIPT', 'reject', 'REJECTED'),
  ('WAITING_FOR_RECEIPT', 'retry_later', 'SCHEDULED_FOR_RESEND'),
  ('SCHEDULED_FOR_RESEND', 'submit', 'SUBMITTED'),
  ('SCHEDULED_FOR_RESEND', 'fail', 'MESSAGE_EXCHANGE_ERROR'),
  ('MESSAGE_EXCHANGE_ERROR', 'resend', 'SCHEDULED_FOR_RESEND'),
  ('REJECTED', 'resend', 'SCHEDULED_FOR_RESEND'),
  ('ACCEPTED', 'open', 'RETRIEVED'),
  ('ACCEPTED', 'act_on', 'RETRIEVED'),
  ('RETRIEVED', 'act_on', 'RETRIEVED');

-- A message belongs to the shared inbox of its recipient unit, never to a person. Sent, delivered,
-- opened and acted on are four facts, each with time and subject.
CREATE TABLE message (
  message_id        uuid PRIMARY KEY,
  conversation_id   uuid NOT NULL,
  in_reply_to       uuid REFERENCES message,
  kind              text NOT NULL CHECK (kind IN ('FREE_TEXT', 'DERIVED', 'REMINDER')),
  state             text NOT NULL CHECK (state IN ('NEW', 'SUBMITTED', 'WAITING_FOR_RECEIPT',
                      'ACCEPTED', 'REJECTED', 'SCHEDULED_FOR_RESEND', 'RETRIEVED',
                      'MESSAGE_EXCHANGE_ERROR')),
  sender_unit_id    text REFERENCES unit,
  -- Not a reference: an event may name a unit that the directory does not know. Then the message
  -- is kept in MESSAGE_EXCHANGE_ERROR, visible, instead of being lost.
  recipient_unit_id text NOT NULL CHECK (recipient_unit_id <> ''),
  case_id           text,
  case_number       text,
  template_code     text,
  source_event_id   text,
  sealed_content    bytea,
  sent_at           timestamptz NOT NULL,
  sent_by           text NOT NULL,
  delivered_at      timestamptz,
  delivered_by      text,
  opened_at         timestamptz,
  opened_by         text,
  acted_on_at       timestamptz,
  acted_on_by       text,
  version           bigint NOT NULL CHECK (version >= 1),
  CONSTRAINT message_content_of_free_text CHECK (
    CASE WHEN kind = 'FREE_TEXT'
      THEN sealed_content IS NOT NULL AND sender_unit_id IS NOT NULL
       AND template_code IS NULL AND source_event_id IS NULL AND case_number IS NULL
      ELSE sealed_content IS NULL AND sender_unit_id IS NULL
       AND template_code IS NOT NULL AND source_event_id IS NOT NULL
       AND case_id IS NOT NULL AND case_number IS NOT NULL
    END),
  CONSTRAINT message_fact_pairs CHECK (
    (delivered_at IS NULL) = (delivered_by IS NULL)
    AND (opened_at IS NULL) = (opened_by IS NULL)
    AND (acted_on_at IS NULL) = (acted_on_by IS NULL)),
  CONSTRAINT message_state_tells_facts CHECK (
    (state IN ('ACCEPTED', 'RETRIEVED')) = (delivered_at IS NOT NULL)
    AND (state = 'RETRIEVED') = (opened_at IS NOT NULL)
    AND (acted_on_at IS NULL OR opened_at IS NOT NULL)),
  -- Replay of an event, or of a reminder's job, repeats nothing.
  CONSTRAINT message_once_per_source UNIQUE (source_event_id, recipient_unit_id, template_code)
);
CREATE INDEX message_inbox_idx ON message (recipient_unit_id, sent_at DESC, message_id DESC);
CREATE INDEX message_sent_idx ON message (sender_unit_id, sent_at DESC, message_id DESC)
  WHERE sender_unit_id IS NOT NULL;
CREATE INDEX message_unopened_idx ON message (recipient_unit_id) WHERE state = 'ACCEPTED';
CREATE INDEX message_conversation_idx ON message (conversation_id);
CREATE INDEX message_case_idx ON message (case_id) WHERE case_id IS NOT NULL;

-- Refuses a state change that the table of transitions does not hold, whoever writes it.
CREATE FUNCTION message_check_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
       SELECT 1 FROM message_transition AS t
        WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
    RAISE EXCEPTION 'message state % does not lead to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'message_transition_allowed';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER message_transition_guard BEFORE UPDATE OF state ON message
  FOR EACH ROW EXECUTE FUNCTION message_check_transition();

-- Dated periods and warnings; a reform is a new row.
CREATE TABLE deadline_rule (
  kind                    text NOT NULL
    CHECK (kind IN ('execution', 'decision_period', 'ground_term')),
  valid_from              date NOT NULL,
  period_months           integer CHECK (period_months BETWEEN 1 AND 120),
  remind_days_after_start integer[] NOT NULL,
  remind_days_before_end  integer[] NOT NULL,
  PRIMARY KEY (kind, valid_from),
  CONSTRAINT deadline_rule_period CHECK ((kind = 'execution') = (period_months IS NOT NULL))
);

-- A date the suite watches. The jobs that remind are in lib/jobs' table, one per reminder date.
CREATE TABLE deadline (
  deadline_id    uuid PRIMARY KEY,
  kind           text NOT NULL CHECK (kind IN ('execution', 'decision_period', 'ground_term')),
  subject_id     text NOT NULL,
  case_id        text NOT NULL,
  case_number    text NOT NULL,
  unit_id        text NOT NULL,
  due_date       date NOT NULL,
  reminder_dates date[] NOT NULL CHECK (cardinality(reminder_dates) >= 1),
  state          text NOT NULL CHECK (state IN ('open', 'met', 'cancelled')),
  CONSTRAINT deadline_once_per_subject UNIQUE (kind, subject_id)
);
CREATE INDEX deadline_unit_idx ON deadline (unit_id, due_date, deadline_id);
CREATE INDEX deadline_case_idx ON deadline (case_id) WHERE state = 'open';

-- How the period of a decision or ground ended. The two logs are read independently, so the end may
-- become known before the start; then the deadline is never opened.
CREATE TABLE deadline_outcome (
  kind       text NOT NULL CHECK (kind IN ('execution', 'decision_period', 'ground_term')),
  subject_id text NOT NULL,
  state      text NOT NULL CHECK (state IN ('met', 'cancelled')),
  PRIMARY KEY (kind, subject_id)
);
