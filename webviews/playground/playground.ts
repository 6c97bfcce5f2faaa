/** The playground put together: choose a model, load it in the page, run it, compare, remember. */
import { inferenceRun } from '../../protocol/api/inference';
import type { PlaygroundInput } from '../../protocol/api/panel';
import type { PublishedTask } from '../../protocol/model/published';
import { h } from '../common/dom';
import type { Page, RunningPage } from '../common/page';
import { busy } from '../common/toolkit';
import { audioInput } from './audioInput';
import { bareForm } from './bare/bareForm';
import { BareResults } from './bare/bareResults';
import { formOf, withForm, type SavedBare } from './bare/saved';
import { chooser } from './chooser';
import { codeView } from './codeView';
import { remember, type HistoryEntry } from './history';
import { historyView } from './historyView';
import type { InputView } from './inputView';
import { layout } from './layout';
import type { LoadedModel } from './model';
import { answerWords } from './answerWords';
import { backendOutput } from './backendOutput';
import { fetchedFiles } from './modelFiles';
import { resultView, type Answer } from './resultView';
import { pageRunner, type Runner } from './runner';
import { freshPlayground, savedPlayground, type SavedPlayground } from './saved';
import type { Platform } from './platform';
import { givenSource, listedSource, type ListedModel, type ModelSource } from './source';
import { tabularInput } from './tabularInput';
import { textInput } from './textInput';
import { trainedVoiceInput } from './voiceInput';

export class Playground implements RunningPage<PlaygroundInput> {
  private saved: SavedPlayground;
  private source: ModelSource | undefined;
  private model: Runner | undefined;
  private input: InputView | undefined;
  private running: AbortController | undefined;
  /** Counts loads: what an older one brings comes too late. */
  private generation = 0;
  private readonly chooser;
  private readonly layout;
  private readonly bareResults;
  private readonly result;
  private readonly history;
  private readonly code;

