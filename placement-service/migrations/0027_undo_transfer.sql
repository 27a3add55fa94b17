-- A transfer that was completed by mistake is taken back: cancelled, for that reason.
ALTER TABLE transfer
  DROP CONSTRAINT transfer_cancel_reason_check,
  ADD CONSTRAINT transfer_cancel_reason_check CHECK (cancel_reason BETWEEN 0 AND 6);
ALTER TABLE stay_history
  DROP CONSTRAINT stay_history_kind_check,
  ADD CONSTRAINT stay_history_kind_check CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged', 'corrected',
    'went_home', 'return_changed', 'came_back', 'discharge_plan_cleared', 'discharge_undone',
    'transfer_planned', 'transfer_arranged', 'transfer_confirmed', 'transfer_cancelled',
    'transfer_undone', 'leave_corrected', 'interruption_corrected', 'incident_corrected'));
