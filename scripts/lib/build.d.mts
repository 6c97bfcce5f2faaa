export function sourceKey(root: string, names?: readonly string[]): Promise<string>;
export function ensureBuilt(root: string): Promise<string>;
