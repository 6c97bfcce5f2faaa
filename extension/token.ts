/**
 * The hub's tokens: kept in the system's secret store, each for the origin it was given for; told to the backend, never
 * written anywhere else.
 */
import type * as vscode from 'vscode';
import { defaultHubEndpoint } from './hubEndpoint';

const secretKey = 'goya.hubToken';

type Tokens = Readonly<Record<string, string>>;

export class TokenStore {
  private readonly told = new Set<() => void>();
  constructor(
    private readonly secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'>,
  ) {}

  /** Token by origin; empty when none is kept. */
  async all(): Promise<Tokens> {
    return readTokens(await this.secrets.get(secretKey));
  }

  /** Undefined when none is kept for this origin. */
  async get(origin: string): Promise<string | undefined> {
    const tokens = await this.all();
    return Object.hasOwn(tokens, origin) ? tokens[origin] : undefined;
  }

  async set(token: string, origin: string): Promise<void> {
    const tokens = { ...(await this.all()), [origin]: token };
    await this.secrets.store(secretKey, JSON.stringify({ tokens }));
  }

  /** Those of all origins. */
  async delete(): Promise<void> {
    await this.secrets.delete(secretKey);
  }

  /** The backend knows the change: what the hub said before it may be otherwise now. */
  onTold(listener: () => void): { dispose(): void } {
    this.told.add(listener);
    return { dispose: () => void this.told.delete(listener) };
  }

  /** Called once the backend was told. */
  tell(): void {
    for (const listener of [...this.told]) listener();
  }

  /** Also when another window changes them. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.secrets.onDidChange(({ key }) => {
      if (key === secretKey) listener();
    });
  }
}

/** Earlier versions kept the token alone: it was made at the hub itself. */
function readTokens(kept: string | undefined): Tokens {
  if (kept === undefined || kept === '') return {};
  if (!kept.startsWith('{')) return { [defaultHubEndpoint]: kept };
  try {
    const { tokens } = JSON.parse(kept) as { tokens?: unknown };
    const entries = Object.entries(typeof tokens === 'object' && tokens !== null ? tokens : {});
    return Object.fromEntries(entries.filter(([, token]) => typeof token === 'string'));
  } catch {
    // Nothing that was ever written here; a token set anew takes its place.
    return {};
  }
}
