/** "Install Native TensorFlow Engine": where from, then progress that can be cancelled. */
import * as vscode from 'vscode';
import {
  enginesInstall,
  enginesPreflight,
  installProgress,
  type InstallProgress,
} from '../../protocol/api/engines';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';
import { withNotice } from './notice';

export async function installEngine(services: Services): Promise<void> {
  // What is missing is said before anything is asked.
  const { configuredHost } = await services.client.call(enginesPreflight, {});
  const source = await pickSource(configuredHost);
  if (source === undefined) return;
  const engine = await withNotice(t('Installing native TensorFlow'), (signal, report) => {
    let shown = 0;
    const onProgress = (value: unknown): void => {
      const parsed = installProgress.safeParse(value);
      if (!parsed.success) return;
      const percent = percentOf(parsed.data);
      report(sentence(parsed.data), Math.max(0, percent - shown));
      shown = Math.max(shown, percent);
    };
    return services.client.callWatched(enginesInstall, { source }, { signal, onProgress });
  });
  void vscode.window.showInformationMessage(
    t('TensorFlow {0} is installed; the next run takes it.', engine.version ?? ''),
  );
}

/** pip's index is offered where one is set: without, choosing it would only fail. */
async function pickSource(configuredHost: string | undefined): Promise<string | undefined> {
  const configured = {
    label: t('The index that pip uses here'),
    description: configuredHost ?? '',
    detail: t('From its settings: a mirror or a company’s index, where one is set'),
    source: 'configured',
  };
  const items = [
    ...(configuredHost === undefined ? [] : [configured]),
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
