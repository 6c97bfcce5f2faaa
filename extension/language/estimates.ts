/** What runs of the open configs would take, measured when asked for; each holds until its file changes. */
import * as vscode from 'vscode';
import type { RunEstimate } from '../../protocol/model/run';
import { joinParts } from '../text/bidi';
import { formatBytes, formatDuration } from '../text/format';
import { t } from '../text/translate';

interface Known {
  readonly text: string;
  readonly estimate: RunEstimate;
}

class Estimates {
  private readonly known = new Map<string, Known>();
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;

  keep(document: vscode.TextDocument, text: string, estimate: RunEstimate): void {
    this.known.set(document.uri.toString(), { text, estimate });
    this.changes.fire();
  }

  /** Of exactly this text. */
  of(document: vscode.TextDocument): RunEstimate | undefined {
    const known = this.known.get(document.uri.toString());
    return known?.text === document.getText() ? known.estimate : undefined;
  }

  forget(document: vscode.TextDocument): void {
    this.known.delete(document.uri.toString());
  }
}

/** For the window. */
export const estimates = new Estimates();

/** `≈ 4 min · 600 MB · tensorflow`. */
export function estimateText({ seconds, peakMemoryBytes, engine }: RunEstimate): string {
  return joinParts([t('≈ {0}', formatDuration(seconds)), formatBytes(peakMemoryBytes), engine]);
}
