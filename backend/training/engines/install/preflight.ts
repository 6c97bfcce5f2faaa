/** What the native engine's installation needs of this machine: looked at before anybody is asked and anything is fetched. */
import os from 'node:os';
import { StudioError } from '../../../../protocol/wire/errors';
import { findCompiler } from '../../../../scripts/lib/tensorflow/compile.mjs';
import { requireSpace } from '../../../../scripts/lib/tensorflow/provision.mjs';
import { say, sentences } from '../../../language/say';
import { notBuiltHere } from '../nativePlatforms';
import { configuredIndex } from './indexAddress';

/** Throws `engine.unavailable`, which names everything that is missing, in one message. */
export async function preflight(storagePath: string): Promise<void> {
  const elsewhere = notBuiltHere();
  if (elsewhere !== undefined) throw new StudioError('engine.unavailable', elsewhere);
  const missing: string[] = [];
  if ((await findCompiler()) === undefined) {
    missing.push(say`There is no C++ compiler: install one (Debian and Ubuntu: sudo apt-get install g++).`);
  }
  await requireSpace(storagePath).catch((error: unknown) => missing.push((error as Error).message));
  if (missing.length === 0) return;
  const text = sentences(...missing, say`Until then Goya trains on its WASM engine.`);
  throw new StudioError('engine.unavailable', text, { details: { missing } });
}

/** The package index that pip asks on this machine; undefined where none is set, or what is set is no address. */
export async function indexOfPip(): Promise<string | undefined> {
  const found = await configuredIndex({ env: process.env, platform: process.platform, home: os.homedir() });
  return found !== undefined && URL.canParse(found) ? found : undefined;
}
