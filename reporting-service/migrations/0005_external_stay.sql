-- Places sold outside the chain: days and revenue, no case and no person.
CREATE TABLE external_stay_fact (
  fact_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  external_stay_id text NOT NULL,
  facility_id      text NOT NULL,
  bed_kind         smallint NOT NULL CHECK (bed_kind BETWEEN 0 AND 3),
  bed_id           text NOT NULL,
  purchaser        text NOT NULL,
  ore_per_day      bigint NOT NULL CHECK (ore_per_day > 0),
  move_in_date     date NOT NULL,
  departure_date   date CHECK (departure_date >= move_in_date),
  source           text NOT NULL CHECK (source = 'placement'),
  known_seq        bigint NOT NULL CHECK (known_seq > 0),
  superseded_seq   bigint CHECK (superseded_seq >= known_seq)
);
CREATE UNIQUE INDEX external_stay_fact_current ON external_stay_fact (external_stay_id)
  WHERE superseded_seq IS NULL;
