-- Attachments: name and content are encrypted; the type is set when all of it is there.
CREATE TABLE attachment (
  attachment_id  uuid PRIMARY KEY,
  referral_id    uuid NOT NULL REFERENCES referral,
  category       text NOT NULL CHECK (category IN (
    'identity', 'needs', 'children', 'plan', 'placement', 'messages')),
  byte_size      bigint NOT NULL CHECK (byte_size BETWEEN 1 AND 20000000),
  received_bytes bigint NOT NULL DEFAULT 0,
  chunk_count    integer NOT NULL DEFAULT 0,
  media_type     text CHECK (media_type IN (
    'application/pdf', 'image/jpeg', 'image/png', 'text/plain')),
  unit_id        text NOT NULL,
  subject        text NOT NULL,
  begun_at       timestamptz NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  name_sealed    bytea NOT NULL,
  CONSTRAINT attachment_received CHECK (received_bytes BETWEEN 0 AND byte_size),
  CONSTRAINT attachment_complete CHECK (media_type IS NULL OR received_bytes = byte_size)
);
CREATE INDEX attachment_referral ON attachment (referral_id, attachment_id);
CREATE INDEX attachment_unfinished ON attachment (recorded_at) WHERE media_type IS NULL;
CREATE TABLE attachment_chunk (
  attachment_id  uuid NOT NULL REFERENCES attachment ON DELETE CASCADE,
  chunk_index    integer NOT NULL CHECK (chunk_index >= 0),
  content_sealed bytea NOT NULL,
  PRIMARY KEY (attachment_id, chunk_index)
);
REVOKE UPDATE ON attachment_chunk FROM referral_runtime;
