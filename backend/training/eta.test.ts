import { describe, expect, it } from 'vitest';
import { Eta } from './eta';
import { Reporter } from './reporter';
import { SystemProbe } from './system';
import { pointsOf, type FromTrainer } from './trainerProtocol';

/** A run of epochs of ten steps, each as long as `step` says, with `pause` seconds after each epoch. */
function run(step: (index: number) => number, pause: number, until: number, epochs = 10): Eta {
  let now = 100;
  const eta = new Eta(() => now);
  eta.start({ stepsPerEpoch: 10, epochs });
  for (let index = 1; index <= until; index += 1) {
    now += step(index) + (index > 1 && index % 10 === 1 ? pause : 0);
    eta.progress(index, Math.floor((index - 1) / 10));
  }
  return eta;
}

describe('Eta', () => {
  it('says nothing before enough steps are measured, and not from the first, which compiles', () => {
    expect(run(() => 1, 0, 5).seconds).toBeUndefined();
    expect(run(() => 0.01, 0, 9).seconds).toBeUndefined();
    expect(run((index) => (index === 1 ? 60 : 1), 0, 8).seconds).toBeCloseTo(92, 5);
  });

  it('counts the pauses of the epochs that are left, and not as steps', () => {
    // Half of 100 steps are left, and the pauses after epochs 5 to 10.
    expect(run(() => 1, 30, 50).seconds).toBeCloseTo(50 + 6 * 30, 5);
  });

  it('passes over a machine that slept, and follows a change of pace', () => {
    expect(run((index) => (index === 25 ? 36_000 : 1), 0, 28).seconds).toBeCloseTo(72, 5);
    const slower = run((index) => (index < 500 ? 1 : 3), 0, 900, 100);
    expect(slower.seconds).toBeCloseTo(300, 5);
  });

  it('is over at the end', () => {
    expect(run(() => 1, 0, 100).seconds).toBeLessThan(1.5);
  });
});

describe('SystemProbe', () => {
  it('reads at most once a second and keeps ever fewer points of a long run', () => {
    let now = 0;
    let cpu = 0;
    const probe = new SystemProbe({
      now: () => now,
      cpuUsage: () => ({ user: cpu * 1e6, system: 0 }),
      memory: () => ({ rss: 5e8, heapUsed: 1e8 }),
      tensors: () => ({ numTensors: 40, numBytes: 4e6 }),
    });
    let readings = 0;
    let points = 0;
    for (let tick = 0; tick < 10 * 3600 * 4; tick += 1) {
      now += 0.25;
      cpu += 0.45;
      const reading = probe.read();
      if (reading === undefined) continue;
      readings += 1;
      expect(reading.system).toMatchObject({ cpuPercent: 180, tensors: 40 });
      if (Object.keys(reading.points).length > 0) points += 1;
    }
    expect(readings).toBe(36_000);
    expect(points).toBeGreaterThan(1000);
    expect(points).toBeLessThan(2500);
  });
});

describe('Reporter', () => {
  it('holds everything back while the last message is on its way, and loses none of it', () => {
    let now = 0;
    let busy = false;
    const sent: FromTrainer[] = [];
    const reporter = new Reporter((message) => sent.push(message), { now: () => now, isBusy: () => busy });
    const steps = (from: number): void => {
      for (let step = from; step < from + 50; step += 1) {
        now += 50;
        reporter.add(step, 0, { loss: step });
      }
    };
    steps(1);
    const before = sent.length;
    busy = true;
    steps(51);
    expect(sent).toHaveLength(before);
    busy = false;
    steps(101);
    reporter.flush();
    const points = sent.flatMap((message) => (message.type === 'progress' ? pointsOf(message.records) : []));
    expect(points.map((point) => point.value)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
  });
});
