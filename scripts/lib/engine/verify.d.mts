export function tryEngine(options: {
  /** A program that prints JSON. */
  readonly probe: string;
  readonly args: readonly string[];
  readonly what: string;
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}): Promise<object>;
