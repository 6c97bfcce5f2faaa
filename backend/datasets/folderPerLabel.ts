import path from 'node:path';
import { say } from '../language/say';
import { clipsInFolders } from '../sdk/labelledAudio';
import { Clips } from './clips';
import type { Inspected, Inspection } from './context';
import { checkLabels } from './labels';

/** `<label>/*.wav`, or in another format that is decoded here. */
export async function inspectFolders(inspection: Inspection): Promise<Inspected> {
  const { findings, signal, index } = inspection;
  const root = inspection.source.path;
  const found = await clipsInFolders(root, signal);
  const name = (file: string) => path.relative(root, file);
  for (const folder of found.emptyFolders) {
    const file = path.join(root, folder);
    findings.add('error', 'label.empty', say`The folder "${folder}" has no recording in it.`, { file });
  }
  for (const file of found.otherAudio) {
    const message = (): string =>
      say`${name(file)} cannot be decoded, so it is left out. Convert it to wav, flac, mp3 or ogg.`;
    findings.add('warning', 'audio.format', message, { file });
  }
  for (const file of found.stray) {
    const message = (): string => say`${name(file)} lies in no label's folder, so it is left out.`;
    findings.add('warning', 'audio.stray', message, { file });
  }
  const counts = new Map<string, number>();
  for (const { label } of found.clips) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const { file, label } of found.clips) {
    const id = name(file);
    index.add({ file, lines: 0, id, audioName: id, audioPath: file, label, codes: [] });
  }
  checkLabels(counts, findings, root, index.rows);
  const clips = new Clips(inspection);
  await clips.read(index.rows, false);
  const stats = { labels: Object.fromEntries(counts), ...clips.finish(), bytes: clips.bytes };
  return { items: found.clips.length, stats };
}
