import * as z from 'zod';
import { pluginInfo, pluginSource } from '../model/plugin';
import { request } from '../wire/spec';
import { progressToken } from './topics';

/** What both requests say under the caller's token whenever a plugin has loaded or failed: those that are there. */
export const pluginsProgress = z.object({ plugins: z.array(pluginInfo) });

/**
 * Answers when each plugin has loaded or failed, which a slow one may put off for 10 seconds. `training/tasks` and the
 * checks of configs wait for nobody: with a token, each plugin that comes is told.
 */
export const pluginsList = request(
  'plugins/list',
  z.object({ token: progressToken.optional() }).default({}),
  z.object({ plugins: z.array(pluginInfo) }),
);
/** Takes the place of the plugins that `initialize` brought, and loads those that are new; answers as `plugins/list` does. */
export const pluginsContribute = request(
  'plugins/contribute',
  z.object({ plugins: z.array(pluginSource).max(1000), token: progressToken.optional() }),
  z.object({ plugins: z.array(pluginInfo) }),
);
