import type { Failure } from '../../protocol/model/common';
import type { RunState } from '../../protocol/model/run';
import type { TrainerExit } from './trainerProcess';

export interface ExitReason {
  readonly state: Extract<RunState, 'interrupted' | 'failed'>;
  readonly failure: Failure;
}

/** Why a trainer ended without a word, as far as its exit tells. */
export function exitReason({ code, signal, stderr }: TrainerExit): ExitReason {
  if (/heap out of memory|allocation failed|std::bad_alloc|out of memory/i.test(stderr)) {
    return reason(
      'failed',
      'The trainer ran out of memory. Use a smaller batch, a smaller model or less data.',
      false,
    );
  }
  if (signal === 'SIGKILL') {
    const text =
      'The trainer was killed (SIGKILL): by the system when memory runs out, or by hand. Resume it to go on from its last checkpoint; if it happens again, use a smaller batch.';
    return reason('interrupted', text, true);
  }
  if (signal !== null) {
    return reason(
      'interrupted',
      `The trainer was ended by ${signal}. Resume it to go on from its last checkpoint.`,
      true,
    );
  }
  const last = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  const words = last === '' ? '' : ` Its last words: ${last}`;
  return reason(
    'failed',
    `The trainer ended with code ${code ?? 'none'} before the run was over.${words}`,
    true,
  );
}

function reason(state: ExitReason['state'], message: string, retryable: boolean): ExitReason {
  return { state, failure: { kind: 'internal', message, retryable } };
}
