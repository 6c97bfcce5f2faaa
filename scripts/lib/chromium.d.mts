export function findChromium(options?: {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}): Promise<string | undefined>;
