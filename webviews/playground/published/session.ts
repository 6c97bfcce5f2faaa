/** A published model in the playground: its form, where it runs, what is shown on the way, and a second voice. */
import type { PlaygroundInput } from '../../../protocol/api/panel';
import type { PublishedTask } from '../../../protocol/model/published';
import { h } from '../../common/dom';
import { isolate } from '../../common/i18n/translate';
import type { Page } from '../../common/page';
import type { InputView } from '../inputView';
import { listenInput } from '../listenInput';
import type { Answer } from '../resultView';
import type { AnswerEvents, Runner } from '../runner';
import type { SavedPlayground } from '../saved';
import type { Platform } from '../platform';
import { textInput } from '../textInput';
import { voiceInput } from '../voiceInput';
import { writeInput } from '../writeInput';
import { BackendWorker } from './backendWorker';
import { publishedFiles, type PublishedFiles } from './folder';
import { LivePlayer } from './livePlayer';
import { liveSound, liveText } from './liveViews';
import { PageWorker } from './pageWorker';
import { placeOf, placeView } from './placeView';
import { silencer } from './silencer';
import type { Asked, Freed, ModelWorker } from './work';

export interface SessionOptions {
  readonly page: Page<PlaygroundInput>;
  readonly model: { readonly path: string; readonly name: string; readonly task: PublishedTask };
  saved(): SavedPlayground;
  keep(part: Partial<SavedPlayground>): void;
  /** There is something to run. */
  onReady(): void;
  /** What the memory of the page's tensors is after a model was freed. */
  onFreed(freed: Freed): void;
  /** Whether the choice of the page's engine says anything. */
  onPlace(inPage: boolean): void;
}

export class PublishedSession implements Runner {
  readonly stops = true;
  readonly element: HTMLElement;
  readonly input: InputView;
  private worker: ModelWorker | undefined;
  private other: { readonly path: string; readonly worker: ModelWorker } | undefined;
  private readonly player: LivePlayer;

  /** Reads the folder's list and config; rejects when it is gone. */
  static async open(options: SessionOptions): Promise<PublishedSession> {
    return new PublishedSession(options, await publishedFiles(options.page.peer, options.model));
  }

  private constructor(
    private readonly options: SessionOptions,
    private readonly files: PublishedFiles,
  ) {
    const { page } = options;
    const silence = silencer(page, () => this.player);
    this.player = new LivePlayer(() => silence.update());
    this.input = this.form();
    const place = placeView(page, files, this.asked, (chosen) => {
      options.keep({ place: chosen });
      void this.free();
      options.onPlace(this.inPage);
    });
    this.element = h('div', { class: 'stack' }, place, this.input.element, silence.element);
    options.onPlace(this.inPage);
  }

  get inPage(): boolean {
    return placeOf(this.asked, this.files) === 'page';
  }

  async answer(input: InputView, events: AnswerEvents): Promise<Answer> {
    this.worker ??= this.workerFor(this.files);
    const live = this.options.saved().live ?? true;
    return this.run(this.worker, this.files, input, events, live);
  }

  /** The second voice on the same text; undefined where none was chosen. */
  async second(input: InputView, events: AnswerEvents): Promise<Answer | undefined> {
    const path = this.options.saved().other ?? '';
    const model = this.others().find((one) => one.path === path);
    if (model === undefined) return undefined;
    const files = await publishedFiles(this.options.page.peer, model);
    if (this.other?.path !== path) {
      await this.told(this.other?.worker);
      this.other = { path, worker: this.workerFor(files) };
    }
    return this.run(this.other.worker, files, input, events, false);
  }

  async snippet(platform: Platform, input: InputView): Promise<string> {
    const { page, model } = this.options;
    const given = input.snippet();
    const { publishedSnippet } = await import('./snippet');
    return publishedSnippet({
      platform,
      task: model.task,
      name: model.name,
      folder: model.path,
      runtime: page.input.runtimePath ?? './models.mjs',
      text: 'text' in given ? given.text : undefined,
      file: given.kind === 'audio' ? given.file : undefined,
      parameters: input.parameters?.() ?? {},
    });
  }

  /** Gives the memory back; the next run loads the model again. */
  async free(): Promise<void> {
    const [worker, other] = [this.worker, this.other?.worker];
    this.worker = undefined;
    this.other = undefined;
    this.player.stop();
    await this.told(worker);
    await this.told(other);
  }

  dispose(): void {
    void this.free();
    this.player.dispose();
  }

  private get asked(): 'auto' | 'page' | 'backend' {
    return this.options.saved().place ?? 'auto';
  }

  private async told(worker: ModelWorker | undefined): Promise<void> {
    const freed = await worker?.free();
    if (freed !== undefined) this.options.onFreed(freed);
  }

  private workerFor(files: PublishedFiles): ModelWorker {
    const { page, model, saved } = this.options;
    const { wasmUri } = page.input;
    if (placeOf(this.asked, files) === 'page')
      return new PageWorker({ uri: files.uri, files: files.files, engine: saved().engine, wasmUri });
    return new BackendWorker(page, files.path, model.task === 'text-to-speech');
  }

  private async run(
    worker: ModelWorker,
    { name, size }: PublishedFiles,
    input: InputView,
    { signal, onLive }: AnswerEvents,
    plays: boolean,
  ): Promise<Answer> {
    const { page, model } = this.options;
    const { t, format } = page;
    const speaks = model.task === 'text-to-speech';
    const asked = askedOf(input);
    const [sound, text] = [liveSound(page), liveText(page)];
    const view = speaks ? sound : text;
    onLive(view.element);
    view.say(t('playground.running'));
    this.player.stop();
    const answer = await worker.run(asked, {
      signal,
      onLoading: () => view.say(t('place.loading', { name: isolate(name), size: format.bytes(size) })),
      onSound: (piece) => {
        sound.push(piece);
        if (plays) this.player.push(piece);
      },
      onHearing: (hearing) => text.hear(hearing),
      onWritten: (piece) => text.write(piece),
    });
    return { ...answer, title: name };
  }

  private others(): PlaygroundInput['models'] {
    const { page, model } = this.options;
    return page.input.models.filter(({ task, path }) => task === model.task && path !== model.path);
  }

  private form(): InputView {
    const { page, model, saved, keep, onReady } = this.options;
    const { speakers, noise, multilingual } = this.files;
    switch (model.task) {
      case 'text-to-speech':
        return voiceInput(page, saved(), { speakers, noise, others: this.others() }, (part) => keep(part));
      case 'automatic-speech-recognition':
        return listenInput(page, {
          multilingual,
          language: saved().language ?? 'fa',
          onLanguage: (language) => keep({ language }),
          onClip: onReady,
        });
      case 'text-generation':
        return writeInput(page, saved(), (part) => keep(part));
      case 'text-classification':
        return textInput(page, 'text', saved().text, (text) => keep({ text }));
    }
  }
}

function askedOf(input: InputView): Asked {
  const value = input.read();
  const parameters = input.parameters === undefined ? {} : { parameters: input.parameters() };
  if (value.kind === 'audio') {
    const { samples, sampleRate } = value;
    return { sound: { samples, sampleRate, path: input.backend()?.audioPath }, ...parameters };
  }
  return { ...('text' in value ? { text: value.text } : {}), ...parameters };
}
