export interface Wheel {
  readonly requirement: string;
  readonly sha256: string;
}

export interface Kit {
  readonly tfjsNode: string;
  readonly sources: { readonly binding: string; readonly kernels: string; readonly include: string };
  readonly fetchWheel: (cache: string, wheel: Wheel) => Promise<string>;
  readonly verify: (folder: string) => Promise<{ readonly matMulMs: number }>;
  readonly onStep?: (step: 'unpack' | 'compile' | 'verify') => void;
  readonly signal?: AbortSignal;
}

/** Answers the engine's folder. */
export function provisionTensorflow(options: {
  readonly kit: Kit;
  readonly cache: string;
  readonly force?: boolean;
}): Promise<string>;
/** Throws where the engine is not built for that system. */
export function requireWheel(platform?: NodeJS.Platform, arch?: string): Wheel;
/** Throws when there is not enough room. */
export function requireSpace(folder: string, bytes?: number): Promise<void>;
