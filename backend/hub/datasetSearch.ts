import { z } from 'zod';
import type { datasetsHubParts, datasetsHubSearch } from '../../protocol/api/datasets';
import type { Result } from '../../protocol/wire/spec';
import { splitOf } from '../sdk/data/parquetFile';
import type { HubApi } from './api';
import type { DatasetRepo } from './datasetRepo';
import { invalidResponse } from './errors';
import { hubModelJson } from './wire';

const most = 30;

/** The data sets that the hub finds for some words, the most fetched first. Throws the hub's errors. */
export async function searchDatasets(
  api: HubApi,
  query: string,
  signal: AbortSignal | undefined,
): Promise<Result<typeof datasetsHubSearch>> {
  const words = new URLSearchParams({
    search: query,
    sort: 'downloads',
    direction: '-1',
    limit: String(most),
  });
  const json = await api.json({ url: `/api/datasets?${words.toString()}`, subject: query, signal });
  const found = z.array(hubModelJson).safeParse(json).data;
  if (found === undefined) throw invalidResponse(api.endpoint, 'its list of data sets is not one');
  const datasets = found.flatMap(({ id, downloads, likes, gated, private: hidden }) =>
    id === undefined ? [] : [{ repoId: id, downloads, likes, gated: gated !== false, private: hidden }],
  );
  return { datasets };
}

/** Its configurations and splits with what they weigh, in the repository's order. */
export function datasetParts({ repoId, commit, files }: DatasetRepo): Result<typeof datasetsHubParts> {
  const parts = new Map<string, { config?: string; split: string; files: number; bytes: number }>();
  for (const { path, size } of files) {
    const config = configOf(path);
    const split = splitOf(path);
    const key = `${config ?? ''}\0${split}`;
    const part = parts.get(key) ?? { ...(config === undefined ? {} : { config }), split, files: 0, bytes: 0 };
    parts.set(key, { ...part, files: part.files + 1, bytes: part.bytes + size });
  }
  return { repoId, commit, parts: [...parts.values()] };
}

/** The folder nearest to the file that is neither the usual `data` nor the split's own. */
function configOf(path: string): string | undefined {
  const folders = path.split('/').slice(0, -1);
  return folders.findLast((folder) => folder !== 'data' && folder !== splitOf(path));
}
