/** How the installed models are grouped: kept for all windows, and known to the menus. */
import * as vscode from 'vscode';
import { setContext } from '../context';
import { contextKeys, modelGroupings, type ModelGrouping } from '../contributions';

const storageKey = 'goya.modelGrouping';

export class Grouping implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;

  constructor(private readonly state: vscode.Memento) {
    setContext(contextKeys.modelGrouping, this.get());
  }

  get(): ModelGrouping {
    const stored = this.state.get<string>(storageKey);
    return modelGroupings.find((grouping) => grouping === stored) ?? 'none';
  }

  async set(grouping: ModelGrouping): Promise<void> {
    await this.state.update(storageKey, grouping);
    setContext(contextKeys.modelGrouping, grouping);
    this.changes.fire();
  }

  dispose(): void {
    this.changes.dispose();
  }
}
