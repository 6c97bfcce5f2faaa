import type { ConfigProblem } from '../../protocol/model/run';
import { StudioError } from '../../protocol/wire/errors';

/** For `prepare`: the data cannot be trained on after all. The run fails and says each problem. */
export function invalidData(problems: readonly ConfigProblem[]): StudioError {
  const errors = problems.filter((one) => one.severity === 'error');
  const shown = errors
    .slice(0, 3)
    .map((one) => one.message)
    .join(' ');
  const rest = errors.length > 3 ? ` And ${errors.length - 3} more.` : '';
  return new StudioError('training.invalidData', `${shown}${rest}`, { details: { problems } });
}
