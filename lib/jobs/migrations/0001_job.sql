-- Timers. The state machine of lib/jobs/jobs.h, as the database sees it.
CREATE TABLE job (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL CHECK (kind <> ''),
  key         text NOT NULL CHECK (key <> ''),
  payload     bytea NOT NULL,
  -- Domain time.
  run_at      timestamptz NOT NULL,
  state       text NOT NULL DEFAULT 'scheduled'
              CHECK (state IN ('scheduled', 'running', 'done', 'failed', 'cancelled')),
  attempts    integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- Grows whenever the job changes hands; a holder of an older one has lost it.
  fence       bigint NOT NULL DEFAULT 0,
  -- Database time from here on.
  not_before  timestamptz,
  lease_until timestamptz,
  finished_at timestamptz,
  last_error  text,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((state = 'running') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK (state <> 'failed' OR last_error IS NOT NULL),
  CHECK (state <> 'running' OR attempts > 0)
);
CREATE UNIQUE INDEX job_live ON job (kind, key) WHERE state IN ('scheduled', 'running');
CREATE INDEX job_due ON job (run_at) WHERE state = 'scheduled';
CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_failed ON job (finished_at) WHERE state = 'failed';
CREATE INDEX job_finished ON job (finished_at) WHERE state IN ('done', 'cancelled');
