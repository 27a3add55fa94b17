-- Who did it, in every dated fact about a case: the unit, and the seat of the board it acted for.
-- Facts of before have no unit in the queue's history, and no seat in either.
ALTER TABLE queue_history
  ADD COLUMN unit_id text NOT NULL DEFAULT '',
  ADD COLUMN seat    text NOT NULL DEFAULT '',
  ADD COLUMN deputy  boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT queue_history_deputy CHECK (NOT deputy OR seat <> '');
ALTER TABLE stay_history
  ADD COLUMN seat   text NOT NULL DEFAULT '',
  ADD COLUMN deputy boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT stay_history_deputy CHECK (NOT deputy OR seat <> ''),
  DROP CONSTRAINT stay_history_kind_check,
  ADD CONSTRAINT stay_history_kind_check CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged', 'corrected',
    'went_home', 'return_changed', 'came_back', 'discharge_plan_cleared', 'discharge_undone',
    'transfer_planned', 'transfer_confirmed', 'transfer_cancelled'));
CREATE INDEX override_entry ON queue_override (entry_id);
