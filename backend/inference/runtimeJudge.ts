/** The verdict of runtimes on a model, on disk or on the hub. */
import type { Engine } from '../../protocol/model/plugin';
import { say, sentences } from '../language/say';
import type { RuntimeJudge } from '../sdk/modelRuntime';
import { noOnnxHere } from '../training/engines/nativePlatforms';
import type { Runtimes } from './runtimes';

/** `engine` describes the one for ONNX models as it is now. */
export function runtimeJudge(
  runtimes: Pick<Runtimes, 'detect'>,
  engine: () => Promise<Engine>,
): RuntimeJudge {
  return async (files) => {
    const known = await runtimes.detect(files);
    if (known === undefined) return undefined;
    const { architecture, task, lacks } = known.detected;
    const { title } = known.loaded.runtime;
    const what = say`The weights are ONNX (${architecture}).`;
    const refusal = lacks ?? noOnnxHere();
    if (refusal !== undefined)
      return { architecture, task, runsHere: { verdict: 'no', reason: sentences(what, refusal) } };
    const { available, reason } = await engine();
    const missing = available ? '' : say`The ONNX engine is needed for that: ${reason ?? ''}.`;
    const text = sentences(what, say`Goya runs them in the backend, on ${title}.`, missing);
    return { architecture, task, runsHere: { verdict: 'yes', engine: title, reason: text } };
  };
}
