-- A time at home of a wrong person is marked with the stays around it. It keeps its dates and is shown.
ALTER TABLE alternation
  DROP CONSTRAINT alternation_state,
  DROP CONSTRAINT alternation_returned,
  DROP CONSTRAINT alternation_ended,
  ADD CONSTRAINT alternation_state CHECK (state IN ('at_home', 'returned', 'ended', 'corrected')),
  ADD CONSTRAINT alternation_returned CHECK (
    state = 'corrected' OR (state = 'returned') = (to_stay_id IS NOT NULL)),
  ADD CONSTRAINT alternation_ended CHECK (
    state = 'corrected' OR (state = 'at_home') = (ended_on IS NULL));
