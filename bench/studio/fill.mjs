/** Thousands of models, downloads, runs and data sets in a database, as years of use would leave them. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { BackendClient } from '../../scripts/lib/backendClient.mjs';
import { root } from '../../scripts/lib/project.mjs';

export async function fillDatabase({ url, folder, items }) {
  await migrate(url, folder);
  const there = path.join(folder, 'things');
  await mkdir(there, { recursive: true });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const each = (sql) => client.query(sql, [items, there]);
    await each(`INSERT INTO models (name, type, repo_id, status, file_path, size_bytes)
      SELECT 'voice-' || i, 'tts', 'someone/voice-' || i, 'ready', $2 || '/' || i, i * 1000 FROM generate_series(1, $1) i`);
    await client.query(`INSERT INTO download_queue
        (model_id, status, bytes_downloaded, bytes_total, files_done, files_total, commit_hash)
      SELECT id, 'completed', size_bytes, size_bytes, 4, 4, repeat('a', 40) FROM models`);
    await each(`INSERT INTO training_jobs (name, task, status, progress, epoch, epochs, step, metrics, config_path)
      SELECT 'run-' || i, 'tabular-classification', 'completed', 1, 20, 20, 900, '{"loss": 0.1, "val_accuracy": 0.97}',
        $2 || '/' || i || '.train.json' FROM generate_series(1, $1) i`);
    await each(`INSERT INTO datasets (name, type, file_path, size_mb, items, warnings)
      SELECT 'set-' || i, 'csv', $2 || '/' || i || '.csv', 1, 100, 2 FROM generate_series(1, $1) i`);
  } finally {
    await client.end();
  }
}

/** The built backend makes its tables when it first sees a database. */
async function migrate(url, folder) {
  const client = new BackendClient(root, { env: { HF_HUB_OFFLINE: '1', DATABASE_URL: url } });
  await client.call('initialize', {
    protocolVersion: 1,
    client: { name: 'goya-bench', version: '1' },
    storagePath: path.join(folder, 'storage'),
    modelsPath: path.join(folder, 'models'),
    workspacePath: null,
  });
  await client.call('health/check');
  await client.stop();
}
