export function verifyEngine(options: {
  /** The program that loads the binding given as its argument and prints JSON. */
  readonly probe: string;
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}): Promise<{ readonly matMulMs: number }>;
