import { statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  datasetsEdit,
  datasetsInspect,
  datasetsNormalize,
  datasetsRedo,
  datasetsRows,
  datasetsUndo,
} from '../../protocol/api/datasets';
import type { DatasetInput } from '../../protocol/api/panel';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import type { PanelPage } from './openPanel';

export interface DatasetChoice {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
}

/** The rows of a data set. What it changes lies in a journal beside the data until it is written by a command. */
export function datasetPage(): PanelPage<DatasetChoice> {
  return {
    page: 'dataset',
    title: (choice) => (choice === undefined ? t('Data Set') : isolate(choice.name)),
    roots: (choice) => (choice === undefined ? [] : [vscode.Uri.file(folderOf(choice.path))]),
    allow: [datasetsInspect, datasetsRows, datasetsEdit, datasetsNormalize, datasetsUndo, datasetsRedo],
    input: (choice): Promise<DatasetInput> => Promise.resolve(choice ?? {}),
  };
}

/** Recordings lie below the folder of the table that names them. */
export function folderOf(target: string): string {
  return statSync(target, { throwIfNoEntry: false })?.isFile() === true ? path.dirname(target) : target;
}
