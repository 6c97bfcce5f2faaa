import * as vscode from 'vscode';
import type { SettingKey } from './contributions';

/** One `goya.*` setting as it is in force in this window. */
export function readSetting(key: SettingKey): unknown {
  return vscode.workspace.getConfiguration('goya').get(key);
}

export function affectsSetting(event: vscode.ConfigurationChangeEvent, key: SettingKey): boolean {
  return event.affectsConfiguration(`goya.${key}`);
}
