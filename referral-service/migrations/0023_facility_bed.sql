-- Which kinds of place a facility has, as placement-service tells. What it told before this table was
-- there is not known until a bed changes: then every kind is taken, and placement-service judges.
CREATE TABLE facility_bed (
  bed_id         text PRIMARY KEY,
  facility_id    text NOT NULL,
  bed_kind       smallint NOT NULL CHECK (bed_kind BETWEEN 1 AND 3),
  operational_to date
);
