import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from './project.mjs';

const text = readFileSync(inRoot('package-lock.json'), 'utf8');
const { packages } = JSON.parse(text);

describe('package-lock.json', () => {
  it('lists the packages of every platform, or npm ci refuses it', () => {
    const places = Object.keys(packages);
    const missing = Object.entries(packages).flatMap(([place, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !places.some((other) => other.endsWith(`node_modules/${name}`)))
        .map((name) => `${place} → ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry, so that everyone uses their own', () => {
    expect(text).not.toContain('"resolved"');
  });
});
