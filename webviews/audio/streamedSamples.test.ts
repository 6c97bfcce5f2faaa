import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { memorySource } from './byteSource';
import { openSound } from './openSound';
import { scan } from './scan';

const never = (): Promise<never> => Promise.reject(new Error('not asked'));
const signal = new AbortController().signal;
const folder = path.resolve(import.meta.dirname, '../../ml/audio/decode/testdata');
const clip = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(path.join(folder, name)));

it.each(['stereo.mp3', 'stereo.flac', 'stereo.opus', 'stereo.ogg', 'flac.oga'])(
  '%s is decoded once, and read where it is wanted',
  async (name) => {
    const samples = await openSound(name, memorySource(await clip(name)), never);
    expect(samples.seconds).toBe(1);
    // Asked for before anything is decoded: it waits.
    const late = samples.read(Math.round(samples.frames / 2), 100);
    const { figures, peaks } = await scan(samples, () => undefined, signal);
    expect(figures?.peakDb).toBeGreaterThan(-8);
    expect(peaks[0]?.columns(0, samples.frames, 1).high[0]).toBeGreaterThan(0.4);
    const [left] = await late;
    expect(left).toHaveLength(100);
    expect(Math.max(...(left ?? []))).toBeGreaterThan(0.1);
    expect((await samples.read(samples.frames - 5, 50))[0]).toHaveLength(5);
    expect((await samples.readMany([0, 100], 10)).map(([channel]) => channel?.length)).toEqual([10, 10]);
  },
);

it('a file that is cut off says what is missing, and shows what is there', async () => {
  const silent = vi.spyOn(console, 'error').mockReturnValue();
  const whole = await clip('stereo.flac');
  const samples = await openSound('cut.flac', memorySource(whole.slice(0, whole.length / 2)), never);
  let done = 0;
  await expect(scan(samples, (scanned) => (done = scanned.done), signal)).rejects.toThrow(/cut off/);
  expect(done).toBeGreaterThan(3000);
  silent.mockRestore();
});

it('a name is not believed', async () => {
  const samples = await openSound('wrong.wav', memorySource(await clip('mono.mp3')), never);
  expect(samples.compressed?.kind).toBe('mp3');
});
