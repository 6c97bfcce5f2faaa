import * as vscode from 'vscode';
import { commands } from '../contributions';
import type { LoadStudio } from '../studio';

export function registerCommands(studio: LoadStudio): vscode.Disposable[] {
  return Object.values(commands).map((id) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => (await studio()).run(id, args)),
  );
}
