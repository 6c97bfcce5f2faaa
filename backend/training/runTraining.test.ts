import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutPermissions } from '../../tests/fixtures/permissions';
import { z } from 'zod';
import { loadTrained } from '../../ml/trained/load';
import { classifyRows } from '../../ml/trained/tabular';
import tabular from '../plugins/tabular-classification/index';
import { defineTrainingTask, type TrainingSetup, type TrainingTask } from '../sdk/trainingTask';
import { loadEngine } from './engines/load';
import { Reporter } from './reporter';
import { runTraining } from './runTraining';
import { readSamples } from './samples';
import { pointsOf, type FromTrainer, type StartMessage } from './trainerProtocol';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-run-'));
  await writeFile(path.join(folder, 'points.csv'), points());
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Three rings of 20 points with a colour that helps: needs more than a line, learns in a few epochs. */
function points(): string {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const ring = i % 3;
    const angle = i * 2.4;
    return `${((ring + 1) * Math.cos(angle)).toFixed(3)},${((ring + 1) * Math.sin(angle)).toFixed(3)},${ring === 1 ? 'red' : 'blue'},${['in', 'mid', 'out'][ring] ?? ''}`;
  });
  return `x,y,colour,label\n${rows.join('\n')}\n`;
}

interface Asked {
  readonly task?: TrainingTask;
  readonly data?: object;
  readonly model?: object;
  readonly training?: object;
  readonly resume?: boolean;
  readonly name?: string;
  readonly engine?: StartMessage['engine'];
  /** Told each message; may abort. */
  readonly watch?: (message: FromTrainer, stop: AbortController) => void;
}

async function train(asked: Asked): Promise<FromTrainer[]> {
  const stop = new AbortController();
  const messages: FromTrainer[] = [];
  const name = asked.name ?? 'run';
  const reporter = new Reporter((message) => {
    messages.push(message);
    asked.watch?.(message, stop);
  });
  await runTraining({
    message: {
      type: 'start',
      runId: name,
      name,
      config: {
        task: 'tabular-classification',
        data: asked.data ?? { path: 'points.csv' },
        model: asked.model ?? { hidden: [16] },
        training: { batchSize: 16, seed: 4, optimizer: { learningRate: 0.01 }, ...asked.training },
      },
      basePath: folder,
      outputPath: path.join(folder, name, 'out'),
      checkpointsPath: path.join(folder, name, 'checkpoints'),
      task: { id: 'tabular-classification', entry: '' },
      engine: asked.engine ?? 'cpu',
      storagePath: folder,
      resume: asked.resume ?? false,
    },
    task: asked.task ?? tabular,
    startEngine: (choice) => loadEngine(choice, { storagePath: folder }),
    reporter,
    signal: stop.signal,
  });
  return messages;
}

const ofType = <T extends FromTrainer['type']>(messages: FromTrainer[], type: T) =>
  messages.filter((message): message is Extract<FromTrainer, { type: T }> => message.type === type);

/** name/epoch/step → value of every point. */
function curve(messages: FromTrainer[]): Map<string, number> {
  const all = ofType(messages, 'progress').flatMap((message) => pointsOf(message.records));
  return new Map(all.map((point) => [`${point.name} ${point.epoch} ${point.step}`, point.value]));
}

function expectSameCurve(got: Map<string, number>, expected: Map<string, number>): void {
  for (const [key, value] of got)
    expect(Math.abs(value - (expected.get(key) ?? NaN)), key).toBeLessThan(1e-5);
}

