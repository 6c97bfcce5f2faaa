/** What runs the model that is open: TensorFlow.js in the page, or the backend. */
import type { InputView } from './inputView';
import type { LoadedModel } from './model';
import type { Answer } from './resultView';

export interface Runner {
  /** The model in the page; absent where the backend runs it. */
  readonly here?: LoadedModel;
  answer(input: InputView): Promise<Answer>;
  dispose(): void;
}

export function pageRunner(model: LoadedModel): Runner {
  return {
    here: model,
    answer: async (input) => ({
      engine: model.engine.name,
      loadMs: model.loadMs,
      output: await model.run(input.read()),
      memory: model.memory(),
      seconds: input.seconds?.(),
    }),
    dispose: () => model.dispose(),
  };
}
