-- How a planned move is arranged, as codes; who wrote it last, and when.
ALTER TABLE transfer
  ADD COLUMN move_minute    smallint CHECK (move_minute BETWEEN 0 AND 1439),
  ADD COLUMN transport      smallint NOT NULL DEFAULT 0 CHECK (transport BETWEEN 0 AND 6),
  ADD COLUMN belongings     smallint NOT NULL DEFAULT 0 CHECK (belongings BETWEEN 0 AND 5),
  ADD COLUMN relatives_told smallint NOT NULL DEFAULT 0 CHECK (relatives_told BETWEEN 0 AND 4),
  ADD COLUMN children_told  smallint NOT NULL DEFAULT 0 CHECK (children_told BETWEEN 0 AND 4),
  ADD COLUMN follow_up_days smallint CHECK (follow_up_days BETWEEN 1 AND 366),
  ADD COLUMN arranged_by    text NOT NULL DEFAULT '',
  ADD COLUMN arranged_at    timestamptz,
  ADD CONSTRAINT transfer_arranged CHECK ((arranged_by = '') = (arranged_at IS NULL));
ALTER TABLE stay_history
  DROP CONSTRAINT stay_history_kind_check,
  ADD CONSTRAINT stay_history_kind_check CHECK (kind IN (
    'enrolled', 'leave_begun', 'leave_ended', 'interrupted', 'resumed', 'moved_in', 'moved_out',
    'relapse', 'drug_test', 'discharge_planned', 'transferred', 'discharged', 'corrected',
    'went_home', 'return_changed', 'came_back', 'discharge_plan_cleared', 'discharge_undone',
    'transfer_planned', 'transfer_arranged', 'transfer_confirmed', 'transfer_cancelled',
    'leave_corrected', 'interruption_corrected', 'incident_corrected'));
