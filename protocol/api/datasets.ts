import { z } from 'zod';
import { empty } from '../model/common';
import { dataset, datasetFormat, datasetReport } from '../model/dataset';
import { progressToken } from './topics';
import { request } from '../wire/spec';

/** With a token, `$/progress` says `{ phase: 'rows' | 'sound', done, total? }`. */
export const datasetsInspect = request(
  'datasets/inspect',
  z.object({
    path: z.string().min(1),
    format: datasetFormat.optional(),
    token: progressToken.optional(),
  }),
  datasetReport,
);
/** Inspects and lists a data set where it lies; its files are not copied or changed. */
export const datasetsImport = request(
  'datasets/import',
  z.object({
    path: z.string().min(1),
    format: datasetFormat.optional(),
    name: z.string().min(1).optional(),
    token: progressToken.optional(),
  }),
  dataset,
);
export const datasetsList = request('datasets/list', empty, z.object({ datasets: z.array(dataset) }));
/** Takes it off the list; its files stay. */
export const datasetsRemove = request('datasets/remove', z.object({ id: z.uuid() }), z.object({}));
