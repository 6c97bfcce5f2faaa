/**
 * Downloads of whole repositories: a queue that survives crashes. The row is the truth for what was asked, the disk for
 * what is there; a download that was interrupted anywhere goes on from the bytes on disk.
 */
import type { Download, DownloadFile, DownloadPlan, DownloadState } from '../../protocol/model/download';
import { StudioError } from '../../protocol/wire/errors';
import { TypedEmitter, type EntityEvents } from '../events';
import { modelTypeOf } from '../hub/hubModel';
import { LocalDir } from '../hub/localDir';
import type { QueuePlace } from '../stores/downloadOrder';
import type { DownloadPatch, UpdateGuard } from '../stores/downloads';
import { Company } from './downloads/company';
import { discardFiles } from './downloads/discard';
import { FileEvents } from './downloads/fileEvents';
import { filesAtRest } from './downloads/filesAtRest';
import type { DownloadsServiceOptions } from './downloads/options';
import { choose, metadataOf, toPlan, type Chosen, type SelectionParams } from './downloads/plan';
import { Sharing } from './downloads/sharing';
import { DiskSpace } from './downloads/space';
import { Turns } from './downloads/turns';
import { Workshop } from './downloads/workshop';

export class DownloadsService extends TypedEmitter<EntityEvents<Download>> {
  readonly fileEvents = new FileEvents();
  private readonly sharing: Sharing;
  private readonly space: DiskSpace;
  private readonly workshop: Workshop;
  private readonly turns = new Turns();
  private readonly company: Company;
  /** The hub that the connections lead to. */
  private endpoint: string;

  constructor(private readonly options: DownloadsServiceOptions) {
    super();
    this.endpoint = options.hub.api.endpoint;
    this.sharing = new Sharing(options.store.claims, options.modelsPath);
    this.space = new DiskSpace(options.freeBytes);
    this.workshop = new Workshop({
      ...options,
      space: this.space,
      fileEvents: this.fileEvents,
      save: this.save.bind(this),
      tell: (download) => this.emit('changed', download),
      tellRemoved: (id) => this.emit('removed', id),
    });
    this.company = this.openCompany();
  }

  async plan(params: SelectionParams, signal?: AbortSignal): Promise<DownloadPlan> {
    const { hub, modelsPath, cache } = this.options;
    return toPlan(await choose(hub, modelsPath, params, signal), cache, signal);
  }

  /** Answers as soon as the commit is pinned and the row is written. The same repository and commit give the first. */
  async start(params: SelectionParams): Promise<Download> {
    const { hub, modelsPath, store } = this.options;
    const chosen = await choose(hub, modelsPath, params);
    const { pinned, files } = chosen;
    const existing = await this.existing(chosen);
    if (existing !== undefined) return existing;
    const [first] = files;
    if (first === undefined) {
      throw new StudioError(
        'hub.notFound',
        `No file of ${params.repoId} is to be downloaded: nothing matches.`,
        {
          details: { repoId: params.repoId },
        },
      );
    }
    if (pinned.model.gated) await hub.checkAccess(params.repoId, pinned.commit, first.path);
    await this.space.check(chosen.path, files, this.workshop.jobs());
    const { download, created } = await store.create({
      repoId: params.repoId,
      commit: pinned.commit,
      revision: params.revision,
      include: params.include,
      exclude: params.exclude,
      path: chosen.path,
      files,
      model: {
        type: modelTypeOf(pinned.model),
        licence: pinned.model.licence,
        metadata: metadataOf(chosen),
      },
    });
    if (!created) return (await this.existing(chosen)) ?? download;
    this.emit('changed', download);
    await this.workshop.enqueue(download);
    return download;
  }

  get(id: string): Promise<Download> {
    return this.options.store.get(id);
  }

  /** In the order of the queue. */
  list(state?: DownloadState): Promise<Download[]> {
    return this.options.store.list({ state });
  }

