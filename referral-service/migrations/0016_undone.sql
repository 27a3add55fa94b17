-- A transfer that is given up, and a stay that was another person's, take a case back.
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
    'decided>offered', 'decided>placed', 'decided>closed',
    'offered>decided', 'offered>placed', 'offered>closed',
    'placed>transfer_decision_proposed', 'placed>offered', 'placed>discharged',
    'transfer_decision_proposed>transfer_decided', 'transfer_decision_proposed>placed',
    'transfer_decision_proposed>discharged',
    'transfer_decided>transfer_planned', 'transfer_decided>placed', 'transfer_decided>discharged',
    'transfer_planned>transfer_decided', 'transfer_planned>placed',
    'transfer_planned>discharged',
    'discharged>placed', 'discharged>offered', 'discharged>closed',
    'sent_back>submitted', 'sent_back>closed');
END $$;
