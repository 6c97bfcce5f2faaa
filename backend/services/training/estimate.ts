/** A trial of a config in a trainer of its own, which is gone with the answer. */
import type { RunEstimate } from '../../../protocol/model/run';
import { StudioError } from '../../../protocol/wire/errors';
import { exitReason } from '../../training/exitReason';
import { TrainerProcess, type TrainerExit } from '../../training/trainerProcess';
import type { FromTrainer, TrialMessage } from '../../training/trainerProtocol';

/** Reading the data and a step on a slow engine may take long; beyond this nobody wants an estimate any more. */
const patience = 120_000;

export interface EstimateOptions {
  /** The trainer's bundle. */
  readonly entry: string;
  readonly trial: TrialMessage;
  readonly signal: AbortSignal;
  readonly timeout?: number;
  readonly noise: (line: string) => void;
}

type Verdict = Extract<FromTrainer, { type: 'measured' | 'failed' }>;

/** Rejects with `cancelled`, with what the task says, or when there is no answer in time. */
export async function estimateRun(options: EstimateOptions): Promise<RunEstimate> {
  const { entry, trial, signal, timeout = patience, noise } = options;
  signal.throwIfAborted();
  const seen: { verdict?: Verdict; late?: true } = {};
  const exit = await new Promise<TrainerExit>((resolve) => {
    const trainer = new TrainerProcess(entry, trial, {
      message: (message) => {
        if (message.type === 'measured' || message.type === 'failed') seen.verdict = message;
      },
      exit: (end) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', kill);
        resolve(end);
      },
      noise,
    });
    // A trial writes nothing: it can be ended at any moment.
    const kill = (): void => trainer.kill();
    signal.addEventListener('abort', kill, { once: true });
    const timer = setTimeout(() => {
      seen.late = true;
      kill();
    }, timeout);
  });
  if (seen.verdict?.type === 'measured') return seen.verdict.estimate;
  signal.throwIfAborted();
  if (seen.late === true) throw tooLate(timeout);
  throw failed(seen.verdict, exit);
}

function failed(verdict: Verdict | undefined, exit: TrainerExit): StudioError {
  if (verdict?.type === 'failed') {
    const { kind, message, retryable, details } = verdict.failure;
    return new StudioError(kind, message, { retryable, ...(details === undefined ? {} : { details }) });
  }
  const { failure } = exitReason(exit);
  return new StudioError('plugin.failed', `The run could not be estimated. ${failure.message}`);
}

function tooLate(timeout: number): StudioError {
  const message =
    `The run could not be estimated: reading the data and one step of it took longer than ${Math.round(timeout / 1000)} ` +
    's. Use a smaller batch or model, less data, or a faster engine.';
  return new StudioError('engine.unavailable', message, { details: { timeout } });
}
