-- An accepted offer can be given back, by whom and why coded as of one that is declined, or moved to
-- another day or bed. A reserved bed waits for the move-in for so many days only.
-- compatible-from: 15
ALTER TABLE offer
  DROP CONSTRAINT offer_state,
  DROP CONSTRAINT offer_accepted_dated,
  DROP CONSTRAINT offer_declined_coded,
  ADD CONSTRAINT offer_state CHECK (
    state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn', 'consumed', 'given_back')),
  ADD CONSTRAINT offer_accepted_dated CHECK (
    state NOT IN ('accepted', 'consumed', 'given_back')
    OR (move_in IS NOT NULL AND move_in >= available_from)),
  ADD CONSTRAINT offer_declined_coded CHECK (
    (state IN ('declined', 'given_back')) = (declined_by <> 0)
    AND (state IN ('declined', 'given_back')) = (decline_reason <> 0));

ALTER TABLE facility
  ADD COLUMN move_in_within_days integer NOT NULL DEFAULT 31
    CHECK (move_in_within_days BETWEEN 1 AND 366);

-- A discharge that was recorded by mistake, a planned one that is taken back, a closure that was
-- recorded wrongly.
ALTER TABLE stay_history
  DROP CONSTRAINT stay_history_kind_check,
  ADD CONSTRAINT stay_history_kind_check CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged', 'corrected',
    'went_home', 'return_changed', 'came_back', 'discharge_plan_cleared', 'discharge_undone'));
ALTER TABLE facility_history
  DROP CONSTRAINT facility_history_kind_check,
  ADD CONSTRAINT facility_history_kind_check CHECK (kind IN (
    'registered', 'changed', 'bed_added', 'bed_retired', 'bed_kept', 'bed_closed', 'bed_reopened',
    'bed_closure_cancelled', 'intake_closed', 'intake_opened', 'price_set'));
