export const lowest: string;
export const newest: string;
export function chosenVersion(env?: Readonly<Record<string, string | undefined>>): string;
export function vscodeOf(version: string): string;
