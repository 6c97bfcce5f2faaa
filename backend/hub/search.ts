/**
 * The hub's model search. A language has two spellings among the tags and the hub has no "or": both are asked for and
 * merged, in the order of the sort, without doubles, page by page.
 */
import { z } from 'zod';
import type { hubSearch } from '../../protocol/api/hub';
import type { HubModel } from '../../protocol/model/hubModel';
import { StudioError } from '../../protocol/wire/errors';
import type { Params, ResultIn } from '../../protocol/wire/spec';
import { say } from '../language/say';
import type { HubApi } from './api';
import { invalidResponse } from './errors';
import { addressOf, toFetchResponse } from './files';
import { toHubModel } from './hubModel';
import { hubModelJson } from './wire';

type SearchParams = Params<typeof hubSearch>;
type SearchResult = ResultIn<typeof hubSearch>;

/** Where one listing stands: the query of its page (null: at its end) and how much of that page was handed out. */
const position = z.object({ query: z.string().nullable(), taken: z.number().int().nonnegative() });
type Position = z.infer<typeof position>;
const cursorSchema = z.array(position).min(1).max(2);

interface Page {
  readonly models: readonly HubModel[];
  readonly next: string | null;
}

export const defaultLimit = 30;

export async function searchHub(
  api: HubApi,
  params: SearchParams,
  signal: AbortSignal | undefined,
): Promise<SearchResult> {
  const limit = params.limit ?? defaultLimit;
  const language = params.language === '' ? undefined : params.language;
  const tags = language === undefined ? [undefined] : [language, `language:${language}`];
  const positions: Position[] =
    params.cursor === undefined
      ? tags.map(() => ({ query: '', taken: 0 }))
      : readCursor(params.cursor, tags.length);
  const pages = await Promise.all(
    positions.map(({ query }, index) =>
      query === null
        ? Promise.resolve<Page>({ models: [], next: null })
        : loadPage(api, params, tags[index], query, limit, signal),
    ),
  );
  const lists = pages.map(({ models }, index) =>
    models
      .slice(positions[index]?.taken ?? 0)
      // What carries both spellings is already in the first list.
      .map((model) => ({
        model,
        double: index > 0 && language !== undefined && model.tags.includes(language),
      })),
  );
  const merged = merge(lists, limit, params.sort ?? 'downloads', pages);
  const next = positions.map(({ query, taken }, index) => {
    const page = pages[index];
    const used = taken + (merged.used[index] ?? 0);
    if (page === undefined || query === null) return { query: null, taken: 0 };
    return used < page.models.length ? { query, taken: used } : { query: page.next, taken: 0 };
  });
  const more = next.some(({ query }) => query !== null);
  return { models: merged.models, ...(more ? { nextCursor: writeCursor(next) } : {}) };
}

interface Candidate {
  readonly model: HubModel;
  readonly double: boolean;
}

/** Stops where a list ends whose next page might hold what comes next. */
function merge(
  lists: readonly (readonly Candidate[])[],
  limit: number,
  sort: NonNullable<SearchParams['sort']>,
  pages: readonly Page[],
): { models: HubModel[]; used: number[] } {
  const used = lists.map(() => 0);
  const models: HubModel[] = [];
  const seen = new Set<string>();
  const rank = ({ model }: Candidate): number =>
    sort === 'lastModified' ? Date.parse(model.lastModified ?? '1970-01-01') : model[sort];
  while (models.length < limit) {
    let best: number | undefined;
    for (const [index, list] of lists.entries()) {
      let head = list[used[index] ?? 0];
      while (head !== undefined && (head.double || seen.has(head.model.repoId))) {
        used[index] = (used[index] ?? 0) + 1;
        head = list[used[index] ?? 0];
      }
      if (head === undefined) {
        if (typeof pages[index]?.next === 'string') return { models, used };
        continue;
      }
      const leader = best === undefined ? undefined : lists[best]?.[used[best] ?? 0];
      if (leader === undefined || rank(head) > rank(leader)) best = index;
    }
    const chosen = best === undefined ? undefined : lists[best]?.[used[best] ?? 0];
    if (best === undefined || chosen === undefined) break;
    used[best] = (used[best] ?? 0) + 1;
    models.push(chosen.model);
    seen.add(chosen.model.repoId);
  }
  return { models, used };
}

/** One page by the official client. `query` is the address's query of a later page, empty for the first. */
async function loadPage(
  api: HubApi,
  params: SearchParams,
  tag: string | undefined,
  query: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const { listModels } = await import('@huggingface/hub');
  const state: { next: string | null; models: HubModel[] } = { next: null, models: [] };
  const listing = listModels({
    search: {
      ...(params.query === undefined || params.query === '' ? {} : { query: params.query }),
      ...(params.author === undefined ? {} : { owner: params.author }),
      ...(params.task === undefined ? {} : { task: params.task as never }),
      ...(tag === undefined ? {} : { tags: [tag] }),
    },
    sort: params.sort ?? 'downloads',
    limit,
    hubUrl: api.endpoint,
    additionalFields: ['tags', 'library_name'],
    fetch: async (input) => {
      const first = new URL(addressOf(input));
      const url = query === '' ? first.href : `${first.origin}${first.pathname}?${query}`;
      const answer = await api.read({ url, subject: say`The search`, signal });
      state.next = nextQuery(answer.header('link'), url);
      state.models = parsePage(answer.body, url);
      // Without its Link: the client would follow it and lose the cursor.
      return toFetchResponse(answer, ['content-type']);
    },
  });
  // The client's entries are read from the page itself: it falls over what a small hub leaves out.
  for await (const entry of listing) if (entry.name === '') break;
  return state;
}

function parsePage(body: Buffer, url: string): HubModel[] {
  try {
    const parsed = z.array(hubModelJson).parse(JSON.parse(body.toString('utf8')));
    return parsed.map((json) => toHubModel(json)).filter((model) => model.repoId !== '');
  } catch (error) {
    throw invalidResponse(url, 'the search did not come as a list of models', error);
  }
}

/** Only the query is kept of the next page's address: the token must not follow it to another host. */
function nextQuery(link: string | null, current: string): string | null {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const next = new URL(target, current);
  // A page that names itself as the next one would be paged for ever.
  return next.search === '' || next.search === new URL(current).search ? null : next.search.slice(1);
}

function writeCursor(positions: readonly Position[]): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url');
}

function readCursor(cursor: string, count: number): Position[] {
  try {
    const positions = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (positions.length === count) return positions;
  } catch {
    // Told below.
  }
  throw new StudioError(
    'hub.notFound',
    'This page of search results does not belong to this search. Search again.',
  );
}
