/** 200 small files: Goya, `hf download`, and curl with one kept-alive connection per host, by turns. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { option } from '../lib/options.mjs';
import { median } from '../lib/report.mjs';
import { withFolder } from './content.mjs';
import { download, removeModels, withGoya } from './goya.mjs';
import { HubProcess } from './hubClient.mjs';
import { byTurns } from './large.mjs';
import { curlFiles, hfDownload, otherClients, timed } from './others.mjs';

const count = 200;
const repoId = 'bench/small';

/** @param {import('../lib/report.mjs').Report} report */
export async function small(report) {
  const runs = Number(option('--runs') ?? 5);
  const others = await otherClients();
  const hub = await HubProcess.start();
  try {
    await withFolder((folder) =>
      withGoya(folder, hub, (goya) => measure(report, { goya, runs, others, hub, folder })),
    );
  } finally {
    await hub.stop();
  }
}

async function measure(report, { goya, runs, others, hub, folder }) {
  const urls = await addFiles(hub, path.join(folder, 'source'));
  const target = path.join(folder, 'other');
  const ways = {
    goya: () => timed(() => download(goya, repoId)),
    curl: () => timed(() => curlFiles(others, urls, target)),
    hf: () => timed(() => hfDownload(others, hub, repoId, target)),
  };
  const times = await byTurns(ways, runs, async () => {
    await removeModels(goya);
    await rm(target, { recursive: true, force: true });
  });
  for (const [way, values] of Object.entries(times))
    for (const value of values) report.note(`${count} files, ${names[way]}`, value, { unit: 'ms' });
  const ratio = (a, b) => median(times[a]) / median(times[b]);
  report.note(`${count} files: time of hf / Goya`, ratio('hf', 'goya'), { unit: '×', least: 4 });
  report.note(`${count} files: time of Goya / curl`, ratio('goya', 'curl'), { unit: '×', most: 2 });
}

const names = { goya: 'Goya, verified', curl: 'curl, one connection', hf: 'hf download' };

/** 1 to 50 kB each, in ten folders; every fourth is one that the hub redirects to its CDN. Answers their addresses. */
async function addFiles(hub, folder) {
  const files = {};
  const urls = new Map();
  for (let i = 0; i < count; i += 1) {
    const name = `part-${i % 10}/file-${i}.${i % 4 === 0 ? 'npz' : 'json'}`;
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, randomBytes(1000 + Math.floor((49_000 * i) / count)));
    files[name] = { file };
    urls.set(name, `${hub.url}/${repoId}/resolve/main/${name}`);
  }
  await hub.call('add', repoId, files);
  return urls;
}
