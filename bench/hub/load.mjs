/** What a large download costs the backend: memory, and how long its event loop is kept from everything else. */
import path from 'node:path';
import { option } from '../lib/options.mjs';
import { residentBytes, settledBytes } from '../lib/resident.mjs';
import { randomFile, withFolder } from './content.mjs';
import { download, removeModels, withGoya } from './goya.mjs';
import { HubProcess } from './hubClient.mjs';
import { readProbe } from './readProbe.mjs';

const size = 1 << 30;
const repoId = 'bench/load';

/** @param {import('../lib/report.mjs').Report} report */
export async function load(report) {
  const runs = Number(option('--runs') ?? 3);
  const hub = await HubProcess.start();
  try {
    await withFolder((folder) => measure(report, { runs, hub, folder }));
  } finally {
    await hub.stop();
  }
}

async function measure(report, { runs, hub, folder }) {
  const file = path.join(folder, 'source', 'model.safetensors');
  await randomFile(file, size);
  await hub.call('add', repoId, { 'model.safetensors': { file } });
  // A backend of its own for each run: what one has grown by, the next does not grow by again.
  for (let run = 0; run < runs; run += 1) {
    const probe = path.join(folder, `probe-${run}.json`);
    await withGoya(
      folder,
      hub,
      async (goya) => {
        const before = await settledBytes(goya.pid);
        await readProbe(goya, probe);
        const watch = watchMemory(goya.pid);
        await download(goya, repoId);
        const most = await watch.stop();
        const { delayMs, cpuMs } = await readProbe(goya, probe);
        report.note('1 GiB: growth of RSS', (most - before) / 1e6, { unit: 'MB', most: 80, worst: true });
        report.note('1 GiB: longest block of the event loop', delayMs, { unit: 'ms', most: 50, worst: true });
        report.note('1 GiB: CPU time of the backend', cpuMs, { unit: 'ms' });
        await removeModels(goya);
      },
      readProbe.environment(probe),
    );
  }
}

/** The most that a process holds, looked at every 20 ms. */
function watchMemory(pid) {
  let most = 0;
  let watching = true;
  const watched = (async () => {
    while (watching) {
      most = Math.max(most, await residentBytes(pid));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    stop: async () => {
      watching = false;
      await watched;
      return most;
    },
  };
}
