import path from 'node:path';
import { clipsInFolders } from '../sdk/labelledAudio';
import { ClipFigures } from './clips';
import type { Inspected, Inspection } from './context';
import type { Findings } from './findings';

const few = 5;

export function checkLabels(counts: ReadonlyMap<string, number>, findings: Findings, file: string): void {
  const [only] = counts.keys();
  if (counts.size === 1 && only !== undefined) {
    const message = `Every item has the label "${only}": with one label there is nothing to tell apart.`;
    findings.add('error', 'label.single', message, { file });
  }
  for (const [label, count] of counts) {
    if (count >= few || counts.size === 1) continue;
    const items = count === 1 ? 'one item' : `${count} items`;
    findings.add('warning', 'label.few', `The label "${label}" has ${items} only.`, { file });
  }
}

/** `<label>/*.wav`. */
export async function inspectFolders({ path: root, findings, signal }: Inspection): Promise<Inspected> {
  const found = await clipsInFolders(root, signal);
  const name = (file: string) => path.relative(root, file);
  for (const folder of found.emptyFolders) {
    const file = path.join(root, folder);
    findings.add('error', 'label.empty', `The folder "${folder}" has no wav file.`, { file });
  }
  for (const file of found.otherAudio) {
    findings.add('warning', 'audio.format', `${name(file)} is not wav, so it is left out. Convert it.`, {
      file,
    });
  }
  for (const file of found.stray) {
    findings.add('warning', 'audio.stray', `${name(file)} lies in no label's folder, so it is left out.`, {
      file,
    });
  }
  const counts = new Map<string, number>();
  for (const { label } of found.clips) counts.set(label, (counts.get(label) ?? 0) + 1);
  checkLabels(counts, findings, root);
  const figures = new ClipFigures(findings, signal);
  await figures.read(found.clips.map(({ file }) => ({ file, name: name(file) })));
  const stats = { labels: Object.fromEntries(counts), ...figures.finish(), bytes: figures.bytes };
  return { items: found.clips.length, stats };
}
