-- The written cost split of an acute placement is a watched date with a period of its own.
ALTER TABLE deadline_rule DROP CONSTRAINT deadline_rule_kind_check;
ALTER TABLE deadline_rule ADD CONSTRAINT deadline_rule_kind_check
  CHECK (kind IN ('execution', 'decision_period', 'ground_term', 'cost_split'));
ALTER TABLE deadline_rule DROP CONSTRAINT deadline_rule_period;
ALTER TABLE deadline_rule ADD CONSTRAINT deadline_rule_period
  CHECK ((kind IN ('execution', 'cost_split')) = (period_months IS NOT NULL));
ALTER TABLE deadline DROP CONSTRAINT deadline_kind_check;
ALTER TABLE deadline ADD CONSTRAINT deadline_kind_check
  CHECK (kind IN ('execution', 'decision_period', 'ground_term', 'cost_split'));
ALTER TABLE deadline_outcome DROP CONSTRAINT deadline_outcome_kind_check;
ALTER TABLE deadline_outcome ADD CONSTRAINT deadline_outcome_kind_check
  CHECK (kind IN ('execution', 'decision_period', 'ground_term', 'cost_split'));
