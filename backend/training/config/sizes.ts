/** Figures of the `training` section that are allowed one by one, but do nothing together. */
import type { ConfigProblem } from '../../../protocol/model/run';
import type { TrainingOptions } from '../../sdk/options';
import { say } from '../../language/say';
import { warning } from '../../sdk/trainingTask';

export function checkSizes(training: TrainingOptions): ConfigProblem[] {
  const { epochs, checkpoints, schedule, earlyStopping } = training;
  const late = (path: string, figure: number | undefined, what: string): ConfigProblem[] => {
    if (figure === undefined || figure <= epochs) return [];
    const message = say`${figure} epochs are more than the ${epochs} of the run: ${what}`;
    return [warning(path, message, { code: 'training.late', fixes: [{ kind: 'set', path, value: epochs }] })];
  };
  return [
    ...late(
      '/training/checkpoints/everyEpochs',
      checkpoints.everyEpochs,
      say`the only checkpoint is the last.`,
    ),
    ...late('/training/schedule/everyEpochs', schedule.everyEpochs, say`the rate never drops.`),
    ...late('/training/earlyStopping/patience', earlyStopping?.patience, say`the run never stops early.`),
  ];
}
