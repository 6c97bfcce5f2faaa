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

/** Once it has settled: the least of some readings. */
export async function settledBytes(pid) {
  const readings = [];
  for (let i = 0; i < 5; i += 1) {
    readings.push(await residentBytes(pid));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return Math.min(...readings);
}