  /** What became of each file so far, in the order of their paths. */
  async files(id: string): Promise<DownloadFile[]> {
    const download = await this.get(id);
    const job = this.workshop.job(id);
    return job?.board.list() ?? filesAtRest(download, await this.options.store.files(id));
  }

  /** Somebody looks at the files of a download, until the answered function is called: then others' are followed too. */
  watchFiles(id: string): () => void {
    return this.company.watchFiles(id);
  }

  /** The same for all downloads under way. */
  filesUnderWay(): DownloadFile[] {
    return this.workshop.jobs().flatMap((job) => job.board.list());
  }

  pause(id: string): Promise<Download> {
    return this.turns.take(id, async () => {
      const current = await this.get(id);
      if (current.state === 'paused') return current;
      return this.workshop.halt(id, 'paused', ['queued', 'downloading']);
    });
  }

  /** Also retries a failed or cancelled download; one that runs or is complete is answered as it is. */
  resume(id: string): Promise<Download> {
    return this.turns.take(id, async () => {
      const current = await this.get(id);
      if (['queued', 'downloading', 'completed'].includes(current.state)) return current;
      return this.requeue(current);
    });
  }

  /** Keeps what came unless told to discard it; cancelling twice is no error. */
  cancel(id: string, { discard = false } = {}): Promise<Download> {
    return this.turns.take(id, () => this.cancelNow(id, discard));
  }

  private async cancelNow(id: string, discard: boolean): Promise<Download> {
    const { store, modelsPath } = this.options;
    const current = await this.get(id);
    const download =
      current.state === 'cancelled'
        ? current
        : await this.workshop.halt(id, 'cancelled', ['queued', 'downloading', 'paused', 'failed']);
    if (!discard) return download;
    await this.sharing.untilFree(download);
    await discardFiles(store, download, modelsPath);
    const waiting = (await store.files(id))
      .filter(({ state }) => state !== 'present')
      .map(({ path }) => ({ path, state: 'pending', bytesDone: 0 }) as const);
    await store.saveFiles(id, waiting);
    return this.save(id, { bytesDone: 0, filesDone: 0 }, { from: ['cancelled'] });
  }

  /** Moves an unfinished download in the queue; what must give way for it does so at once. */
  async reorder(id: string, place: QueuePlace): Promise<Download> {
    const current = await this.get(id);
    if (!['queued', 'downloading', 'paused'].includes(current.state)) {
      throw new StudioError(
        'download.invalidState',
        `The download of ${current.repoId} is ${current.state}: it has no place in the queue any more.`,
        { details: { id, state: current.state } },
      );
    }
    const moved = await this.options.store.reorder(id, place);
    for (const download of moved) {
      this.workshop.place(download);
      this.emit('changed', download);
    }
    return moved.find((download) => download.id === id) ?? current;
  }

  /** Takes finished, failed and cancelled downloads off the list. Answers how many. */
  async clear(): Promise<number> {
    const { downloadIds, modelIds } = await this.options.store.removeFinished();
    for (const id of downloadIds) this.emit('removed', id);
    for (const id of modelIds) this.options.library.announceRemoved(id);
    return downloadIds.length;
  }

