import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256File } from '../lib/hash.mjs';
import { bytesText } from '../lib/say.mjs';
import { must } from './steps.mjs';

/** Plans and starts a download and prints its progress until it is complete. Gives back the Download. */
export async function fetchModel(client, tell, selection) {
  const plan = await client.call('downloads/plan', selection);
  tell(
    `plan: ${plan.files.length} files, ${bytesText(plan.totalBytes)}, ${bytesText(plan.remainingBytes)} to fetch, ` +
      `${bytesText(plan.freeBytes)} free, commit ${plan.commit.slice(0, 12)}`,
  );
  if (plan.note) tell(plan.note);
  const first = await client.call('downloads/start', selection);
  const watch = client.downloads.get(first.id);
  let printed = -1;
  const done = await watch.until((download) => {
    const percent = Math.floor((100 * download.bytesDone) / Math.max(1, download.bytesTotal));
    if (percent >= printed + 10 || download.state === 'completed') {
      printed = percent;
      tell(
        `${download.state}: ${percent} % · ${bytesText(download.bytesDone)} of ${bytesText(download.bytesTotal)} · ` +
          `${bytesText(download.bytesPerSecond)}/s`,
      );
    }
    must(!['failed', 'cancelled'].includes(download.state), `the download ended: ${download.error?.message}`);
    return download.state === 'completed';
  });
  tell(`files: ${done.path}`);
  return done;
}

/** Compares every file on disk with the hashes the hub lists, and with the very bytes it was given when those are known. */
export async function verifyFiles(client, tell, { download, originals }) {
  const { files } = await client.call('hub/model', { repoId: download.repoId, revision: download.commit });
  let checked = 0;
  for (const { path: name, sha256 } of files) {
    const wanted = originals?.[name] ? createHash('sha256').update(originals[name]).digest('hex') : sha256;
    if (!wanted) continue; // a small file on the real hub: it lists git's hash, which the backend has checked
    const actual = await sha256File(path.join(download.path, name)).catch((error) => {
      if (error.code === 'ENOENT') return undefined; // not in the plan
      throw error;
    });
    if (actual === undefined) continue;
    must(actual === wanted, `${name}: sha256 ${actual} on disk, ${wanted} on the hub`);
    checked += 1;
    tell(`${name}: sha256 ${actual.slice(0, 16)}… as on the hub`);
  }
  must(checked > 0, 'no file could be verified');
}

/** What the folder's model.json says of itself, for the closing list. */
export async function describeModel(folder) {
  const { modelTopology } = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8'));
  return modelTopology.model_config?.class_name ?? modelTopology.class_name;
}
