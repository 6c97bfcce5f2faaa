/** The network doctor for people: a report of every part, and the way that works one click away. */
import * as vscode from 'vscode';
import { hubCheckConnection, type ConnectionReport } from '../../protocol/api/hub';
import { healthCheck } from '../../protocol/api/session';
import { settingKeys, type SettingKey } from '../contributions';
import { hostOf } from '../hubEndpoint';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { adviceFor, networkReportText } from './networkReport';
import { withProgress } from './pick';
import { showReport } from './report';
import { healthReportText } from './reports';

export async function checkConnection(services: Services): Promise<void> {
  const [health, network] = await withProgress(
    t('Checking database, storage, engine and network'),
    (signal) =>
      Promise.all([
        services.client.call(healthCheck, {}, signal),
        services.client.call(hubCheckConnection, {}, signal),
      ]),
  );
  // The hub may answer while the host of its files does not.
  const status = health.status === 'healthy' && !network.ok ? 'degraded' : health.status;
  // Of a hub that does not answer, the network's part says more.
  const checks = health.checks.filter(({ name, ok }) => name !== 'hub' || ok || network.ok);
  const environment = {
    'VS Code': vscode.version,
    platform: `${process.platform} ${process.arch}`,
  };
  await showReport({
    name: t('Connection'),
    markdown: healthReportText({ ...health, checks, status }, environment, [networkReportText(network)]),
  });
  if (network.route !== undefined)
    offerRoute(network.route).catch((error: unknown) => services.showError(error));
}

async function offerRoute(route: NonNullable<ConnectionReport['route']>): Promise<void> {
  const take = t('Use This Way');
  const chosen = await vscode.window.showWarningMessage(adviceFor(route), take);
  if (chosen !== take) return;
  if (route.endpoint !== undefined) await change(settingKeys.hubEndpoint, route.endpoint);
  if (route.proxy !== undefined) await change(settingKeys.hubProxy, route.proxy);
  const said =
    route.endpoint === undefined
      ? t('The setting is changed. Downloads go on by the new way.')
      : t(
          '{0} is asked from now on, without your token. Downloads go on from there.',
          isolate(hostOf(route.endpoint)),
        );
  void vscode.window.showInformationMessage(said);
}

/** Where it is set already, so that the change is not hidden behind a narrower one. */
async function change(key: SettingKey, value: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('goya');
  const own = configuration.inspect(key)?.workspaceValue !== undefined;
  await configuration.update(
    key,
    value,
    own ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}
