-- The longest time of care under LVM, and the reconsideration of a voluntary placement.
ALTER TABLE deadline_rule
  DROP CONSTRAINT deadline_rule_kind_check,
  ADD CONSTRAINT deadline_rule_kind_check CHECK (
    kind IN ('execution', 'decision_period', 'ground_term', 'cost_split', 'interruption', 'lvm',
             'reconsideration')),
  DROP CONSTRAINT deadline_rule_period,
  ADD CONSTRAINT deadline_rule_period CHECK (
    (kind NOT IN ('decision_period', 'ground_term')) = (period_months IS NOT NULL));
ALTER TABLE deadline
  DROP CONSTRAINT deadline_kind_check,
  ADD CONSTRAINT deadline_kind_check CHECK (
    kind IN ('execution', 'decision_period', 'ground_term', 'cost_split', 'interruption', 'lvm',
             'reconsideration'));
ALTER TABLE deadline_outcome
  DROP CONSTRAINT deadline_outcome_kind_check,
  ADD CONSTRAINT deadline_outcome_kind_check CHECK (
    kind IN ('execution', 'decision_period', 'ground_term', 'cost_split', 'interruption', 'lvm',
             'reconsideration'));
