-- What was known about each bed at any past instant: a row per version of each fact, closed when the
-- fact changes and never deleted. Written in the commit that changes the fact, by one statement that
-- compares with what the tables hold then (storage/bed_facts.cc), so that no use case can forget it.

CREATE TABLE bed_fact (
  bed_id     text NOT NULL REFERENCES bed,
  kind       text NOT NULL,
  source_id  text NOT NULL,
  from_date  date NOT NULL,
  to_date    date,
  planned    date,
  extra      boolean NOT NULL DEFAULT false,
  known_from timestamptz NOT NULL,
  known_to   timestamptz,
  -- A stay begun and ended on one date takes that date; a bed is asked about outside its period too.
  during     daterange NOT NULL GENERATED ALWAYS AS (
    CASE WHEN kind = 'bed' THEN daterange(NULL, NULL)
         WHEN kind = 'stay' AND to_date = from_date THEN daterange(from_date, from_date + 1)
         ELSE daterange(from_date, to_date) END) STORED,
  known      tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(known_from, known_to)) STORED,
  CONSTRAINT bed_fact_kind CHECK (
    kind IN ('bed', 'closure', 'stay', 'reservation', 'hold', 'offer')),
  CONSTRAINT bed_fact_period CHECK (to_date >= from_date),
  CONSTRAINT bed_fact_known CHECK (known_to >= known_from)
);
-- One version of a fact is the current one.
CREATE UNIQUE INDEX bed_fact_current ON bed_fact (bed_id, kind, source_id) WHERE known_to IS NULL;
-- Few facts touch a date; of those, the ones that were known.
CREATE INDEX bed_fact_as_of ON bed_fact USING gist (during, known);

-- What there is already is known from now on.
INSERT INTO bed_fact (bed_id, kind, source_id, from_date, to_date, planned, extra, known_from)
SELECT b.bed_id, 'bed', b.bed_id, b.operational_from, b.operational_to, NULL::date, b.extra, now()
  FROM bed b
 UNION ALL
SELECT c.bed_id, 'closure', c.closure_id::text, c.from_date, c.to_date, NULL, false, now()
  FROM bed_closure c WHERE NOT isempty(c.during)
 UNION ALL
SELECT s.bed_id, 'stay', s.stay_id::text, s.move_in, s.departure,
       LEAST(s.planned_departure,
             (SELECT t.move FROM transfer t
               WHERE t.from_stay_id = s.stay_id AND t.state IN ('planned', 'confirmed'))),
       false, now()
  FROM stay s
 UNION ALL
SELECT r.bed_id, 'reservation', r.offer_id::text, r.from_date, r.to_date, NULL, false, now()
  FROM reservation r WHERE r.state = 'active'
 UNION ALL
SELECT o.bed_id, 'offer', o.offer_id::text, o.available_from, NULL, NULL, false, now()
  FROM offer o WHERE o.state = 'open';
