import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { Failure } from './failure.mjs';

// Format: POSIX ustar, as npm packs: plain files with short names. Read whole: npm's packages fit into memory.
const block = 512;

/** The plain files of a .tgz. Throws a Failure for what is cut short or damaged. @returns {Promise<{ name: string, content: Buffer }[]>} */
export async function readTgz(file) {
  let tar;
  try {
    tar = gunzipSync(await readFile(file), { maxOutputLength: 1 << 30 });
  } catch (error) {
    throw new Failure(`${file} is not a whole .tgz: ${error.message}`);
  }
  const files = [];
  for (let at = 0; at + block <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + block);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const end = at + block + size;
    if (!Number.isInteger(size) || size < 0 || end > tar.length)
      throw new Failure(`${file}: its archive is damaged`);
    const prefix = text(header, 345, 155);
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(header, 0, 100)}`;
    const type = String.fromCharCode(header[156]);
    if (type === '0' || type === '\0') files.push({ name, content: tar.subarray(at + block, end) });
    at = at + block + Math.ceil(size / block) * block;
  }
  return files;
}

function text(header, start, length) {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? length : end).trim();
}
