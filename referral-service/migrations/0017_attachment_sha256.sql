-- Of a complete attachment, the SHA-256 of its content: encrypted, since it would tell which file it is.
-- Those that were completed before have none.
ALTER TABLE attachment ADD COLUMN sha256_sealed bytea
  CONSTRAINT attachment_sha256 CHECK (sha256_sealed IS NULL OR media_type IS NOT NULL);
