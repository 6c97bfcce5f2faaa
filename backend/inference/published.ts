/** Downloaded models that speak, listen, read or write, whatever their family. */
import { MlError } from '../../ml/errors';
import type { HearWork } from '../../ml/published/listener';
import { loadPublished, type PublishedModel } from '../../ml/published/load';
import type { InferenceParams, InferenceProgress, InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import { openNodeFolder } from '../weights/nodeFolder';
import type { PublishedFolder } from './publishedFolder';
import { readSound } from './sound';
import { writeSpoken } from './spokenFile';

export interface RunWork {
  readonly signal: AbortSignal;
  /** Somebody wants the pieces of a sound before all of it is there. */
  readonly watched: boolean;
  readonly onProgress: (progress: InferenceProgress) => void;
}

export type PublishedAnswer = Pick<InferenceResult, 'task' | 'output'> & { readonly audioSeconds?: number };

/** The native engine answers without a turn of the event loop: the word to stop would never be heard. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Published {
  private constructor(
    readonly folder: PublishedFolder,
    private readonly model: PublishedModel,
  ) {}

  static async load(folder: PublishedFolder): Promise<Published> {
    const files = openNodeFolder(folder.path);
    try {
      return new Published(folder, await loadPublished(files));
    } finally {
      await files.close();
    }
  }

  answer(params: InferenceParams, work: RunWork): Promise<PublishedAnswer> {
    return answerOf(this.model, this.folder.path, params, work);
  }

  dispose(): void {
    this.model.dispose();
  }
}

/** Throws `inference.invalidInput`, or `model.unsupported` for another task. */
export async function answerOf(
  model: PublishedModel,
  folder: string,
  params: InferenceParams,
  { signal, watched, onProgress }: RunWork,
): Promise<PublishedAnswer> {
  const { task } = model;
  if (params.task !== undefined && params.task !== task) {
    const message = `${folder} is a model for ${task}, not for ${params.task}.`;
    throw new StudioError('model.unsupported', message);
  }
  const { parameters } = params;
  switch (model.does) {
    case 'speak': {
      const text = textOf(params, 'The voice speaks: it needs input.text.');
      const { audioPath, seconds } = await writeSpoken(
        model.speak(text, parameters, { signal, turn }),
        model.sampleRate,
        {
          outputPath: params.outputPath,
          ...(watched ? { onPiece: (piece) => onProgress({ pieces: [piece] }) } : {}),
        },
      );
      return { task, output: { audioPath, samplingRate: model.sampleRate }, audioSeconds: seconds };
    }
    case 'hear': {
      const samples = await readSound(params, model.sampleRate);
      const onHearing: HearWork['onHearing'] = ({ segments, ...rest }) =>
        onProgress({ ...rest, segments: [...segments] });
      const { text, segments } = await model.hear(samples, parameters, { signal, turn, onHearing });
      return { task, output: { text, values: segments }, audioSeconds: samples.length / model.sampleRate };
    }
    case 'write': {
      const text = textOf(params, 'The model writes on: it needs input.text.');
      const written = await model.write(text, parameters, { signal, turn, onPiece: onProgress });
      const { tokens, finished } = written;
      return { task, output: { text: written.text, values: { tokens, finished } } };
    }
    case 'read':
      return {
        task,
        output: await model.read(textOf(params, 'The model reads: it needs input.text.'), parameters),
      };
  }
}

function textOf({ input }: InferenceParams, missing: string): string {
  if (input.text === undefined) throw new MlError('input.invalid', missing);
  return input.text;
}
