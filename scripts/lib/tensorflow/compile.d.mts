export function findCompiler(): Promise<string | undefined>;
