import type { NpmPackage } from './release.mjs';

export interface Kit {
  readonly fetchPackage: (cache: string, wanted: NpmPackage) => Promise<string>;
  readonly fetchWheel: (
    cache: string,
    wheel: { readonly requirement: string; readonly sha256: string },
  ) => Promise<string>;
  readonly verify: (folder: string) => Promise<{ readonly speakMs: number }>;
  readonly onStep?: (step: 'unpack' | 'verify') => void;
  readonly signal?: AbortSignal;
}

/** Answers the engine's folder. */
export function provisionOnnx(options: {
  readonly kit: Kit;
  readonly cache: string;
  readonly force?: boolean;
}): Promise<string>;
/** Throws where the engine is not built for that system. */
export function requirePackage(platform?: NodeJS.Platform, arch?: string): NpmPackage;
/** Throws when there is not enough room. */
export function requireSpace(cache: string): Promise<void>;
