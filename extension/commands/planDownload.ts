/** From a repository's name to a running download: what it is, what would be fetched, a choice, and off. */
import * as vscode from 'vscode';
import { downloadsPlan, downloadsStart } from '../../protocol/api/downloads';
import { hubModelInfo } from '../../protocol/api/hub';
import type { DownloadPlan } from '../../protocol/model/download';
import type { HubModelDetails } from '../../protocol/model/hubModel';
import { patternsFor } from '../../protocol/model/patterns';
import { StudioError } from '../../protocol/wire/errors';
import { withPage } from '../hubPage';
import type { Services } from '../services';
import { isolate, joinParts } from '../text/bidi';
import { formatBytes, formatNumber } from '../text/format';
import { t } from '../text/translate';
import { verdictWords } from './hubItem';
import { openModelPage } from './modelPage';
import { withProgress } from './pick';
import type { RepoName } from './repoName';

interface PlanItem extends vscode.QuickPickItem {
  readonly action: 'start' | 'choose' | 'everything' | 'page';
}

/** Everything that the choice is made on; one of the two may be missing when the hub gives only the other. */
interface Offer {
  readonly repo: RepoName;
  readonly model: HubModelDetails;
  readonly plan: DownloadPlan;
}

/** `include`: the files of this model in a repository that holds several. */
export async function planDownload(
  services: Services,
  repo: RepoName,
  include?: readonly string[],
): Promise<void> {
  const offer = await ask(services, repo, include);
  const picked = await vscode.window.showQuickPick(planItems(offer), {
    title: joinParts([offer.model.repoId, offer.model.licence, verdictWords(offer.model.runsHere.verdict)]),
    placeHolder: placeHolder(offer),
    ignoreFocusOut: true,
  });
  switch (picked?.action) {
    case 'start':
      return start(services, offer.repo, offer.plan, include);
    case 'everything':
      return start(services, offer.repo, offer.plan, ['*']);
    case 'choose':
      return choose(services, offer);
    case 'page':
      return openModelPage(services, repo);
    case undefined:
  }
}

async function ask(
  services: Services,
  repo: RepoName,
  include: readonly string[] | undefined,
): Promise<Offer> {
  const selection = include === undefined ? repo : { ...repo, include: [...include] };
  try {
    return await withProgress(t('Asking the hub about {0}', isolate(repo.repoId)), async (signal) => {
      const [model, plan] = await Promise.all([
        services.client.call(hubModelInfo, repo, signal),
        services.client.call(downloadsPlan, selection, signal),
      ]);
      return { repo, model, plan };
    });
  } catch (error) {
    throw withPage(error, repo.repoId);
  }
}

function planItems({ model, plan }: Offer): PlanItem[] {
  const done = plan.totalBytes > 0 && plan.remainingBytes === 0;
  const items: PlanItem[] = [
    {
      action: 'start',
      label: done
        ? `$(pass) ${t('Add to the library')}`
        : `$(cloud-download) ${t('Download {0}', formatBytes(plan.remainingBytes))}`,
      description: t('{0} files', formatNumber(plan.files.length)),
      detail: joinParts([
        plan.note,
        done ? t('everything is on disk already') : undefined,
        t('{0} free on the disk', formatBytes(plan.freeBytes)),
      ]),
    },
    { action: 'choose', label: `$(checklist) ${t('Choose Files…')}` },
  ];
  if (model.files.length > plan.files.length)
    items.push({
      action: 'everything',
      label: `$(files) ${t('Download Everything')}`,
      description: joinParts([
        t('{0} files', formatNumber(model.files.length)),
        formatBytes(model.totalBytes),
      ]),
    });
  items.push({
    action: 'page',
    label: `$(preview) ${t('Open Model Page')}`,
    detail: model.runsHere.reason,
  });
  return items;
}

function placeHolder({ model, plan }: Offer): string {
  if (model.gated) return t('Its licence must be accepted on the hub first, and a token set here.');
  if (plan.remainingBytes > plan.freeBytes)
    return t(
      'The disk has not enough room: {0} are missing.',
      formatBytes(plan.remainingBytes - plan.freeBytes),
    );
  return t('What to download');
}

async function choose(services: Services, { repo, model, plan }: Offer): Promise<void> {
  const planned = new Set(plan.files.map((file) => file.path));
  const picked = await vscode.window.showQuickPick(
    model.files.map((file) => ({
      label: file.path,
      description: formatBytes(file.size),
      picked: planned.has(file.path),
    })),
    { title: model.repoId, placeHolder: t('Files to download'), canPickMany: true, ignoreFocusOut: true },
  );
  if (picked === undefined || picked.length === 0) return;
  await start(
    services,
    repo,
    plan,
    patternsFor(
      picked.map((item) => item.label),
      model.files.map((file) => file.path),
    ),
  );
}

/** Pinned to the commit that was shown, so that what was agreed to is what arrives. */
async function start(
  services: Services,
  repo: RepoName,
  plan: DownloadPlan,
  include?: readonly string[],
): Promise<void> {
  if (include === undefined && plan.remainingBytes > plan.freeBytes) {
    throw new StudioError(
      'download.diskFull',
      t(
        '{0} needs {1}, the disk has {2} free. Free some space, or set another models folder.',
        repo.repoId,
        formatBytes(plan.remainingBytes),
        formatBytes(plan.freeBytes),
      ),
    );
  }
  await services.client.call(downloadsStart, {
    repoId: repo.repoId,
    revision: plan.commit,
    ...(include === undefined ? {} : { include: [...include] }),
  });
  await vscode.commands.executeCommand('goya.downloads.focus');
}
