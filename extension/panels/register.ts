import * as vscode from 'vscode';
import { panels } from '../contributions';
import type { Services } from '../services';

/** Restores the pages that were open when the window was reloaded. */
export function registerPanels(services: () => Promise<Services>): vscode.Disposable[] {
  return [
    vscode.window.registerWebviewPanelSerializer(panels.dashboard, {
      deserializeWebviewPanel: async (panel) => {
        const [{ restorePanel }, { dashboardPage }, loaded] = await Promise.all([
          import('./openPanel'),
          import('./dashboard'),
          services(),
        ]);
        await restorePanel(loaded, panels.dashboard, dashboardPage(loaded), panel);
      },
    }),
    vscode.window.registerWebviewPanelSerializer(panels.playground, {
      deserializeWebviewPanel: async (panel) => {
        const [{ restorePanel }, { playgroundPage }, loaded] = await Promise.all([
          import('./openPanel'),
          import('./playground'),
          services(),
        ]);
        await restorePanel(loaded, panels.playground, playgroundPage(loaded), panel);
      },
    }),
  ];
}
