-- Where a run stands in the queue, how long it still takes, and what it costs this machine while it runs.

ALTER TABLE training_jobs
  ADD COLUMN priority integer NOT NULL DEFAULT 0,
  ADD COLUMN eta_seconds double precision CHECK (eta_seconds >= 0),
  ADD COLUMN system jsonb;
