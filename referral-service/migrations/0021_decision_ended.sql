-- A decision may end before anybody moves in. The case is out of the queue then, still about a person
-- who has one live case, and its execution clock goes on.
CREATE OR REPLACE FUNCTION referral_codes_known(
  case_number text, version bigint, state text, municipality_code text, handler_subjects text[],
  ground smallint, answer text, assessed_bed_kind smallint, close_reason_code text)
RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
  broken text := CASE
    WHEN NOT (case_number ~ '^VK-[0-9]{4}-[0-9]{6,}$') THEN 'referral_case_number_check'
    WHEN NOT (version > 0) THEN 'referral_version_check'
    WHEN NOT (state IN ('draft', 'submitted', 'acknowledged', 'information_requested',
      'assessment_proposed', 'assessed', 'visit_booked', 'visited', 'answered_yes', 'answered_no',
      'answered_needs_time', 'decision_proposed', 'decided', 'offered', 'placed',
      'transfer_decision_proposed', 'transfer_decided', 'transfer_planned', 'discharged',
      'sent_back', 'closed', 'decision_ended')) THEN 'referral_state_known'
    WHEN NOT (municipality_code ~ '^[0-9]{4}$') THEN 'referral_municipality_code_check'
    WHEN NOT (cardinality(handler_subjects) BETWEEN 1 AND 11) THEN
      'referral_handler_subjects_check'
    WHEN NOT (ground BETWEEN 0 AND 4) THEN 'referral_ground_check'
    WHEN NOT (answer IN ('', 'yes', 'no', 'needs_time')) THEN 'referral_answer_check'
    WHEN NOT (assessed_bed_kind BETWEEN 1 AND 3) THEN 'referral_assessed_bed_kind_check'
    WHEN NOT (close_reason_code IS NULL OR close_reason_code IN ('executed', 'person_declined',
      'other_solution', 'deceased', 'moved', 'withdrawn', 'refused')) THEN
      'referral_close_reason_code_check'
    END;
BEGIN
  IF broken IS NULL THEN
    RETURN true;
  END IF;
  RAISE EXCEPTION 'the row breaks %', broken
    USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = 'referral';
END $$;

CREATE OR REPLACE FUNCTION referral_keep_state_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state_since := NEW.updated_at;
    NEW.content_version := NEW.version;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND NOT (NEW.state IN ('decided', 'offered', 'decision_ended')
                                     AND OLD.state IN ('decided', 'offered', 'decision_ended')) THEN
    NEW.state_since := NEW.updated_at;
  END IF;
  IF NEW.owner_unit_id <> OLD.owner_unit_id OR (NEW.state = 'closed' AND OLD.state <> 'closed') THEN
    IF EXISTS (SELECT FROM reroute WHERE referral_id = NEW.referral_id AND reroute.state = 'open') THEN
      RAISE EXCEPTION 'a hand-over of the case is open'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_reroute_open';
    END IF;
  END IF;
  IF OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at THEN
    RAISE EXCEPTION 'what is erased stays erased'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_erased_for_good';
  END IF;
  IF NEW.erased_at IS NOT NULL AND (NEW.state <> 'closed' OR NEW.content_sealed <> ''
                                    OR NEW.name_sealed IS NOT NULL) THEN
    RAISE EXCEPTION 'an erased case has no content'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_erased_dark';
  END IF;
  IF NEW.content_sealed <> OLD.content_sealed AND NEW.erased_at IS NULL THEN
    INSERT INTO referral_content (referral_id, version, content_sealed)
    VALUES (OLD.referral_id, OLD.content_version, OLD.content_sealed);
    NEW.content_version := NEW.version;
  END IF;
  RETURN NEW;
END $$;

DROP INDEX referral_one_live_per_person;
CREATE UNIQUE INDEX referral_one_live_per_person ON referral (person_id)
  WHERE state IN ('assessed', 'visit_booked', 'visited', 'answered_yes', 'answered_no',
                  'answered_needs_time', 'decision_proposed', 'decided', 'offered', 'decision_ended',
                  'placed', 'transfer_decision_proposed', 'transfer_decided', 'transfer_planned');

CREATE OR REPLACE FUNCTION referral_step_known(from_state text, to_state text)
RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
  RETURN from_state = to_state OR (from_state || '>' || to_state) IN (
    'draft>submitted', 'draft>closed',
    'submitted>acknowledged', 'submitted>sent_back', 'submitted>closed',
    'acknowledged>information_requested', 'acknowledged>assessment_proposed',
    'acknowledged>sent_back', 'acknowledged>closed',
    'information_requested>acknowledged', 'information_requested>sent_back',
    'information_requested>closed',
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
    'decided>offered', 'decided>placed', 'decided>decision_ended', 'decided>closed',
    'offered>decided', 'offered>placed', 'offered>decision_ended', 'offered>closed',
    'decision_ended>decided', 'decision_ended>closed',
    'placed>transfer_decision_proposed', 'placed>offered', 'placed>discharged',
    'transfer_decision_proposed>transfer_decided', 'transfer_decision_proposed>placed',
    'transfer_decision_proposed>discharged',
    'transfer_decided>transfer_planned', 'transfer_decided>placed', 'transfer_decided>discharged',
    'transfer_planned>transfer_decided', 'transfer_planned>placed',
    'transfer_planned>discharged',
    'discharged>placed', 'discharged>offered', 'discharged>closed',
    'sent_back>submitted', 'sent_back>closed');
END $$;
