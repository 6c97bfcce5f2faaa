/** The hub's token: kept in the system's secret store, told to the backend, never written anywhere else. */
import type * as vscode from 'vscode';

const secretKey = 'goya.hubToken';

export class TokenStore {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /** Undefined when none is kept. */
  get(): Thenable<string | undefined> {
    return this.secrets.get(secretKey);
  }

  set(token: string): Thenable<void> {
    return this.secrets.store(secretKey, token);
  }

  delete(): Thenable<void> {
    return this.secrets.delete(secretKey);
  }
}
