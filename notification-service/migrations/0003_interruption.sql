-- An interrupted stay is watched: reportable when not resumed within three months.
ALTER TABLE deadline_rule
  DROP CONSTRAINT deadline_rule_kind_check,
  ADD CONSTRAINT deadline_rule_kind_check CHECK (
    kind IN ('execution', 'decision_period', 'ground_term', 'cost_split', 'interruption')),
  DROP CONSTRAINT deadline_rule_period,
  ADD CONSTRAINT deadline_rule_period CHECK (
    (kind IN ('execution', 'cost_split', 'interruption')) = (period_months IS NOT NULL));
ALTER TABLE deadline
  DROP CONSTRAINT deadline_kind_check,
  ADD CONSTRAINT deadline_kind_check CHECK (
    kind IN ('execution', 'decision_period', 'ground_term', 'cost_split', 'interruption'));
ALTER TABLE deadline_outcome
  DROP CONSTRAINT deadline_outcome_kind_check,
  ADD CONSTRAINT deadline_outcome_kind_check CHECK (
    kind IN ('execution', 'decision_period', 'ground_term', 'cost_split', 'interruption'));
