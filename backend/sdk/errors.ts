import type { ConfigProblem } from '../../protocol/model/run';
import { StudioError } from '../../protocol/wire/errors';
import { say, sentences } from '../language/say';

/** For `prepare`: the data cannot be trained on after all. The run fails and says each problem. */
export function invalidData(problems: readonly ConfigProblem[]): StudioError {
  const errors = problems.filter((one) => one.severity === 'error');
  const shown = errors.slice(0, 3).map((one) => one.message);
  const rest = errors.length > 3 ? say`And ${errors.length - 3} more.` : '';
  return new StudioError('training.invalidData', sentences(...shown, rest), { details: { problems } });
}
