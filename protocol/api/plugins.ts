import { z } from 'zod';
import { empty } from '../model/common';
import { pluginInfo } from '../model/plugin';
import { request } from '../wire/spec';

export const pluginsList = request('plugins/list', empty, z.object({ plugins: z.array(pluginInfo) }));
