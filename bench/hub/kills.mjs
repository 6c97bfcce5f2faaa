/** A download over a bad line whose backend is killed again and again: it completes, and little comes twice. */
import { createHash, randomInt } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../scripts/lib/failure.mjs';
import { randomFile, withFolder } from './content.mjs';
import { completed, startGoya } from './goya.mjs';
import { HubProcess } from './hubClient.mjs';

const size = 1 << 30;
const times = 20;
const repoId = 'bench/kills';

/** @param {import('../lib/report.mjs').Report} report */
export async function kills(report) {
  const hub = await HubProcess.start();
  try {
    await withFolder((folder) => measure(report, hub, folder));
  } finally {
    await hub.stop();
  }
}

async function measure(report, hub, folder) {
  const file = path.join(folder, 'source', 'model.safetensors');
  const expected = await randomFile(file, size);
  await hub.call('add', repoId, { 'model.safetensors': { file } });
  await injectFaults(hub);
  const killed = await killedAgainAndAgain(folder, hub);
  const hash = createHash('sha256');
  const arrived = path.join(folder, 'models', ...repoId.split('/'), 'model.safetensors');
  for await (const chunk of createReadStream(arrived, { highWaterMark: 1 << 20 })) hash.update(chunk);
  if (hash.digest('hex') !== expected) throw new Failure('the file that arrived is a wrong one');
  const again = ((await hub.call('sent')) - size) / size;
  report.note('kill -9 during a download', killed, { unit: 'times', least: times });
  report.note('bytes sent twice over all kills', again * 100, { unit: '%', most: 5 });
}

/** Answers how often it was killed before the download was complete. */
async function killedAgainAndAgain(folder, hub) {
  let goya = await startGoya(folder, hub);
  try {
    const { id } = await goya.call('downloads/start', { repoId, include: ['*'] });
    let killed = 0;
    for (; killed < times; killed += 1) {
      // Somewhere in the next twentieth of the file.
      const mark = ((killed + randomInt(10, 95) / 100) / times) * size;
      if (!(await reached(goya, id, mark))) break;
      goya.child.kill('SIGKILL');
      await goya.exited;
      goya = await startGoya(folder, hub);
    }
    await completed(goya, id);
    await goya.stop();
    return killed;
  } finally {
    goya.child.kill('SIGKILL');
  }
}

/** A slow, bad line: the server's pace keeps what lies in sockets small, so that what it sent was received. */
async function injectFaults(hub) {
  for (let i = 0; i < 8; i += 1) {
    const skip = randomInt(2, 40);
    const fault = [
      { status: 503, headers: { 'retry-after': '0' } },
      { dropAfter: 3_000_000 },
      { stallAfter: 2_000_000 },
    ][i % 3];
    await hub.call('fault', { host: 'cdn', times: 1, skip, bytesPerSecond: 8_000_000, ...fault });
  }
  await hub.call('fault', { host: 'cdn', bytesPerSecond: 8_000_000 });
}

/** False when it completed before. */
async function reached(client, id, bytes) {
  for (;;) {
    const { state, bytesDone } = await client.call('downloads/get', { id });
    if (state === 'failed') throw new Failure('the download failed');
    if (state === 'completed') return false;
    if (bytesDone >= bytes) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
