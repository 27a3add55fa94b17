-- "Who has read this?", newest first.
CREATE INDEX audit_entry_case_newest ON audit_entry (case_id, id DESC) WHERE permitted;
