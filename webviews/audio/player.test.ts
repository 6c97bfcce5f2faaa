import { describe, expect, it, vi } from 'vitest';
import type { AudioOutput } from './audioOutput';
import { Deck } from './deck';
import { Player } from './player';
import { decodedSamples } from './samples';
import type { Range } from './view';

const rate = 1000;
/** Every sample is its own number. */
const count = (frames: number) =>
  decodedSamples({ sampleRate: rate, channels: [Float32Array.from({ length: frames }, (_, i) => i)] });

class FakeOutput implements AudioOutput {
  time = 0;
  refuses = false;
  readonly played: { when: number; samples: number[]; stopped: boolean }[] = [];
  start(): Promise<void> {
    return this.refuses ? Promise.reject(new Error('no device')) : Promise.resolve();
  }
  play(channels: readonly Float32Array[], _: number, when: number) {
    const entry = { when, samples: [...(channels[0] ?? [])], stopped: false };
    this.played.push(entry);
    return { stop: () => (entry.stopped = true) };
  }
  close(): void {
    this.played.length = 0;
  }
  /** Samples of what is still to be heard, in order. */
  get heard(): number[] {
    return this.played.filter(({ stopped }) => !stopped).flatMap(({ samples }) => samples);
  }
}

function player(frames: number, loop?: Range) {
  const output = new FakeOutput();
  const onError = vi.fn();
  const state = { loop };
  const made = new Player({
    samples: count(frames),
    output,
    loop: () => state.loop,
    onChange: vi.fn(),
    onError,
  });
  /** Time goes on in steps of a frame of the screen, or so. */
  const run = async (seconds: number): Promise<void> => {
    for (let step = 0; step < Math.round(seconds / 0.05); step++) {
      output.time += 0.05;
      made.tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { output, made, onError, state, run };
}

describe('the player', () => {
  it('plays every sample once, one piece on the other, to the end', async () => {
    const { output, made, run } = player(3000);
    await made.play();
    await run(0.5);
    expect(made.time).toBeGreaterThan(0.4);
    expect(made.time).toBeLessThan(0.5);
    // A second ahead, not the whole recording.
    expect(output.heard.length).toBeLessThan(2100);
    await run(3);
    expect(output.played.flatMap(({ samples }) => samples)).toEqual(
      Array.from({ length: 3000 }, (_, i) => i),
    );
    for (const [i, piece] of output.played.entries()) {
      const before = output.played[i - 1];
      if (before !== undefined) expect(piece.when).toBeCloseTo(before.when + before.samples.length / rate);
    }
    expect([made.playing, made.time]).toEqual([false, 3]);
    await made.play();
    expect(made.time).toBeLessThan(0.1);
  });

  it('pauses where it is, and goes on from there', async () => {
    const { output, made, run } = player(5000);
    made.seek(1.5);
    await made.toggle();
    await run(0.5);
    await made.toggle();
    const { time } = made;
    expect(time).toBeGreaterThan(1.9);
    const coming = output.played.filter(({ when, samples }) => when + samples.length / rate > output.time);
    expect(coming.map(({ stopped }) => stopped)).toEqual(coming.map(() => true));
    await run(1);
    expect(made.time).toBe(time);
    await made.play();
    await run(0.1);
    expect(output.heard).toContain(Math.round(time * rate));
    expect(output.played.find(({ stopped, when }) => !stopped && when > output.time - 0.2)?.samples[0]).toBe(
      Math.round(time * rate),
    );
  });

  it('loops at the very sample', async () => {
    const { output, made, run } = player(5000, { from: 1, to: 1.3 });
    await made.play();
    await run(1);
    const all = output.heard.slice(0, 900);
    expect(all).toEqual(Array.from({ length: 900 }, (_, i) => 1000 + (i % 300)));
    expect(made.time).toBeGreaterThanOrEqual(1);
    expect(made.time).toBeLessThan(1.3);
  });

  it('takes back what was scheduled when the loop or the speed changes', async () => {
    const { output, made, run, state } = player(5000);
    await made.play();
    await run(0.2);
    state.loop = { from: 0, to: 0.4 };
    made.loopChanged();
    await run(0.5);
    expect(Math.max(...output.heard)).toBeLessThan(400);
    state.loop = undefined;
    made.loopChanged();
    made.setSpeed(2);
    const from = made.time;
    await run(0.5);
    expect(made.time - from).toBeGreaterThan(0.8);
    expect(made.time - from).toBeLessThan(1.1);
  });

  it('seeks within the recording only, and is silent once it is disposed', async () => {
    const { output, made } = player(1000);
    made.seek(-3);
    expect(made.time).toBe(0);
    made.seek(99);
    expect(made.time).toBe(1);
    await made.play();
    await vi.waitFor(() => expect(output.played.length).toBeGreaterThan(0));
    made.dispose();
    expect(made.playing).toBe(false);
    expect(output.heard).toEqual([]);
  });

  it('says why nothing is heard', async () => {
    const { output, made, onError } = player(1000);
    output.refuses = true;
    await made.play();
    expect(onError).toHaveBeenCalledTimes(1);
    expect(made.playing).toBe(false);
  });
});

describe('two recordings', () => {
  const track = (frames: number, offset: number) => ({
    file: { name: 'x.wav', sizeBytes: 1, version: '' },
    samples: count(frames),
    scanned: { peaks: [], done: 0, figures: undefined },
    offset,
  });

  it('are heard from the same place of the timeline', async () => {
    const output = new FakeOutput();
    const deck = new Deck({
      tracks: [track(4000, 0), track(4000, 0.5)],
      output,
      loop: () => undefined,
      onChange: vi.fn(),
      onError: vi.fn(),
    });
    deck.seek(2);
    await deck.hear(1);
    expect([deck.active, deck.time]).toEqual([1, 2]);
    await deck.play();
    await vi.waitFor(() => expect(output.heard[0]).toBe(1500));
    await deck.hear(0);
    expect(deck.playing).toBe(true);
    await vi.waitFor(() => expect(output.heard[0]).toBe(2000));
    deck.dispose();
  });
});
