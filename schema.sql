-- The whole schema of Goya's database, as the migrations in backend/database/migrations leave it (a test compares the
-- two). PostgreSQL 13 or newer, embedded or server. Read this file; change the schema by adding a migration.
--
-- Sizes are bytes unless a name says otherwise. Names of states and types are those of protocol/model.

-- Rises with every insert and update of an entity: what a subscriber orders changes by.
CREATE SEQUENCE entity_seq AS bigint;

CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  NEW.seq := nextval('entity_seq');
  RETURN NEW;
END
$$;

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

CREATE TABLE schema_migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text,
  username text NOT NULL CHECK (username <> ''),
  -- Null: this user cannot sign in over a network.
  password_hash text,
  role text NOT NULL DEFAULT 'user' CHECK (role IN ('owner', 'admin', 'user', 'viewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  seq bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE user_settings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- A user's settings mean nothing without the user.
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key text NOT NULL CHECK (key <> ''),
  value jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  seq bigint NOT NULL DEFAULT 0,
  CONSTRAINT user_settings_user_id_key_key UNIQUE (user_id, key)
);

CREATE TABLE models (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  type text NOT NULL DEFAULT 'other' CHECK (type IN ('tts', 'stt', 'llm', 'other')),
  -- `org/name` on the hub; null for trained and imported models.
  repo_id text,
  commit_hash text,
  status text NOT NULL DEFAULT 'ready' CHECK (status IN ('downloading', 'ready', 'corrupt', 'missing')),
  -- Absolute folder.
  file_path text NOT NULL CONSTRAINT models_file_path_key UNIQUE,
  size_bytes bigint NOT NULL DEFAULT 0 CHECK (size_bytes >= 0),
  architecture text,
  format text,
  licence text,
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  seq bigint NOT NULL DEFAULT 0
);
CREATE INDEX models_type_idx ON models (type, created_at);
CREATE INDEX models_repo_id_idx ON models (repo_id) WHERE repo_id IS NOT NULL;

CREATE TABLE training_jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- A run's history outlives who started it and the model it made.
  user_id uuid REFERENCES users (id) ON DELETE SET NULL,
  model_id uuid REFERENCES models (id) ON DELETE SET NULL,
  name text NOT NULL DEFAULT '',
  task text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'stopping', 'stopped', 'completed', 'failed', 'interrupted')),
  progress double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  epoch integer NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  epochs integer NOT NULL DEFAULT 1 CHECK (epochs > 0),
  step bigint NOT NULL DEFAULT 0 CHECK (step >= 0),
  config jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(config) = 'object'),
  -- The newest value of every metric by name; the curves are in `metrics`.
  metrics jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metrics) = 'object'),
  engine text,
  engine_reason text,
  config_path text,
  output_path text,
  error jsonb,
  -- Of the trainer process while one runs.
  pid integer,
  -- What reproduces the run: versions, seed, hash of the data.
  details jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
  -- Higher ones start first; those of one priority in the order they were queued.
  priority integer NOT NULL DEFAULT 0,
  -- While it runs: the time left, and what its process uses (`runSystem` of protocol/model).
  eta_seconds double precision CHECK (eta_seconds >= 0),
  system jsonb,
  claimed_by integer DEFAULT current_backend(),
  claimed_on text DEFAULT current_machine(),
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now(),
  seq bigint NOT NULL DEFAULT 0
)
-- Half of each page stays free: a running job's row is rewritten all the time, and so the old versions are cleared at
-- once instead of growing the table.
WITH (fillfactor = 50);
CREATE INDEX training_jobs_created_at_idx ON training_jobs (created_at);
CREATE INDEX training_jobs_status_idx ON training_jobs (status, created_at);
CREATE INDEX training_jobs_user_id_idx ON training_jobs (user_id);
CREATE INDEX training_jobs_model_id_idx ON training_jobs (model_id);

CREATE TABLE checkpoints (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  training_job_id uuid NOT NULL REFERENCES training_jobs (id) ON DELETE CASCADE,
  epoch integer NOT NULL CHECK (epoch >= 0),
  step bigint NOT NULL DEFAULT 0 CHECK (step >= 0),
  loss double precision NOT NULL,
  accuracy double precision,
  -- Absolute folder.
  file_path text NOT NULL,
  best boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  seq bigint NOT NULL DEFAULT 0,
  CONSTRAINT checkpoints_training_job_id_file_path_key UNIQUE (training_job_id, file_path)
);
CREATE INDEX checkpoints_training_job_id_step_idx ON checkpoints (training_job_id, step);
CREATE UNIQUE INDEX checkpoints_best_key ON checkpoints (training_job_id) WHERE best;

