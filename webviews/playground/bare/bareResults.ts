/** The answers of the bare model that is open: how each output is shown, and the names of its classes. */
import type { PlainOutput } from '../../../ml/bare/outputs';
import type { ModelFiles } from '../../../ml/trained/modelFiles';
import type { Page } from '../../common/page';
import { labelsBeside, type Labels } from './labels';
import { outputViews } from './outputViews';
import type { SavedBare } from './saved';

export interface BareResultsOptions {
  views(): SavedBare['views'];
  onViews(views: SavedBare['views']): void;
}

export class BareResults {
  private files: ModelFiles | undefined;
  private labels: Promise<Labels | undefined> | undefined;

  constructor(
    private readonly page: Page<unknown>,
    private readonly options: BareResultsOptions,
  ) {}

  /** Another model is open: its classes have other names. */
  forget(files: ModelFiles): void {
    this.files = files;
    this.labels = undefined;
  }

  show(outputs: readonly PlainOutput[]): HTMLElement {
    const { views, onViews } = this.options;
    return outputViews(this.page, outputs, {
      views: views(),
      labels: () =>
        (this.labels ??= this.files === undefined ? Promise.resolve(undefined) : labelsBeside(this.files)),
      onView: (output, view) => onViews({ ...views(), [output]: view }),
      onLabels: (labels) => {
        this.labels = Promise.resolve(labels);
      },
    });
  }
}
