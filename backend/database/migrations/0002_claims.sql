-- Several backends may share one server: what one of them has queued or at work is not another's to take up.

-- The backend of this connection: a number it holds an advisory lock on for as long as it lives.
CREATE FUNCTION current_backend() RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('goya.backend', true), '')::integer
$$;

-- The machine of this connection; empty for the embedded database, which has one owner wherever it goes.
CREATE FUNCTION current_machine() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('goya.machine', true), '')
$$;

-- Whether work that this backend claimed is left to take up: it is our own, nobody's, or of a dead backend of this machine.
CREATE FUNCTION is_abandoned(backend integer, machine text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT backend IS NULL OR backend = current_backend() OR (
    machine = current_machine() AND NOT EXISTS (
      SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid = 71190 AND objid = backend::oid))
$$;

ALTER TABLE training_jobs
  ADD COLUMN claimed_by integer DEFAULT current_backend(),
  ADD COLUMN claimed_on text DEFAULT current_machine();
ALTER TABLE download_queue
  ADD COLUMN claimed_by integer DEFAULT current_backend(),
  ADD COLUMN claimed_on text DEFAULT current_machine();
UPDATE training_jobs SET claimed_by = NULL, claimed_on = NULL;
UPDATE download_queue SET claimed_by = NULL, claimed_on = NULL;
