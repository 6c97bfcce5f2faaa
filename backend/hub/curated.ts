/**
 * The shipped lists of Persian models. What Goya's authors know of a model stands in `curated/<category>.json`; the
 * counts, the licence, the gating and whether its weights are still there come from the hub where it answers in time.
 */
import { z } from 'zod';
import { curatedCategories, type CuratedCategory, type CuratedModel } from '../../protocol/api/hub';
import type { HubModel } from '../../protocol/model/hubModel';
import { isStudioError } from '../../protocol/wire/errors';
import { throwIfAborted } from './cancelled';
import { changedNote, inheritedNote } from './licenceNotes';
import { filterPaths } from './patterns';
import { sleep } from './retry';
import { formatsOf } from './runsHere';

export const curatedEntry = z.strictObject({
  repoId: z.string(),
  title: z.string(),
  architecture: z.string(),
  formats: z.array(z.string()).min(1),
  /** As its page lists it, to about three digits. */
  sizeBytes: z.number().int().positive().optional(),
  /** As its page gives it; left out where none is shown. */
  licence: z.string().optional(),
  /** Where what its page says of the licence cannot all be true. */
  licenceNote: z.string().optional(),
  gated: z.boolean().optional(),
  /** Picks this model's files in a repository that holds several. */
  include: z.array(z.string()).min(1).optional(),
  note: z.string(),
  /** The month (or day) its page was read. */
  checked: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/),
});
export type CuratedEntry = z.infer<typeof curatedEntry>;

const taskOf: Readonly<Record<CuratedCategory, string>> = {
  tts: 'text-to-speech',
  stt: 'automatic-speech-recognition',
  llm: 'text-generation',
};

/** Longest wait for the hub, in milliseconds: the shipped facts serve without it. */
const defaultPatience = 2000;
/** How long the questions that are not answered by then may go on: their answers serve the next time. */
const longestRefresh = 15_000;
/** How long an answer serves, in milliseconds. */
const freshFor = 10 * 60_000;
const parallel = 12;

/** What the hub says of an entry now. */
export interface LiveEntry {
  readonly model: HubModel;
  /** Names of its files; undefined when the hub does not list them here. */
  readonly paths: readonly string[] | undefined;
}

type Lookup = (repoId: string, signal: AbortSignal) => Promise<LiveEntry>;

interface Known {
  readonly at: number;
  /** Undefined: the hub knows no such repository, or does not show it. */
  readonly live: LiveEntry | undefined;
}

export class Curated {
  private known = new Map<string, Known>();
  private asking = new Map<string, Promise<boolean>>();

  constructor(
    private readonly lookUp: Lookup,
    private readonly patience = defaultPatience,
  ) {}

  async list(
    category: CuratedCategory,
    signal?: AbortSignal,
  ): Promise<{ models: CuratedModel[]; offline: boolean }> {
    const entries = await loadEntries(category);
    const reached = await this.refresh([...new Set(entries.map((entry) => entry.repoId))], signal);
    throwIfAborted(signal);
    return {
      offline: !reached,
      models: entries.map((entry) => toCurated(entry, category, this.known.get(entry.repoId))),
    };
  }

  /** What the hub said to somebody else, or another hub said, counts no more. */
  forget(): void {
    // A new map: what is still being asked for somebody else must not land in it.
    this.known = new Map();
    this.asking = new Map();
  }

  /** Whether the hub answered, now or a short while ago. */
  private async refresh(repoIds: readonly string[], signal: AbortSignal | undefined): Promise<boolean> {
    const stale = repoIds.filter((repoId) => !this.isFresh(repoId));
    if (stale.length === 0) return true;
    const key = stale.join(' ');
    const { asking } = this;
    const asked = asking.get(key) ?? this.ask(stale).finally(() => asking.delete(key));
    asking.set(key, asked);
    const late = new AbortController();
    const tooLong = sleep(this.patience, late.signal).then(
      () => stale.length < repoIds.length || stale.some((repoId) => this.isFresh(repoId)),
      () => false,
    );
    const givenUp = new Promise<boolean>((resolve) => {
      signal?.addEventListener('abort', () => resolve(false), { once: true });
    });
    const reached = await Promise.race([asked, tooLong, givenUp]);
    late.abort();
    return reached;
  }

