import * as vscode from 'vscode';
import type { SettingKey } from './contributions';

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
