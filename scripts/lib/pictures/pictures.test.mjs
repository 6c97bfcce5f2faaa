import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../project.mjs';
import { indexed } from './palette.mjs';
import { readPng, writeIndexedPng } from './png.mjs';
import { largestBytes, readmePictures } from './readme.mjs';

const images = path.join(root, 'docs', 'images');

/** A field of colours: `steps` reds by `steps` blues. */
function field(steps) {
  const colours = Array.from({ length: steps * steps }, (_, i) => {
    const at = (k) => Math.round((255 * k) / (steps - 1));
    return (at(i % steps) << 16) | at(Math.floor(i / steps));
  });
  return Uint32Array.from(colours);
}

it('keeps every colour of a picture that has at most 256', () => {
  const rgb = field(16);
  const { palette, indices } = indexed(rgb);
  expect([...indices].map((index) => palette[index])).toEqual([...rgb]);
});

it('comes near the colours of a picture that has more', () => {
  const rgb = field(64);
  const { palette, indices } = indexed(rgb);
  expect(palette).toHaveLength(256);
  const off = [...rgb].map((colour, i) => {
    const near = palette[indices[i]];
    return Math.hypot((colour >> 16) - (near >> 16), (colour & 255) - (near & 255));
  });
  expect(Math.max(...off)).toBeLessThan(24);
});

it('writes what any reader of PNGs shows', async () => {
  const file = writeIndexedPng({
    width: 2,
    height: 1,
    palette: [0xff0000, 0x0000ff],
    indices: Uint8Array.of(1, 0),
  });
  expect(file.readUInt32BE(16)).toBe(2);
  expect(() => readPng(file)).toThrow('RGB'); // it is indexed, and this reader is for screenshots
  expect(() => readPng(Buffer.from('GIF89a no picture'))).toThrow('no PNG');
});

it('the readme shows each picture, and each is small', async () => {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/docs\/images\/([\w-]+)\.png/g)].map(([, name]) => name);
  const names = readmePictures.map(({ name }) => name);
  expect(shown.toSorted()).toEqual(names.toSorted());
  expect((await readdir(images)).toSorted()).toEqual(names.map((name) => `${name}.png`).toSorted());
  for (const name of names)
    expect((await stat(path.join(images, `${name}.png`))).size).toBeLessThan(largestBytes);
});
