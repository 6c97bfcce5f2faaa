/** Data sets to measure on: LJSpeech with so many clips, or with rows that name none. */
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';

const rate = 22_050;

/** 16-bit mono; every clip differs from the others in its first samples. */
function wav(seconds) {
  const frames = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + frames * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + frames * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(frames * 2, 40);
  for (let i = 0; i < frames; i++) bytes.writeInt16LE(Math.round(9000 * Math.sin(i / 17)), 44 + 2 * i);
  return bytes;
}

const sentence = (i) => `این جملهٔ شمارهٔ ${'آبپتثجچحخدذرز'.charAt(i % 13)} است که كسي آن را خوانده است`;

export async function makeClips(folder, { clips, seconds }) {
  await mkdir(path.join(folder, 'wavs'), { recursive: true });
  const bytes = wav(seconds);
  const lines = [];
  for (let i = 0; i < clips; i++) {
    const id = `clip${String(i).padStart(6, '0')}`;
    bytes.writeInt32LE(i % 65_536, 44);
    lines.push(`${id}|${sentence(i)}`);
    const file = await open(path.join(folder, 'wavs', `${id}.wav`), 'w');
    await file.write(bytes);
    await file.close();
  }
  await writeFile(path.join(folder, 'metadata.csv'), `${lines.join('\n')}\n`);
  return clips * bytes.length;
}

export async function makeRows(folder, rows) {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: rows }, (_, i) => `s${i % 40},${sentence(i)} ${i}`);
  await writeFile(path.join(folder, 'rows.csv'), `speaker,text\n${lines.join('\n')}\n`);
}
