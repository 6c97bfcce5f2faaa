/** What an engine's installation needs of this machine: looked at before anybody is asked and anything is fetched. */
import os from 'node:os';
import { StudioError } from '../../../../protocol/wire/errors';
import type { InstallableEngine } from '../../../../protocol/api/engines';
import { requireSpace as requireSpaceForOnnx } from '../../../../scripts/lib/onnx/provision.mjs';
import { findCompiler } from '../../../../scripts/lib/tensorflow/compile.mjs';
import { requireSpace } from '../../../../scripts/lib/tensorflow/provision.mjs';
import { say, sentences } from '../../../language/say';
import { noOnnxHere, notBuiltHere } from '../nativePlatforms';
import { configuredIndex } from './indexAddress';

/** Throws `engine.unavailable`, which names everything that is missing, in one message. */
export async function preflight(engine: InstallableEngine, storagePath: string): Promise<void> {
  const elsewhere = engine === 'onnx' ? noOnnxHere() : notBuiltHere();
  if (elsewhere !== undefined) throw new StudioError('engine.unavailable', elsewhere);
  const missing = await (engine === 'onnx' ? missingForOnnx(storagePath) : missingForTensorflow(storagePath));
  if (missing.length === 0) return;
  const until = engine === 'onnx' ? '' : say`Until then Goya trains on its WASM engine.`;
  throw new StudioError('engine.unavailable', sentences(...missing, until), { details: { missing } });
}

async function missingForTensorflow(storagePath: string): Promise<string[]> {
  const missing: string[] = [];
  if ((await findCompiler()) === undefined) {
    missing.push(say`There is no C++ compiler: install one (Debian and Ubuntu: sudo apt-get install g++).`);
  }
  await requireSpace(storagePath).catch((error: unknown) => missing.push((error as Error).message));
  return missing;
}

async function missingForOnnx(storagePath: string): Promise<string[]> {
  const missing: string[] = [];
  await requireSpaceForOnnx(storagePath).catch((error: unknown) => missing.push((error as Error).message));
  return missing;
}

/** The package index that pip asks on this machine; undefined where none is set, or what is set is no address. */
export async function indexOfPip(): Promise<string | undefined> {
  const found = await configuredIndex({ env: process.env, platform: process.platform, home: os.homedir() });
  return found !== undefined && URL.canParse(found) ? found : undefined;
}
