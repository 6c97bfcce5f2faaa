/** The view that speaks: VS Code's own process has no sound, a page has. It also decodes what only a browser can. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { inferenceRun } from '../../protocol/api/inference';
import {
  panelDecode,
  panelSilence,
  panelSpeaking,
  type SpeakingState,
  type SpeechInput,
} from '../../protocol/api/panel';
import { StudioError } from '../../protocol/wire/errors';
import { speechView } from '../contributions';
import { PanelHost } from '../panels/panelHost';
import type { Services } from '../services';
import { t } from '../text/translate';

export interface Speaking {
  readonly id: string;
  readonly state: SpeakingState;
}

type Job = NonNullable<SpeechInput['job']>;

/** Longest that the view may take to be there, in milliseconds. */
const patience = 30_000;

export class SpeechView implements vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private host: PanelHost | undefined;
  private job: Job | undefined;
  private readonly ready = new vscode.EventEmitter<void>();
  private readonly speaking = new vscode.EventEmitter<Speaking>();
  readonly onSpeaking = this.speaking.event;

  constructor(private readonly services: Pick<Services, 'context' | 'log' | 'client'>) {}

  /** VS Code shows the view. */
  async resolve(view: vscode.WebviewView): Promise<void> {
    this.view = view;
    const host = new PanelHost(this.services, {
      webview: view.webview,
      page: 'speech',
      title: t('Speech'),
      roots: [],
      allow: [inferenceRun],
      input: (_, scratchPath) =>
        Promise.resolve({ scratchPath, ...(this.job === undefined ? {} : { job: this.job }) }),
      answer: (peer) =>
        peer.handle(panelSpeaking, ({ id, state }) => {
          // A page that is loaded again does not say it all once more.
          if (state !== 'working' && this.job?.id === id) this.job = undefined;
          this.speaking.fire({ id, state });
          return Promise.resolve({});
        }),
    });
    this.host = host;
    view.onDidDispose(() => {
      host.dispose();
      const { job } = this;
      if (this.view !== view) return;
      this.view = this.host = this.job = undefined;
      if (job !== undefined) this.speaking.fire({ id: job.id, state: 'stopped' });
    });
    await host.load();
    this.ready.fire();
  }

  /** Stops what is spoken, and speaks this. */
  async speak(text: string, model: { readonly path: string; readonly name: string }): Promise<Speaking> {
    this.stop();
    const job = { id: randomUUID(), text, modelPath: model.path, name: model.name };
    this.job = job;
    const end = new Promise<Speaking>((resolve) => {
      const listening = this.onSpeaking((now) => {
        if (now.id !== job.id || now.state === 'working') return;
        listening.dispose();
        resolve(now);
      });
    });
    const shown = await this.show();
    // A view that was not there asks for its job when its page is loaded.
    if (shown === 'before') await this.host?.show([]);
    return end;
  }

  stop(): void {
    const { job } = this;
    this.job = undefined;
    if (job === undefined) return;
    this.host?.notify(panelSilence, { id: job.id });
    this.speaking.fire({ id: job.id, state: 'stopped' });
  }

  /** A sound file that only a browser reads, as wav in a folder of the view's. Rejects with `dataset.unsupported`. */
  async decode(file: string, signal: AbortSignal): Promise<string> {
    await this.show();
    const { host } = this;
    if (host === undefined) throw new StudioError('internal', 'The speech view is not there.');
    const uri = await host.lend(file);
    const decoded = await host.ask(panelDecode, { uri, name: path.basename(file) }, signal);
    return decoded.path;
  }

  dispose(): void {
    this.host?.dispose();
    this.ready.dispose();
    this.speaking.dispose();
  }

  /** Without taking the cursor out of the text where VS Code lets it be. */
  private async show(): Promise<'before' | 'now'> {
    if (this.view !== undefined) {
      this.view.show(true);
      return 'before';
    }
    const shown = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new StudioError('internal', 'The speech view did not open.', { retryable: true })),
        patience,
      );
      const listening = this.ready.event(() => {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand(`${speechView.id}.focus`, { preserveFocus: true });
    await shown;
    return 'now';
  }
}
