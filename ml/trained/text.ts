import { MlError } from '../errors';
import type { TrainedModel } from './load';
import { scoreLabels, type LabelScore } from './scores';
import { encodeTexts, prepareText, textWidth } from './textFeatures';

/** Characters that anybody may mean as one text; a longer one is a file. */
const mostCharacters = 1_000_000;

/**
 * Label scores of each text, best first.
 * Throws `input.invalid` for an empty or enormous text, `model.unsupported` for a model of something else.
 */
export async function classifyTexts(
  { model, metadata }: TrainedModel,
  texts: readonly string[],
): Promise<LabelScore[][]> {
  const { preprocessing, labels } = metadata;
  if (preprocessing.kind !== 'text') {
    throw new MlError('model.unsupported', `"${metadata.name}" takes ${preprocessing.kind}, not text.`);
  }
  if (texts.length === 0) throw new MlError('input.invalid', 'There is no text to classify.');
  texts.forEach((text, i) => {
    const which = texts.length === 1 ? 'The text' : `Text ${i + 1}`;
    if (text.length > mostCharacters) {
      throw new MlError(
        'input.invalid',
        `${which} has ${text.length} characters; ${mostCharacters} can be classified at once.`,
      );
    }
    if (prepareText(text, preprocessing) !== '') return;
    throw new MlError('input.invalid', `${which} is empty, or has nothing left once it is normalised.`);
  });
  const input = encodeTexts(preprocessing, texts);
  return scoreLabels(model, labels, input, [texts.length, textWidth(preprocessing)]);
}
