-- Why a transfer came to nothing. Before this only a discharge cancelled one.
ALTER TABLE transfer
  ADD COLUMN cancel_reason smallint NOT NULL DEFAULT 0 CHECK (cancel_reason BETWEEN 0 AND 5);
UPDATE transfer SET cancel_reason = 5 WHERE state = 'cancelled';
ALTER TABLE transfer
  ADD CONSTRAINT transfer_cancelled CHECK ((state = 'cancelled') = (cancel_reason <> 0));

-- A bed that was accepted and then given back is not offered to the same entry again either.
DROP INDEX offer_bed_once_per_entry;
CREATE UNIQUE INDEX offer_bed_once_per_entry ON offer (entry_id, bed_id)
  WHERE state <> 'withdrawn' OR move_in IS NOT NULL;
