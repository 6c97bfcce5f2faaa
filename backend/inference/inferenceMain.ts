/** The inference process: answers one request after another until the backend ends it. */
import { setBackend } from '@tensorflow/tfjs-core';
import type { InferenceProgress } from '../../protocol/model/inference';
import type { EngineChoice } from '../../protocol/model/settings';
import { StudioError, toStudioError } from '../../protocol/wire/errors';
import { loadEngine } from '../training/engines/load';
import { toInference, type FromInference, type RunRequest } from './inferenceProtocol';
import { ModelRunner } from './runner';
import { RuntimeModels } from './runtimeModels';

const runners = new Map<EngineChoice, { readonly runner: ModelRunner; readonly backend: string }>();
const runtimes = new RuntimeModels();
const stops = new Map<number, AbortController>();

/** tfjs has one current backend: requests never overlap. */
let turn: Promise<void> = Promise.resolve();

function send(message: FromInference): void {
  if (process.connected) process.send?.(message, () => undefined);
}

async function runnerFor(choice: EngineChoice, storagePath: string): Promise<ModelRunner> {
  const known = runners.get(choice);
  if (known !== undefined) {
    await setBackend(known.backend);
    return known.runner;
  }
  const engine = await loadEngine(choice, { storagePath });
  const runner = new ModelRunner(engine);
  runners.set(choice, { runner, backend: engine.name });
  return runner;
}

async function answer(request: RunRequest, signal: AbortSignal): Promise<void> {
  const { id, params, storagePath, watched, runtime } = request;
  try {
    signal.throwIfAborted();
    const onProgress = (progress: InferenceProgress): void => send({ type: 'progress', id, progress });
    const work = { signal, onProgress, watched };
    if (runtime !== undefined) {
      const entering = (what: 'open' | 'run'): void => send({ type: 'entering', id, what });
      send({ type: 'done', id, result: await runtimes.run(runtime, params, { ...work, entering }) });
      return;
    }
    const runner = await runnerFor(params.engine, storagePath);
    send({ type: 'done', id, result: await runner.run(params, work) });
  } catch (error) {
    const { kind, message, retryable, details } = toStudioError(error);
    send({
      type: 'failed',
      id,
      failure: { kind, message, retryable, ...(details === undefined ? {} : { details: { ...details } }) },
      ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
    });
  }
}

process.on('message', (raw) => {
  const request = toInference.parse(raw);
  if (request.type === 'stop') {
    stops.get(request.id)?.abort(new StudioError('cancelled', 'The model was stopped before it answered.'));
    return;
  }
  const stop = new AbortController();
  stops.set(request.id, stop);
  turn = turn.then(() => answer(request, stop.signal)).finally(() => stops.delete(request.id));
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
