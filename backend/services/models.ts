/** The library: what is installed, where it lies, whether it is whole. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Model, ModelType } from '../../protocol/model/model';
import { StudioError } from '../../protocol/wire/errors';
import { TypedEmitter, type EntityEvents } from '../events';
import { isInside } from '../hub/safePath';
import type { DownloadsStore } from '../stores/downloads';
import type { ModelInput, ModelsStore } from '../stores/models';
import { describeFolder } from './models/describe';
import { readOrigin } from './models/origin';
import { removeFiles } from './models/removeFiles';
import { verifyModel, type Problem } from './models/verify';

export interface ModelsServiceOptions {
  readonly store: ModelsStore;
  readonly downloads: DownloadsStore;
  /** Absolute folder of the downloaded models. */
  readonly modelsPath: string;
  readonly log: Logger;
  /** Who uses the model now, as the end of a sentence ("a training run uses it"); undefined when nobody does. */
  readonly inUse?: (model: Model) => Promise<string | undefined> | string | undefined;
}

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

  /** Reads every byte again and compares with the hashes recorded when it came. */
  async verify(id: string, signal?: AbortSignal): Promise<{ ok: boolean; problems: Problem[] }> {
    const { store, downloads } = this.options;
    const model = await this.get(id);
    if (model.status === 'downloading') {
      throw new StudioError('model.inUse', `${model.name} is still being downloaded; verify it afterwards.`, {
        retryable: true,
        details: { id },
      });
    }
    const problems = await verifyModel(model, downloads, signal);
    const status = problems.length === 0 ? 'ready' : model.status === 'missing' ? 'missing' : 'corrupt';
    if (status !== model.status) this.announce(await store.update(id, { status }));
    return { ok: problems.length === 0, problems };
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

  /** Takes a folder into the library where it lies. Importing it again renews its facts. */
  async import(folder: string): Promise<Model> {
    const root = path.resolve(folder);
    await this.checkImportable(folder, root);
    const facts = await describeFolder(root);
    if (facts.format === undefined) {
      throw new StudioError('model.unsupported', `${root} holds no model: ${facts.runsHere.reason}`, {
        details: { path: root },
      });
    }
    const known = await this.options.store.findByPath(root);
    const origin = await readOrigin(root, this.options.modelsPath);
    const input: ModelInput = {
      name: facts.name ?? path.basename(root),
      type: facts.type,
      path: root,
      repoId: origin.repoId ?? known?.repoId,
      commit: origin.commit ?? known?.commit,
      sizeBytes: facts.sizeBytes,
      architecture: facts.architecture,
      format: facts.format,
      licence: known?.licence,
      metadata: {
        ...known?.metadata,
        ...(facts.task === undefined ? {} : { task: facts.task }),
        imported: known?.metadata['imported'] ?? known === undefined,
        files: facts.files.length,
        runsHere: facts.runsHere,
      },
    };
    const model = await this.options.store.upsertImported(input);
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

  private async checkImportable(given: string, root: string): Promise<void> {
    const details = { path: given };
    if (!path.isAbsolute(given)) {
      throw new StudioError(
        'model.notFound',
        `${given} is not an absolute path; give the whole path of the folder.`,
        {
          details,
        },
      );
    }
    const found = await stat(root).catch(() => undefined);
    if (found === undefined) {
      throw new StudioError('model.notFound', `There is no folder ${root}.`, { details });
    }
    if (!found.isDirectory()) {
      throw new StudioError(
        'model.unsupported',
        `${root} is a file; import the folder that holds the model.`,
        { details },
      );
    }
    const { modelsPath, store } = this.options;
    const known = await store.findByPath(root);
    if (known?.status === 'downloading' || isInside(root, modelsPath)) {
      throw new StudioError(
        'model.unsupported',
        known === undefined
          ? `${root} holds the models folder itself; import one model's folder.`
          : `${root} is being downloaded; it appears in the library by itself.`,
        { details },
      );
    }
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
