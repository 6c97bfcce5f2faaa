export function vsixFile(root: string): Promise<string>;
export function packageVsix(options: {
  readonly root: string;
  readonly file: string;
}): Promise<{ readonly file: string; readonly size: number; readonly files: number }>;
export function checkNames(names: readonly string[]): void;
