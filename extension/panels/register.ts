import * as vscode from 'vscode';
import { panels } from '../contributions';
import type { LoadStudio } from '../studio';

/** Restores the pages that were open when the window was reloaded. */
export function registerPanels(studio: LoadStudio): vscode.Disposable[] {
  return Object.values(panels).map((type) =>
    vscode.window.registerWebviewPanelSerializer(type, {
      deserializeWebviewPanel: async (panel) => (await studio()).restore(type, panel),
    }),
  );
}
