import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isWav } from '../sdk/audioFiles';
import { resolveBelow } from '../sdk/labelledAudio';
import { readTable } from '../sdk/table';
import { ClipFigures, type ClipRef } from './clips';
import type { Inspected, Inspection } from './context';

export const metadataName = 'metadata.csv';
export const wavsName = 'wavs';

interface Text {
  rows: number;
  characters: number;
  readonly alphabet: Set<string>;
}

/** Rows `id|text` or `id|text|normalised text`, without a header and without quoting, and `wavs/<id>.wav`. */
export async function inspectLjspeech({ path: root, findings, signal }: Inspection): Promise<Inspected> {
  const file = path.join(root, metadataName);
  const wavs = path.join(root, wavsName);
  const clips = new Map<string, ClipRef>();
  const text: Text = { rows: 0, characters: 0, alphabet: new Set() };
  for await (const { line, cells } of readTable(file, { delimiter: '|', quotes: false, signal })) {
    const [id = '', raw = '', normalised] = cells.map((cell) => cell.trim());
    const place = { file, line };
    text.rows++;
    const spoken = normalised || raw;
    if (cells.length < 2) findings.add('error', 'row.length', 'The line has no "|" and so no text.', place);
    else if (spoken === '') findings.add('error', 'text.empty', `${id} has no text.`, place);
    text.characters += spoken.length;
    for (const character of spoken) text.alphabet.add(character);
    const target = id === '' ? undefined : resolveBelow(wavs, isWav(id) ? id : `${id}.wav`);
    if (id === '') findings.add('error', 'id.empty', 'The line names no recording.', place);
    else if (target === undefined) {
      findings.add('error', 'path.outside', `"${id}" leads out of the ${wavsName} folder.`, place);
    } else if (clips.has(target)) {
      findings.add(
        'warning',
        'id.duplicate',
        `${id} stands on line ${String(clips.get(target)?.place?.line)} too.`,
        place,
      );
    } else clips.set(target, { file: target, name: id, place });
  }
  if (text.rows === 0) findings.add('error', 'table.empty', `${metadataName} lists no recordings.`, { file });
  const listed = await readdir(wavs).catch(() => []);
  for (const name of listed.filter((one) => isWav(one) && !clips.has(path.join(wavs, one)))) {
    const message = `${name} is not listed in ${metadataName}, so it is left out.`;
    findings.add('warning', 'audio.unlisted', message, { file: path.join(wavs, name) });
  }
  const figures = new ClipFigures(findings, signal);
  await figures.read([...clips.values()]);
  const bytes = figures.bytes + (await stat(file)).size;
  const { characters, alphabet } = text;
  return {
    items: text.rows,
    stats: { ...figures.finish(), bytes, characters, alphabet: [...alphabet].sort().join('') },
  };
}
