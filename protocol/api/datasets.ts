import * as z from 'zod';
import { empty } from '../model/common';
import { dataset, datasetFormat, datasetReport } from '../model/dataset';
import {
  datasetChanges,
  datasetEdit,
  datasetFilter,
  datasetRow,
  datasetSort,
  lineFix,
  textFix,
} from '../model/datasetRows';
import { request } from '../wire/spec';
import { progressToken } from './topics';

const place = { path: z.string().min(1), format: datasetFormat.optional() };

/** With a token, `$/progress` says `{ phase: 'rows' | 'sound', done, total? }`. */
export const datasetsInspect = request(
  'datasets/inspect',
  z.object({ ...place, token: progressToken.optional() }),
  datasetReport,
);
/** Inspects and lists a data set where it lies; its files are not copied or changed. */
export const datasetsImport = request(
  'datasets/import',
  z.object({ ...place, name: z.string().min(1).optional(), token: progressToken.optional() }),
  dataset,
);
/**
 * Fetches the Parquet files of a hub data set below `path` and lists it: `csv` (default) takes its rows out into
 * `rows.csv` and `audio/`, `parquet` leaves the files as they are. Asked again after a stop, it goes on from what is there; a folder of other choices is refused. With a token,
 * `$/progress` says `{ phase: 'download' | 'extract', file, bytesDone, bytesTotal, rows }`.
 */
export const datasetsImportHub = request(
  'datasets/importHub',
  z.object({
    repoId: z.string().min(1),
    /** A folder; made when it is not there. */
    path: z.string().min(1),
    revision: z.string().optional(),
    /** One of its configurations, which are folders of the repository. */
    config: z.string().optional(),
    split: z.string().optional(),
    /** Rows of one speaker only; `csv` alone. */
    speaker: z.string().optional(),
    /**
     * Columns by their names, where those that data sets usually have are not the ones; `csv` alone. Without them, and
     * where they cannot be told, `dataset.unsupported` with `details: { asks: 'audioColumn' | 'textColumn', columns: string[] }`.
     */
    audioColumn: z.string().optional(),
    /** Empty: the rows have no text. */
    textColumn: z.string().optional(),
    speakerColumn: z.string().optional(),
    /** Rows at most; files behind them are not fetched; `csv` alone. */
    limit: z.number().int().positive().optional(),
    layout: z.enum(['csv', 'parquet']).optional(),
    name: z.string().min(1).optional(),
    token: progressToken.optional(),
  }),
  dataset,
);
/** The data sets that the hub finds, the most fetched first. */
export const datasetsHubSearch = request(
  'datasets/hubSearch',
  z.object({ query: z.string() }),
  z.object({
    datasets: z.array(
      z.object({
        repoId: z.string(),
        downloads: z.number().int(),
        likes: z.number().int(),
        gated: z.boolean(),
        private: z.boolean(),
      }),
    ),
  }),
);
/** What can be chosen of a hub data set: its configurations and splits, in Parquet. */
export const datasetsHubParts = request(
  'datasets/hubParts',
  z.object({ repoId: z.string().min(1), revision: z.string().optional() }),
  z.object({
    repoId: z.string(),
    commit: z.string(),
    parts: z.array(
      z.object({
        config: z.string().optional(),
        split: z.string(),
        files: z.number().int(),
        bytes: z.number().int(),
      }),
    ),
  }),
);
export const datasetsList = request('datasets/list', empty, z.object({ datasets: z.array(dataset) }));
/** Takes it off the list; its files stay. */
export const datasetsRemove = request('datasets/remove', z.object({ id: z.uuid() }), z.object({}));

/** Rows in an order, those that a filter leaves; a data set that is not open is inspected first. */
export const datasetsRows = request(
  'datasets/rows',
  z.object({
    ...place,
    offset: z.number().int().nonnegative(),
    limit: z.number().int().positive().max(1000),
    sort: datasetSort.optional(),
    filter: datasetFilter.optional(),
  }),
  z.object({
    total: z.number().int(),
    rows: z.array(datasetRow),
    changes: datasetChanges,
  }),
);
/** One step that can be undone. It goes into a journal beside the data (`.goya/`), not into its files. */
export const datasetsEdit = request(
  'datasets/edit',
  z.object({ ...place, edits: z.array(datasetEdit).min(1) }),
  datasetChanges,
);
/** The same for every text that a fix changes, of the rows that the filter leaves; says how many. */
export const datasetsNormalize = request(
  'datasets/normalize',
  z.object({ ...place, fixes: z.array(textFix).min(1), filter: datasetFilter.optional() }),
  datasetChanges.extend({ rows: z.number().int() }),
);
/** Takes the last step back; nothing when there is none. */
export const datasetsUndo = request('datasets/undo', z.object(place), datasetChanges);
export const datasetsRedo = request('datasets/redo', z.object(place), datasetChanges);

const write = z.object({
  ...place,
  /** Rejected rows leave the file. */
  dropRejected: z.boolean().optional(),
});
const written = {
  /** The table. */
  file: z.string(),
  changedRows: z.number().int(),
  removedRows: z.number().int(),
};
/** Writes what the table would become into a file of its own, to compare. */
export const datasetsPreview = request(
  'datasets/preview',
  write,
  z.object({ ...written, preview: z.string() }),
);
/** Writes the changes into the table; the one before is kept. Fails with `dataset.changed` when it is not as it was read. */
export const datasetsWrite = request('datasets/write', write, z.object({ ...written, backup: z.string() }));
/** A recording that lies inside a Parquet file, as a file that can be played. */
export const datasetsClip = request(
  'datasets/clip',
  z.object({ ...place, row: z.number().int().nonnegative() }),
  z.object({ path: z.string() }),
);
/** What a fix makes of the texts of a table: of one line, or of all. Nothing is written. */
export const datasetsFixes = request(
  'datasets/fixes',
  z.object({ ...place, fix: textFix, line: z.number().int().positive().optional() }),
  z.object({ file: z.string(), edits: z.array(lineFix) }),
);
