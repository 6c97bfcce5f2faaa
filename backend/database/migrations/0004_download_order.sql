-- Downloads have an order that people may change, and remember what became of each of their files.

CREATE SEQUENCE download_position_seq AS bigint;

ALTER TABLE download_queue ADD COLUMN position bigint;
UPDATE download_queue d SET position = o.place
  FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM download_queue) o WHERE o.id = d.id;
SELECT setval('download_position_seq', (SELECT count(*) + 1 FROM download_queue), false);
ALTER TABLE download_queue
  ALTER COLUMN position SET DEFAULT nextval('download_position_seq'),
  ALTER COLUMN position SET NOT NULL;

ALTER TABLE download_files
  ADD COLUMN error jsonb,
  DROP CONSTRAINT download_files_status_check,
  ADD CONSTRAINT download_files_status_check
    CHECK (status IN ('pending', 'downloading', 'completed', 'failed', 'present'));
