import { z } from 'zod';
import { id } from '../model/common';
import { model, modelType } from '../model/model';
import { request } from '../wire/spec';

const one = z.object({ id });

export const modelsList = request(
  'models/list',
  z.object({ type: modelType.optional() }).default({}),
  z.object({ models: z.array(model) }),
);
export const modelsGet = request('models/get', one, model);
/** Reads every byte again and compares with the hub's hashes. */
export const modelsVerify = request(
  'models/verify',
  one,
  z.object({ ok: z.boolean(), problems: z.array(z.object({ file: z.string(), message: z.string() })) }),
);
/** Deletes the model's folder and its row. */
export const modelsRemove = request('models/remove', one, z.object({}));
/** Takes a folder that is already on disk into the library, where it lies. */
export const modelsImport = request('models/import', z.object({ path: z.string().min(1) }), model);
