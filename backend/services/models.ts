/** The library: what is installed, where it lies, whether it is whole. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { ModelExport } from '../../protocol/api/models';
import type { Download } from '../../protocol/model/download';
import type { Model, ModelProblem, ModelType, Verification } from '../../protocol/model/model';
import { StudioError } from '../../protocol/wire/errors';
import { TypedEmitter, type EntityEvents } from '../events';
import type { RuntimeJudge } from '../sdk/modelRuntime';
import type { DownloadsStore } from '../stores/downloads';
import type { ModelsStore } from '../stores/models';
import { freeBytes } from './downloads/freeSpace';
import type { HubListing } from './models/compare';
import { expectedFiles } from './models/expected';
import { exportModel } from './models/exportModel';
import { importFolder } from './models/importModel';
import type { Watched } from './models/progress';
import { removeFiles } from './models/removeFiles';
import { repairSelection, type RepairSelection } from './models/repair';
import { unpackArchive } from './models/unpack';
import { verifyModel } from './models/verify';

export interface ModelsServiceOptions {
  readonly store: ModelsStore;
  readonly downloads: DownloadsStore;
  /** Absolute folder of the downloaded models. */
  readonly modelsPath: string;
  readonly log: Logger;
  /** Asked for hashes when a folder is imported; nobody is when left out. */
  readonly hub?: HubListing;
  /** Judges what Goya's own families do not run. */
  readonly runtimes?: RuntimeJudge;
  /** Fetches what is not right; without it nothing can be repaired. */
  readonly fetch?: (selection: RepairSelection) => Promise<Download>;
  /** Bytes that may be written below a folder; the file system's answer when left out. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** Who uses the model now, as the end of a sentence ("a training run uses it"); undefined when nobody does. */
  readonly inUse?: (model: Model) => Promise<string | undefined> | string | undefined;
}

/** Problems that are kept with a model; the answer has all of them. */
const mostProblems = 100;

interface ModelsEvents extends EntityEvents<Model> {
  /** Downloads whose rows went with their model. */
  downloadsRemoved: [ids: readonly string[]];
}

export class ModelsService extends TypedEmitter<ModelsEvents> {
  constructor(private readonly options: ModelsServiceOptions) {
    super();
  }

  /** What is installed; a model that is still on its way is not. Folders that vanished or came back are noticed. */
  async list(type?: ModelType): Promise<Model[]> {
    const models = await this.options.store.list({ type });
    const installed = models.filter((model) => model.status !== 'downloading');
    return Promise.all(installed.map((model) => this.noticed(model)));
  }

  async get(id: string): Promise<Model> {
    return this.noticed(await this.options.store.get(id));
  }

  /** Reads every byte again and compares with the hashes recorded when it came. Needs no network. */
  async verify(id: string, watched: Watched = {}): Promise<{ ok: boolean; problems: ModelProblem[] }> {
    const { store, downloads } = this.options;
    const model = await this.settled(id, 'verify');
    const { problems, compared } = await verifyModel(model, downloads, watched);
    const ok = problems.length === 0;
    const status = ok ? 'ready' : model.status === 'missing' ? 'missing' : 'corrupt';
    const verification: Verification = {
      state: !ok ? 'differs' : compared > 0 ? 'verified' : 'unverified',
      problems: problems.slice(0, mostProblems),
      at: new Date().toISOString(),
      against: ['record'],
      ...(ok && compared === 0 && { reason: 'No hashes of its files are known.' }),
    };
    const metadata = { ...model.metadata, verification };
    this.announce(await store.update(id, { status, metadata }));
    return { ok, problems: [...problems] };
  }

  /** Fetches what is missing or wrong, and only that, at the commit that is installed. */
  async repair(id: string, watched: Watched = {}): Promise<Download> {
    const { downloads, modelsPath, fetch } = this.options;
    const model = await this.settled(id, 'repair');
    const expected = await expectedFiles(model, downloads);
    const selection = repairSelection(model, [...expected.keys()], modelsPath);
    // Marks what was altered, so that it is not taken for whole because of its size.
    await this.verify(id, watched);
    if (fetch === undefined) throw new StudioError('internal', 'Nothing can be fetched here.');
    return fetch(selection);
  }

