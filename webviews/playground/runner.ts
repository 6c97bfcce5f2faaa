/** What runs the model that is open: TensorFlow.js in the page, or the backend. */
import type { InputView } from './inputView';
import type { LoadedModel } from './model';
import type { Answer } from './resultView';
import type { Platform } from './platform';

export interface AnswerEvents {
  readonly signal: AbortSignal;
  /** Something to be shown while the answer is still being made. */
  onLive(element: HTMLElement): void;
}

export interface Runner {
  /** The trained model in the page; absent for a published one. */
  readonly here?: LoadedModel;
  /** Whether it listens to the signal. */
  readonly stops?: boolean;
  answer(input: InputView, events: AnswerEvents): Promise<Answer>;
  /** What another model says to the same; undefined where none was asked for. */
  second?(input: InputView, events: AnswerEvents): Promise<Answer | undefined>;
  /** The program that does the same; absent where the page writes it from what the model says of itself. */
  snippet?(platform: Platform, input: InputView): Promise<string>;
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
