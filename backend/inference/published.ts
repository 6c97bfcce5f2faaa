/** Downloaded models that listen, read or write, whatever their family. */
import { openWeights } from '../../ml/weights/open';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import { openNodeFolder } from '../weights/nodeFolder';
import { listenerTask, loadWav2Vec2, loadWhisper, type Listener } from './listener';
import type { PublishedFolder } from './publishedFolder';
import { loadBert, type Reader } from './reader';
import { loadGpt2, writerTask, type Work, type Writer } from './writer';

export class Published {
  private constructor(
    readonly folder: PublishedFolder,
    private readonly model: Listener | Reader | Writer,
  ) {}

  static async load(folder: PublishedFolder): Promise<Published> {
    const files = openNodeFolder(folder.path);
    try {
      const weights = await openWeights(files);
      const load = { bert: loadBert, whisper: loadWhisper, wav2vec2: loadWav2Vec2, gpt2: loadGpt2 }[
        folder.family
      ];
      return new Published(folder, await load(folder, weights));
    } finally {
      await files.close();
    }
  }

  /** Throws `inference.invalidInput`, or `model.unsupported` for another task. */
  async answer(
    params: InferenceParams,
    work: Work,
  ): Promise<Pick<InferenceResult, 'task' | 'output'> & { readonly audioSeconds?: number }> {
    const { model } = this;
    const task = 'read' in model ? model.task : 'write' in model ? writerTask : listenerTask;
    if (params.task !== undefined && params.task !== task) {
      throw new StudioError(
        'model.unsupported',
        `${this.folder.path} is a model for ${task}, not for ${params.task}.`,
      );
    }
    if ('write' in model) return { task, output: await model.write(params, work) };
    if ('read' in model) return { task, output: await model.read(params) };
    const { text, segments, audioSeconds } = await model.hear(params);
    return { task, output: { text, values: segments }, audioSeconds };
  }

  dispose(): void {
    this.model.dispose();
  }
}
