/** Which of the pictures that tests/e2e/looks.test.ts makes the readme shows, and under what names. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { indexed } from './palette.mjs';
import { readPng, writeIndexedPng } from './png.mjs';

/** A picture that is larger makes the repository and the package grow with every change of a colour. */
export const largestBytes = 200_000;

export const readmePictures = [
  { from: 'dashboard-dark', name: 'studio' },
  { from: 'search-dark', name: 'search' },
  { from: 'config-light', name: 'config' },
  { from: 'playground-table-dark', name: 'playground' },
  { from: 'audio-dark', name: 'audio' },
  { from: 'dataset-fa', name: 'persian' },
];

/** Writes the readme's pictures from the folder `looks` into `images`; → their names and bytes. */
export async function writeReadmePictures(looks, images) {
  await mkdir(images, { recursive: true });
  const written = [];
  for (const { from, name } of readmePictures) {
    const picture = readPng(await readLook(path.join(looks, `${from}.png`)));
    const bytes = writeIndexedPng({ ...picture, ...indexed(picture.rgb) });
    if (bytes.length > largestBytes)
      throw new Failure(
        `${name}.png has ${bytes.length} bytes; at most ${largestBytes} are meant. Show less in it.`,
      );
    await writeFile(path.join(images, `${name}.png`), bytes);
    written.push({ name: `${name}.png`, bytes: bytes.length });
  }
  return written;
}

async function readLook(file) {
  try {
    return await readFile(file);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Failure(`${file} is not there: run \`npm run pictures\` without --from, which makes it.`);
  }
}
