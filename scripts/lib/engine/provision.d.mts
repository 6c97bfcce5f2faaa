export interface Recipe {
  readonly name: string;
  readonly folder: string;
  readonly what: string;
  readonly version: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly bytesNeeded: number;
  readonly build: (aside: string) => Promise<object>;
  readonly signal?: AbortSignal;
}

/** Answers the engine's folder. */
export function provisionEngine(
  recipe: Recipe,
  options: { readonly cache: string; readonly force?: boolean },
): Promise<string>;
/** Throws when there is not enough room. */
export function requireSpace(
  cache: string,
  needed: { readonly what: string; readonly bytesNeeded: number },
): Promise<void>;
