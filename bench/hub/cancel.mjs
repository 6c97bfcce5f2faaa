/** How soon a cancelled download answers, and whether it leaves a socket open. */
import path from 'node:path';
import { option } from '../lib/options.mjs';
import { randomFile, withFolder } from './content.mjs';
import { withGoya } from './goya.mjs';
import { HubProcess } from './hubClient.mjs';
import { timed } from './others.mjs';

const repoId = 'bench/cancel';

/** @param {import('../lib/report.mjs').Report} report */
export async function cancel(report) {
  const runs = Number(option('--runs') ?? 10);
  const hub = await HubProcess.start();
  try {
    await withFolder((folder) =>
      withGoya(folder, hub, (goya) => measure(report, { goya, runs, hub, folder })),
    );
  } finally {
    await hub.stop();
  }
}

async function measure(report, { goya, runs, hub, folder }) {
  const file = path.join(folder, 'source', 'model.safetensors');
  await randomFile(file, 1 << 30);
  await hub.call('add', repoId, { 'model.safetensors': { file } });
  await hub.call('fault', { host: 'cdn', bytesPerSecond: 20_000_000 });
  for (let run = 0; run < runs; run += 1) {
    const { id } = await goya.call('downloads/start', { repoId, include: ['*'] });
    while ((await goya.call('downloads/get', { id })).bytesDone < 5_000_000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const ms = await timed(() => goya.call('downloads/cancel', { id }));
    report.note('downloads/cancel answered', ms, { unit: 'ms', most: 200, worst: true });
    // The hub hears of a closed socket a moment later; a kept-alive one would stay for seconds.
    await new Promise((resolve) => setTimeout(resolve, 100));
    report.note('transfers left open after it', await hub.call('busy'), { unit: '', most: 0, worst: true });
    await goya.call('downloads/cancel', { id, discard: true });
  }
}
