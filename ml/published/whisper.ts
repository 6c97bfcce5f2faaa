import * as z from 'zod';
import { MlError } from '../errors';
import { whisperConfig, whisperTokens } from '../models/whisper/config';
import { Whisper } from '../models/whisper/model';
import { transcribe, whisperRate, type Saying, type WhisperParts } from '../models/whisper/transcribe';
import { Tokenizer } from '../tokenizers/tokenizer';
import { openWeights } from '../weights/open';
import { jsonOf } from './files';
import { heardOf, type Heard, type HeardSegment, type HearWork, type LoadListener } from './listener';
import { checkedParameters } from './work';

const parametersOf = z.object({
  language: z.string().optional(),
  task: z.enum(['transcribe', 'translate']).optional(),
  beams: z.number().int().min(1).max(10).optional(),
});

export const loadWhisper: LoadListener = async (folder, config) => {
  const json = await jsonOf(folder, 'tokenizer.json');
  if (json === undefined) throw new MlError('model.unsupported', 'Whisper needs its tokenizer.json.');
  const tokenizer = Tokenizer.fromJson(json, (await jsonOf(folder, 'tokenizer_config.json')) ?? {});
  const generation = (await jsonOf(folder, 'generation_config.json')) ?? {};
  const tokens = whisperTokens(config, generation, (token) => tokenizer.idOf(token));
  const model = await Whisper.load(await openWeights(folder), whisperConfig(config));
  return {
    does: 'hear',
    task: 'automatic-speech-recognition',
    sampleRate: whisperRate,
    hear: (samples, parameters, work) => hear({ model, tokens, tokenizer }, samples, parameters, work),
    dispose: () => {
      model.dispose();
    },
  };
};

async function hear(
  parts: WhisperParts,
  samples: Float32Array,
  parameters: unknown,
  { signal, turn, onHearing }: HearWork = {},
): Promise<Heard> {
  const { language, task, beams } = checkedParameters(parametersOf, parameters);
  const totalSeconds = samples.length / whisperRate;
  const segments: HeardSegment[] = [];
  const tell = ({ at, text }: Saying): void => {
    const open = text === '' ? [] : [{ start: at, end: totalSeconds, text }];
    onHearing?.({ ...heardOf([...segments, ...open]), heardSeconds: at, totalSeconds });
  };
  const options = {
    ...(language === undefined ? {} : { language }),
    ...(task === undefined ? {} : { task }),
    ...(beams === undefined ? {} : { beams }),
    ...(signal === undefined ? {} : { signal }),
    onSaying: async (saying: Saying) => {
      tell(saying);
      await turn?.();
    },
  };
  for await (const { start, end, text } of transcribe(parts, samples, options)) {
    segments.push({ start, end, text });
    tell({ at: end, text: '' });
    await turn?.();
  }
  return heardOf(segments);
}
