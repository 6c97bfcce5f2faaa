import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isWav } from '../sdk/audioFiles';
import { resolveBelow } from '../sdk/labelledAudio';
import { readTable, TableError, type TableRow } from '../sdk/table';
import { ClipFigures, type ClipRef } from './clips';
import type { Inspected, Inspection } from './context';

export const metadataName = 'metadata.csv';
export const wavsName = 'wavs';

/** Looks at the lines of `metadata.csv` as they are read. */
class Transcript {
  readonly clips = new Map<string, ClipRef>();
  readonly alphabet = new Set<string>();
  rows = 0;
  characters = 0;

  constructor(
    private readonly inspection: Inspection,
    private readonly file: string,
    private readonly wavs: string,
  ) {}

  add({ line, cells }: TableRow): void {
    const { findings } = this.inspection;
    const [id = '', raw = '', normalised] = cells.map((cell) => cell.trim());
    const place = { file: this.file, line };
    const spoken = normalised || raw;
    this.rows++;
    if (cells.length < 2) findings.add('error', 'row.length', 'The line has no "|" and so no text.', place);
    else if (spoken === '') findings.add('error', 'text.empty', `${id} has no text.`, place);
    this.characters += spoken.length;
    for (const character of spoken) this.alphabet.add(character);
    if (id === '') findings.add('error', 'id.empty', 'The line names no recording.', place);
    else this.addClip(id, line);
  }

  private addClip(id: string, line: number): void {
    const { findings } = this.inspection;
    const place = { file: this.file, line };
    const target = resolveBelow(this.wavs, isWav(id) ? id : `${id}.wav`);
    const known = target === undefined ? undefined : this.clips.get(target);
    if (target === undefined) {
      findings.add('error', 'path.outside', `"${id}" leads out of the ${wavsName} folder.`, place);
    } else if (known !== undefined) {
      findings.add(
        'warning',
        'id.duplicate',
        `${id} stands on line ${String(known.place?.line)} too.`,
        place,
      );
    } else this.clips.set(target, { file: target, name: id, place });
  }
}

/** Rows `id|text` or `id|text|normalised text`, without a header and without quoting, and `wavs/<id>.wav`. */
export async function inspectLjspeech(inspection: Inspection): Promise<Inspected> {
  const { path: root, findings, signal } = inspection;
  const file = path.join(root, metadataName);
  const wavs = path.join(root, wavsName);
  const transcript = new Transcript(inspection, file, wavs);
  try {
    for await (const row of readTable(file, { delimiter: '|', quotes: false, signal })) transcript.add(row);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    findings.add('error', 'table.syntax', error.message, { file, ...(error.line && { line: error.line }) });
  }
  const { clips, rows, characters, alphabet } = transcript;
  if (rows === 0) findings.add('error', 'table.empty', `${metadataName} lists no recordings.`, { file });
  // Without the folder every recording is missing, and said to be.
  const listed = await readdir(wavs).catch(() => []);
  for (const name of listed.filter((one) => isWav(one) && !clips.has(path.join(wavs, one)))) {
    const message = `${name} is not listed in ${metadataName}, so it is left out.`;
    findings.add('warning', 'audio.unlisted', message, { file: path.join(wavs, name) });
  }
  const figures = new ClipFigures(findings, signal);
  await figures.read([...clips.values()]);
  const bytes = figures.bytes + (await stat(file)).size;
  const letters = [...alphabet].sort().join('');
  return { items: rows, stats: { ...figures.finish(), bytes, characters, alphabet: letters } };
}
