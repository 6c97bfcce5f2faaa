import { z } from 'zod';
import { empty } from '../model/common';
import { pluginInfo, pluginSource } from '../model/plugin';
import { request } from '../wire/spec';

export const pluginsList = request('plugins/list', empty, z.object({ plugins: z.array(pluginInfo) }));
/** Takes the place of the plugins that `initialize` brought, and loads those that are new; answers as `plugins/list` does. */
export const pluginsContribute = request(
  'plugins/contribute',
  z.object({ plugins: z.array(pluginSource).max(1000) }),
  z.object({ plugins: z.array(pluginInfo) }),
);
