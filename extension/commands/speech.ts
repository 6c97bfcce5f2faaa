/** What is selected is spoken, and what is spoken in a file is written down. */
import path from 'node:path';
import * as vscode from 'vscode';
import { inferenceRun } from '../../protocol/api/inference';
import { heardProgress } from '../../protocol/model/inference';
import type { Model } from '../../protocol/model/model';
import {
  transcriptFile,
  transcriptFormats,
  type Transcript,
  type TranscriptFormat,
} from '../../protocol/model/transcript';
import { StudioError } from '../../protocol/wire/errors';
import { commands } from '../contributions';
import type { Services } from '../services';
import { transcriptDocument } from '../speech/transcriptDocument';
import { chooseModel, chosenModel, type Choosing } from '../speech/chosenModel';
import { segmentsOf } from '../speech/segments';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { withNotice } from './notice';
import { fileOf } from './target';

const voice = (): Choosing => ({
  task: 'text-to-speech',
  title: t('Choose a Voice'),
  none: t('No voice is installed yet. Browse Persian models, and download one that runs here.'),
});
export const recogniser = (): Choosing => ({
  task: 'automatic-speech-recognition',
  title: t('Choose a Recogniser'),
  none: t('No recogniser is installed yet. Browse Persian models, and download one that runs here.'),
});

export const audioExtensions = ['wav', 'flac', 'mp3', 'ogg', 'opus', 'm4a', 'aac', 'webm'] as const;

export async function chooseVoice(services: Services): Promise<void> {
  await chooseModel(services, voice());
}

export async function chooseRecogniser(services: Services): Promise<void> {
  await chooseModel(services, recogniser());
}

/** The selections of the editor, or the line that the cursor is in. */
export async function speakSelection(services: Services): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const text = editor === undefined ? '' : selectedText(editor);
  if (text === '') {
    void vscode.window.showInformationMessage(t('Select the text that is to be spoken first.'));
    return;
  }
  const model = await chosenModel(services, voice());
  if (model === undefined) return;
  const item = vscode.window.createStatusBarItem('goya.speaking', vscode.StatusBarAlignment.Left, 9);
  item.name = t('Speech');
  item.text = `$(unmute) ${t('Speaking: {0}', isolate(model.name))} $(debug-stop)`;
  item.tooltip = t('Stop speaking');
  item.command = commands.stopSpeaking;
  item.show();
  try {
    await services.speech.speak(text, model);
  } finally {
    item.dispose();
  }
}

export function stopSpeaking(services: Services): Promise<void> {
  services.speech.stop();
  return Promise.resolve();
}

function selectedText({ document, selections, selection }: vscode.TextEditor): string {
  const chosen = selections.map((each) => document.getText(each)).join('\n');
  return (chosen.trim() === '' ? document.lineAt(selection.active.line).text : chosen).trim();
}

/** A sound file from the explorer, or one that the person chooses. */
export async function transcribeAudio(services: Services, argument: unknown): Promise<void> {
  const file = fileOf(argument) ?? (await pickAudio());
  if (file === undefined) return;
  const model = await chosenModel(services, recogniser());
  if (model === undefined) return;
  const title = t('Writing down {0}', isolate(path.basename(file)));
  const transcript = await withNotice(title, async (signal, report) => {
    // The backend reads these itself; the others only a browser does.
    const audioPath = /\.(?:wav|mp3|flac|ogg|oga|opus)$/i.test(file)
      ? file
      : await services.speech.decode(file, signal);
    return heard(services, model, audioPath, signal, report);
  });
  if (transcript !== undefined) await showTranscript(file, transcript);
}

async function pickAudio(): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: t('Transcribe Audio File'),
    canSelectMany: false,
    filters: { [t('Sounds')]: [...audioExtensions] },
  });
  return picked?.[0]?.fsPath;
}

/** Letters of what is heard that a notice has room for. */
const shown = 90;

async function heard(
  { client }: Services,
  model: Model,
  audioPath: string,
  signal: AbortSignal,
  report: (message: string, increment?: number) => void,
): Promise<Transcript | undefined> {
  let share = 0;
  const onProgress = (value: unknown): void => {
    const { data } = heardProgress.safeParse(value);
    if (data === undefined) return;
    const now = data.totalSeconds > 0 ? (100 * data.heardSeconds) / data.totalSeconds : 0;
    report(isolate(`…${data.text.slice(-shown)}`), now - share);
    share = now;
  };
  try {
    const params = { modelPath: model.path, input: { audioPath } };
    const { output } = await client.callWatched(inferenceRun, params, { signal, onProgress });
    return { text: output.text ?? '', segments: segmentsOf(output.values) };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** As a document that is saved beside the sound, unless the person wants subtitles instead. */
async function showTranscript(file: string, transcript: Transcript): Promise<void> {
  const beside = await freeName(file, 'txt');
  const uri = vscode.Uri.file(beside).with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), transcriptDocument(transcript)));
  const save = t('Save Beside the Sound…');
  const chosen = await vscode.window.showInformationMessage(
    t('{0} is written down.', isolate(path.basename(file))),
    save,
  );
  if (chosen === save) await saveBeside(file, transcript);
}

async function saveBeside(file: string, transcript: Transcript): Promise<void> {
  const words: Record<TranscriptFormat, string> = {
    srt: t('Subtitles (SubRip)'),
    vtt: t('Subtitles (WebVTT)'),
    txt: t('Plain text'),
    json: t('JSON with times'),
  };
  const picked = await vscode.window.showQuickPick(
    transcriptFormats.map((format) => ({ label: `.${format}`, description: words[format], format })),
    { title: t('Save Beside the Sound…') },
  );
  if (picked === undefined) return;
  const target = await freeName(file, picked.format);
  try {
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(target),
      new TextEncoder().encode(transcriptFile(transcript, picked.format)),
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('training.outputFailed', `${target} could not be written: ${reason}.`, {
      cause,
      retryable: true,
      details: { path: target },
    });
  }
  void vscode.window.showInformationMessage(t('The transcript is in {0}.', isolate(path.basename(target))));
}

/** `clip.srt` beside `clip.wav`; `clip-2.srt` where that is taken. */
async function freeName(file: string, extension: string): Promise<string> {
  const base = file.slice(0, file.length - path.extname(file).length);
  for (let i = 1; ; i++) {
    const name = `${base}${i === 1 ? '' : `-${i}`}.${extension}`;
    const taken = await vscode.workspace.fs.stat(vscode.Uri.file(name)).then(
      () => true,
      () => false,
    );
    if (!taken) return name;
  }
}
