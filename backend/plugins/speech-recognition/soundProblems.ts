/** Whether the texts can be pronounced, where the recogniser writes phonemes. No tensors. */
import { trainedKind } from '../../sdk/trainedKind';
import { problem, type ConfigProblem } from '../../sdk/trainingTask';
import type { Config } from './data';
import { say } from './words';

/** @param known whether the texts are Persian or have a lexicon: the pronunciation that ships knows Persian only */
export async function soundProblems(
  { data, model, resolve }: Pick<Config, 'data' | 'model' | 'resolve'>,
  known: boolean,
): Promise<ConfigProblem[]> {
  const { pronouncer } = data;
  if (model.units === 'characters') return [];
  if (pronouncer !== undefined) {
    if ((await trainedKind(resolve(pronouncer))) === 'graphemes') return [];
    const message = say`${pronouncer} is no folder of a model that was trained as grapheme-to-phoneme.`;
    return [problem('/data/pronouncer', message)];
  }
  if (known) return [];
  const message = say`The texts are not Persian, and Goya pronounces Persian only. Name a lexicon or a pronouncer, or write characters.`;
  const fixes = [{ kind: 'set' as const, path: '/model/units', value: 'characters' }];
  return [problem('/model/units', message, { code: 'model.units', fixes })];
}
