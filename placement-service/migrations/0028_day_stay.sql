-- A stay begun and ended on one date has an empty range, which the constraints on `during` do not see. It
-- lies in no stay that had begun before that date and goes on after it; two of them may share a date.
ALTER TABLE stay
  ADD COLUMN one_date smallint NOT NULL
    GENERATED ALWAYS AS (CASE WHEN departure = move_in THEN 1 ELSE 0 END) STORED,
  -- Of a stay of one date that date, of any other those after the move-in and before the departure.
  ADD COLUMN inside daterange NOT NULL
    GENERATED ALWAYS AS (CASE WHEN departure = move_in THEN daterange(move_in, move_in, '[]')
                              ELSE daterange(move_in, departure, '()') END) STORED,
  ADD CONSTRAINT stay_bed_by_day
    EXCLUDE USING gist (bed_id WITH =, inside WITH &&, one_date WITH <>) WHERE (state <> 'corrected'),
  ADD CONSTRAINT stay_person_by_day
    EXCLUDE USING gist (person_id WITH =, inside WITH &&, one_date WITH <>)
    WHERE (state <> 'corrected');
