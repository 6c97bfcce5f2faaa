export function findPostgresBin(options?: {
  env?: Readonly<Record<string, string | undefined>>;
  debian?: string;
}): Promise<string | undefined>;
