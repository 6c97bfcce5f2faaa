/** Chooses and starts an engine, in the trainer's or the inference process. */
import { availableParallelism } from 'node:os';
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import type { EngineChoice, EngineName } from '../../../protocol/model/settings';
import { StudioError } from '../../../protocol/wire/errors';
import { listed, say, sentences } from '../../language/say';
import { installHint } from './describe';
import { findNative, tfjsVersion, type SearchOptions } from './locate';
import { notBuiltHere } from './nativePlatforms';

export interface LoadedEngine {
  readonly name: EngineName;
  readonly version: string;
  /** Why this one: shown beside its name. */
  readonly reason: string;
  /** What it runs with: `threads`, `simd`. */
  readonly build: EngineBuild;
}

export type EngineBuild = Readonly<Record<string, string | number | boolean>>;

const order: readonly EngineName[] = ['tensorflow', 'wasm', 'cpu'];

/** Starts the engine asked for, or for `auto` the best that starts. Throws `engine.unavailable` with what to do. */
export async function loadEngine(choice: EngineChoice, options: SearchOptions): Promise<LoadedEngine> {
  // Leaves out tfjs's checks of every operation and its greeting on the console.
  enableProdMode();
  const failures: string[] = [];
  for (const name of choice === 'auto' ? order : [choice]) {
    try {
      const { version, build } = await start(name, options);
      const passed = failures.length === 0 ? say`the best of this machine` : listed(failures, ';');
      const why = choice === 'auto' ? passed : say`chosen in the config or the settings`;
      return { name, version, reason: listed([why, ...notes(name, build)], ';'), build };
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const canInstall = choice === 'tensorflow' && notBuiltHere(options.platform, options.arch) === undefined;
  const hint = canInstall ? say`Either ${installHint()}, or set the engine to "auto".` : undefined;
  const message = say`No engine could be started (${listed(failures, ';')}).`;
  throw new StudioError('engine.unavailable', sentences(message, hint), {
    details: { engine: choice, failures },
  });
}

function notes(name: EngineName, { simd, threads, ownOperations }: EngineBuild): string[] {
  if (ownOperations === false)
    return [say`without the operations of Goya's own; installing it again adds them`];
  if (name !== 'wasm') return [];
  const count = threads === 1 ? say`one thread` : say`${Number(threads)} threads`;
  return [simd === true ? say`WebAssembly with SIMD on ${count}` : say`WebAssembly without SIMD on ${count}`];
}

interface Started {
  readonly version: string;
  readonly build: EngineBuild;
}

async function start(name: EngineName, options: SearchOptions): Promise<Started> {
  switch (name) {
    case 'tensorflow': {
      const { engine, reason } = await findNative(options);
      if (engine === undefined) throw new Error(notBuiltHere(options.platform, options.arch) ?? reason);
      const { loadTensorflow } = await import('./tensorflow');
      const lacking = await loadTensorflow(engine);
      // The library takes a thread for each core that it may use.
      const build = { threads: availableParallelism(), ownOperations: lacking === undefined };
      return { version: engine.version, build };
    }
    case 'wasm': {
      const { loadWasm } = await import('./wasm');
      return { version: tfjsVersion, build: { ...(await loadWasm()) } };
    }
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      if (!(await setBackend('cpu'))) throw new Error('tfjs refused its own cpu backend');
      return { version: tfjsVersion, build: { threads: 1 } };
  }
}
