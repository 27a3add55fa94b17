-- The key store: kept and backed up apart from what its keys open. All services share it; each row
-- belongs to the service named by owner.
CREATE TABLE data_key (
  scope_id     text NOT NULL,
  owner        text NOT NULL,
  record_class text NOT NULL,
  kek_id       text NOT NULL,
  wrapped      bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope_id, owner, record_class)
);
CREATE INDEX data_key_kek ON data_key (kek_id);

-- What was destroyed and must stay destroyed. Read back after every restore.
CREATE TABLE erasure (
  scope_id    text NOT NULL,
  owner       text NOT NULL,
  reason_code text NOT NULL,
  erased_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, scope_id)
);

-- When a key-encryption key was first seen and when nothing was wrapped by it any more: only then
-- may it leave the key ring.
CREATE TABLE key_encryption_key (
  id            text PRIMARY KEY,
  first_used_at timestamptz NOT NULL DEFAULT now(),
  retired_at    timestamptz
);

-- An erasure cannot be taken back by the program that wrote it.
DO $$
BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON erasure FROM %I', current_schema() || '_runtime');
END
$$;