  /** Rows that went with their model: stops what runs and tells the subscribers. */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.workshop.take(id)?.stop();
      this.emit('removed', id);
    }
  }

  /** The settings may say otherwise now. */
  settingsChanged(): void {
    this.workshop.pump();
    const { endpoint } = this.options.hub.api;
    if (endpoint === this.endpoint) return;
    this.endpoint = endpoint;
    for (const { id } of this.workshop.jobs()) {
      this.turns
        .take(id, () => this.workshop.reconnect(id))
        .catch((error: unknown) =>
          this.options.log.error({ err: error, id }, 'a download did not change hubs'),
        );
    }
  }

  /**
   * Once, when the database has opened: what a crash or a shutdown left goes on. Nothing is fetched before, so that a
   * row `downloading` at that time is always one of an earlier session.
   */
  async recover(): Promise<void> {
    const { log } = this.options;
    try {
      await this.takeUp({});
    } finally {
      this.workshop.start();
    }
    await this.company.begin();
    await this.sharing.watch(async () => {
      try {
        await this.workshop.dropLost();
        await this.takeUp({ foreign: true });
        await this.company.look();
      } catch (error) {
        log.warn({ err: error }, 'what other windows do with the downloads could not be seen');
      }
    });
  }

  /** Ends all connections; what was under way is queued for the next start. */
  async close(): Promise<void> {
    await this.sharing.close();
    this.company.close();
    await this.workshop.close();
  }

  private openCompany(): Company {
    const { store, models, library } = this.options;
    return new Company({
      store,
      events: this.fileEvents,
      isOurs: (id) => this.workshop.job(id) !== undefined,
      underWay: () => this.filesUnderWay(),
      downloads: {
        events: this,
        heads: () => store.heads(),
        rows: (ids) => store.some(ids),
        tell: (download) => {
          this.workshop.place(download);
          this.emit('changed', download);
        },
        tellRemoved: (id) => this.emit('removed', id),
      },
      models: {
        events: library,
        heads: () => models.heads(),
        // What is on its way is in the library only once it is there.
        rows: async (ids) => (await models.some(ids)).filter(({ status }) => status !== 'downloading'),
        tell: (model) => library.announce(model),
        tellRemoved: (id) => library.announceRemoved(id),
      },
    });
  }

  private async takeUp(which: { readonly foreign?: boolean }): Promise<void> {
    const taken = await this.sharing.takeUp(which);
    for (const { download, before } of taken) {
      if (before.state !== 'queued') this.emit('changed', download);
      await this.workshop.enqueue(download);
    }
    if (taken.length > 0) this.options.log.info({ downloads: taken.length }, 'downloads go on');
  }

  /** The first download of this commit, brought back to life when it was stopped; undefined when a new one is due. */
  private async existing(chosen: Chosen): Promise<Download | undefined> {
    const { store } = this.options;
    const { repoId, pinned, files, path } = chosen;
    const latest = await store.findLatest(repoId, pinned.commit);
    if (latest === undefined || latest.path !== path) return undefined;
    const known = new Set((await store.files(latest.id)).map((file) => file.path));
    const missing = files.filter((file) => !known.has(file.path));
    if (['queued', 'downloading', 'paused'].includes(latest.state)) {
      const widened = missing.length === 0 ? latest : await this.widen(latest, chosen, missing);
      return widened?.state === 'paused' ? this.requeue(widened) : widened;
    }
    if (missing.length > 0) return undefined;
    if (latest.state !== 'completed') return known.size === files.length ? this.requeue(latest) : undefined;
    const local = new LocalDir(path);
    const states = await Promise.all(files.map((file) => local.state(file)));
    return states.every(({ state }) => state === 'present') ? latest : undefined;
  }

  /** An unfinished download that is asked for more files takes them in. */
  private async widen(
    latest: Download,
    chosen: Chosen,
    missing: Chosen['files'],
  ): Promise<Download | undefined> {
    const { store } = this.options;
    const completion = this.workshop.job(latest.id)?.completion;
    if (completion !== undefined) {
      await completion;
      return this.existing(chosen);
    }
    await this.space.check(chosen.path, missing, this.workshop.jobs());
    const download = await store.addFiles(latest.id, missing);
    this.workshop.widen(download, await store.files(latest.id));
    this.emit('changed', download);
    return download;
  }

  private async requeue(download: Download): Promise<Download> {
    await this.sharing.untilFree(download);
    const queued = await this.save(
      download.id,
      { state: 'queued', error: null, ...(download.state === 'paused' ? {} : { last: true }) },
      { from: ['paused', 'failed', 'cancelled'], claim: 'free' },
    );
    await this.workshop.enqueue(queued);
    return queued;
  }

  private async save(id: string, patch: DownloadPatch, guard?: UpdateGuard): Promise<Download> {
    const download = await this.options.store.update(id, patch, guard);
    // Another window may have moved it.
    this.workshop.place(download);
    this.emit('changed', download);
    return download;
  }
}
