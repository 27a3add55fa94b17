-- The audit trail of one service. Rows are written once, in the commit of what they tell about.
CREATE TABLE audit_entry (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL,
  recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  organisation text NOT NULL,
  unit         text NOT NULL,
  roles        text NOT NULL,
  subject      text NOT NULL,
  acting_for   text,
  purpose      text NOT NULL,
  case_id      text,
  action       text NOT NULL,
  resource_id  text NOT NULL,
  rule_id      text NOT NULL,
  permitted    boolean NOT NULL,
  call_id      text NOT NULL,
  details      text NOT NULL DEFAULT ''
);
CREATE INDEX audit_entry_case ON audit_entry (case_id, at) WHERE case_id IS NOT NULL;
CREATE INDEX audit_entry_recorded ON audit_entry (recorded_at);

-- The sealer's chain over committed rows: mac = MAC(key, previous mac || row). Kept apart so that
-- audit rows themselves are never updated.
CREATE TABLE audit_seal (
  position  bigint PRIMARY KEY CHECK (position > 0),
  entry_id  bigint NOT NULL UNIQUE,
  key_id    text NOT NULL,
  mac       bytea NOT NULL CHECK (octet_length(mac) = 32),
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Append-only, also for the program itself. The trigger stops the owner's own mistakes; what a
-- superuser changes behind it is found by the seal.
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- The runtime role may add and read, nothing else.
DO $$
BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, audit_seal FROM %I',
                 current_schema() || '_runtime');
END
$$;