  private isFresh(repoId: string): boolean {
    const known = this.known.get(repoId);
    return known !== undefined && Date.now() - known.at <= freshFor;
  }

  /** One that fails leaves the others alone; a hub that cannot be reached at all is asked no more. */
  private async ask(repoIds: readonly string[]): Promise<boolean> {
    const hopeless = new AbortController();
    const stop = AbortSignal.any([hopeless.signal, AbortSignal.timeout(longestRefresh)]);
    const { known } = this;
    const queue = [...repoIds];
    let reached = false;
    const worker = async (): Promise<void> => {
      for (let repoId = queue.shift(); repoId !== undefined && !stop.aborted; repoId = queue.shift()) {
        try {
          known.set(repoId, { live: await this.lookUp(repoId, stop), at: Date.now() });
          reached = true;
        } catch (error) {
          // With a status it did answer, for this one: the others may fare better.
          if (isStudioError(error, 'hub.unreachable') && error.details?.['status'] === undefined)
            hopeless.abort();
          else if (isStudioError(error, 'hub.notFound'))
            known.set(repoId, { live: undefined, at: Date.now() });
          // Refused or limited: the hub did answer, and the shipped facts stand.
          if (isStudioError(error) && !['hub.unreachable', 'cancelled'].includes(error.kind)) reached = true;
        }
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    return reached;
  }
}

/** The list without asking the hub. */
export async function loadShipped(category: CuratedCategory): Promise<CuratedModel[]> {
  return (await loadEntries(category)).map((entry) => toCurated(entry, category, undefined));
}

/** What the list knows against the licence that a repository names; undefined when it knows nothing. */
export async function shippedLicenceNote({ repoId, licence }: HubModel): Promise<string | undefined> {
  const entries = (await Promise.all(curatedCategories.map(loadEntries))).flat();
  const entry = entries.find((candidate) => candidate.repoId === repoId);
  return entry?.licenceNote ?? changedNote(entry?.licence, licence);
}

async function loadEntries(category: CuratedCategory): Promise<CuratedEntry[]> {
  const load = {
    tts: () => import('./curated/tts.json'),
    stt: () => import('./curated/stt.json'),
    llm: () => import('./curated/llm.json'),
  } as const;
  return z.array(curatedEntry).parse((await load[category]()).default);
}

function toCurated(entry: CuratedEntry, category: CuratedCategory, known: Known | undefined): CuratedModel {
  const base: HubModel = known?.live?.model ?? {
    repoId: entry.repoId,
    task: taskOf[category],
    tags: [],
    downloads: 0,
    likes: 0,
    gated: false,
    private: false,
    languages: ['fa'],
  };
  const model = { ...(entry.licence === undefined ? {} : { licence: entry.licence }), ...base };
  const licenceNote = entry.licenceNote ?? changedNote(entry.licence, base.licence) ?? inheritedNote(model);
  const available = known === undefined ? undefined : hasWeights(entry, known.live);
  return {
    ...model,
    // What an older name redirects to is still the entry that was chosen.
    repoId: entry.repoId,
    gated: base.gated || entry.gated === true,
    title: entry.title,
    architecture: entry.architecture,
    formats: entry.formats,
    note: entry.note,
    dateChecked: entry.checked,
    ...(entry.sizeBytes === undefined ? {} : { sizeBytes: entry.sizeBytes }),
    ...(entry.include === undefined ? {} : { include: entry.include }),
    ...(licenceNote === undefined ? {} : { licenceNote }),
    ...(available === undefined ? {} : { available }),
  };
}

/** Undefined when the hub does not list the files. */
function hasWeights({ include }: CuratedEntry, live: LiveEntry | undefined): boolean | undefined {
  if (live === undefined) return false;
  if (live.paths === undefined) return undefined;
  const paths = filterPaths(
    live.paths.map((path) => ({ path })),
    include,
    undefined,
  ).map(({ path }) => path);
  return formatsOf(paths).length > 0;
}
