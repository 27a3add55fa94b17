-- A stay is in a bed of its own facility and kind. One that began with a return from home, after the stay
-- before had been corrected to a bed of another kind, said that kind.
UPDATE stay s SET bed_kind = b.bed_kind, version = s.version + 1
  FROM bed b WHERE b.bed_id = s.bed_id AND b.bed_kind <> s.bed_kind;
ALTER TABLE bed ADD CONSTRAINT bed_place UNIQUE (bed_id, facility_id, bed_kind);
ALTER TABLE stay
  DROP CONSTRAINT stay_bed_id_fkey,
  ADD CONSTRAINT stay_place FOREIGN KEY (bed_id, facility_id, bed_kind)
    REFERENCES bed (bed_id, facility_id, bed_kind);
