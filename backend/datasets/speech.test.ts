/** What is found in data sets of speech, each on its line. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import { ClipCache } from './clipCache';
import { inspectDataset } from './inspect';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-findings-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

let tone = 0;
/** A tone of its own for each call: sound that is heard twice is a finding. */
function sound({ seconds = 1, level = 0.3, lead = 0, sampleRate = 8000 } = {}): Uint8Array {
  const pitch = 0.1 + (tone = (tone + 1) % 997) / 2000;
  const samples = new Float32Array(Math.round((lead + seconds) * sampleRate));
  for (let i = Math.round(lead * sampleRate); i < samples.length; i++)
    samples[i] = Math.max(-1, Math.min(1, level * Math.sin(i * pitch)));
  return writeWav({ sampleRate, channels: [samples] });
}

async function put(name: string, content: string | Uint8Array = sound()): Promise<string> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function inspect(name = '.') {
  return inspectDataset(path.join(root, name), { signal: new AbortController().signal });
}

async function found(name = '.'): Promise<string[]> {
  const { report } = await inspect(name);
  return report.problems.map((one) => `${one.code} ${one.line ?? ''}`.trim());
}

it('finds what is wrong with the sound', async () => {
  const same = sound();
  await put('wavs/good.wav', same);
  await put('wavs/loud.wav', sound({ level: 4 }));
  await put('wavs/late.wav', sound({ lead: 1.5 }));
  await put('wavs/none.wav', sound({ level: 0 }));
  await put('wavs/brief.wav', sound({ seconds: 0.1 }));
  await put('wavs/long.wav', sound({ seconds: 31 }));
  await put('wavs/copy.wav', same);
  await put('wavs/other.wav', sound({ sampleRate: 16_000 }));
  await put('wavs/broken.wav', 'RIFF');
  const names = ['good', 'loud', 'late', 'none', 'brief', 'long', 'copy', 'other', 'broken', 'absent'];
  await put('metadata.csv', names.map((name, i) => `${name}|متن ${'آبپتثجچحخد'.charAt(i)}`).join('\n'));
  expect(await found()).toEqual([
    'audio.unreadable 9',
    'audio.missing 10',
    'audio.clipping 2',
    'audio.silence 3',
    'audio.silent 4',
    'audio.short 5',
    'audio.long 6',
    'audio.duplicate 7',
    'audio.ratio 5',
    'audio.sampleRates',
  ]);
});

it('finds what is wrong with Persian texts, and lets a row know', async () => {
  const texts = [
    'كتاب علي',
    'سال ۱۴۰۲ بود',
    'این یک test است',
    'دو  فاصله',
    'می‌روم',
    'کتاب‌ خوب',
    'ســـلام',
    'حرف ☺ نو',
    'سلام، چطوری؟ خوبم!',
    'hello',
    'سلام، چطوری؟ خوبم!',
    '',
  ];
  for (const [i] of texts.entries()) await put(`wavs/${i}.wav`);
  await put('metadata.csv', texts.map((text, i) => `${i}|${text}`).join('\n'));
  const { report, index } = await inspect();
  const list = report.problems.map(({ code, line }) => `${code} ${line ?? ''}`.trim()).sort();
  expect(list).toEqual([
    'text.character 8',
    'text.digits 2',
    'text.duplicate 11',
    'text.empty 12',
    'text.halfSpace 6',
    'text.invisible 7',
    'text.latin 10',
    'text.latin 3',
    'text.letters 1',
    'text.spaces 4',
  ]);
  expect(index.rows[0]?.codes).toEqual(['text.letters']);
  expect(index.rows[4]?.codes).toEqual([]);
  expect(report.stats['findings']).toMatchObject({ 'text.latin': { severity: 'warning', count: 2 } });
  expect(report.stats['characterCounts']).toMatchObject({ '☺': 1 });
});

it('leaves texts of another language alone', async () => {
  for (const id of ['a', 'b']) await put(`wavs/${id}.wav`);
  await put('metadata.csv', 'a|Printing, in 1 sense\nb|In being comparatively modern.\n');
  expect(await found()).toEqual([]);
});

it('finds texts that are far too long or short for their recordings', async () => {
  const rows: string[] = [];
  for (let i = 0; i < 30; i++) {
    await put(`wavs/${i}.wav`);
    rows.push(`${i}|${'الف'.repeat(i === 7 ? 14 : 3)}${'ب'.repeat(i % 4)}${'م'.repeat(i)}`.slice(0, 40));
  }
  rows[3] = `3|${'آ'.repeat(60)}`;
  await put('metadata.csv', rows.map((row) => row.replace(/م{6,}/, 'ممممم')).join('\n'));
  expect((await found()).filter((one) => one.startsWith('audio.ratio'))).toContain('audio.ratio 4');
});

describe('encodings', () => {
  it('names Windows-1256, UTF-16 and a byte order mark', async () => {
    // «سلام|خوب» as Windows-1256 writes it.
    const arabic = Buffer.from([0xd3, 0xe1, 0xc7, 0xe3, 0x7c, 0xce, 0xe6, 0xc8, 0x0a]);
    await put('a.csv', Buffer.concat([Buffer.from('x,y\n'), arabic]));
    expect(await found('a.csv')).toEqual(['table.encoding 2', 'table.empty']);
    await put('b.csv', Buffer.from('\ufeffx,y\n1,2\n', 'utf16le'));
    expect(await found('b.csv')).toEqual(['table.encoding 1', 'table.empty']);
    await put('c.csv', '\ufeffx,y\n1,2\n3,4\n');
    expect(await found('c.csv')).toEqual(['table.bom 1']);
  });

  it('takes a file that is cut inside a letter for what it is', async () => {
    await put('d.csv', Buffer.from('text\nسلام\n').subarray(0, 8));
    expect(await found('d.csv')).toContain('table.encoding 2');
  });
});

it('names the row of a label that one item has', async () => {
  await put('t.csv', `x,label\n${Array.from({ length: 9 }, (_, i) => `${i},a`).join('\n')}\n10,b\n`);
  expect(await found('t.csv')).toEqual(['label.few 11']);
});

it('reads a clip again only when it has changed, whatever language its faults are in', async () => {
  await put('wavs/a.wav');
  await put('metadata.csv', 'a|متن\n');
  const folder = path.join(root, 'cache');
  const look = async () => {
    const clips = await ClipCache.open(folder, root, 'en');
    let read = 0;
    const watched = {
      get: clips.get.bind(clips),
      set: (...entry: Parameters<ClipCache['set']>) => (read++, clips.set(...entry)),
    };
    const { signal } = new AbortController();
    const { report } = await inspectDataset(root, { signal, clips: watched });
    await clips.save();
    return { read, seconds: report.stats['seconds'] };
  };
  expect(await look()).toEqual({ read: 1, seconds: 1 });
  expect(await look()).toEqual({ read: 0, seconds: 1 });
  await put('wavs/a.wav', sound({ seconds: 2 }));
  expect(await look()).toEqual({ read: 1, seconds: 2 });
  // What a crash left of the memory is no reason to fail.
  await writeFile(path.join(folder, (await import('node:fs')).readdirSync(folder)[0]!), '{"vers');
  expect(await look()).toEqual({ read: 1, seconds: 2 });
});
