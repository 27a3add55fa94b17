-- Roles, schemas and grants of Vårdkedjan, for psql as a superuser (or the database's owner with
-- CREATEROLE) connected to the suite's database. Idempotent: run it as often as you like.
--
--   VARDKEDJA_DB_PASSWORDS='{"referral_runtime": "...", "referral_migrator": "...", ...}' \
--     psql -d vardkedja -f bootstrap.sql
--
-- Roles that the variable does not name keep the password they have, or none.
--
-- Per schema: <schema>_owner (NOLOGIN) owns everything, <schema>_migrator may become it,
-- <schema>_runtime has DML on what the owner makes and nothing anywhere else. Migrations narrow that
-- further (append-only tables).
\set ON_ERROR_STOP on
\getenv passwords VARDKEDJA_DB_PASSWORDS

BEGIN;
SET LOCAL client_min_messages = warning;
-- Two runs at once would meet in the catalogue.
SELECT pg_advisory_xact_lock(hashtextextended('vardkedja-bootstrap', 0)) \g /dev/null

CREATE TEMPORARY TABLE part (name text) ON COMMIT DROP;
INSERT INTO part VALUES ('referral'), ('placement'), ('notification'), ('reporting'), ('keystore');

SELECT format('CREATE ROLE %I %s', role, attributes)
  FROM part,
       LATERAL (VALUES (name || '_owner', 'NOLOGIN'),
                       (name || '_migrator', 'LOGIN NOINHERIT'),
                       (name || '_runtime', 'LOGIN NOINHERIT')) AS wanted (role, attributes)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

SELECT format('GRANT %I TO %I', name || '_owner', name || '_migrator') FROM part
\gexec

\if :{?passwords}
SELECT format('ALTER ROLE %I PASSWORD %L', key, value)
  FROM json_each_text(:'passwords'), part
 WHERE key IN (name || '_migrator', name || '_runtime')
\gexec
\endif

-- Nobody gets in, and nobody makes anything, unless it says so below.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())
\gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), name || '_migrator',
              name || '_runtime')
  FROM part
\gexec

-- Exclusion constraints compare ids and ranges in one GiST index. Operator classes are found without
-- a search path, so that nobody needs a right here.
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;

SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', name, name || '_owner') FROM part
UNION ALL
SELECT format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', name) FROM part
UNION ALL
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', name, name || '_runtime') FROM part
UNION ALL
SELECT format('ALTER ROLE %I SET search_path = %I', role, name)
  FROM part, LATERAL (VALUES (name || '_owner'), (name || '_migrator'), (name || '_runtime')) AS r (role)
UNION ALL
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT %s TO %I', name || '_owner',
              name, rights, name || '_runtime')
  FROM part,
       LATERAL (VALUES ('SELECT, INSERT, UPDATE, DELETE ON TABLES'),
                       ('USAGE, SELECT ON SEQUENCES')) AS r (rights)
UNION ALL
-- Functions are open to everybody by default; ours run as their caller and only within the schema.
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
              name || '_owner')
  FROM part
UNION ALL
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT EXECUTE ON FUNCTIONS TO %I',
              name || '_owner', name, name || '_runtime')
  FROM part
\gexec

COMMIT;
