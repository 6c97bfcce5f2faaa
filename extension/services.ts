/** What commands, views, pages and the config language share, built by hand, top to bottom. Starts no backend yet. */
import * as vscode from 'vscode';
import type { BackendSession } from './backendProcess';
import { watchBrokenPlugins } from './brokenPlugins';
import { Client } from './client';
import { launcher } from './launch';
import { watchEnds } from './notify';
import { watchPlugins } from './plugins';
import { createShowError, type ShowError } from './showError';
import { SpeechView } from './speech/speechView';
import { createStatusBar } from './statusBar';
import { Supervisor } from './supervisor';
import { pushSettings } from './pushSettings';
import { TokenStore } from './token';
import { createTopics, type Topics } from './topics';
import { Grouping } from './views/grouping';

export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly supervisor: Supervisor<BackendSession>;
  readonly client: Client<BackendSession>;
  readonly topics: Topics;
  readonly token: TokenStore;
  readonly showError: ShowError;
  readonly grouping: Grouping;
  readonly speech: SpeechView;
  /** Other extensions brought or took training tasks. */
  readonly onTasksChanged: vscode.Event<void>;
}

export function createServices(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Services {
  const token = new TokenStore(context.secrets);
  const showError = createShowError(log);
  const supervisor = new Supervisor<BackendSession>(launcher({ context, log, token }));
  const client = new Client(supervisor, (message) => log.warn(message));
  const topics = createTopics(client);
  const grouping = new Grouping(context.globalState);
  const speech = new SpeechView({ context, log, client });
  const tasksChanged = new vscode.EventEmitter<void>();
  const onTasksChanged = tasksChanged.event;
  const services: Services = {
    context,
    log,
    supervisor,
    client,
    topics,
    token,
    showError,
    grouping,
    speech,
    onTasksChanged,
  };

  context.subscriptions.push(
    new vscode.Disposable(
      supervisor.onState((state) => {
        log.info(
          `backend: ${state.kind}${state.kind === 'running' ? ` (pid ${state.session.pid ?? '?'})` : ''}`,
        );
        if (state.kind === 'waiting') log.error(state.reason.message);
        if (state.kind === 'failed') showError(state.error);
      }),
    ),
    grouping,
    speech,
    tasksChanged,
    watchPlugins(services, () => tasksChanged.fire()),
    watchBrokenPlugins(services),
    createStatusBar(supervisor, topics),
    pushSettings(services),
    watchEnds(services),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      // Its plugins and its state folder may be used from now on.
      if (supervisor.state.kind !== 'stopped') void supervisor.restart();
    }),
  );
  return services;
}
