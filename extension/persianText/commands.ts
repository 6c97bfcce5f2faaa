/** Persian text commands on the selections of any editor, or on the whole document where nothing is selected. */
import * as vscode from 'vscode';
import { textNormalize, textPhonemize, textVerbalize } from '../../protocol/api/text';
import { readText } from '../configuration';
import { settingKeys } from '../contributions';
import { showReport } from '../commands/report';
import { withNotice } from '../commands/notice';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { previewEdits } from './preview';
import { pronunciationText } from './pronunciation';
import { inMessages, lineEdits, selected } from './ranges';

/** What one message carries; the backend takes twice as much. */
const mostCharacters = 1_000_000;
/** The pronunciation of more would be a report that nobody reads. */
const mostPronounced = 50_000;

type Convert = (text: string, signal: AbortSignal) => Promise<string>;

export function normalizeText(services: Services): Promise<void> {
  const digits = oneOf(['persian', 'latin', 'keep'] as const, readText(settingKeys.textDigits));
  const diacritics = oneOf(['remove', 'keep'] as const, readText(settingKeys.textDiacritics));
  const options = { layout: 'keep', digits, diacritics } as const;
  return preview(t('Normalise Persian Text'), async (text, signal) => {
    return (await services.client.call(textNormalize, { text, ...options }, signal)).text;
  });
}

export function verbalizeText(services: Services): Promise<void> {
  return preview(t('Numbers to Words'), async (text, signal) => {
    return (await services.client.call(textVerbalize, { text, layout: 'keep' }, signal)).text;
  });
}

export async function showPronunciation(services: Services): Promise<void> {
  const editor = activeEditor();
  if (editor === undefined) return;
  const { document } = editor;
  const text = wanted(editor)
    .map((range) => document.getText(range))
    .join('\n');
  if (text.length > mostPronounced) {
    void vscode.window.showWarningMessage(
      t('Select at most {0} characters to see how they are said.', formatNumber(mostPronounced)),
    );
    return;
  }
  const words = await withNotice(t('Show Pronunciation'), async (signal) => {
    return (await services.client.call(textPhonemize, { text }, signal)).words;
  });
  const markdown = pronunciationText(words);
  await showReport({ name: t('Pronunciation'), subject: document.uri.toString(), markdown });
}

async function preview(title: string, convert: Convert): Promise<void> {
  const editor = activeEditor();
  if (editor === undefined) return;
  const { document } = editor;
  const { version } = document;
  const selections: vscode.Range[] = selected(editor.selections);
  const edits = await withNotice(title, async (signal) => {
    const all: vscode.TextEdit[] = [];
    for (const range of wanted(editor)) {
      const before = document.getText(range);
      const converted: string[] = [];
      for (const piece of inMessages(before, mostCharacters)) converted.push(await convert(piece, signal));
      for (const { line, from, to, text } of lineEdits(range.start, before, converted.join('')))
        all.push(vscode.TextEdit.replace(new vscode.Range(line, from, line, to), text));
    }
    return all;
  });
  if (edits.length === 0) {
    void vscode.window.showInformationMessage(t('{0}: nothing to change.', title));
    return;
  }
  await previewEdits({
    title: `${title}: ${isolate(nameOf(document))}`,
    document,
    version,
    edits,
    selections,
  });
}

function activeEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined)
    void vscode.window.showInformationMessage(t('Open a text first; the command is for the text in front.'));
  return editor;
}

function wanted({ document, selections }: vscode.TextEditor): vscode.Range[] {
  const chosen: vscode.Range[] = selected(selections);
  return chosen.length > 0
    ? chosen
    : [new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end)];
}

function nameOf(document: vscode.TextDocument): string {
  return document.uri.path.split('/').at(-1) ?? document.uri.path;
}

function oneOf<T extends string>(values: readonly T[], value: string): T | undefined {
  return values.find((one) => one === value);
}
