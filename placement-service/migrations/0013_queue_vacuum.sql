-- Positions are counted in the index alone where the table's pages are known to be visible to all.
-- By default that is seen to after a fifth of the rows have changed; here after 200 changes, so that
-- a count of 10 000 reads no rows of a queue that moves.
ALTER TABLE queue_entry SET (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 200,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 200
);
