/** What the hub says now of a model on a shipped list: counts, licence, gating, and the names of its files. */
import type { HubApi } from './api';
import type { LiveEntry } from './curated';
import { invalidResponse } from './errors';
import { toHubModel } from './hubModel';
import { repoUrlPath } from './repoId';
import { hubModelJson } from './wire';

/** One request. The list of files comes with the plain answer, on every hub. */
export async function liveEntry(api: HubApi, repoId: string, signal: AbortSignal): Promise<LiveEntry> {
  const json = await api.json({ url: `/api/models/${repoUrlPath(repoId)}`, subject: repoId, signal });
  const parsed = hubModelJson.safeParse(json);
  if (!parsed.success)
    throw invalidResponse(api.endpoint, `the description of ${repoId} is not one`, parsed.error);
  return {
    model: toHubModel(parsed.data, repoId),
    paths: parsed.data.siblings?.map(({ rfilename }) => rfilename),
  };
}
