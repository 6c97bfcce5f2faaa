export interface HfClient {
  readonly version: string;
  /** Programs of the virtual environment, absolute. */
  readonly python: string;
  readonly hf: string;
}

export const hfClientVersion: string;
export function findHfClient(): HfClient | undefined;
export function provisionHfClient(): Promise<HfClient>;
