-- Decisions that extend another are kept too: they tell whose decision somebody lives by. They are
-- known from then on; a rebuild knows the earlier ones.
ALTER TABLE decision_fact ADD COLUMN extends_decision_id text NOT NULL DEFAULT '';
