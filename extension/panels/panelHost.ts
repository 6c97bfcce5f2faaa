/**
 * The extension's end of a page: its HTML, its files, what it may ask. Some requests are answered here; the backend's
 * are passed on only when the page's definition lists them. Topics are forwarded while the page is there.
 */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import {
  panelCommand,
  panelCopy,
  panelFileUri,
  panelInput,
  panelKeepFile,
  panelListFolder,
  panelOpenLink,
  panelPickFile,
  panelProgress,
  panelReady,
  panelRefresh,
  panelSaveFile,
  panelSubscribe,
  panelTopic,
  panelUnsubscribe,
} from '../../protocol/api/panel';
import { progressToken, type ProgressToken } from '../../protocol/api/topics';
import { StudioError } from '../../protocol/wire/errors';
import { PostMessagePeer } from '../../protocol/wire/postMessage';
import type { NotificationSpec, ParamsIn, RequestSpec, Result } from '../../protocol/wire/spec';
import { commands } from '../contributions';
import type { Services } from '../services';
import { language } from '../text/translate';
import { pageHtml } from './html';
import { isInsideAny } from './inside';
import { listFolder } from './listFolder';
import { saveFile } from './saveFile';

export interface PanelHostOptions {
  readonly webview: vscode.Webview;
  /** Folder under `webviews/`. */
  readonly page: 'training' | 'playground' | 'audio' | 'model' | 'dataset' | 'speech';
  readonly title: string;
  /** Folders beside the page's own whose files it may load. */
  readonly roots: readonly vscode.Uri[];
  /** Backend requests that the page may make. */
  readonly allow: readonly RequestSpec[];
  /** Registers answers of the page's own. */
  readonly answer?: (peer: PostMessagePeer) => void;
  /** What the page is to show; asked at every load of the page. */
  readonly input: (webview: vscode.Webview, scratch: string) => Promise<unknown>;
}

const tokenOf = z.looseObject({ token: progressToken.optional() });

export class PanelHost implements vscode.Disposable {
  private readonly peer: PostMessagePeer;
  private readonly subscriptions = new Map<ProgressToken, { dispose(): void }>();
  private readonly copies: vscode.Uri;
  private roots: readonly vscode.Uri[];
  private stopRestored: (() => void) | undefined;
  private disposed = false;

  constructor(
    private readonly services: Pick<Services, 'context' | 'log' | 'client'>,
    private readonly options: PanelHostOptions,
  ) {
    const { webview } = options;
    this.copies = vscode.Uri.joinPath(services.context.globalStorageUri, 'opened', randomUUID());
    this.roots = options.roots;
    this.peer = new PostMessagePeer(
      {
        post: (message) => void webview.postMessage(message),
        listen: (handler) => {
          const listening = webview.onDidReceiveMessage(handler);
          return () => void listening.dispose();
        },
      },
      (problem) => services.log.error(problem instanceof Error ? problem : String(problem)),
    );
    this.answerPage();
    this.answerTopics();
    options.answer?.(this.peer);
    for (const spec of options.allow)
      this.peer.handle(spec, async (params, signal) => this.pass(spec, params, signal));
  }

