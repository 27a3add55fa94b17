-- What each step is about and which fields it changed, by path and never by value; as whom the actor
-- acted. NULL: a step from before this was kept.
ALTER TABLE referral_step ADD COLUMN changed_fields text[];
ALTER TABLE referral_step ADD COLUMN resource text NOT NULL DEFAULT '';
ALTER TABLE referral_step ADD COLUMN role_codes text[] NOT NULL DEFAULT '{}';
