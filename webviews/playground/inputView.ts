import type { InferenceParams } from '../../protocol/model/inference';
import type { HistoryEntry } from './history';
import type { ModelInput } from './model';
import type { SnippetInput } from './snippet';

/** The left side of the playground: one for each kind of input. */
export interface InputView {
  readonly element: HTMLElement;
  /** What the model in the page is given. Throws `input.invalid` while there is nothing to run. */
  read(): ModelInput;
  /** The same for `inference/run`; undefined when the backend cannot see it (a dropped file has no path). */
  backend(): InferenceParams['input'] | undefined;
  /** How the backend is to do it. */
  parameters?(): Record<string, unknown>;
  snippet(): SnippetInput;
  /** For the history: what it was, and what brings it back. */
  remember(): Pick<HistoryEntry, 'input' | 'row' | 'text'>;
  restore(entry: HistoryEntry): void;
  /** Seconds of sound, for the real-time factor. */
  seconds?(): number | undefined;
}
