/** The selected part as a wav file of its own, saved where the person says. */
import { writeWav } from '../../ml/audio/wavWriter';
import { MlError } from '../../ml/errors';
import { panelSaveFile } from '../../protocol/api/panel';
import { toBase64 } from '../common/base64';
import type { Page } from '../common/page';
import type { Samples } from './samples';
import { local, type Track } from './track';
import type { Range } from './view';

const mostBytes = 200_000_000;

/** Answers whether it was saved. Throws `audio.unsupported` for a part that is too long to be handed over. */
export async function exportSelection(page: Page<unknown>, track: Track, selection: Range): Promise<boolean> {
  const { samples, file } = track;
  const { from, to } = local(track, selection);
  const first = Math.max(0, Math.round(from * samples.sampleRate));
  const count = Math.min(samples.frames, Math.round(to * samples.sampleRate)) - first;
  const output = encodingFor(samples);
  if (count * samples.channels * (output === 'pcm16' ? 2 : 4) > mostBytes)
    throw new MlError('audio.unsupported', page.t('audio.exportTooLong'));
  const channels = await samples.read(first, Math.max(0, count));
  const bytes = writeWav({ sampleRate: samples.sampleRate, channels }, output);
  const place = (seconds: number): string => Math.max(0, seconds).toFixed(2);
  const saved = await page.peer.call(panelSaveFile, {
    title: page.t('audio.export'),
    name: `${file.name.replace(/\.\w+$/, '')} ${place(from)}-${place(to)}.wav`,
    base64: toBase64(bytes),
  });
  return saved !== null;
}

/** Nothing is lost: what is deeper than 16 bits, or may go beyond full scale, is written as floats. */
function encodingFor({ wav, compressed }: Samples): 'pcm16' | 'float32' {
  if (wav !== undefined) return wav.encoding === 'float' || wav.bitsPerSample > 16 ? 'float32' : 'pcm16';
  return (compressed?.bits ?? 32) > 16 ? 'float32' : 'pcm16';
}
