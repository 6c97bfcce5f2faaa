/** A search without a hub: what is installed, then the shipped lists. */
import { curatedCategories, type CuratedModel, type hubSearch } from '../../protocol/api/hub';
import type { HubModel } from '../../protocol/model/hubModel';
import type { Model } from '../../protocol/model/model';
import type { Params, ResultIn } from '../../protocol/wire/spec';
import { loadShipped } from './curated';
import { defaultLimit } from './search';

type SearchParams = Params<typeof hubSearch>;

/** Counts are not known offline, so the order is that of the lists, whatever sort is asked for. */
export async function searchOffline(
  params: SearchParams,
  installed: readonly Model[],
): Promise<ResultIn<typeof hubSearch>> {
  // One page is all there is.
  if (params.cursor !== undefined) return { models: [], offline: true };
  const shipped = (await Promise.all(curatedCategories.map(loadShipped))).flat();
  const byId = new Map<string, HubModel>();
  const titles = new Map<string, string>();
  for (const model of installed) {
    const entry = fromInstalled(model);
    if (entry !== undefined) byId.set(entry.repoId, entry);
  }
  for (const model of shipped) {
    if (!byId.has(model.repoId)) byId.set(model.repoId, plain(model));
    titles.set(model.repoId, `${titles.get(model.repoId) ?? ''} ${model.title} ${model.architecture}`);
  }
  const models = [...byId.values()].filter((model) => fits(model, titles.get(model.repoId) ?? '', params));
  return { models: models.slice(0, params.limit ?? defaultLimit), offline: true };
}

function fits(model: HubModel, title: string, { query, task, language, author }: SearchParams): boolean {
  const text = `${model.repoId} ${title}`.toLowerCase();
  const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (
    words.every((word) => text.includes(word)) &&
    (task === undefined || model.task === task) &&
    (language === undefined || language === '' || model.languages.includes(language)) &&
    (author === undefined || model.repoId.toLowerCase().startsWith(`${author.toLowerCase()}/`))
  );
}

function fromInstalled({ repoId, licence, status, metadata }: Model): HubModel | undefined {
  if (repoId === undefined || status === 'downloading') return undefined;
  const words = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
  const { task } = metadata;
  return {
    repoId,
    ...(typeof task === 'string' ? { task } : {}),
    tags: words(metadata['tags']),
    downloads: 0,
    likes: 0,
    ...(licence === undefined ? {} : { licence }),
    gated: metadata['gated'] === true,
    private: false,
    languages: words(metadata['languages']),
  };
}

function plain(model: CuratedModel): HubModel {
  const { repoId, task, tags, downloads, likes, licence, gated, languages } = model;
  return {
    repoId,
    ...(task === undefined ? {} : { task }),
    tags,
    downloads,
    likes,
    ...(licence === undefined ? {} : { licence }),
    gated,
    private: model.private,
    languages,
  };
}
