/** "Install Native TensorFlow Engine" and "Install ONNX Engine": where from, then progress that can be cancelled. */
import * as vscode from 'vscode';
import {
  enginesInstall,
  enginesPreflight,
  installProgress,
  type InstallableEngine,
  type InstallProgress,
} from '../../protocol/api/engines';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';
import { withNotice } from './notice';

/** How an engine is spoken of, and where it comes from. */
interface Engine {
  readonly id: InstallableEngine;
  readonly title: string;
  readonly needs: string;
  readonly installing: string;
  readonly installed: (version: string) => string;
  /** The index that a package manager asks on this machine. */
  readonly configured: string;
  readonly official: { readonly label: string; readonly detail: string };
  readonly prompt: string;
  readonly example: string;
}

const tensorflow = (): Engine => ({
  id: 'tensorflow',
  title: t('Install Native TensorFlow Engine'),
  needs: t('Needs a C++ compiler and 1.2 GB; trains several times faster than WebAssembly'),
  installing: t('Installing native TensorFlow'),
  installed: (version) => t('TensorFlow {0} is installed; the next run takes it.', version),
  configured: t('The index that pip uses here'),
  official: { label: 'pypi.org', detail: t('The official index, about 230 MB') },
  prompt: t('The address of a Python package index'),
  example: 'https://mirror.example.org/simple',
});

const onnx = (): Engine => ({
  id: 'onnx',
  title: t('Install ONNX Engine'),
  needs: t('Runs Piper and Matcha voices and ONNX recognisers; about 50 MB on disk'),
  installing: t('Installing the ONNX engine'),
  installed: (version) => t('The ONNX engine, sherpa-onnx {0}, is installed.', version),
  configured: t('The registries that npm and pip use here'),
  official: { label: 'registry.npmjs.org, pypi.org', detail: t('The official registries, about 20 MB') },
  prompt: t('The address of an npm registry'),
  example: 'https://mirror.example.org/npm',
});

export const installEngine = (services: Services): Promise<void> => install(services, tensorflow());
export const installOnnxEngine = (services: Services): Promise<void> => install(services, onnx());

async function install(services: Services, wanted: Engine): Promise<void> {
  // What is missing is said before anything is asked.
  const { configuredHost } = await services.client.call(enginesPreflight, { engine: wanted.id });
  const source = await pickSource(wanted, configuredHost);
  if (source === undefined) return;
  const engine = await withNotice(wanted.installing, (signal, report) => {
    let shown = 0;
    const onProgress = (value: unknown): void => {
      const parsed = installProgress.safeParse(value);
      if (!parsed.success) return;
      const percent = percentOf(parsed.data);
      report(sentence(parsed.data), Math.max(0, percent - shown));
      shown = Math.max(shown, percent);
    };
    const params = { engine: wanted.id, source };
    return services.client.callWatched(enginesInstall, params, { signal, onProgress });
  });
  void vscode.window.showInformationMessage(wanted.installed(engine.version ?? ''));
}

/** What the person set is offered where it is set: without, choosing it would only fail, or be the official one. */
async function pickSource(wanted: Engine, configuredHost: string | undefined): Promise<string | undefined> {
  const configured = {
    label: wanted.configured,
    description: configuredHost ?? '',
    detail: t('From its settings: a mirror or a company’s index, where one is set'),
    source: 'configured',
  };
  const items = [
    ...(configuredHost === undefined ? [] : [configured]),
    { ...wanted.official, source: 'official' },
    { label: t('Another index…'), detail: t('The address of a mirror'), source: undefined },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: wanted.title, placeHolder: wanted.needs });
  if (picked === undefined || picked.source !== undefined) return picked?.source;
  return vscode.window.showInputBox({
    title: wanted.title,
    prompt: wanted.prompt,
    placeHolder: wanted.example,
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
      return t('Looking at what this machine has');
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
