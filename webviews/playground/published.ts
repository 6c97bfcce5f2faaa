/** A downloaded model, run by the backend: its form, and its answer in the form of the page's own. */
import { z } from 'zod';
import { mixdown } from '../../ml/audio/audioData';
import { readWav } from '../../ml/audio/wav';
import { writeWav } from '../../ml/audio/wavWriter';
import { inferenceRun } from '../../protocol/api/inference';
import { panelFileUri, panelKeepFile, type PlaygroundInput } from '../../protocol/api/panel';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import type { PublishedTask } from '../../protocol/model/published';
import { toBase64 } from '../common/base64';
import { fetchBytes } from '../common/fetchBytes';
import type { Page } from '../common/page';
import { audioInput } from './audioInput';
import type { InputView } from './inputView';
import type { ModelOutput } from './model';
import type { Answer } from './resultView';
import type { Runner } from './runner';
import type { SavedPlayground } from './saved';
import { textInput } from './textInput';
import { voiceInput } from './voiceInput';

export interface FormEvents {
  keep(part: Partial<Pick<SavedPlayground, 'text' | 'speed' | 'steady'>>): void;
  /** A sound was chosen: there is something to run. */
  onClip(): void;
}

export function publishedInput(
  page: Page<unknown>,
  task: PublishedTask,
  saved: SavedPlayground,
  events: FormEvents,
): InputView {
  switch (task) {
    case 'text-to-speech':
      return voiceInput(page, saved, (part) => events.keep(part));
    case 'automatic-speech-recognition':
      return audioInput(page, events.onClip, (error) => page.banner.show(error));
    case 'text-classification':
    case 'text-generation':
      return textInput(page, 'text', saved.text, (text) => events.keep({ text }));
  }
}

export function publishedRunner(
  page: Page<PlaygroundInput>,
  model: { readonly path: string; readonly task: PublishedTask },
): Runner {
  return {
    answer: async (input) => {
      const speaks = model.task === 'text-to-speech';
      const { engine, output, timings } = await page.peer.call(inferenceRun, {
        modelPath: model.path,
        input: await givenTo(page, input),
        ...(input.parameters === undefined ? {} : { parameters: input.parameters() }),
        ...(speaks ? { outputPath: `${page.input.scratchPath}/${crypto.randomUUID()}.wav` } : {}),
      });
      return {
        place: 'backend',
        engine,
        loadMs: timings.loadMs,
        seconds: timings.audioSeconds,
        output: { runMs: timings.runMs, ...(await publishedOutput(page, output)) },
      } satisfies Answer;
    },
    dispose: () => undefined,
  };
}

/** The backend reads wav files: what was dropped, or is compressed, is put where it can read it. */
async function givenTo(page: Page<unknown>, input: InputView): Promise<InferenceParams['input']> {
  const value = input.read();
  const given = input.backend();
  if (value.kind !== 'audio') return given ?? {};
  if (given?.audioPath !== undefined && /\.wav$/i.test(given.audioPath)) return given;
  const wav = writeWav({ sampleRate: value.sampleRate, channels: [value.samples] });
  const { path } = await page.peer.call(panelKeepFile, { name: 'clip.wav', base64: toBase64(wav) });
  return { audioPath: path };
}

const segments = z.array(z.object({ start: z.number(), end: z.number(), text: z.string() }));
const tagged = z.array(z.object({ word: z.string(), label: z.string() }));

async function publishedOutput(
  { peer }: Page<unknown>,
  output: InferenceResult['output'],
): Promise<Omit<ModelOutput, 'runMs'>> {
  if (output.audioPath !== undefined) {
    const { uri } = await peer.call(panelFileUri, { path: output.audioPath });
    const bytes = new Uint8Array(await fetchBytes(uri));
    const audio = readWav(bytes);
    return { sound: { wav: bytes, samples: mixdown(audio), sampleRate: audio.sampleRate } };
  }
  if (output.labels !== undefined) return { labels: output.labels };
  if (output.text === undefined) return { tagged: tagged.parse(output.values) };
  const parts = segments.safeParse(output.values);
  return { transcript: { text: output.text, segments: parts.success ? parts.data : [] } };
}
