export function verifyOnnx(options: {
  /** The folder of the program that tries it, with its voice. */
  readonly trial: string;
  readonly folder: string;
  readonly signal?: AbortSignal;
}): Promise<{ readonly speakMs: number }>;
