-- What makes a repeated write recognisable. Ids only, never a response. Rows live seven days; then
-- PurgeRequests takes them (README of lib/commit).
CREATE TABLE request (
  principal   text NOT NULL,
  method      text NOT NULL,
  request_id  text NOT NULL,
  fingerprint text NOT NULL,
  resource_id text NOT NULL,
  etag        text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT request_key PRIMARY KEY (principal, method, request_id)
);
CREATE INDEX request_age ON request USING brin (created_at);
