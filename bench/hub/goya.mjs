import path from 'node:path';
import { BackendClient } from '../../scripts/lib/backendClient.mjs';
import { Failure } from '../../scripts/lib/failure.mjs';
import { root } from '../../scripts/lib/project.mjs';

/** The built backend, ready to download from a hub: its storage and models lie in `folder`. */
export async function startGoya(folder, hub, env = {}) {
  const client = new BackendClient(root, {
    env: {
      ...cleanEnvironment(),
      HF_ENDPOINT: hub.url,
      HF_HOME: path.join(folder, 'hf-home'),
      DATABASE_URL: '',
      ...env,
    },
  });
  await client.call('initialize', {
    protocolVersion: 1,
    client: { name: 'goya-bench', version: '1' },
    storagePath: path.join(folder, 'storage'),
    modelsPath: path.join(folder, 'models'),
    workspacePath: null,
  });
  await client.call('health/check');
  const waiting = new Map();
  await client.subscribe('downloads', (download) => waiting.get(download.id)?.(download));
  return Object.assign(client, { waiting });
}

/** The same for as long as `work` takes; killed when that fails. */
export async function withGoya(folder, hub, work, env) {
  const client = await startGoya(folder, hub, env);
  try {
    const result = await work(client);
    await client.stop();
    return result;
  } finally {
    client.child.kill('SIGKILL');
  }
}

/** Nothing of the person's own setup: tokens, proxies of the hub's libraries. */
export function cleanEnvironment() {
  return { HF_TOKEN: '', HF_HUB_OFFLINE: '0', HF_HUB_DISABLE_TELEMETRY: '1', HF_HUB_DISABLE_XET: '1' };
}

/** Starts a download of every file; answers when it is complete. */
export async function download(client, repoId) {
  const { id } = await client.call('downloads/start', { repoId, include: ['*'] });
  return completed(client, id);
}

export async function completed(client, id) {
  const gone = client.exited.then(() => {
    throw new Failure('the backend ended');
  });
  gone.catch(() => undefined);
  const done = new Promise((resolve, reject) => {
    const look = (state) => {
      if (state.state === 'completed') resolve(state);
      if (['failed', 'cancelled'].includes(state.state))
        reject(new Failure(`the download ${state.state}: ${state.error?.message ?? ''}`));
    };
    client.waiting.set(id, look);
    void client.call('downloads/get', { id }).then(look, reject);
  });
  try {
    return await Promise.race([done, gone]);
  } finally {
    client.waiting.delete(id);
  }
}

/** Takes the only model off the disk again. */
export async function removeModels(client) {
  const { models } = await client.call('models/list');
  for (const { id } of models) await client.call('models/remove', { id });
}
