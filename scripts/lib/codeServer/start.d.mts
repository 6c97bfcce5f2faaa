export interface RunningCodeServer {
  readonly port: number;
  readonly origin: string;
  /** Opens the workspace it was started with. */
  readonly url: string;
  readonly pid: number;
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>;
  /** The last of what it printed. */
  output(): string;
  stop(): Promise<void>;
}

export function startCodeServer(options: {
  readonly folder: string;
  readonly workspace: string;
  readonly extensionsDir: string;
  readonly userDataDir: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (text: string) => void;
  readonly timeoutMs?: number;
}): Promise<RunningCodeServer>;

export function installExtension(options: {
  readonly folder: string;
  readonly vsix: string;
  readonly extensionsDir: string;
  readonly userDataDir: string;
}): Promise<void>;

export function writeUserSettings(
  userDataDir: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void>;

export function freePort(): Promise<number>;
export function isPortFree(port: number): Promise<boolean>;
