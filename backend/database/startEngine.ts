/** Starts PostgreSQL (PGlite) on a folder. Imported only where it is to run: it costs 100 MB. */
import { readFile } from 'node:fs/promises';
import type { PGliteOptions } from '@electric-sql/pglite';
import { DurableFs } from './durableFs';
import { Engine } from './engine';
import { builtFile } from './resources';

/** Rejects with `EngineStopped` when PostgreSQL does not start. */
export async function startEngine(folder: string, startParams: readonly string[]): Promise<Engine> {
  return Engine.start({
    fs: new DurableFs(folder),
    startParams: [...startParams],
    ...(await engineFiles()),
  });
}

/** Node has it; the library types of this project do not. */
const compiler = (globalThis as unknown as { WebAssembly: { compile(code: Uint8Array): Promise<never> } })
  .WebAssembly;

/** The build lays the engine beside the code; from source PGlite finds its own. */
async function engineFiles(): Promise<Pick<PGliteOptions, 'pgliteWasmModule' | 'fsBundle'>> {
  const wasm = builtFile('pglite.wasm');
  const data = builtFile('pglite.data');
  if (wasm === undefined || data === undefined) return {};
  const [pgliteWasmModule, bundle] = await Promise.all([
    readFile(wasm).then((bytes) => compiler.compile(bytes)),
    readFile(data),
  ]);
  return { pgliteWasmModule, fsBundle: new Blob([bundle]) };
}
