-- An accepted place can be given back without a move-in: it is reserved until then.
ALTER TABLE offer_fact ADD COLUMN released_on date CHECK (outcome = 1 OR released_on IS NULL);
