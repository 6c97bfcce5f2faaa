/** The schema of training configs as a document, which VS Code's JSON support reads like any other. */
import * as vscode from 'vscode';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { toStudioError } from '../../protocol/wire/errors';
import { schemaUri } from '../contributions';
import type { Services } from '../services';
import { configJsonSchema, openSchema } from './jsonSchema';
import { fieldWords } from './tasks';

export class SchemaDocument implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  /** Other tasks may be there: the backend has started again, or an extension brought some. */
  readonly onDidChange = this.changes.event;
  private readonly stops: (() => void)[];

  constructor(
    private readonly services: Services,
    private readonly tasks: () => Promise<readonly TrainingTaskInfo[]>,
  ) {
    const changed = (): void => this.changes.fire(vscode.Uri.parse(schemaUri));
    const tasksChanged = services.onTasksChanged(changed);
    this.stops = [
      services.client.onRestored(changed),
      () => {
        tasksChanged.dispose();
      },
    ];
  }

  async text(): Promise<string> {
    try {
      return JSON.stringify(configJsonSchema(await this.tasks(), fieldWords(this.services.context)));
    } catch (error) {
      // Nobody asked for this: a backend that does not start says so elsewhere, and the schema changes once it does.
      this.services.log.warn(`no schema for training configs: ${toStudioError(error).message}`);
      return JSON.stringify(openSchema);
    }
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.changes.dispose();
  }
}
