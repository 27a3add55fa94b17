-- Lists begin at what is asked for: an owner's few among the many of all, the offers of one entry, and
-- those in one state.
CREATE INDEX entry_owner ON queue_entry (owner_unit_id, facility_id, bed_kind, sort_key);
CREATE INDEX offer_entry ON offer (entry_id);
CREATE INDEX offer_state ON offer (state, made_at DESC, offer_id DESC);
CREATE INDEX stay_owner ON stay (owner_unit_id, move_in DESC, stay_id DESC);
