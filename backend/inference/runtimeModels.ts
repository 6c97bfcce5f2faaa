/** Opens models through their runtimes, keeps the last one, and runs it: in the inference process. */
import { availableParallelism } from 'node:os';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import type { OpenModel, RuntimeContext } from '../sdk/modelRuntime';
import { filesOnDisk, listFolder } from '../weights/folderFiles';
import { toModelError } from './modelFolder';
import { answerOf, type RunWork } from './published';
import type { RuntimeChoice } from './runtimeChoice';
import { loadRuntime } from './runtimes';

export class RuntimeModels {
  private last: { readonly key: string; readonly model: OpenModel } | undefined;

  async run(
    choice: RuntimeChoice,
    params: InferenceParams,
    work: RunWork & Pick<RuntimeContext, 'entering'>,
  ): Promise<InferenceResult> {
    const start = performance.now();
    const { folder, title } = choice;
    try {
      const model = await this.opened(choice, params.parameters, work.entering);
      const loadMs = performance.now() - start;
      const { audioSeconds, ...answer } = await answerOf(model, folder, params, work);
      const runMs = performance.now() - start - loadMs;
      return { ...answer, engine: title, timings: { loadMs, runMs, audioSeconds } };
    } catch (error) {
      throw toModelError(error, folder);
    }
  }

  /** Before another model is read: both may not fit into memory. */
  dispose(): void {
    this.last?.model.dispose();
    this.last = undefined;
  }

  private async opened(
    { entry, folder, version, engine }: RuntimeChoice,
    parameters: unknown,
    entering: RuntimeContext['entering'],
  ): Promise<OpenModel> {
    const runtime = await (await loadRuntime(entry)).load();
    const key = [entry, folder, version, runtime.keyOf(parameters)].join('\n');
    if (this.last?.key === key) return this.last.model;
    this.dispose();
    const files = filesOnDisk(folder, await listFolder(folder));
    const context = { engine, threads: availableParallelism(), entering };
    const model = await runtime.open(folder, files, parameters, context);
    this.last = { key, model };
    return model;
  }
}
