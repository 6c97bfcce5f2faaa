/** "Install Native TensorFlow Engine": where from, then progress that can be cancelled. */
import * as vscode from 'vscode';
import { enginesInstall, installProgress, type InstallProgress } from '../../protocol/api/engines';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';

export async function installEngine(services: Services): Promise<void> {
  const source = await pickSource();
  if (source === undefined) return;
  const engine = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Installing native TensorFlow'),
      cancellable: true,
    },
    async (progress, cancellation) => {
      const controller = new AbortController();
      const stop = cancellation.onCancellationRequested(() => controller.abort());
      let shown = 0;
      const onProgress = (value: unknown): void => {
        const parsed = installProgress.safeParse(value);
        if (!parsed.success) return;
        const percent = percentOf(parsed.data);
        progress.report({ message: sentence(parsed.data), increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      };
      try {
        const options = { signal: controller.signal, onProgress };
        return await services.client.callWatched(enginesInstall, { source }, options);
      } finally {
        stop.dispose();
      }
    },
  );
  void vscode.window.showInformationMessage(
    t('TensorFlow {0} is installed; the next run takes it.', engine.version ?? ''),
  );
}

async function pickSource(): Promise<string | undefined> {
  const items = [
    {
      label: t('The index that pip uses here'),
      detail: t('From its settings: a mirror or a company’s index, where one is set'),
      source: 'configured',
    },
    { label: 'pypi.org', detail: t('The official index, about 230 MB'), source: 'official' },
    { label: t('Another index…'), detail: t('The address of a mirror'), source: undefined },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Install Native TensorFlow Engine'),
    placeHolder: t('Needs a C++ compiler and 1.2 GB; trains several times faster than WebAssembly'),
  });
  if (picked === undefined || picked.source !== undefined) return picked?.source;
  return vscode.window.showInputBox({
    title: t('Install Native TensorFlow Engine'),
    prompt: t('The address of a Python package index'),
    placeHolder: 'https://mirror.example.org/simple',
    validateInput: (text) => (isAddress(text) ? undefined : t('An address starts with https:// or http://')),
  });
}

function isAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

/** Shares of the time that the steps take on a common machine. */
function percentOf({ step, bytesDone, bytesTotal }: InstallProgress): number {
  switch (step) {
    case 'check':
      return 0;
    case 'download':
      return bytesDone === undefined || bytesTotal === undefined ? 0 : (60 * bytesDone) / bytesTotal;
    case 'unpack':
      return 60;
    case 'compile':
      return 75;
    case 'verify':
      return 95;
  }
}

function sentence({ step, host, bytesDone, bytesTotal }: InstallProgress): string {
  switch (step) {
    case 'check':
      return t('Looking at compiler and space');
    case 'download':
      return bytesDone === undefined || bytesTotal === undefined
        ? t('Asking {0}', isolate(host ?? ''))
        : t('{0} of {1}: {2}', formatBytes(bytesDone), formatBytes(bytesTotal), isolate(host ?? ''));
    case 'unpack':
      return t('Unpacking the libraries');
    case 'compile':
      return t('Compiling the binding');
    case 'verify':
      return t('Trying it');
  }
}
