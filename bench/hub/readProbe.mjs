import { readFile, rm } from 'node:fs/promises';

/** What the probe in that backend measured since it was asked last. */
export async function readProbe(client, file) {
  await rm(file, { force: true });
  process.kill(client.pid, 'SIGUSR2');
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return JSON.parse(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Makes a backend that is started with it load the probe, which answers into that file. */
readProbe.environment = (file) => ({
  NODE_OPTIONS: `--import=${new URL('./probe.mjs', import.meta.url).href}`,
  GOYA_BENCH_PROBE: file,
});
