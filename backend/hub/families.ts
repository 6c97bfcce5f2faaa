/** The families of models that the backend runs from the weights that people publish (docs/models.md). */
import { totalmem } from 'node:os';
import { z } from 'zod';
import type { RunsHere } from '../../protocol/model/hubModel';
import { bytesOf } from '../language/amounts';
import { say, sentences } from '../language/say';
import type { TensorFacts } from './safetensors';
import type { WeightFormat } from './weightFormat';

/** As `config.json` names what stands on top; another head on the same body is another model. */
const architectures = [
  'VitsModel',
  'Wav2Vec2ForCTC',
  'WhisperForConditionalGeneration',
  'BertForSequenceClassification',
  'BertForTokenClassification',
  'BertForMaskedLM',
  'GPT2LMHeadModel',
];
const readable: readonly WeightFormat[] = ['safetensors', 'pytorch'];

const configSchema = z.looseObject({
  architectures: z.tuple([z.enum(architectures)], z.string()),
  // Wav2Vec2's adapters are layers of their own.
  add_adapter: z.literal(false).nullish(),
  adapter_attn_dim: z.null().optional(),
});

/** Whether weights of this form with this configuration are run. */
export function isRunnable(format: WeightFormat, config: unknown): boolean {
  return readable.includes(format) && configSchema.safeParse(config).success;
}

/**
 * The verdict on one that is: weights are held as 32-bit numbers whatever they are stored in. `what` names them, `more`
 * goes on from there; `memory` is this machine's, in bytes.
 */
export function judgeFamily(
  what: string,
  more: string,
  facts: TensorFacts | undefined,
  memory = totalmem(),
): RunsHere {
  const needed = (facts?.parameters ?? 0) * 4;
  if (needed > memory) {
    const reason = say`The weights are ${what}${more}; once read they take ${bytesOf(needed)} of memory, more than this machine has.`;
    return { verdict: 'no', reason };
  }
  const slow = needed > memory / 2;
  const reason = sentences(
    say`The weights are ${what}${more}; Goya runs them in the backend.`,
    slow ? say`Once read they take ${bytesOf(needed)}, more than half of this machine's memory.` : '',
  );
  return { verdict: slow ? 'slow' : 'yes', engine: 'tf.js', reason };
}
