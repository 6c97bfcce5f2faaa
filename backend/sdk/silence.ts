/** Whether a recording holds anything but silence; asked again as a config is typed, looked at once. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { AudioData } from '../../ml/audio/audioData';
import { mixdown } from '../../ml/audio/audioData';
import { readSound } from '../../ml/audio/decode/decodeSound';
import { tidyUtterance } from '../../ml/voice/features';
import { inMemory, readAudioFile } from './audioFiles';

const remembered = new Map<string, { readonly version: string; readonly silent: boolean }>();
const mostRemembered = 10_000;

/**
 * False also where the sound cannot be read: that is said elsewhere.
 * @param sound of a row of Parquet, which `audioPath` names; where the row was known already it is not read again
 */
export async function isSilent(audioPath: string, sound?: Uint8Array): Promise<boolean> {
  const known = remembered.get(audioPath);
  const version = sound === undefined ? await fileVersion(audioPath) : hashOf(sound);
  if (version === undefined) return known?.silent ?? false;
  if (known?.version === version) return known.silent;
  const audio = await read(audioPath, sound).catch(() => undefined);
  if (audio === undefined) return false;
  const silent = tidyUtterance(mixdown(audio), audio.sampleRate) === undefined;
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(audioPath, { version, silent });
  return silent;
}

const read = (audioPath: string, sound: Uint8Array | undefined): Promise<AudioData> =>
  sound === undefined ? readAudioFile(audioPath) : readSound(inMemory(sound));

const hashOf = (sound: Uint8Array): string => createHash('sha1').update(sound).digest('base64');

async function fileVersion(audioPath: string): Promise<string | undefined> {
  const info = await stat(audioPath).catch(() => undefined);
  return info === undefined ? undefined : `${info.size} ${info.mtimeMs}`;
}
