/** Where a program of "View code" runs. */
export const platforms = ['node', 'web'] as const;
export type Platform = (typeof platforms)[number];
