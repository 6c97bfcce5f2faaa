import { readFile } from 'node:fs/promises';
import { run } from '../../scripts/lib/run.mjs';

/** Resident memory of a process, in bytes. */
export async function residentBytes(pid) {
  if (process.platform === 'linux')
    return Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/fi', `PID eq ${pid}`, '/fo', 'csv', '/nh']);
    return Number(stdout.split('","')[4].replaceAll(/\D/g, '')) * 1024;
  }
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1024;
}

/** What a process has for itself alone: not the program's own pages, which all of its kind share. Elsewhere all of it. */
export async function privateBytes(pid) {
  if (process.platform !== 'linux') return residentBytes(pid);
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...rollup.matchAll(/^Private_\w+:\s+(\d+)/gm)].reduce(
    (sum, [, kib]) => sum + Number(kib) * 1024,
    0,
  );
}

/** Once it has settled: the last of five readings in a row that are alike, or of those of ten seconds. */
export async function settledBytes(pid, measure = residentBytes) {
  let readings = [];
  for (let looks = 0; looks < 50 && readings.length < 5; looks += 1) {
    const bytes = await measure(pid);
    const alike = readings.every((before) => Math.abs(before - bytes) < 1e6);
    readings = alike ? [...readings, bytes] : [bytes];
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return readings.at(-1);
}
