-- Cases, persons, grounds, decisions and plans. Everything personal is encrypted by the program
-- (columns *_sealed); what stands in the clear are ids, codes and dates.

-- One row per identity number, found by a keyed blind index ("<key id>:<hex>").
CREATE TABLE person (
  person_id      uuid PRIMARY KEY,
  identity_index text NOT NULL UNIQUE,
  created_at     timestamptz NOT NULL
);

CREATE SEQUENCE case_number;

CREATE TABLE referral (
  referral_id              uuid PRIMARY KEY,
  case_number              text NOT NULL UNIQUE CHECK (case_number ~ '^VK-[0-9]{4}-[0-9]{6,}$'),
  version                  bigint NOT NULL CHECK (version > 0),
  state                    text NOT NULL CONSTRAINT referral_state_known CHECK (state IN (
    'draft', 'submitted', 'acknowledged', 'information_requested', 'assessment_proposed', 'assessed',
    'visit_booked', 'visited', 'answered_yes', 'answered_no', 'answered_needs_time',
    'decision_proposed', 'decided', 'offered', 'placed', 'transfer_decision_proposed',
    'transfer_decided', 'transfer_planned', 'discharged', 'sent_back', 'closed')),
  owner_unit_id            text NOT NULL,
  owner_organisation_id    text NOT NULL,
  municipality_code        text NOT NULL CHECK (municipality_code ~ '^[0-9]{4}$'),
  person_id                uuid REFERENCES person,
  protected_identity       boolean NOT NULL,
  handler_subjects         text[] NOT NULL CHECK (cardinality(handler_subjects) BETWEEN 1 AND 11),
  form_version             integer NOT NULL,
  ground                   smallint NOT NULL CHECK (ground BETWEEN 0 AND 4),
  criterion_lvm            boolean NOT NULL,
  criterion_child          boolean NOT NULL,
  criterion_section_27     boolean NOT NULL,
  criterion_external       boolean NOT NULL,
  created_at               timestamptz NOT NULL,
  updated_at               timestamptz NOT NULL,
  submitted_at             timestamptz,
  information_requested_at timestamptz,
  information_provided_at  timestamptz,
  answered_at              timestamptz,
  answer                   text NOT NULL DEFAULT '' CHECK (answer IN ('', 'yes', 'no', 'needs_time')),
  path_facility_ids        text[] NOT NULL DEFAULT '{}',
  path_unit_ids            text[] NOT NULL DEFAULT '{}',
  assessed_bed_kind        smallint NOT NULL DEFAULT 1 CHECK (assessed_bed_kind BETWEEN 1 AND 3),
  proposed_by_seat         text,
  proposed_by_deputy       boolean NOT NULL DEFAULT false,
  confirmed_by_seat        text,
  confirmed_by_deputy      boolean NOT NULL DEFAULT false,
  no_suitable_place_reason text,
  present_facility_id      text,
  present_unit_id          text,
  move_in_date             date,
  transfer_to_facility_id  text,
  former_unit_ids          text[] NOT NULL DEFAULT '{}',
  close_reason_code        text CHECK (close_reason_code IN (
    'executed', 'person_declined', 'other_solution', 'deceased', 'moved', 'withdrawn', 'refused')),
  content_sealed           bytea NOT NULL,
  name_sealed              bytea,

  -- The state machine of domain/state_machine.cc, as far as one row can say it.
  CONSTRAINT referral_submitted CHECK (
    state IN ('draft', 'closed') OR (submitted_at IS NOT NULL AND person_id IS NOT NULL)),
  CONSTRAINT referral_draft_unsent CHECK (state <> 'draft' OR submitted_at IS NULL),
  CONSTRAINT referral_closed_with_reason CHECK ((state = 'closed') = (close_reason_code IS NOT NULL)),
  CONSTRAINT referral_two_seats CHECK (
    confirmed_by_seat IS NULL OR (proposed_by_seat IS NOT NULL AND confirmed_by_seat <> proposed_by_seat)),
  CONSTRAINT referral_proposed CHECK (
    state <> 'assessment_proposed' OR (proposed_by_seat IS NOT NULL AND confirmed_by_seat IS NULL)),
  CONSTRAINT referral_assessed CHECK (
    state IN ('draft', 'submitted', 'acknowledged', 'information_requested', 'assessment_proposed',
              'sent_back', 'closed')
    OR (confirmed_by_seat IS NOT NULL AND cardinality(path_facility_ids) > 0)),
  CONSTRAINT referral_path_units CHECK (cardinality(path_facility_ids) = cardinality(path_unit_ids)),
  CONSTRAINT referral_answered CHECK (
    state NOT IN ('answered_yes', 'answered_no', 'answered_needs_time')
    OR state = 'answered_' || answer),
  CONSTRAINT referral_placed_somewhere CHECK (
    state NOT IN ('placed', 'transfer_decision_proposed', 'transfer_decided', 'transfer_planned')
    OR present_unit_id IS NOT NULL),
  CONSTRAINT referral_discharged_nowhere CHECK (state <> 'discharged' OR present_unit_id IS NULL),
  CONSTRAINT referral_present_whole CHECK (
    (present_unit_id IS NULL) = (present_facility_id IS NULL)),
  CONSTRAINT referral_information CHECK (
    state <> 'information_requested' OR (information_requested_at IS NOT NULL
                                         AND information_provided_at IS NULL))
);
CREATE INDEX referral_owner ON referral (owner_unit_id, created_at, referral_id);
CREATE INDEX referral_person ON referral (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX referral_present ON referral (present_unit_id) WHERE present_unit_id IS NOT NULL;

-- Every version of a case: what was done by whom. Append-only.
CREATE TABLE referral_step (
  referral_id uuid NOT NULL REFERENCES referral,
  version     bigint NOT NULL,
  action      text NOT NULL,
  outcome     text NOT NULL,
  from_state  text NOT NULL,
  to_state    text NOT NULL,
  at          timestamptz NOT NULL,
  unit_id     text NOT NULL,  -- empty when a timer or placement-service did
  subject     text NOT NULL,
  seat        text NOT NULL,
  deputy      boolean NOT NULL,
  exception   boolean NOT NULL,
  PRIMARY KEY (referral_id, version),
  -- Every move the table of the state machine knows, and no other. A test compares.
  CONSTRAINT referral_step_known CHECK (from_state = to_state OR (from_state || '>' || to_state) IN (
    'draft>submitted', 'draft>closed',
    'submitted>acknowledged', 'submitted>closed',
    'acknowledged>information_requested', 'acknowledged>assessment_proposed', 'acknowledged>closed',
    'information_requested>acknowledged', 'information_requested>closed',
    'assessment_proposed>assessed', 'assessment_proposed>sent_back',
    'assessment_proposed>information_requested', 'assessment_proposed>closed',
    'assessed>visit_booked', 'assessed>visited', 'assessed>closed',
    'visit_booked>visited', 'visit_booked>acknowledged', 'visit_booked>assessed',
    'visit_booked>closed',
    'visited>answered_yes', 'visited>answered_no', 'visited>answered_needs_time', 'visited>closed',
    'answered_yes>answered_no', 'answered_yes>answered_needs_time', 'answered_yes>decision_proposed',
    'answered_yes>closed',
    'answered_no>answered_yes', 'answered_no>answered_needs_time', 'answered_no>closed',
    'answered_needs_time>answered_yes', 'answered_needs_time>answered_no',
    'answered_needs_time>closed',
    'decision_proposed>decided', 'decision_proposed>closed',
    'decided>offered', 'decided>placed', 'decided>closed',
    'offered>decided', 'offered>placed', 'offered>closed',
    'placed>transfer_decision_proposed', 'placed>discharged',
    'transfer_decision_proposed>transfer_decided', 'transfer_decision_proposed>placed',
    'transfer_decision_proposed>discharged',
    'transfer_decided>transfer_planned', 'transfer_decided>placed', 'transfer_decided>discharged',
    'transfer_planned>placed', 'transfer_planned>discharged',
    'discharged>placed', 'discharged>closed',
    'sent_back>submitted', 'sent_back>closed'))
);

CREATE TABLE study_visit (
  visit_id    uuid PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral,
  facility_id text NOT NULL,
  visit_time  timestamptz,
  outcome     text NOT NULL CHECK (outcome IN ('', 'needs_met', 'needs_not_met', 'no_show', 'waived')),
  recorded_at timestamptz NOT NULL,
  CHECK (visit_time IS NOT NULL OR outcome = 'waived')
);
CREATE INDEX study_visit_referral ON study_visit (referral_id, visit_id);
CREATE UNIQUE INDEX study_visit_one_booked ON study_visit (referral_id) WHERE outcome = '';

CREATE TABLE decision (
  decision_id              uuid PRIMARY KEY,
  referral_id              uuid NOT NULL REFERENCES referral,
  status                   text NOT NULL CHECK (status IN ('proposed', 'granted', 'refused')),
  facility_id              text NOT NULL,
  facility_unit_id         text NOT NULL,
  bed_kind                 smallint NOT NULL CHECK (bed_kind BETWEEN 1 AND 3),
  decision_date            date,
  to_date                  date NOT NULL,
  planned_move_in_date     date,
  law_section              text NOT NULL,
  delegation_point         text NOT NULL,
  proposer_subject         text NOT NULL CHECK (proposer_subject <> ''),
  decider_subject          text NOT NULL,
  deciding_organisation_id text NOT NULL,
  transfer                 boolean NOT NULL,
  refusal_reason_code      text NOT NULL,
  recorded_at              timestamptz NOT NULL,
  CONSTRAINT decision_decided_whole CHECK (
    (status = 'proposed' AND decision_date IS NULL AND decider_subject = '' AND delegation_point = '')
    OR (status <> 'proposed' AND decision_date IS NOT NULL AND decider_subject <> ''
        AND delegation_point <> '')),
  CONSTRAINT decision_refused_with_reason CHECK ((status = 'refused') = (refusal_reason_code <> '')),
  CONSTRAINT decision_period CHECK (status <> 'granted' OR to_date > decision_date)
);
CREATE INDEX decision_referral ON decision (referral_id, decision_id);
CREATE UNIQUE INDEX decision_one_proposed ON decision (referral_id) WHERE status = 'proposed';

CREATE TABLE disclosure_ground (
  ground_id           uuid PRIMARY KEY,
  referral_id         uuid NOT NULL REFERENCES referral,
  version             integer NOT NULL CHECK (version > 0),
  kind                text NOT NULL CHECK (kind IN (
    'consent', 'harm_test', 'necessary_disclosure', 'duty_to_inform', 'misuse_exception',
    'compulsory_care', 'emergency')),
  consent_form        text NOT NULL CHECK (consent_form IN ('', 'written', 'oral', 'conduct')),
  recipient_unit_ids  text[] NOT NULL,
  categories          text[] NOT NULL,
  purpose             text NOT NULL,
  from_date           date NOT NULL,
  to_date             date NOT NULL,
  text_sealed         bytea,
  judged_by_subject   text NOT NULL CHECK (judged_by_subject <> ''),
  excluded_unit_ids   text[] NOT NULL,
  excluded_categories text[] NOT NULL,
  recorded_at         timestamptz NOT NULL,
  ended_at            timestamptz,
  end_reason_code     text CHECK (end_reason_code IN ('revoked', 'expired')),
  CONSTRAINT ground_never_general CHECK (
    cardinality(recipient_unit_ids) BETWEEN 1 AND 20 AND cardinality(categories) > 0),
  CONSTRAINT ground_consent_form CHECK ((kind = 'consent') = (consent_form <> '')),
  CONSTRAINT ground_term CHECK (to_date > from_date),
  CONSTRAINT ground_end CHECK ((ended_at IS NULL) = (end_reason_code IS NULL))
);
CREATE INDEX disclosure_ground_referral ON disclosure_ground (referral_id, ground_id);
CREATE INDEX disclosure_ground_recipient ON disclosure_ground USING gin (recipient_unit_ids)
  WHERE ended_at IS NULL;

-- The version of a case's plans; a case without a row has version 0.
CREATE TABLE plans (
  referral_id uuid PRIMARY KEY REFERENCES referral,
  version     bigint NOT NULL CHECK (version > 0)
);
-- Every revision is kept.
CREATE TABLE implementation_plan (
  referral_id    uuid NOT NULL REFERENCES referral,
  revision       integer NOT NULL CHECK (revision > 0),
  facility_id    text NOT NULL,
  content_sealed bytea NOT NULL,
  follow_up_date date NOT NULL,
  recorded_at    timestamptz NOT NULL,
  PRIMARY KEY (referral_id, revision)
);
CREATE TABLE home_support_part (
  part_id     uuid PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral,
  place       integer NOT NULL,
  kind        text NOT NULL CHECK (kind IN (
    'housing', 'housing_support', 'occupation', 'open_care', 'relatives_support')),
  unit_id     text NOT NULL,
  law_section text NOT NULL,
  start_date  date NOT NULL,
  started     boolean NOT NULL
);
CREATE INDEX home_support_part_referral ON home_support_part (referral_id, place);

-- The directory, as notification-service tells.
CREATE TABLE organisation (
  organisation_id   text PRIMARY KEY,
  municipality_code text NOT NULL,
  participating     boolean NOT NULL
);
CREATE TABLE unit (
  unit_id         text PRIMARY KEY,
  organisation_id text NOT NULL,
  kind_code       text NOT NULL,
  facility_id     text NOT NULL
);
CREATE UNIQUE INDEX unit_facility ON unit (facility_id) WHERE facility_id <> '';

-- Dated reference data, seeded from deploy/kronoberg.
CREATE TABLE law_section (
  code                     text NOT NULL,
  from_date                date NOT NULL,
  to_date                  date,
  name_sv                  text NOT NULL,
  name_en                  text NOT NULL,
  placement                boolean NOT NULL,
  home_support             boolean NOT NULL,
  deciding_organisation_id text NOT NULL,
  PRIMARY KEY (code, from_date),
  CHECK (to_date IS NULL OR to_date > from_date)
);
CREATE TABLE purpose (
  code    text PRIMARY KEY,
  name_sv text NOT NULL,
  name_en text NOT NULL
);
CREATE TABLE form_version (
  version    integer PRIMARY KEY,
  from_date  date NOT NULL UNIQUE,
  need_codes text[] NOT NULL
);
CREATE TABLE form_field (
  version  integer NOT NULL REFERENCES form_version,
  path     text NOT NULL,
  category text NOT NULL,
  required boolean NOT NULL,
  label_sv text NOT NULL,
  label_en text NOT NULL,
  PRIMARY KEY (version, path)
);
-- `seed` adds reference data that is absent; a version once added is never changed or removed.
REVOKE UPDATE, DELETE ON law_section, purpose, form_version, form_field FROM referral_runtime;
-- History is appended to.
REVOKE UPDATE, DELETE ON referral_step, implementation_plan FROM referral_runtime;
