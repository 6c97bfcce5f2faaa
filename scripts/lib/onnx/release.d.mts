export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

export const release: {
  readonly version: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly data: { readonly requirement: string; readonly sha256: string };
};
export const bytesNeeded: number;
export function packageFor(platform?: NodeJS.Platform, arch?: string): NpmPackage | undefined;
