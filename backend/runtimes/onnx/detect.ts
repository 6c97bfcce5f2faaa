/** Which layout a folder has, told from names, small files and what ONNX files say of themselves. */
import type { ModelFiles } from '../../sdk/modelRuntime';
import type { Layout, MatchaLayout, PiperLayout } from './layout';
import { folderOf, nameOf, persianFirst } from './paths';
import { piperConfig, piperProblem } from './piperConfig';
import { detectRecogniser } from './recognisers';
import { say } from './words';

/** `wanted` chooses among several voices: a name, or a path within the folder. Undefined for what is none of these. */
export async function detect(files: ModelFiles, wanted?: string): Promise<Layout | undefined> {
  const onnx = files.files.map(({ path }) => path).filter((path) => /\.onnx$/i.test(path));
  if (onnx.length === 0) return undefined;
  return (
    (await detectPiper(files, onnx, wanted)) ??
    (await detectMatcha(files, onnx)) ??
    (await detectRecogniser(files, onnx))
  );
}

const has = (files: ModelFiles, path: string): boolean => files.files.some((file) => file.path === path);

/** Whether a voice is meant: by its path, its file's name, or that without `.onnx`. */
export function isNamed(path: string, wanted: string): boolean {
  return [path, nameOf(path), nameOf(path).replace(/\.onnx$/i, '')].includes(wanted);
}

async function detectPiper(
  files: ModelFiles,
  onnx: readonly string[],
  wanted: string | undefined,
): Promise<PiperLayout | undefined> {
  const voices = persianFirst(onnx.filter((path) => has(files, `${path}.json`)));
  const model = voices.find((path) => wanted !== undefined && isNamed(path, wanted)) ?? voices[0];
  if (model === undefined) return undefined;
  const parsed = piperConfig.safeParse(await files.readJson(`${model}.json`));
  const problem = parsed.success
    ? piperProblem(parsed.data)
    : say`its description ${`${model}.json`} is not that of a Piper voice`;
  return {
    kind: 'piper',
    task: 'text-to-speech',
    architecture: 'Piper VITS',
    lacks: problem === undefined ? undefined : say`The voice ${model} cannot be spoken with: ${problem}.`,
    model,
    voices,
  };
}

/** What scripts/matcha-tts/fa-en of k2-fsa/sherpa-onnx writes into the two Persian voices, which come without. */
const persianMatcha = {
  model_type: 'matcha-tts',
  language: 'Persian+English',
  voice: 'fa',
  has_espeak: '1',
  jieba: '0',
  n_speakers: '1',
  sample_rate: '22050',
  version: '1',
  pad_id: '0',
  use_icefall: '0',
  use_eos_bos: '0',
};

async function detectMatcha(files: ModelFiles, onnx: readonly string[]): Promise<MatchaLayout | undefined> {
  const vocoders = onnx.filter((path) => /vocos|hifigan|vocoder/i.test(nameOf(path)));
  for (const model of persianFirst(onnx.filter((path) => !vocoders.includes(path)))) {
    const facts = await files.onnx(model);
    const names = facts?.inputs?.map(({ name }) => name) ?? [];
    const isMatcha =
      facts?.properties['model_type'] === 'matcha-tts' ||
      (/matcha/i.test(model) && names[0] === 'x' && names[1] === 'x_lengths');
    if (facts === undefined || !isMatcha) continue;
    const folder = folderOf(model);
    const tokens = files.files
      .map(({ path }) => path)
      .find((path) => folderOf(path) === folder && /^tokens(_sherpa)?[\w-]*\.txt$/.test(nameOf(path)));
    const vocoder = vocoders.find((path) => folderOf(path) === folder) ?? vocoders[0];
    // As it speaks itself, there is nothing that it lacks.
    const whole = facts.outputs?.[0]?.name === 'audio_output';
    return {
      kind: 'matcha',
      task: 'text-to-speech',
      architecture: 'Matcha-TTS',
      lacks:
        tokens === undefined
          ? say`The file ${'tokens.txt'} with its tokens is missing.`
          : vocoder === undefined && !whole
            ? say`A Matcha voice needs a vocoder beside it: vocos-22khz-univ.onnx, from the releases "vocoder-models" of k2-fsa/sherpa-onnx.`
            : undefined,
      model,
      tokens: tokens ?? '',
      vocoder: vocoder ?? '',
      metadata: Object.fromEntries(
        Object.entries(persianMatcha).filter(([key]) => facts.properties[key] === undefined),
      ),
    };
  }
  return undefined;
}
