/** Downloaded models that listen or read, whatever their family. */
import { openWeights } from '../../ml/weights/open';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import { openNodeFolder } from '../weights/nodeFolder';
import { listenerTask, loadWav2Vec2, loadWhisper, type Listener } from './listener';
import type { PublishedFolder } from './publishedFolder';
import { loadBert, type Reader } from './reader';

export class Published {
  private constructor(
    readonly folder: PublishedFolder,
    private readonly model: Listener | Reader,
  ) {}

  static async load(folder: PublishedFolder): Promise<Published> {
    const files = openNodeFolder(folder.path);
    try {
      const weights = await openWeights(files);
      const load = { bert: loadBert, whisper: loadWhisper, wav2vec2: loadWav2Vec2 }[folder.family];
      return new Published(folder, await load(folder, weights));
    } finally {
      await files.close();
    }
  }

  /** Throws `inference.invalidInput`, or `model.unsupported` for another task. */
  async answer(
    params: InferenceParams,
  ): Promise<Pick<InferenceResult, 'task' | 'output'> & { readonly audioSeconds?: number }> {
    const { model } = this;
    const task = 'task' in model ? model.task : listenerTask;
    if (params.task !== undefined && params.task !== task) {
      throw new StudioError(
        'model.unsupported',
        `${this.folder.path} is a model for ${task}, not for ${params.task}.`,
      );
    }
    if ('read' in model) return { task, output: await model.read(params) };
    const { text, segments, audioSeconds } = await model.hear(params);
    return { task, output: { text, values: segments }, audioSeconds };
  }

  dispose(): void {
    this.model.dispose();
  }
}
