export const otherNodes: readonly string[];
/** A Node of that major version in the cache. */
export function findNode(major: string): string | undefined;
