import type { Logger } from 'pino';
import type { Model } from '../../../protocol/model/model';
import type { EntityEvents, TypedEmitter } from '../../events';
import type { Settings } from '../../../protocol/model/settings';
import type { HubCache } from '../../hub/cache/hubCache';
import type { HubClient } from '../../hub/client';
import type { DiskThread } from '../../hub/disk/diskThread';
import type { RuntimeJudge } from '../../sdk/modelRuntime';
import type { DownloadsStore } from '../../stores/downloads';
import type { ModelsStore } from '../../stores/models';
import type { TransferTuning } from './job';

export interface DownloadsServiceOptions {
  readonly store: DownloadsStore;
  readonly models: ModelsStore;
  readonly hub: HubClient;
  /** What the official clients fetched on this machine: copied instead of fetched. */
  readonly cache?: HubCache;
  /** Absolute folder below which each repository has its own. */
  readonly modelsPath: string;
  readonly settings: () => Settings;
  readonly log: Logger;
  /** Told of the models that downloads make and take away. */
  readonly library: Pick<TypedEmitter<EntityEvents<Model>>, 'on'> & {
    announce(model: Model): void;
    announceRemoved(id: string): void;
  };
  /** Judges what Goya's own families do not run. */
  readonly runtimes?: RuntimeJudge;
  /** Writes whole small files. */
  readonly disk?: DiskThread;
  readonly tuning?: TransferTuning;
  /** Bytes that may be written below a folder; the file system's answer when left out. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** Files at once, over all downloads, when the settings do not say. */
export const defaultParallelFiles = 4;
/** Connections for each large file, when the settings do not say. */
export const defaultParallelRanges = 4;