describe('a run', () => {
  it('learns, reports, and leaves a model that the shared prediction code runs', async () => {
    const messages = await train({ training: { epochs: 30, checkpoints: { keep: 2 } } });
    const [started] = ofType(messages, 'started');
    expect(started).toMatchObject({ engine: 'cpu', stepsPerEpoch: 3, epochs: 30, step: 0 });
    const end = messages.at(-1);
    expect(end).toMatchObject({ type: 'ended', state: 'completed', epoch: 30, step: 90 });
    const names = new Set([...curve(messages).keys()].map((key) => key.split(' ')[0]));
    expect(names).toEqual(
      new Set([
        'batch_loss',
        'batch_accuracy',
        'learning_rate',
        'loss',
        'accuracy',
        'val_loss',
        'val_accuracy',
        'val_macro_f1',
      ]),
    );
    expect((await readdir(path.join(folder, 'run', 'checkpoints'))).length).toBeLessThanOrEqual(3);

    const out = path.join(folder, 'run', 'out');
    expect((await readdir(out)).sort()).toEqual(
      [
        'README.md',
        'config.json',
        'goya.json',
        'metrics.json',
        'model.json',
        'report.json',
        'weights.bin',
      ].sort(),
    );
    const trained = await loadTrained({ read: (name) => readFile(path.join(out, name)) });
    expect(trained.metadata).toMatchObject({
      labels: ['in', 'mid', 'out'],
      seed: 4,
      engine: { name: 'cpu' },
    });
    const [near, mid] = await classifyRows(trained, [
      { x: 0.9, y: 0.2, colour: 'blue' },
      { x: 1.9, y: 0.3, colour: 'red' },
    ]);
    expect([near?.[0]?.label, mid?.[0]?.label]).toEqual(['in', 'mid']);
    const metrics = JSON.parse(await readFile(path.join(out, 'metrics.json'), 'utf8')) as {
      history: unknown[];
    };
    expect(metrics.history).toHaveLength(30);
    expect(trained.metadata.confusion?.flat().reduce((sum, count) => sum + count, 0)).toBe(12);
  });

  it('gives the same curve for the same seed and another for another', async () => {
    const first = curve(await train({ name: 'a', training: { epochs: 2 } }));
    expect(curve(await train({ name: 'b', training: { epochs: 2 } }))).toEqual(first);
    expect(curve(await train({ name: 'c', training: { epochs: 2, seed: 5 } }))).not.toEqual(first);
  });

  it('resumed after two epochs it goes on as if it had never stopped', async () => {
    const schedule = { type: 'cosine', warmupSteps: 2 };
    const whole = curve(await train({ name: 'whole', training: { epochs: 4, schedule } }));
    const watch: Asked['watch'] = (message, stop) => {
      if (message.type === 'checkpoint' && message.epoch === 2) stop.abort(new Error('stopped'));
    };
    const firstHalf = await train({ name: 'half', training: { epochs: 4, schedule }, watch });
    expect(firstHalf.at(-1)).toMatchObject({ type: 'ended', state: 'stopped', epoch: 2, step: 6 });
    expect(await readdir(path.join(folder, 'half'))).not.toContain('out');
    const secondHalf = await train({ name: 'half', training: { epochs: 4, schedule }, resume: true });
    expect(ofType(secondHalf, 'started')[0]).toMatchObject({ step: 6, epoch: 2 });
    expect(secondHalf.at(-1)).toMatchObject({ state: 'completed', epoch: 4 });
    // What was measured before is told again, for a backend that died before it had stored it.
    const told = pointsOf(ofType(secondHalf, 'started')[0]?.told ?? []);
    const known = new Map(told.map(({ name, epoch, step, value }) => [`${name} ${epoch} ${step}`, value]));
    for (const key of ['val_loss 2 6', 'loss 1 3', 'batch_loss 0 1', 'learning_rate 1 6'])
      expect([key, known.get(key)]).toEqual([key, whole.get(key)]);
    const both = new Map([...curve(firstHalf), ...curve(secondHalf)]);
    expect(new Set(both.keys())).toEqual(new Set(whole.keys()));
    expectSameCurve(both, whole);
  });

  it('resumed in the middle of an epoch it takes the very next step', async () => {
    const whole = curve(await train({ name: 'whole', engine: 'wasm', training: { epochs: 3 } }));
    let steps = 0;
    const task = counted(() => (steps += 1) === 4);
    const stopped = await train({
      name: 'part',
      task: task.task,
      engine: 'wasm',
      training: { epochs: 3 },
      watch: task.watch,
    });
    expect(stopped.at(-1)).toMatchObject({ state: 'stopped', epoch: 1, step: 4 });
    const rest = await train({ name: 'part', engine: 'wasm', training: { epochs: 3 }, resume: true });
    expect(ofType(rest, 'started')[0]).toMatchObject({ step: 4, epoch: 1 });
    expectSameCurve(new Map([...curve(stopped), ...curve(rest)]), whole);
    expect(curve(rest).has('loss 2 6')).toBe(true);
  });

  it('passes over a damaged checkpoint to the one before it', async () => {
    const watch: Asked['watch'] = (message, stop) => {
      if (message.type === 'checkpoint' && message.epoch === 3) stop.abort(new Error('stopped'));
    };
    await train({ training: { epochs: 4 }, watch });
    const last = path.join(folder, 'run', 'checkpoints', 'epoch-0003-step-000009');
    await truncate(path.join(last, 'optimizer.bin'), 10);
    await mkdir(path.join(folder, 'run', 'checkpoints', '.goya-aside-half-written'));
    const [started] = ofType(await train({ training: { epochs: 4 }, resume: true }), 'started');
    expect(started).toMatchObject({ step: 6, epoch: 2 });
    expect(started?.damaged[0]).toMatch(/optimizer\.bin is damaged/);
    expect(await readdir(path.join(folder, 'run', 'checkpoints'))).not.toContain('.goya-aside-half-written');
  });

  it('puts out the newest whole checkpoint when somebody deleted the best one, and says so', async () => {
    // Too slow to get better: the first epoch stays the best.
    const optimizer = { type: 'sgd', learningRate: 1e-9 };
    const training = { epochs: 4, optimizer, checkpoints: { monitor: 'val_accuracy' } };
    const watch: Asked['watch'] = (message, stop) => {
      if (message.type === 'checkpoint' && message.epoch === 3) stop.abort(new Error('stopped'));
    };
    await train({ training, watch });
    await rm(path.join(folder, 'run', 'checkpoints', 'epoch-0001-step-000003'), { recursive: true });
    const end = (await train({ training, resume: true })).at(-1);
    expect(end).toMatchObject({ type: 'ended', state: 'completed' });
    expect(end).toHaveProperty('notice', expect.stringMatching(/epoch 4\. .*epoch-0001-step-000003/));
    const metrics: unknown = JSON.parse(
      await readFile(path.join(folder, 'run', 'out', 'metrics.json'), 'utf8'),
    );
    expect(metrics).toMatchObject({ epoch: 4 });
  });

  it('ends early when nothing gets better, and puts out the best epoch', async () => {
    const earlyStopping = { monitor: 'val_loss', patience: 2 };
    const optimizer = { type: 'sgd', learningRate: 3 };
    const messages = await train({ training: { epochs: 200, optimizer, earlyStopping, clipNorm: 1 } });
    const end = messages.at(-1) as Extract<FromTrainer, { type: 'ended' }>;
    expect(end).toMatchObject({ state: 'completed', early: true });
    expect(end.epoch).toBeLessThan(200);
    const losses = ofType(messages, 'progress').flatMap((m) =>
      pointsOf(m.records).filter((p) => p.name === 'val_loss'),
    );
    expect(end.metrics['val_loss']).toBe(Math.min(...losses.map((point) => point.value)));
  });

  it('goes on with mixed optimizers along the same curve', async () => {
    const training = {
      optimizer: {
        type: 'adam',
        learningRate: 0.01,
        groups: [
          { match: 'probabilities', type: 'momentum', learningRate: 0.05 },
          { match: '*/bias', type: 'adagrad' },
        ],
      },
      clipValue: 0.5,
      classWeights: 'balanced',
      schedule: { type: 'cosine', warmupSteps: 2 },
    };
    const whole = await train({ name: 'whole', training: { ...training, epochs: 4 } });
    const watch = (message: FromTrainer, stop: AbortController): void => {
      if (message.type === 'checkpoint' && message.epoch === 2) stop.abort(new Error('stopped'));
    };
    await train({ training: { ...training, epochs: 4 }, watch });
    const rest = await train({ training: { ...training, epochs: 4 }, resume: true });
    expect(ofType(rest, 'started')[0]).toMatchObject({ epoch: 2 });
    const got = curve(rest);
    expect([...got.keys()].some((key) => key.startsWith('val_loss 4'))).toBe(true);
    expectSameCurve(got, curve(whole));
  });

  it('names the weights when a group of them matches none', async () => {
    const optimizer = { groups: [{ match: 'encoder*' }] };
    await expect(train({ training: { epochs: 1, optimizer } })).rejects.toMatchObject({
      kind: 'training.invalidConfig',
      message: expect.stringMatching(/encoder\*.*dense_1\/kernel.*probabilities\/bias/) as string,
    });
  });

  it('learns the labels that weigh something', async () => {
    const classWeights = { in: 1, mid: 0, out: 0 };
    const checkpoints = { monitor: 'loss' };
    const messages = await train({ training: { epochs: 40, classWeights, checkpoints } });
    const metrics = JSON.parse(await readFile(path.join(folder, 'run', 'out', 'metrics.json'), 'utf8')) as {
      report: { confusion: number[][]; mistakes: { label: string; text: string; line: number }[] };
    };
    expect(messages.at(-1)).toMatchObject({ state: 'completed' });
    // Whatever comes in is the one label that counted.
    expect(
      metrics.report.confusion.map((row) => row.slice(1).reduce((sum, count) => sum + count, 0)),
    ).toEqual([0, 0, 0]);
    expect(metrics.report.mistakes).toHaveLength(8);
    const out = (name: string) => readFile(path.join(folder, 'run', 'out', name), 'utf8');
    expect(JSON.parse(await out('report.json'))).toMatchObject(metrics.report);
    expect(await out('README.md')).toMatch(
      /got wrong on the validation examples[^]*\| x = .* \| (mid|out) \| in \|/,
    );
    expect(metrics.report.mistakes[0]?.text).toMatch(/^x = .*, y = .*, colour = (red|blue)$/);
  });

  it('writes what the model says of a few examples after each epoch', async () => {
    await train({ training: { epochs: 3 } });
    const samples = await readSamples(path.join(folder, 'run', 'checkpoints'));
    expect(samples.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const inputs = samples.map(({ items }) => items.map(({ input, truth }) => `${input ?? ''} ${truth}`));
    expect(inputs[0]).toHaveLength(8);
    expect(inputs[2]).toEqual(inputs[0]);
    expect(new Set(samples[0]?.items.map(({ truth }) => truth))).toEqual(new Set(['in', 'mid', 'out']));
  });

  it('says that it diverged, keeping the last good checkpoint', async () => {
    const task = poisoned(5);
    await expect(train({ task, engine: 'wasm', training: { epochs: 4 } })).rejects.toMatchObject({
      kind: 'training.diverged',
      message: expect.stringMatching(
        /after step 4 \(epoch 2, batch 2\).*learningRate.*epoch-0001-step-000003 is kept/,
      ) as string,
    });
    expect(await readdir(path.join(folder, 'run', 'checkpoints'))).toEqual(['epoch-0001-step-000003']);
    expect(await readdir(path.join(folder, 'run'))).not.toContain('out');
  });

  it('names the metrics there are when the monitor is none of them', async () => {
    const checkpoints = { monitor: 'val_happiness' };
    await expect(train({ training: { epochs: 1, checkpoints } })).rejects.toMatchObject({
      kind: 'training.invalidConfig',
      message: expect.stringMatching(/val_happiness.*val_loss/) as string,
    });
  });

  it('stops while the data is still read', async () => {
    const task: TrainingTask = {
      ...tabular,
      load: () =>
        Promise.resolve({
          prepare: ({ signal }) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
            }),
        }),
    };
    const stop = new AbortController();
    const messages: FromTrainer[] = [];
    const running = runTraining({
      message: startMessage(),
      task,
      startEngine: (choice) => {
        setTimeout(() => stop.abort(new Error('stopped')), 10);
        return loadEngine(choice, { storagePath: folder });
      },
      reporter: new Reporter((message) => messages.push(message)),
      signal: stop.signal,
    });
    await running;
    expect(messages).toMatchObject([{ type: 'ended', state: 'stopped', step: 0 }]);
  });

  it('leaves nothing half-written where it may not write', async () => {
    const out = path.join(folder, 'run');
    await writeFile(out, 'a file where the folder should be');
    await expect(train({ training: { epochs: 1 } })).rejects.toMatchObject({
      kind: 'training.outputFailed',
      message: expect.stringContaining('could not be written') as string,
    });
    expect(await readFile(out, 'utf8')).toBe('a file where the folder should be');
  });

  it.skipIf(withoutPermissions)('says that a folder is read-only', async () => {
    await chmod(folder, 0o555);
    await expect(train({ training: { epochs: 1 } })).rejects.toMatchObject({
      kind: 'training.outputFailed',
    });
    await chmod(folder, 0o755);
  });

  it('replaces an older output whole', async () => {
    const out = path.join(folder, 'run', 'out');
    await mkdir(out, { recursive: true });
    await writeFile(path.join(out, 'old.txt'), 'old');
    await train({ training: { epochs: 1 } });
    expect(await readdir(out)).not.toContain('old.txt');
    expect((await readdir(path.join(folder, 'run'))).sort()).toEqual(['checkpoints', 'out', 'samples']);
  });

  it('takes the plain engine when WebAssembly cannot train a task', async () => {
    const task = poisoned(Infinity, () => {
      if (tf.getBackend() === 'wasm') throw new Error("Kernel 'Einsum' not registered");
    });
    const startEngine = (choice: StartMessage['engine']) =>
      loadEngine(choice === 'auto' ? 'wasm' : choice, { storagePath: folder });
    const messages: FromTrainer[] = [];
    await runTraining({
      message: { ...startMessage(), engine: 'auto' },
      task,
      startEngine,
      reporter: new Reporter((message) => messages.push(message)),
      signal: new AbortController().signal,
    });
    expect(ofType(messages, 'started')[0]).toMatchObject({
      engine: 'cpu',
      engineReason: expect.stringMatching(
        /wasm cannot train this task.*Einsum.*about \d+ s for this run/,
      ) as string,
    });
  });

  it('tells of the last resort how long it will take, also where it was chosen', async () => {
    const [started] = ofType(await train({ training: { epochs: 1 } }), 'started');
    expect(started?.engineReason).toMatch(
      /^chosen in the config or the settings; plain JavaScript is the last resort: [\d.]+ m?s a step, about \d+ s for this run$/,
    );
  });

  it('tells of what auto took how fast it is, and learns as if it had not been tried', async () => {
    // An engine that starts draws random numbers of its own; here they share a process.
    await train({ name: 'warm', engine: 'auto', training: { epochs: 1 } });
    const auto = await train({ name: 'auto', engine: 'auto', training: { epochs: 2 } });
    const [started] = ofType(auto, 'started');
    expect(started?.engineReason).toMatch(/[\d.]+ m?s a step, about \d+ s for this run$/);
    const chosen = await train({
      name: 'chosen',
      engine: started?.engine ?? 'wasm',
      training: { epochs: 2 },
    });
    expectSameCurve(curve(auto), curve(chosen));
  });

  it('does not leak tensors', async () => {
    await train({ name: 'warm', engine: 'wasm', training: { epochs: 1 } });
    const numbers: number[] = [];
    const task = counted(() => {
      numbers.push(tf.memory().numTensors);
      return false;
    });
    await train({ task: task.task, engine: 'wasm', training: { epochs: 12 } });
    // The optimizer's slots come with the first step; from then on every step finds as many as the one before.
    expect(new Set(numbers.slice(1)).size).toBe(1);
  });
});