  /** Makes a folder or an archive of the model with the hashes of its files. `destination` must not exist. */
  async export(
    id: string,
    { path: destination, format }: { readonly path: string; readonly format: 'folder' | 'archive' },
    watched: Watched = {},
  ): Promise<ModelExport> {
    const { downloads, log } = this.options;
    const model = await this.settled(id, 'export');
    if (model.status === 'missing') {
      throw new StudioError('model.notFound', `The folder ${model.path} of ${model.name} is not there.`, {
        details: { id, path: model.path },
      });
    }
    const expected = await expectedFiles(model, downloads);
    const free = this.options.freeBytes ?? freeBytes;
    const done = await exportModel({ ...watched, model, expected, destination, format, freeBytes: free });
    log.info({ path: model.path, destination, format, bytes: done.bytes }, 'model exported');
    return done;
  }

  /** Deletes row and folder; of a folder that was imported from elsewhere, only the row. */
  async remove(id: string): Promise<void> {
    const { store, inUse, log, modelsPath } = this.options;
    const model = await store.get(id);
    const user = (await this.downloading(model)) ?? (await inUse?.(model));
    if (user !== undefined) {
      throw new StudioError('model.inUse', `${model.name} cannot be removed: ${user}.`, {
        retryable: true,
        details: { id, path: model.path },
      });
    }
    const others = (await store.list()).filter((other) => other.id !== id);
    const deleted = await removeFiles(model, { modelsPath, others });
    const { downloadIds } = await store.remove(id);
    log.info({ path: model.path, deleted }, 'model removed');
    this.emit('removed', id);
    this.emit('downloadsRemoved', downloadIds);
  }

  /** Takes a folder into the library where it lies, or an exported archive into the models folder. */
  async import(
    given: string,
    from: { readonly repoId?: string | undefined; readonly revision?: string | undefined } = {},
    watched: Watched = {},
  ): Promise<Model> {
    const { store, modelsPath, hub, runtimes, log } = this.options;
    const free = this.options.freeBytes ?? freeBytes;
    const isFile = path.isAbsolute(given) && (await stat(given).catch(() => undefined))?.isFile() === true;
    if (isFile && !/\.tar$/i.test(given)) {
      throw new StudioError(
        'model.unsupported',
        `${given} is neither a folder nor a .tar archive that Goya exported; unpack it and import the folder.`,
        { details: { path: given } },
      );
    }
    const unpacked = isFile
      ? await unpackArchive({ ...watched, archive: path.resolve(given), modelsPath, freeBytes: free })
      : undefined;
    const folder = unpacked?.root ?? given;
    const model = await importFolder({
      ...watched,
      ...from,
      folder,
      manifest: unpacked?.manifest,
      modelsPath,
      store,
      hub,
      runtimes,
    });
    log.info({ path: model.path, verification: model.metadata['verification'] }, 'model imported');
    this.announce(model);
    return model;
  }

  /** For the services that make models: tells the subscribers of a row that was written. */
  announce(model: Model): void {
    this.emit('changed', model);
  }

  announceRemoved(id: string): void {
    this.emit('removed', id);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Rejects while the model is on its way. */
  private async settled(id: string, action: string): Promise<Model> {
    const model = await this.get(id);
    if (model.status !== 'downloading') return model;
    throw new StudioError(
      'model.inUse',
      `${model.name} is still being downloaded; ${action} it afterwards.`,
      {
        retryable: true,
        details: { id },
      },
    );
  }

  private async downloading(model: Model): Promise<string | undefined> {
    const downloads = await this.options.downloads.list();
    const active = downloads.some(
      (download) =>
        download.path === model.path && ['queued', 'downloading', 'paused'].includes(download.state),
    );
    return active ? 'it is being downloaded; cancel the download first' : undefined;
  }

  /** The row after a look at the disk. */
  private async noticed(model: Model): Promise<Model> {
    if (model.status === 'downloading') return model;
    const there = await stat(model.path).then(
      (found) => found.isDirectory(),
      // A drive that does not answer is no proof that the folder is gone.
      (error: unknown) => !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''),
    );
    if (there === (model.status !== 'missing')) return model;
    const changed = await this.options.store.setStatus(model.id, there ? 'ready' : 'missing');
    this.announce(changed);
    return changed;
  }
}
