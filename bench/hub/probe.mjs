// Loaded into the backend that is measured: on SIGUSR2 it writes what happened since the last time, and begins anew.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env.GOYA_BENCH_PROBE;
if (isMainThread && file) {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  let before = process.cpuUsage();
  process.on('SIGUSR2', () => {
    const { user, system } = process.cpuUsage(before);
    const delayMs = Math.max(0, delay.max / 1e6 - resolution);
    writeFileSync(file, `${JSON.stringify({ delayMs, cpuMs: (user + system) / 1000 })}\n`);
    delay.reset();
    before = process.cpuUsage();
  });
}