function startMessage(): StartMessage {
  return {
    type: 'start',
    runId: 'run',
    name: 'run',
    config: { task: 'tabular-classification', data: { path: 'points.csv' }, training: { epochs: 1 } },
    basePath: folder,
    outputPath: path.join(folder, 'run', 'out'),
    checkpointsPath: path.join(folder, 'run', 'checkpoints'),
    task: { id: 'tabular-classification', entry: '' },
    engine: 'cpu',
    storagePath: folder,
    resume: false,
  };
}

/** The table task, with a look at every step; a true answer asks for the stop. */
function counted(look: () => boolean): { task: TrainingTask; watch: NonNullable<Asked['watch']> } {
  let controller: AbortController | undefined;
  const task: TrainingTask = {
    ...tabular,
    load: async () => {
      const { prepare } = await tabular.load();
      return {
        prepare: async (context) => {
          const setup = await prepare(context as never);
          const loss: TrainingSetup['loss'] = (batch) => {
            if (look()) controller?.abort(new Error('stopped'));
            return setup.loss(batch);
          };
          return { ...setup, loss };
        },
      };
    },
  };
  return { task, watch: (_message, stop) => (controller = stop) };
}

/** A task whose loss is NaN from a step on. */
function poisoned(from: number, look: () => void = () => undefined): TrainingTask {
  return defineTrainingTask({
    title: 'Poisoned',
    description: 'For tests.',
    data: z.strictObject({ path: z.string() }),
    model: z.looseObject({}),
    inspect: () => Promise.resolve([]),
    load: () =>
      Promise.resolve({
        prepare: () => {
          const model = sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] });
          let step = 0;
          const setup: TrainingSetup<tf.Tensor> = {
            model,
            stepsPerEpoch: 3,
            *trainBatches() {
              for (let i = 0; i < 3; i++) yield tf.ones([2, 1]);
            },
            loss: (batch) => {
              look();
              step += 1;
              const output = tf.mean(tf.square(model.apply(batch) as tf.Tensor));
              return { loss: step >= from ? tf.mul(output, NaN) : output, examples: 2 } as never;
            },
            evaluate: () => Promise.resolve({ metrics: { val_loss: 1 } }),
            metadata: () => ({ labels: ['a'], preprocessing: { kind: 'tabular', columns: [] } }) as never,
          };
          return Promise.resolve(setup as unknown as TrainingSetup);
        },
      }),
  });
}