  /** Loads the page. */
  async load(): Promise<void> {
    const { webview, page, title } = this.options;
    this.applyRoots();
    const file = (name: string): vscode.Uri => vscode.Uri.joinPath(this.ownFolder(), name);
    const style = file(`${page}.css`);
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      scriptUri: webview.asWebviewUri(file(`${page}.js`)).toString(),
      styleUri: (await isFile(style)) ? webview.asWebviewUri(style).toString() : undefined,
      nonce: randomUUID().replaceAll('-', ''),
      language: language(),
      title,
    });
  }

  /** The page came back into view: what it missed while hidden is asked again. */
  refresh(): void {
    this.peer.notify(panelRefresh, {});
  }

  /** Gives an open page something else to show. New folders make VS Code load the page again, and it asks itself. */
  async show(roots: readonly vscode.Uri[]): Promise<void> {
    const known = new Set(this.roots.map(String));
    if (roots.every((root) => known.has(root.toString()))) {
      this.peer.notify(panelInput, { input: await this.input() });
      return;
    }
    this.roots = roots;
    this.applyRoots();
  }

  notify<S extends NotificationSpec>(spec: S, params: ParamsIn<S>): void {
    this.peer.notify(spec, params);
  }

  ask<S extends RequestSpec>(spec: S, params: ParamsIn<S>, signal: AbortSignal): Promise<Result<S>> {
    return this.peer.call(spec, params, signal);
  }

  /** The address inside the webview of any file on disk. */
  async lend(file: string): Promise<string> {
    return this.uriOf(await this.loadable(file));
  }

  dispose(): void {
    this.disposed = true;
    this.leaveTopics();
    this.stopRestored?.();
    this.peer.dispose();
    rm(this.copies.fsPath, { recursive: true, force: true }).catch((error: unknown) =>
      this.services.log.warn(`${this.copies.fsPath} could not be removed: ${String(error)}`),
    );
  }

  private input(): Promise<unknown> {
    return this.options.input(this.options.webview, this.copies.fsPath);
  }

  private ownFolder(): vscode.Uri {
    return vscode.Uri.joinPath(this.services.context.extensionUri, 'dist', 'webviews');
  }

  private applyRoots(): void {
    this.options.webview.options = {
      enableScripts: true,
      localResourceRoots: [this.ownFolder(), this.copies, ...this.roots],
    };
  }

  /** On to the backend; with a token the page hears how far it is. */
  private pass(spec: RequestSpec, params: unknown, signal: AbortSignal): Promise<unknown> {
    const { client } = this.services;
    const { token } = tokenOf.safeParse(params).data ?? {};
    if (token === undefined) return client.call(spec, params, signal);
    const onProgress = (value: unknown): void => this.peer.notify(panelProgress, { token, value });
    return client.callWatched(spec, params, { signal, onProgress });
  }

  private answerPage(): void {
    const { peer } = this;
    peer.handle(panelReady, async () => {
      this.leaveTopics(); // Those of the page before a reload: nobody hears them any more.
      return { language: language(), input: await this.input() };
    });
    peer.handle(panelCopy, async ({ text }) => {
      await vscode.env.clipboard.writeText(text);
      return {};
    });
    peer.handle(panelOpenLink, async ({ url }) => {
      await vscode.env.openExternal(webAddress(url));
      return {};
    });
    peer.handle(panelCommand, async ({ command, args }) => {
      if (!(Object.values(commands) as string[]).includes(command))
        throw new StudioError('internal', `There is no command ${command}.`);
      await vscode.commands.executeCommand(command, ...args);
      return {};
    });
    peer.handle(panelPickFile, ({ title, extensions }) => this.pickFile(title, extensions));
    peer.handle(panelKeepFile, ({ name, base64 }) => this.keepFile(name, base64));
    peer.handle(panelSaveFile, (file) => saveFile(file));
    peer.handle(panelFileUri, ({ path: file }) => Promise.resolve({ uri: this.uriOf(this.allowed(file)) }));
    peer.handle(panelListFolder, async ({ path: folder }) => ({
      uri: `${this.uriOf(this.allowed(folder))}/`,
      files: await listFolder(folder),
    }));
  }

  private allowed(file: string): string {
    const folders = [this.copies, ...this.roots].map((root) => root.fsPath);
    if (path.isAbsolute(file) && isInsideAny(file, folders)) return file;
    throw new StudioError('internal', `This page may not read ${file}: it lies outside its folders.`);
  }

  private async pickFile(title: string, extensions: readonly string[]) {
    const picked = await vscode.window.showOpenDialog({
      title,
      canSelectMany: false,
      ...(extensions.length === 0 ? {} : { filters: { [title]: [...extensions] } }),
    });
    const file = picked?.[0]?.fsPath;
    if (file === undefined) return null;
    return { path: file, uri: this.uriOf(await this.loadable(file)) };
  }

  /** A page's folders cannot grow without loading it again, which would lose what it does: a file from elsewhere is copied. */
  private async loadable(file: string): Promise<string> {
    if (
      isInsideAny(
        file,
        this.roots.map((root) => root.fsPath),
      )
    )
      return file;
    const folder = path.join(this.copies.fsPath, randomUUID());
    await mkdir(folder, { recursive: true });
    const copy = path.join(folder, path.basename(file));
    await copyFile(file, copy);
    return copy;
  }

  private async keepFile(name: string, base64: string): Promise<{ path: string }> {
    const folder = path.join(this.copies.fsPath, randomUUID());
    await mkdir(folder, { recursive: true });
    const kept = path.join(folder, path.basename(name));
    await writeFile(kept, Buffer.from(base64, 'base64'));
    return { path: kept };
  }

  private uriOf(file: string): string {
    return this.options.webview.asWebviewUri(vscode.Uri.file(file)).toString();
  }

  private answerTopics(): void {
    const { peer } = this;
    peer.handle(panelSubscribe, async ({ topic, id, token }) => {
      const { client } = this.services;
      this.stopRestored ??= client.onRestored(() => this.refresh());
      this.leaveTopic(token);
      const subscription = client.subscribe(topic, id);
      if (this.disposed) subscription.dispose();
      this.subscriptions.set(token, subscription);
      subscription.mirror.onChange((change) => {
        if (change.kind === 'reset') return; // The first is the answer; a later one comes with `panel/refresh`.
        const value = change.kind === 'removed' ? { id: change.item.id, removed: true } : change.item;
        peer.notify(panelTopic, { token, value });
      });
      await subscription.ready();
      return { items: [...subscription.mirror.list()] };
    });
    peer.handle(panelUnsubscribe, ({ token }) => {
      this.leaveTopic(token);
      return Promise.resolve({});
    });
  }

  private leaveTopic(token: ProgressToken): void {
    this.subscriptions.get(token)?.dispose();
    this.subscriptions.delete(token);
  }

  private leaveTopics(): void {
    for (const token of [...this.subscriptions.keys()]) this.leaveTopic(token);
  }
}

/** Pages show what strangers wrote: a link leads to the web or nowhere. */
function webAddress(url: string): vscode.Uri {
  const uri = vscode.Uri.parse(url, true);
  if (uri.scheme === 'https' || uri.scheme === 'http') return uri;
  throw new StudioError('internal', `A page may open addresses of the web only, not ${uri.scheme}:.`);
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await stat(uri.fsPath)).isFile();
  } catch {
    return false; // A page without a style sheet of its own.
  }
}
