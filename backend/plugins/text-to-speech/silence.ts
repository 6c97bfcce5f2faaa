/** Whether a recording holds anything but silence; asked again as a config is typed, looked at once. */
import { stat } from 'node:fs/promises';
import { mixdown } from '../../../ml/audio/audioData';
import { tidyUtterance } from '../../../ml/voice/features';
import { readAudioFile } from '../../sdk/audioFiles';

const remembered = new Map<string, { readonly version: string; readonly silent: boolean }>();
const mostRemembered = 10_000;

/** False also where the file cannot be read: that is said elsewhere. */
export async function isSilent(audioPath: string): Promise<boolean> {
  const info = await stat(audioPath).catch(() => undefined);
  if (info === undefined) return false;
  const version = `${info.size} ${info.mtimeMs}`;
  const known = remembered.get(audioPath);
  if (known?.version === version) return known.silent;
  const audio = await readAudioFile(audioPath).catch(() => undefined);
  if (audio === undefined) return false;
  const silent = tidyUtterance(mixdown(audio), audio.sampleRate) === undefined;
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(audioPath, { version, silent });
  return silent;
}