  constructor(private readonly page: Page<PlaygroundInput>) {
    this.saved = page.host.state(savedPlayground, freshPlayground);
    this.chooser = chooser(page, this.saved.engine, {
      choose: (model) => void this.chooseListed(model),
      engine: (engine) => {
        this.keep({ engine });
        void this.load();
      },
    });
    this.bareResults = new BareResults(page, {
      views: () => this.bareSaved().views,
      onViews: (views) => this.keepBare({ views }),
    });
    this.result = resultView(page, (values) => this.bareResults.show(values));
    this.code = codeView(page, (platform) => this.snippet(platform));
    this.history = historyView(page, (entry) => this.restore(entry));
    this.layout = layout(page, {
      chooser: this.chooser.element,
      result: this.result.element,
      code: this.code.element,
      history: this.history.element,
      compare: this.saved.compare,
      onCompare: (compare) => this.keep({ compare }),
      onRun: () => void this.run(),
      onStop: () => this.running?.abort(),
    });
    // What is closed holds nothing any more: its workers end with it, and its tensors before.
    addEventListener('pagehide', () => this.model?.dispose());
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.run();
    });
    void this.openFirst(page.input);
  }

  onInput(input: PlaygroundInput): void {
    void this.openFirst(input);
  }

  /** The panel's model, or the one that was open before the reload. */
  private async openFirst(input: PlaygroundInput): Promise<void> {
    const before = input.models.find(({ path }) => path === this.saved.modelPath);
    this.chooser.list(input.models);
    const given = givenSource(input);
    if (given !== undefined) await this.open(given);
    else if (before !== undefined) await this.chooseListed(before);
    else {
      this.chooser.show(this.source, this.model?.here);
      if (this.source === undefined && input.models.length === 0) this.layout.showEmpty();
    }
  }

  private async chooseListed(model: ListedModel): Promise<void> {
    try {
      await this.open(await listedSource(this.page.peer, model));
    } catch (error) {
      this.page.banner.show(error, () => void this.chooseListed(model));
    }
  }

  private async open(source: ModelSource): Promise<void> {
    // Another model has other inputs: what was typed and tried belongs to the one before.
    if (this.saved.modelPath !== source.path)
      this.keep({ modelPath: source.path, row: {}, text: undefined, history: [] });
    this.source = source;
    this.bareResults.forget(fetchedFiles(source.uri));
    await this.load();
  }

  private async load(): Promise<void> {
    const { source } = this;
    if (source === undefined) return;
    const mine = ++this.generation;
    const { t, banner, input } = this.page;
    banner.clear();
    this.chooser.show(source);
    this.layout.setInput(busy(t('model.loading', { name: source.name })));
    this.layout.setReady(false);
    this.result.clear();
    this.history.show(this.saved.history);
    this.running?.abort();
    this.model?.dispose();
    this.model = undefined;
    this.input = undefined;
    this.layout.setCompares(source.task === undefined);
    if (source.task !== undefined && source.path !== undefined)
      return this.openPublished({ path: source.path, name: source.name, task: source.task });
    try {
      const { loadModel } = await import('./model');
      const model = await loadModel(fetchedFiles(source.uri), this.saved.engine, input.wasmUri);
      if (mine !== this.generation) {
        model.dispose();
        return;
      }
      this.ready(source, model);
    } catch (error) {
      if (mine !== this.generation) return;
      this.layout.setInput(h('p', { class: 'muted' }, t('model.failed')));
      banner.show(error, () => void this.load(), true);
    }
  }

  private ready(source: ModelSource, model: LoadedModel): void {
    this.model = pageRunner(model);
    this.input = this.inputFor(model);
    this.chooser.show(source, model);
    this.layout.setInput(this.input.element);
    this.layout.setCompares(model.kind !== 'voice');
    this.layout.setReady(true);
    this.code.refresh();
    this.page.announce(this.page.t('model.ready', { name: source.name }));
  }

  /** Its weights are read when it is first run. */
  private async openPublished(model: { path: string; name: string; task: PublishedTask }): Promise<void> {
    const mine = this.generation;
    const { page } = this;
    try {
      const { PublishedSession } = await import('./published/session');
      const session = await PublishedSession.open({
        page,
        model,
        saved: () => this.saved,
        keep: (part) => {
          this.keep(part);
          this.code.refresh();
        },
        onReady: () => void this.run(),
        onFreed: (freed) => this.result.freed(freed),
        onPlace: (inPage) => this.chooser.showEngine(inPage),
      });
      if (mine !== this.generation) return session.dispose();
      this.model = session;
      this.input = session.input;
      this.layout.setInput(session.element);
      this.layout.setReady(true);
      this.code.refresh();
    } catch (error) {
      if (mine !== this.generation) return;
      this.layout.setInput(h('p', { class: 'muted' }, page.t('model.failed')));
      page.banner.show(error, () => void this.load(), true);
    }
  }

  private inputFor(model: LoadedModel): InputView {
    const { page, saved } = this;
    const preprocessing = model.metadata?.preprocessing;
    if (preprocessing?.kind === 'tabular')
      return tabularInput(page, preprocessing.columns, saved.row, (row) => {
        this.keep({ row });
        this.code.refresh();
      });
    if (preprocessing?.kind === 'audio' || preprocessing?.kind === 'speech') {
      const ran = (): void => {
        this.code.refresh();
        void this.run();
      };
      return audioInput(page, ran, (error) => page.banner.show(error));
    }
    if (preprocessing?.kind === 'graphemes' || preprocessing?.kind === 'text')
      return textInput(page, preprocessing.kind, saved.text, (text) => {
        this.keep({ text });
        this.code.refresh();
      });
    if (preprocessing?.kind === 'voice')
      return trainedVoiceInput(page, saved, preprocessing, (part) => {
        this.keep(part);
        this.code.refresh();
      });
    if (model.bare === undefined) throw new Error('The model says nothing of its input.');
    return bareForm(page, model.bare, this.bareSaved(), (inputs) => this.keepBare({ inputs }));
  }

  private bareSaved(): SavedBare {
    return formOf(this.saved.bare, this.source?.path ?? '');
  }

  private keepBare(part: Partial<SavedBare>): void {
    const form = { ...this.bareSaved(), ...part };
    this.keep({ bare: withForm(this.saved.bare, this.source?.path ?? '', form) });
    this.code.refresh();
  }

  private async run(): Promise<void> {
    const { model, input, page } = this;
    if (model === undefined || input === undefined || this.running !== undefined) return;
    const running = (this.running = new AbortController());
    this.layout.setRunning(true, model.stops);
    page.banner.clear();
    try {
      const { signal } = running;
      const here = await model.answer(input, { signal, onLive: (view) => this.result.live(view) });
      if (model !== this.model) return; // Another model was chosen meanwhile.
      this.result.show(here);
      const second = await model.second?.(input, { signal, onLive: (view) => this.result.live(view, here) });
      if (second !== undefined) this.result.show(here, second);
      if (this.saved.compare && model.here !== undefined && model.here.kind !== 'voice')
        this.result.show(here, await this.runBackend(input));
      this.addToHistory(input, here);
      this.code.refresh();
    } catch (error) {
      // What came until then stays where it is shown.
      if (running.signal.aborted) page.announce(page.t('run.stopped'));
      else page.banner.show(error, () => void this.run());
    } finally {
      this.running = undefined;
      this.layout.setRunning(false);
      if (running.signal.aborted) this.layout.say(page.t('run.stopped'));
    }
  }

  private async runBackend(input: InputView): Promise<Answer | { note: string }> {
    const given = input.backend();
    const modelPath = this.source?.path;
    if (given === undefined || modelPath === undefined) return { note: this.page.t('result.noPath') };
    const { engine, output, timings } = await this.page.peer.call(inferenceRun, {
      modelPath,
      input: given,
      ...(input.parameters === undefined ? {} : { parameters: input.parameters() }),
    });
    return {
      engine,
      loadMs: timings.loadMs,
      seconds: timings.audioSeconds,
      output: {
        runMs: timings.runMs,
        ...backendOutput(output),
      },
    };
  }

  private addToHistory(input: InputView, { engine, output }: Answer): void {
    const best = output.labels?.[0];
    const entry: HistoryEntry = {
      ...input.remember(),
      label: answerWords(output, this.page.format),
      ...(best === undefined ? {} : { score: best.score }),
      engine,
      runMs: output.runMs,
    };
    this.keep({ history: remember(this.saved.history, entry) });
    this.history.show(this.saved.history);
  }

  private restore(entry: HistoryEntry): void {
    this.input?.restore(entry);
    void this.run();
  }

  private async snippet(platform: Platform): Promise<string> {
    const { source, input } = this;
    if (this.model?.snippet !== undefined && input !== undefined) return this.model.snippet(platform, input);
    const model = this.model?.here;
    if (source === undefined || model === undefined || input === undefined) return '';
    const folder = source.path ?? source.uri;
    // The programs' texts are long, and few people ask for them.
    const { snippet } = await import('./snippet');
    return snippet({ platform, folder, metadata: model.metadata, input: input.snippet() });
  }

  private keep(part: Partial<Record<keyof SavedPlayground, unknown>>): void {
    this.saved = savedPlayground.parse({ ...this.saved, ...part });
    this.page.host.setState(this.saved);
  }
}
