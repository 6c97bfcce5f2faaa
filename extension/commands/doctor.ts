/** "Goya: Doctor": all that somebody who helps would ask for, in one report to copy. */
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { pluginsList } from '../../protocol/api/plugins';
import { healthCheck } from '../../protocol/api/session';
import { toStudioError } from '../../protocol/wire/errors';
import { settingKeys } from '../contributions';
import { currentPaths } from '../launch';
import { readLogLine } from '../logLines';
import type { Services } from '../services';
import { t } from '../text/translate';
import { doctorReportText, type DoctorFacts } from './doctorReport';
import { withProgress } from './pick';
import { showReport } from './report';

/** Lines of the log that a report has at most. */
const mostComplaints = 20;

export async function doctor(services: Services): Promise<void> {
  const facts = await withProgress(t('Looking at everything Goya needs'), (signal) =>
    gather(services, signal),
  );
  const markdown = doctorReportText(facts);
  await showReport({ name: t('Doctor'), markdown });
  const copy = t('Copy');
  const told = t('The report has no tokens, passwords or name of your home folder in it.');
  if ((await vscode.window.showInformationMessage(told, copy)) === copy)
    await vscode.env.clipboard.writeText(markdown);
}

async function gather(services: Services, signal: AbortSignal): Promise<DoctorFacts> {
  const shared = {
    environment: environment(services),
    settings: changedSettings(),
    complaints: await complaints(path.join(currentPaths(services.context).storagePath, 'logs')),
    homeFolder: homedir(),
  };
  try {
    const [health, { plugins }] = await Promise.all([
      services.client.call(healthCheck, {}, signal),
      services.client.call(pluginsList, {}, signal),
    ]);
    return { ...shared, health, plugins, counts: await counts(services) };
  } catch (error) {
    signal.throwIfAborted();
    // What keeps the backend from answering is the very thing that the report is for.
    return { ...shared, failure: toStudioError(error).message, plugins: [], counts: {} };
  }
}

function environment({ context }: Services): Record<string, string> {
  const { version } = context.extension.packageJSON as { readonly version: string };
  return {
    Goya: version,
    'VS Code': `${vscode.env.appName} ${vscode.version}`,
    Node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    window: [vscode.env.remoteName ?? 'local', vscode.workspace.isTrusted ? 'trusted' : 'restricted'].join(
      ', ',
    ),
  };
}

function changedSettings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration('goya');
  const changed = Object.values(settingKeys).flatMap((key) => {
    const found = configuration.inspect(key);
    const value: unknown = configuration.get(key);
    return found === undefined || value === found.defaultValue ? [] : [[`goya.${key}`, value] as const];
  });
  return Object.fromEntries(changed);
}

async function counts({ topics }: Services): Promise<Record<string, number>> {
  const { models, downloads, runs, datasets } = topics;
  await Promise.all([models.ready(), downloads.ready(), runs.ready(), datasets.ready()]);
  const found: Record<string, number> = {};
  const count = (name: string): void => {
    found[name] = (found[name] ?? 0) + 1;
  };
  for (const { status } of models.mirror.list()) count(`models: ${status}`);
  for (const { state } of downloads.mirror.list()) count(`downloads: ${state}`);
  for (const { state } of runs.mirror.list()) count(`runs: ${state}`);
  return { ...found, 'data sets': datasets.mirror.list().length };
}

/** Warnings and errors at the end of the newest log. */
async function complaints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const newest = names
    .filter((name) => name.endsWith('.log'))
    .sort()
    .at(-1);
  if (newest === undefined) return [];
  const text = await readFile(path.join(folder, newest), 'utf8').catch((error: unknown) => String(error));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(readLogLine)
    .filter(({ level }) => level === 'warn' || level === 'error')
    .slice(-mostComplaints)
    .map(({ level, message }) => `${level}: ${message.split('\n')[0] ?? ''}`);
}
