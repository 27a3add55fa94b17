-- A date counts once per person, also when the person was discharged from one bed and moved into another
-- on it: a stay begun and ended on one date gives way to one that covers the date and goes on, else to
-- the last one begun and ended on it.
CREATE FUNCTION date_counts_elsewhere(one stay) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM stay n
     WHERE n.person_id = one.person_id AND n.state <> 'corrected' AND n.stay_id <> one.stay_id
       AND n.move_in <= one.move_in
       AND (n.departure IS NULL OR n.departure > one.move_in
            OR n.departure = one.move_in AND n.move_in = one.move_in AND n.stay_id > one.stay_id))
$$;

-- What was known of such a bed until now stays readable as of then.
UPDATE bed_fact f SET known_to = GREATEST(f.known_from, now())
  FROM stay s
 WHERE f.kind = 'stay' AND f.known_to IS NULL AND f.source_id = s.stay_id::text
   AND s.departure = s.move_in AND date_counts_elsewhere(s);
