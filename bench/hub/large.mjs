/** One large file to disk, verified: Goya, curl and then sha256sum, and `hf download`, by turns. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';
import { option } from '../lib/options.mjs';
import { median } from '../lib/report.mjs';
import { randomFile, withFolder } from './content.mjs';
import { download, removeModels, withGoya } from './goya.mjs';
import { HubProcess } from './hubClient.mjs';
import { curlFiles, hfDownload, otherClients, timed } from './others.mjs';

const size = 1 << 30;
const repoId = 'bench/large';

/** @param {import('../lib/report.mjs').Report} report */
export async function large(report) {
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
  const file = path.join(folder, 'source', 'model.safetensors');
  await randomFile(file, size);
  await hub.call('add', repoId, { 'model.safetensors': { file } });
  const target = path.join(folder, 'other');
  const url = `${hub.url}/${repoId}/resolve/main/model.safetensors`;
  const ways = {
    goya: () => timed(() => download(goya, repoId)),
    curl: () =>
      timed(async () => {
        await curlFiles(others, new Map([['model.safetensors', url]]), target);
        await run(others.sha256sum, [path.join(target, 'model.safetensors')]);
      }),
    hf: () => timed(() => hfDownload(others, hub, repoId, target)),
  };
  const times = await byTurns(ways, runs, async () => {
    await removeModels(goya);
    await rm(target, { recursive: true, force: true });
  });
  for (const [way, values] of Object.entries(times))
    for (const value of values) report.note(`1 GiB, ${names[way]}`, value, { unit: 'ms' });
  const ratio = (a, b) => median(times[a]) / median(times[b]);
  report.note('1 GiB: time of Goya / curl + sha256sum', ratio('goya', 'curl'), { unit: '×', most: 1.25 });
  report.note('1 GiB: time of hf / Goya', ratio('hf', 'goya'), { unit: '×', least: 1.5 });
}

const names = { goya: 'Goya, verified', curl: 'curl, then sha256sum', hf: 'hf download' };

/** Each way `runs` times, in another order each time, after one round that does not count. */
export async function byTurns(ways, runs, cleanUp) {
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  const order = Object.keys(ways);
  for (let round = 0; round <= runs; round += 1) {
    for (const way of order) {
      await cleanUp();
      const time = await ways[way]();
      if (round > 0) times[way].push(time);
    }
    order.push(order.shift());
  }
  await cleanUp();
  return times;
}
