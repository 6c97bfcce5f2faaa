/** Runs, points and checkpoints for the dashboard's tests: what a backend would hold, made by a formula. */
import { randomUUID } from 'node:crypto';
import {
  panelCommand,
  panelFileUri,
  panelSaveFile,
  panelSubscribe,
  panelTopic,
  panelUnsubscribe,
} from '../../../protocol/api/panel';
import {
  trainingCheckpoints,
  trainingMetrics,
  trainingSamplePictures,
  trainingSamples,
} from '../../../protocol/api/training';
import type { Checkpoint, EpochSamples, MetricPoint, Run } from '../../../protocol/model/run';
import type { SamplePictures } from '../../../protocol/model/samplePictures';
import type { PostMessagePeer } from '../../../protocol/wire/postMessage';

export const start = Date.parse('2026-11-20T10:00:00Z');

export function fakeRun(part: Partial<Run> = {}): Run {
  return {
    id: randomUUID(),
    name: 'keywords',
    task: 'audio-classification',
    state: 'running',
    progress: 0.4,
    epoch: 12,
    epochs: 30,
    step: 480,
    metrics: { loss: 0.31, accuracy: 0.9, val_loss: 0.34, val_accuracy: 0.92 },
    engine: 'tensorflow',
    engineReason: 'The native TensorFlow engine 2.18.1 is installed.',
    config: {},
    configPath: '/ws/keywords.train.json',
    createdAt: new Date(start).toISOString(),
    startedAt: new Date(start).toISOString(),
    seq: 10,
    ...part,
  };
}

/** A falling loss with noise at every step, validation after each epoch. */
export function fakePoints(steps: number, perEpoch: number, seed = 1): MetricPoint[] {
  let random = seed * 7919;
  const noise = (): number => {
    random = (random * 1103515245 + 12345) % 2147483648;
    return random / 2147483648 - 0.5;
  };
  const points: MetricPoint[] = [];
  for (let step = 1; step <= steps; step++) {
    // As the trainer counts: finished epochs.
    const epoch = Math.floor((step - 1) / perEpoch);
    const at = new Date(start + step * 50).toISOString();
    const loss = 2.2 * Math.exp((-step / steps) * 4) + 0.08 + 0.15 * noise() * Math.exp(-step / steps);
    const push = (name: string, value: number, of = epoch): number =>
      points.push({ step, epoch: of, name, value, at });
    push('batch_loss', Math.max(0.01, loss));
    push('batch_accuracy', Math.min(1, Math.max(0, 1 - loss / 2.6 + 0.02 * noise())));
    push('learning_rate', 0.0005 * (1 + Math.cos((Math.PI * step) / steps)));
    if (step % perEpoch === 0) {
      push('loss', loss * 1.3, epoch + 1);
      push('accuracy', Math.min(1, Math.max(0, 1 - loss / 2)), epoch + 1);
      push('val_loss', loss * 1.1 + 0.03, epoch + 1);
      push('val_accuracy', Math.min(1, Math.max(0, 0.98 - loss / 2.6)), epoch + 1);
    }
  }
  return points;
}

export function fakeCheckpoints(run: Run, perEpoch: number, count: number, best: number): Checkpoint[] {
  return Array.from({ length: count }, (_, i) => ({
    id: randomUUID(),
    runId: run.id,
    epoch: i + 1,
    step: (i + 1) * perEpoch,
    loss: 1 / (i + 1) + 0.1,
    accuracy: 1 - 0.5 / (i + 1),
    path: `/ws/models/${run.name}/checkpoints/${i + 1}`,
    best: i + 1 === best,
    createdAt: new Date(start + (i + 1) * perEpoch * 50).toISOString(),
  }));
}

/** The panel's and backend's side of the dashboard, with what was asked kept for the test to look at. */
export class FakeRuns {
  readonly runs = new Map<string, Run>();
  readonly points = new Map<string, MetricPoint[]>();
  readonly checkpoints = new Map<string, Checkpoint[]>();
  readonly commands: { command: string; args: unknown[] }[] = [];
  readonly samples = new Map<string, EpochSamples[]>();
  /** By epoch. */
  readonly pictures = new Map<number, SamplePictures[]>();
  readonly sinces: (string | undefined)[] = [];
  readonly saved: { readonly name: string; readonly bytes: Buffer }[] = [];
  private peer: PostMessagePeer | undefined;
  private token: string | number | undefined;

  add(run: Run, points: MetricPoint[] = [], checkpoints: Checkpoint[] = []): Run {
    this.runs.set(run.id, run);
    this.points.set(run.id, points);
    this.checkpoints.set(run.id, checkpoints);
    return run;
  }

  serve = (peer: PostMessagePeer, origin: string): void => {
    this.peer = peer;
    peer.handle(panelSubscribe, ({ token }) => {
      this.token = token;
      return Promise.resolve({ items: [...this.runs.values()] });
    });
    peer.handle(panelUnsubscribe, () => Promise.resolve({}));
    peer.handle(panelCommand, ({ command, args }) => {
      this.commands.push({ command, args });
      return Promise.resolve({});
    });
    peer.handle(panelFileUri, ({ path }) => Promise.resolve({ uri: `${origin}/ws${path}` }));
    peer.handle(panelSaveFile, ({ name, base64 }) => {
      this.saved.push({ name, bytes: Buffer.from(base64, 'base64') });
      return Promise.resolve({ path: `/ws/${name}` });
    });
    peer.handle(trainingSamples, ({ id }) => Promise.resolve({ epochs: this.samples.get(id) ?? [] }));
    peer.handle(trainingSamplePictures, ({ epoch }) =>
      Promise.resolve({ items: this.pictures.get(epoch) ?? [] }),
    );
    peer.handle(trainingMetrics, ({ id, since }) => {
      this.sinces.push(since);
      const all = this.points.get(id) ?? [];
      return Promise.resolve({ points: since === undefined ? all : all.filter((point) => point.at > since) });
    });
    peer.handle(trainingCheckpoints, ({ id }) =>
      Promise.resolve({ checkpoints: this.checkpoints.get(id) ?? [] }),
    );
  };

  change(id: string, part: Partial<Run>, heard = true): void {
    const old = this.runs.get(id);
    if (old === undefined) throw new Error(`no run ${id}`);
    const next = { ...old, ...part, seq: old.seq + 1 };
    this.runs.set(id, next);
    if (heard && this.token !== undefined) this.peer?.notify(panelTopic, { token: this.token, value: next });
  }
}
