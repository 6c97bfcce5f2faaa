import { statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  datasetsClip,
  datasetsEdit,
  datasetsInspect,
  datasetsNormalize,
  datasetsRedo,
  datasetsRows,
  datasetsUndo,
} from '../../protocol/api/datasets';
import type { DatasetInput } from '../../protocol/api/panel';
import { currentPaths } from '../launch';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import type { PanelPage } from './openPanel';

export interface DatasetChoice {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
}

/** The rows of a data set. What it changes lies in a journal beside the data until it is written by a command. */
export function datasetPage({ context }: Pick<Services, 'context'>): PanelPage<DatasetChoice> {
  return {
    page: 'dataset',
    title: (choice) => (choice === undefined ? t('Data Set') : isolate(choice.name)),
    // Clips that are taken out of Parquet lie in the storage folder.
    roots: (choice) =>
      choice === undefined
        ? []
        : [folderOf(choice.path), currentPaths(context).storagePath].map((folder) => vscode.Uri.file(folder)),
    allow: [
      datasetsInspect,
      datasetsRows,
      datasetsClip,
      datasetsEdit,
      datasetsNormalize,
      datasetsUndo,
      datasetsRedo,
    ],
    input: (choice): Promise<DatasetInput> => Promise.resolve(choice ?? {}),
  };
}

/** Recordings lie below the folder of the table that names them. */
export function folderOf(target: string): string {
  return statSync(target, { throwIfNoEntry: false })?.isFile() === true ? path.dirname(target) : target;
}
