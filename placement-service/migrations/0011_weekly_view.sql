-- What the board's weekly view asks for, so that no section reads a whole queue.
CREATE INDEX entry_attention ON queue_entry (facility_id, bed_kind, sort_key)
  WHERE state = 'waiting' AND (passed OR waiting_long);
CREATE INDEX entry_execution ON queue_entry (decision_date) WHERE state IN ('waiting', 'reserved');
CREATE INDEX entry_decision_to ON queue_entry (decision_to) WHERE state IN ('waiting', 'reserved');
CREATE INDEX queue_history_at ON queue_history (at DESC);
CREATE INDEX stay_history_at ON stay_history (at DESC);
CREATE INDEX facility_history_at ON facility_history (at DESC);
CREATE INDEX reservation_active ON reservation (from_date) WHERE state = 'active';