-- One point of one curve. A resumed run takes some steps again: the newer value replaces the older.
CREATE TABLE metrics (
  training_job_id uuid NOT NULL REFERENCES training_jobs (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (name <> ''),
  step bigint NOT NULL CHECK (step >= 0),
  epoch integer NOT NULL CHECK (epoch >= 0),
  -- Finite: JSON has no other numbers.
  value double precision NOT NULL CHECK (value > '-Infinity' AND value < 'Infinity'),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (training_job_id, name, step, epoch)
);
CREATE INDEX metrics_training_job_id_at_idx ON metrics (training_job_id, at);

-- The order of downloads: a new one comes last.
CREATE SEQUENCE download_position_seq AS bigint;

CREATE TABLE download_queue (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- Gives the repository and the folder.
  model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  user_id uuid REFERENCES users (id) ON DELETE SET NULL,
  status text NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'downloading', 'paused', 'completed', 'failed', 'cancelled')),
  progress double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  bytes_downloaded bigint NOT NULL DEFAULT 0 CHECK (bytes_downloaded >= 0),
  bytes_total bigint NOT NULL DEFAULT 0 CHECK (bytes_total >= 0),
  files_done integer NOT NULL DEFAULT 0 CHECK (files_done >= 0),
  files_total integer NOT NULL DEFAULT 0 CHECK (files_total >= 0),
  bytes_per_second double precision NOT NULL DEFAULT 0 CHECK (bytes_per_second >= 0),
  eta_seconds double precision CHECK (eta_seconds >= 0),
  -- What was asked for, and the commit it was pinned to.
  revision text NOT NULL DEFAULT 'main',
  commit_hash text NOT NULL DEFAULT '',
  -- Arrays of patterns; null: not given.
  include jsonb,
  exclude jsonb,
  error jsonb,
  position bigint NOT NULL DEFAULT nextval('download_position_seq'),
  claimed_by integer DEFAULT current_backend(),
  claimed_on text DEFAULT current_machine(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  seq bigint NOT NULL DEFAULT 0
);
CREATE INDEX download_queue_status_idx ON download_queue (status, created_at);
CREATE INDEX download_queue_created_at_idx ON download_queue (created_at);
CREATE INDEX download_queue_user_id_idx ON download_queue (user_id);
CREATE INDEX download_queue_model_id_idx ON download_queue (model_id);
-- Two downloads must never write into one folder.
CREATE UNIQUE INDEX download_queue_unfinished_key ON download_queue (model_id)
  WHERE status IN ('queued', 'downloading', 'paused');

CREATE FUNCTION download_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.bytes_total > 0 THEN
    NEW.progress := least(1, NEW.bytes_downloaded::double precision / NEW.bytes_total);
  END IF;
  RETURN NEW;
END
$$;

CREATE TABLE download_files (
  download_id uuid NOT NULL REFERENCES download_queue (id) ON DELETE CASCADE,
  -- Within the repository, with forward slashes.
  path text NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'downloading', 'completed', 'failed', 'present')),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  bytes_downloaded bigint NOT NULL DEFAULT 0 CHECK (bytes_downloaded >= 0),
  -- Of the content, lower-case hex, where the hub knows it.
  sha256 text,
  etag text,
  -- Why it failed, as the protocol tells it.
  error jsonb,
  PRIMARY KEY (download_id, path)
);

CREATE TABLE datasets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid REFERENCES users (id) ON DELETE SET NULL,
  name text NOT NULL,
  type text NOT NULL CHECK (type <> ''),
  -- Absolute file or folder.
  file_path text NOT NULL CONSTRAINT datasets_file_path_key UNIQUE,
  -- Millions of bytes.
  size_mb double precision NOT NULL DEFAULT 0 CHECK (size_mb >= 0),
  items bigint NOT NULL DEFAULT 0 CHECK (items >= 0),
  warnings integer NOT NULL DEFAULT 0 CHECK (warnings >= 0),
  errors integer NOT NULL DEFAULT 0 CHECK (errors >= 0),
  stats jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(stats) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  seq bigint NOT NULL DEFAULT 0
);
CREATE INDEX datasets_user_id_idx ON datasets (user_id);
CREATE INDEX datasets_created_at_idx ON datasets (created_at);

CREATE TRIGGER users_touch BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER user_settings_touch BEFORE INSERT OR UPDATE ON user_settings FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER models_touch BEFORE INSERT OR UPDATE ON models FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER training_jobs_touch BEFORE INSERT OR UPDATE ON training_jobs FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER checkpoints_touch BEFORE INSERT OR UPDATE ON checkpoints FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER download_queue_touch BEFORE INSERT OR UPDATE ON download_queue FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER download_queue_progress BEFORE INSERT OR UPDATE ON download_queue
  FOR EACH ROW EXECUTE FUNCTION download_progress();
CREATE TRIGGER datasets_touch BEFORE INSERT OR UPDATE ON datasets FOR EACH ROW EXECUTE FUNCTION touch_row();

-- The person at this machine: owns everything until there are accounts.
INSERT INTO users (id, username, role) VALUES ('00000000-0000-4000-8000-000000000001', 'local', 'owner');
