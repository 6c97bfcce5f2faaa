import { z } from 'zod';
import { Tokenizer } from '../../ml/tokenizers/tokenizer';
import type { GoldenCase } from './goldenCase';

const tokenizerCases = z.array(z.looseObject({ text: z.string(), ids: z.array(z.number()) }));

/** Of the case's tokenizer.json; undefined where there is none. */
export async function goldenTokenizer(golden: GoldenCase): Promise<Tokenizer | undefined> {
  const json = await golden.json('tokenizer.json');
  if (json === undefined) return undefined;
  return Tokenizer.fromJson(json, (await golden.json('tokenizer_config.json')) ?? {});
}

/** Each text of `tokenizer_cases` as the case tells it: ids, and tokens and the text decoded again where it has those. */
export function putTokenizerCases(golden: GoldenCase, tokenizer: Tokenizer, special = false): void {
  const cases = golden.given('tokenizer_cases', tokenizerCases);
  if (cases === undefined) return;
  const outputs = cases.map((one) => {
    const { ids, tokens } = tokenizer.encode(one.text, { special });
    return {
      text: one.text,
      ids,
      ...('tokens' in one ? { tokens } : {}),
      ...('ids_with_special_default' in one
        ? { ids_with_special_default: tokenizer.encode(one.text, { special: true }).ids }
        : {}),
      ...('decoded' in one ? { decoded: tokenizer.decode(ids) } : {}),
    };
  });
  golden.putText('tokenizer_cases', outputs);
}
