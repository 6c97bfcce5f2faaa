import { joinWindows, windowsOf, type HeardWindow } from '../ctc/windows';
import { MlError } from '../errors';
import { argmax } from '../generation/sampling';
import { fieldOf, wav2vec2Config } from '../models/wav2vec2/config';
import { audioInput, preparedRows, type AudioInput } from '../models/wav2vec2/input';
import { Wav2Vec2 } from '../models/wav2vec2/model';
import { CtcTokens } from '../tokenizers/ctcTokens';
import { openWeights } from '../weights/open';
import { jsonOf } from './files';
import { heardOf, type Heard, type HearWork, type LoadListener } from './listener';

export const loadWav2Vec2: LoadListener = async (folder, config) => {
  const vocabulary = await jsonOf(folder, 'vocab.json');
  if (vocabulary === undefined) throw new MlError('model.unsupported', 'Wav2Vec2 needs its vocab.json.');
  const special = (await jsonOf(folder, 'special_tokens_map.json')) ?? {};
  const tokens = CtcTokens.fromJson(
    vocabulary,
    (await jsonOf(folder, 'tokenizer_config.json')) ?? {},
    special,
  );
  const input = audioInput((await jsonOf(folder, 'preprocessor_config.json')) ?? {});
  const model = await Wav2Vec2.load(await openWeights(folder), wav2vec2Config(config));
  return {
    does: 'hear',
    task: 'automatic-speech-recognition',
    sampleRate: input.sampleRate,
    hear: (samples, _parameters, work) => hear({ model, tokens, input }, samples, work),
    dispose: () => {
      model.dispose();
    },
  };
};

interface Parts {
  readonly model: Wav2Vec2;
  readonly tokens: CtcTokens;
  readonly input: AudioInput;
}

/** Seconds that are heard at once: attention costs the square of it. */
const longest = 30;
/** Seconds at either side of a part whose letters its neighbour knows better. */
const stride = 2;

async function hear(
  { model, tokens, input }: Parts,
  samples: Float32Array,
  { signal, turn, onHearing }: HearWork = {},
): Promise<Heard> {
  const { sampleRate } = input;
  const { hop, length: field } = fieldOf(1, model.config.convs);
  const framesOf = (seconds: number): number => Math.max(1, Math.round((seconds * sampleRate) / hop));
  const options = { frames: framesOf(longest), stride: framesOf(stride), hop, field };
  const seconds = (frame: number): number => Math.min(frame * hop, samples.length) / sampleRate;
  const heard: HeardWindow[] = [];
  const soFar = (): Heard => {
    const { words } = tokens.decode(joinWindows(heard), { lettersOnly: true });
    return heardOf(words.map(({ text, start, end }) => ({ start: seconds(start), end: seconds(end), text })));
  };
  const windows = windowsOf(samples.length, options);
  for (const [i, { frame, start, end }] of windows.entries()) {
    signal?.throwIfAborted();
    heard.push({ frame, ids: await bestOfFrames(model, samples.subarray(start, end), input) });
    if (i === windows.length - 1) break;
    onHearing?.({ ...soFar(), heardSeconds: end / sampleRate, totalSeconds: samples.length / sampleRate });
    await turn?.();
  }
  return soFar();
}

async function bestOfFrames(model: Wav2Vec2, samples: Float32Array, input: AudioInput): Promise<number[]> {
  const { rows } = preparedRows([samples], input);
  const scores = model.forward(rows);
  try {
    const [, frames, classes] = scores.shape;
    const data = await scores.data<'float32'>();
    return Array.from({ length: frames }, (_, t) => argmax(data.subarray(t * classes, (t + 1) * classes)));
  } finally {
    scores.dispose();
  }
}
