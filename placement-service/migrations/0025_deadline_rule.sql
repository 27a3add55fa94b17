-- After how long a decision that is not executed, and an interruption that is not resumed, are due
-- (domain.md, 8): dated rules, from deadlines.yaml. The one in force when the period starts counts.
CREATE TABLE deadline_rule (
  kind       text NOT NULL CHECK (kind IN ('execution', 'interruption')),
  valid_from date NOT NULL,
  months     integer NOT NULL CHECK (months BETWEEN 1 AND 120),
  PRIMARY KEY (kind, valid_from)
);

-- The same day of a later month, or that month's last; nothing while no rule is in force.
CREATE FUNCTION deadline_of(what text, start date) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (start + make_interval(months => r.months))::date FROM deadline_rule r
   WHERE r.kind = what AND r.valid_from <= start ORDER BY r.valid_from DESC LIMIT 1
$$;
