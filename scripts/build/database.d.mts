export function buildDatabase(folder: string): Promise<void>;
export function databaseTemplate(): Promise<string>;
