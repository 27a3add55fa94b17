-- Which units some ground covers, so that the end of one ground takes an entry out of the queue only
-- when no other ground covers the unit. The texts and terms of grounds stay with referral-service.
CREATE TABLE disclosure_ground (
  ground_id text PRIMARY KEY,
  case_id   text NOT NULL,
  units     text[] NOT NULL,
  ended     boolean NOT NULL DEFAULT false
);
CREATE INDEX disclosure_ground_case ON disclosure_ground (case_id) WHERE NOT ended;
