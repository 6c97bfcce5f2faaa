import * as vscode from 'vscode';
import type { SettingKey } from './contributions';
import type { EditorNetwork } from './settings';

/** One `goya.*` setting as it is in force in this window. */
export function readSetting(key: SettingKey): unknown {
  return vscode.workspace.getConfiguration('goya').get(key);
}

/** The same as trimmed text; empty when it is not set. */
export function readText(key: SettingKey): string {
  const value = readSetting(key);
  return typeof value === 'string' ? value.trim() : '';
}

export function affectsSetting(event: vscode.ConfigurationChangeEvent, key: SettingKey): boolean {
  return event.affectsConfiguration(`goya.${key}`);
}

/** VS Code's own proxy settings, which hold for extensions too unless `http.proxySupport` says `off`. */
export function editorNetwork(): EditorNetwork {
  const http = vscode.workspace.getConfiguration('http');
  const strictTls = http.get<boolean>('proxyStrictSSL') ?? true;
  if (http.get('proxySupport') === 'off') return { strictTls };
  return {
    proxy: http.get<string>('proxy') ?? '',
    noProxy: http.get<string[]>('noProxy') ?? [],
    strictTls,
    proxyAuthorization: http.get<string | null>('proxyAuthorization') ?? '',
  };
}

export function affectsEditorNetwork(event: vscode.ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration('http');
}
