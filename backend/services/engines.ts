/** The engines of this machine, and installing those that do not ship. */
import path from 'node:path';
import type { Logger } from 'pino';
import type { InstallableEngine, InstallProgress } from '../../protocol/api/engines';
import type { Engine } from '../../protocol/model/plugin';
import type { Settings } from '../../protocol/model/settings';
import { StudioError } from '../../protocol/wire/errors';
import { describeEngines, describeOnnx } from '../training/engines/describe';
import { install } from '../training/engines/install/installProcess';
import { findUp } from '../training/engines/place';

export interface EnginesServiceOptions {
  readonly storagePath: string;
  readonly settings: () => Settings;
  readonly log: Logger;
  /** The installer's bundle; beside this one by default. */
  readonly entry?: string;
}

export interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: InstallProgress) => void;
}

export class EnginesService {
  private readonly closing = new AbortController();
  private underWay: Promise<Engine> | undefined;

  constructor(private readonly options: EnginesServiceOptions) {}

  /** Those that train, best first, then the one for ONNX models. */
  async list(): Promise<Engine[]> {
    const { storagePath } = this.options;
    return [...(await describeEngines({ storagePath })), await describeOnnx({ storagePath })];
  }

  /** Rejects with `engine.unavailable`, which says what this machine lacks. Answers the host of pip's index or npm's registry. */
  async preflight(engine: InstallableEngine = 'tensorflow'): Promise<{ configuredHost?: string }> {
    // Nobody needs the builder's code before the engine is asked for.
    const { indexOfPip, preflight } = await import('../training/engines/install/preflight');
    const { configuredRegistry } = await import('../training/engines/install/npmRegistry');
    await preflight(engine, this.options.storagePath);
    const index = await (engine === 'onnx' ? configuredRegistry() : indexOfPip());
    return index === undefined ? {} : { configuredHost: new URL(index).host };
  }

  /** Rejects with `engine.unavailable`, `download.checksum` or `cancelled`. One at a time. */
  async install(engine: InstallableEngine, source: string | undefined, watched: Watched): Promise<Engine> {
    if (this.underWay !== undefined) {
      const text = 'An engine is being installed already. Wait for its end, or cancel it.';
      throw new StudioError('engine.unavailable', text, { retryable: true });
    }
    this.underWay = this.build(engine, source, watched);
    try {
      return await this.underWay;
    } finally {
      this.underWay = undefined;
    }
  }

  async close(): Promise<void> {
    this.closing.abort(new StudioError('cancelled', 'The backend is ending; nothing is installed any more.'));
    await this.underWay?.catch(() => undefined);
  }

  private async build(
    wanted: InstallableEngine,
    source: string | undefined,
    { signal, onProgress }: Watched,
  ): Promise<Engine> {
    const { storagePath, settings, log } = this.options;
    const name = 'engineInstall.js';
    const entry = this.options.entry ?? findUp(name, path.join('dist', 'backend', name));
    if (entry === undefined) {
      throw new StudioError(
        'engine.unavailable',
        'This installation of Goya lacks its installer of engines.',
      );
    }
    const folder = await install({
      entry,
      message: { type: 'install', engine: wanted, storagePath, index: source, network: settings().hub },
      signal: AbortSignal.any([signal, this.closing.signal]),
      onProgress: (progress) => onProgress?.(progress),
      noise: (line) => log.info({ line }, 'the installer of the engine says'),
    });
    const engine = (await this.list()).find((one) => one.name === wanted);
    if (engine?.available === true) return engine;
    const why = engine?.reason ?? 'unknown';
    throw new StudioError('engine.unavailable', `The engine stands in ${folder} but cannot be used: ${why}.`);
  }
}
