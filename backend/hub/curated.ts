/**
 * The shipped lists of Persian models. What Goya's authors know of a model stands in `curated/<category>.json`; the
 * counts, the licence and the gating come from the hub where it answers within a few seconds.
 */
import { z } from 'zod';
import type { CuratedCategory, CuratedModel } from '../../protocol/api/hub';
import type { HubModel } from '../../protocol/model/hubModel';
import { isStudioError } from '../../protocol/wire/errors';
import { throwIfAborted } from './cancelled';

export const curatedEntry = z.strictObject({
  repoId: z.string(),
  title: z.string(),
  architecture: z.string(),
  formats: z.array(z.string()).min(1),
  /** As its page lists it, to about three digits. */
  sizeBytes: z.number().int().positive().optional(),
  /** As its page gives it; left out where none is shown. */
  licence: z.string().optional(),
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
const patience = 4000;
/** How long an answer serves, in milliseconds. */
const freshFor = 10 * 60_000;
const parallel = 6;

type Lookup = (repoId: string, signal: AbortSignal) => Promise<HubModel>;

export class Curated {
  private readonly known = new Map<string, { model: HubModel; at: number }>();

  constructor(private readonly lookUp: Lookup) {}

  async list(
    category: CuratedCategory,
    signal?: AbortSignal,
  ): Promise<{ models: CuratedModel[]; offline: boolean }> {
    const entries = await loadEntries(category);
    const reached = await this.refresh([...new Set(entries.map((entry) => entry.repoId))], signal);
    throwIfAborted(signal);
    return {
      offline: !reached,
      models: entries.map((entry) => toCurated(entry, category, this.known.get(entry.repoId)?.model)),
    };
  }

  /** Whether the hub answered, now or a short while ago. */
  private async refresh(repoIds: readonly string[], signal: AbortSignal | undefined): Promise<boolean> {
    const now = Date.now();
    const stale = repoIds.filter((repoId) => now - (this.known.get(repoId)?.at ?? 0) > freshFor);
    if (stale.length === 0) return true;
    const hopeless = new AbortController();
    const stop = AbortSignal.any([
      hopeless.signal,
      AbortSignal.timeout(patience),
      ...(signal === undefined ? [] : [signal]),
    ]);
    let reached = false;
    const queue = [...stale];
    const worker = async (): Promise<void> => {
      for (let repoId = queue.shift(); repoId !== undefined && !stop.aborted; repoId = queue.shift()) {
        try {
          this.known.set(repoId, { model: await this.lookUp(repoId, stop), at: now });
          reached = true;
        } catch (error) {
          if (isStudioError(error, 'hub.unreachable')) hopeless.abort();
          // Gone, gated or refused: the hub did answer, and the shipped facts stand.
          else if (isStudioError(error) && error.kind !== 'cancelled') reached = true;
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

async function loadEntries(category: CuratedCategory): Promise<CuratedEntry[]> {
  const load = {
    tts: () => import('./curated/tts.json'),
    stt: () => import('./curated/stt.json'),
    llm: () => import('./curated/llm.json'),
  } as const;
  return z.array(curatedEntry).parse((await load[category]()).default);
}

function toCurated(entry: CuratedEntry, category: CuratedCategory, live: HubModel | undefined): CuratedModel {
  const { gated, licence, ...facts } = entry;
  const shippedLicence = licence === undefined ? {} : { licence };
  const base: HubModel = live ?? {
    repoId: entry.repoId,
    task: taskOf[category],
    tags: [],
    downloads: 0,
    likes: 0,
    gated: false,
    private: false,
    languages: ['fa'],
  };
  return {
    ...shippedLicence,
    ...base,
    // What an older name redirects to is still the entry that was chosen.
    repoId: facts.repoId,
    gated: base.gated || gated === true,
    title: facts.title,
    architecture: facts.architecture,
    formats: facts.formats,
    note: facts.note,
    ...(facts.sizeBytes === undefined ? {} : { sizeBytes: facts.sizeBytes }),
    ...(facts.include === undefined ? {} : { include: facts.include }),
  };
}
