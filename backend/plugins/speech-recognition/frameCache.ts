/** What a downloaded model hears in recordings, kept between runs: it takes longer than training what follows it. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PackedFrames } from './features';

/** Of a file: the format's version, frames, numbers of a frame, and the scale. */
const header = 4 * Float64Array.BYTES_PER_ELEMENT;
const version = 1;
/** Days that what nobody asked for is kept. */
const keptDays = 30;

/** From `folder` if it is there and whole, else from `hear`, and then kept. A folder that cannot be written keeps nothing. */
export async function cached(
  folder: string,
  fingerprint: string,
  audioPath: string,
  hear: () => Promise<PackedFrames>,
): Promise<PackedFrames> {
  const { size, mtimeMs } = await stat(audioPath);
  const key = createHash('sha256').update([fingerprint, audioPath, size, mtimeMs].join('\0')).digest('hex');
  const file = path.join(folder, `${key}.frames`);
  const known = fromBytes(await readFile(file).catch(() => undefined));
  if (known !== undefined) {
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined); // else it is only forgotten earlier
    return known;
  }
  const heard = await hear();
  const part = `${file}.${process.pid}.part`;
  await mkdir(folder, { recursive: true })
    .then(() => writeFile(part, toBytes(heard)))
    .then(() => rename(part, file))
    // A full disk only means that the next run hears them again.
    .catch(() => undefined);
  return heard;
}

/** Removes what was not asked for in a month: sets of data come and go. */
export async function forgetOld(folder: string): Promise<void> {
  const oldest = Date.now() - keptDays * 86_400_000;
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile() === true && info.mtimeMs < oldest) await rm(file, { force: true });
  }
}

function toBytes({ frames, width, scale, numbers }: PackedFrames): Uint8Array {
  const bytes = new Uint8Array(header + numbers.byteLength);
  new Float64Array(bytes.buffer, 0, 4).set([version, frames, width, scale]);
  bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), header);
  return bytes;
}

function fromBytes(bytes: Uint8Array | undefined): PackedFrames | undefined {
  if (bytes === undefined || bytes.byteLength < header) return undefined;
  const own = new Uint8Array(bytes).buffer;
  const [is = 0, frames = 0, width = 0, scale = 0] = new Float64Array(own, 0, 4);
  if (is !== version || own.byteLength !== header + 2 * frames * width || !(scale > 0)) return undefined;
  return new PackedFrames(frames, width, new Int16Array(own, header), scale);
}
